/* Inside the proposals only: reading a guide's prose. Texts are folded first (blanks dropped, full-width letters, digits and
** punctuation made half-width) so that one pattern fits every print; what is emitted are always the guide's own characters. */
#ifndef CATALOG_PROPOSE_INT_H
#define CATALOG_PROPOSE_INT_H

#include "catalog/import/import_int.h"

enum {
    PROPOSE_TEXT_MAX = 64 * 1024, /* bytes of a field: what is longer is no field of a guide and stays prose */
    PROPOSE_SENTENCE_MAX = 3000,
    PROPOSE_VERBATIM_MAX = 1200, /* bytes of a leaf's 原文: beyond that the field's own 原文 is nearer */
    PROPOSE_NESTING_MAX = 6,
    PROPOSE_LEAVES_MAX = 200,
    PROPOSE_ITEMS_MAX = 200,
    PROPOSE_PIECES_MAX = 64
};

struct folded {
    struct str text, original;
    const uint32_t *at; /* byte of TEXT → byte of ORIGINAL; one more entry for the end */
};
enum met { MET_UNKNOWN, MET_NO, MET_YES };
struct proposer {
    struct ctx *ctx;
    struct arena *a;
    const struct catalog *shared;
    const struct guide_matter *m;
    struct yaml_node *root;
    struct findings *f;
    struct str context; /* all of the matter's prose, folded: decides between facts that share a value */
    struct folded text; /* the field being read */
    const char *field;  /* its name, for findings */
    const struct passage *passage;
    enum met *met;    /* by value of the dictionary's facts, in order: does CONTEXT have it? */
    size_t *met_from; /* by fact: its first value there */
    int nesting;      /* of brackets within brackets being read */
};

/* --- texts (propose_text.c) --- */
struct folded propose_fold(struct arena *a, struct str s);
/* A slice of FOLDED's text in the guide's own characters, blanks off both ends. */
struct str propose_proper(const struct folded *f, struct str slice);
bool text_has(struct str s, const char *z);
bool text_starts(struct str s, const char *z);
bool text_ends(struct str s, const char *z);
size_t text_find(struct str s, const char *z); /* SIZE_MAX if absent */
bool text_drop_start(struct str *s, const char *z);
bool text_drop_end(struct str *s, const char *z);
/* The first of ZS (NULL at its end) that S starts/ends with is cut off. */
bool text_drop_start_any(struct str *s, const char *const *zs);
bool text_drop_end_any(struct str *s, const char *const *zs);
bool text_ends_any(struct str s, const char *const *zs);
bool text_has_any(struct str s, const char *const *zs);
struct str text_trim(struct str s); /* punctuation and line ends off both ends */
struct str text_from(struct str s, size_t at);
struct str text_between(const char *from, const char *to);
/* Cuts the piece before the first of the separators SEPS (a set of characters) that stands outside brackets and quotes. */
bool text_piece(struct str *rest, const char *seps, struct str *ret_piece);
/* Depth of brackets and quotes after CP. An unclosed one ends with its line: guides lose closing marks. */
int text_depth(uint32_t cp, int depth);
/* Position of Z outside brackets and quotes, from FROM on; SIZE_MAX if there is none. */
size_t text_find_outside(struct str s, const char *z, size_t from);
size_t text_chars(struct str s);
/* Whole number at *pos in Arabic or Chinese digits; moves *pos behind it. */
bool text_number(struct str s, size_t *pos, int *ret_n);
/* S ends with (…): BODY before it, CONTENT within. */
bool text_last_paren(struct str s, struct str *ret_body, struct str *ret_content);

struct item {
    int depth;       /* 0: text before any marker, 1: first kind of marker met, 2: the kind nested in it … */
    struct str head; /* marker */
    struct str text;
};
/* A text into its numbered items, whatever the marks: 1. 1、 （一） 一、 ① 第一步. At most MAX. */
size_t propose_items(struct str folded, struct item *ret_item, size_t max);
struct str text_phone(struct str *rest, struct str *ret_before); /* next phone number in *rest; empty: none */

/* --- emitting (propose.c) --- */
/* The map under KEY of the root, made if it is not there. */
struct yaml_node *propose_map(struct proposer *p, const char *key);
bool propose_has(const struct proposer *p, const char *name, const char *key); /* somebody filled it already */
/* Makes FIELD the text being read; false if it is not printed or its KEY is already filled. */
bool propose_begin(struct proposer *p, enum guide_field field, const char *name, const char *key);
void propose_mark(struct proposer *p, struct yaml_node *n, struct str from); /* 待核: read from FROM (folded slice) */
void propose_finding(struct proposer *p, const char *id, struct str evidence, const char *message, const char *remedy);
void propose_put_when(struct proposer *p, struct yaml_node *map, const char *key, struct str expression,
                      struct str from);

/* --- conditions (propose_when.c) --- */
/* A phrase (在职职工, 委托他人代办的, 非直接结算) as a condition over facts of the dictionary; false if no one condition fits.
** What comes out compiles. */
bool propose_when(struct proposer *p, struct str phrase, struct str *ret_expression);
bool propose_compiles(struct proposer *p, struct str expression);
void propose_facts(struct proposer *p); /* before the first of them */

/* --- the fields --- */
void propose_channels(struct proposer *p);
void propose_limits(struct proposer *p);
void propose_process(struct proposer *p);
void propose_materials(struct proposer *p);
void propose_levels(struct proposer *p);
void propose_consult(struct proposer *p);
void propose_supervision(struct proposer *p);
void propose_rating(struct proposer *p);
void propose_delivery(struct proposer *p);

/* --- a material tree (propose_noun.c, propose_material.c) --- */
enum node_kind { NODE_LEAF, NODE_ANY, NODE_ALL };
struct node {
    enum node_kind kind;
    struct str name, verbatim, when, when_from, form, medium, copies, stamp, stamp_when, age, share_source;
    bool shareable, committable, tolerable, discretionary;
    struct node *first, *last, *next;
};
/* Reads p->text into ALL, whose children are all needed. NOTES: only what is asked for under a condition that is understood, and
** nothing that PRINTED (the list's own text) says already. */
void propose_read_list(struct proposer *p, struct node *all, bool notes, struct str printed);
struct node *node_new(struct proposer *p, enum node_kind kind);
void node_add(struct node *parent, struct node *child);
/* Is it the name of a paper (…证 …书 …表 …材料 《…》)? */
bool noun_is_material(struct str s);
/* A list of papers into a tree: A或B, A、B任选其一, A和B, A（或B、C）, 原件/复印件/份数/盖章/年限. NULL if it is none. */
struct node *propose_nouns(struct proposer *p, struct str s);
/* The end of a phrase that tells the medium (原件及复印件 …) or the number of copies, cut off. */
void noun_peel(struct proposer *p, struct str *s, struct node *leaf);

#endif
