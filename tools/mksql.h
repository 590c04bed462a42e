/* mksql: reads migrations and statement files, proves them on SQLite (and PostgreSQL), emits typed wrappers.
** A build tool: it ends the process with a message instead of returning errors. docs/SQL.md is its contract. */
#ifndef TOOLS_MKSQL_H
#define TOOLS_MKSQL_H

#include "base/str.h"
#include "store/store.h"

enum { LIST_MAX = 64, STATEMENT_MAX = 1024, MIGRATION_MAX = 999, SOURCE_MAX = 256 };

enum tok { TOK_END, TOK_SPACE, TOK_COMMENT, TOK_WORD, TOK_NUMBER, TOK_STRING, TOK_QUOTED, TOK_PARAM, TOK_PUNCT };
struct token {
    enum tok kind;
    struct str s;
    int line;
};
struct lex {
    struct str text;
    size_t at;
    int line;
};

struct column {
    struct str name;
    enum sql_type type;
    bool nullable;
};
struct body {
    const char *file; /* NULL: there is no such variant */
    int line;         /* of the first line of the text */
    struct str raw;   /* as written, without the ';' */
    struct str sqlite, pg;
};
struct statement {
    const char *file;
    int line;
    struct str name;
    enum sql_shape shape;
    bool scan;
    struct column param[LIST_MAX], col[LIST_MAX];
    int param_count, col_count;
    struct body main, variant; /* variant: for PostgreSQL */
};
struct migration {
    const char *file;
    int version;
    struct str name; /* 0001_init without the number: init */
    struct str sqlite, pg;
};
struct program {
    struct arena *a;
    struct statement *statement[STATEMENT_MAX];
    int statement_count;
    struct migration *migration[MIGRATION_MAX];
    int migration_count;
    const char *source[SOURCE_MAX]; /* all that was read, for the depfile */
    int source_count;
    int errors;
};

/* mksql_lex.c */
void lex_start(struct lex *l, struct str text, int line);
struct token lex_next(struct lex *l);            /* every token, blanks and comments too */
struct token lex_solid(struct lex *l);           /* skips blanks and comments */
bool word_is(struct token t, const char *lower); /* a word, ignoring ASCII case */
bool punct_is(struct token t, char c);
const char *word_in(struct token t, const char *const *list); /* the entry or NULL */

/* mksql_read.c */
void read_schema(struct program *p, const char *dir);
void read_statements(struct program *p, const char *path); /* a file, or a directory with *.sql */

/* mksql_check.c, mksql_pg.c */
void check_sqlite(struct program *p);
void check_portable(struct program *p, const struct statement *s, const struct body *b);
void check_pg(struct program *p, const char *url);

/* mksql_emit.c */
void emit(struct program *p, const char *header, const char *source, const char *depfile);

/* mksql.c */
void complain(struct program *p, const char *file, int line, const char *fmt, ...) PRINTF_LIKE(4, 5);
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
struct str read_whole(struct program *p, const char *file);
const char *type_word(enum sql_type t);

#endif
