/* Inside of the FEEL compiler: lexer → parser with types → check (contradictions) → eval. Nobody else includes this. */
#ifndef RULES_FEEL_INT_H
#define RULES_FEEL_INT_H

#include "rules/feel.h"

enum { FEEL_SOURCE_MAX = 4096, FEEL_DEPTH_MAX = 64, FEEL_DIGITS_MAX = 34 };

enum token_kind {
    TOKEN_END,
    TOKEN_ERROR, /* the error is filled in */
    TOKEN_NUMBER,
    TOKEN_TEXT, /* text without quotes, escapes resolved */
    TOKEN_NAME,
    TOKEN_EQ,
    TOKEN_NE,
    TOKEN_LT,
    TOKEN_LE,
    TOKEN_GT,
    TOKEN_GE,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_LPAREN,
    TOKEN_RPAREN,
    TOKEN_COMMA,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_IN,
    TOKEN_BETWEEN,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_NULL,
    TOKEN_DATE,
};

struct token {
    enum token_kind kind;
    size_t at;       /* byte offset in the source */
    struct str text; /* as meant: a number's digits, a text's content, a name */
    struct str raw;  /* as written, for messages */
};

struct lexer {
    struct ctx *ctx; /* error texts live in its arena */
    struct arena *arena;
    struct str src;
    size_t pos;
    struct feel_error *error;
};

struct token lexer_next(struct lexer *lx);
/* Fills the error at byte AT. */
void feel_error_set(struct lexer *lx, size_t at, struct str what, struct str remedy);

/* Types as the compiler sees them; TYPE_CHOICE is a text fact with allowed values. */
enum node_type { TYPE_NULL, TYPE_BOOL, TYPE_NUMBER, TYPE_TEXT, TYPE_DATE };

enum node_op {
    OP_CONST, /* ref = index of the constant */
    OP_FACT,  /* ref = row of the dictionary */
    OP_AND,   /* n-ary, so that long chains are flat */
    OP_OR,
    OP_NOT,
    OP_EQ, /* EQ … GE in the order of the tokens */
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,      /* first child in the rest */
    OP_BETWEEN, /* three children */
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_NEG,
};

enum { NODE_NONE = UINT16_MAX };

/* Twelve bytes: a catalogue version holds thousands. */
struct node {
    uint8_t op, type, height;
    uint16_t ref;
    uint16_t first, next; /* first child, next sibling; NODE_NONE ends */
    uint16_t at;          /* byte offset, for messages */
};

struct feel {
    struct str source;
    const struct node *node;
    const struct value *constant;
    size_t node_count, constant_count;
    uint16_t root;
    struct fact_set mentions;
};

struct parser {
    struct lexer lx;
    struct token tok;
    const struct fact_dict *dict;
    struct node *node; /* scratch; copied to size at the end */
    struct value *constant;
    size_t node_count, constant_count;
    int depth;
};

/* feel_type.c: the first error stays; parser_fail returns NODE_NONE, which travels up. */
uint16_t parser_fail(struct parser *p, size_t at, struct str what, struct str remedy);
uint16_t parser_unknown_name(struct parser *p, struct token t);
struct arena *parser_words(struct parser *p); /* where messages live */
bool parser_want_type(struct parser *p, uint16_t n, enum node_type type);
bool parser_check_equality(struct parser *p, uint16_t a, uint16_t b);
bool parser_check_ordering(struct parser *p, uint16_t a, uint16_t b);

/* Value of node N; when it is UNASKED the facts it waits for are added to *NEED (never NULL). */
struct value feel_eval_node(const struct feel *f, uint16_t n, const struct value *facts, struct fact_set *need);
/* Refuses conditions that can never hold, and alternatives of `!=` that always do. */
bool feel_check(struct lexer *lx, const struct feel *f, const struct fact_dict *dict);

#endif
