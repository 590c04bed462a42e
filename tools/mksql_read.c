/* Reading: paragraphs of statements, migrations, and how each text is written for the two databases. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mksql.h"

/* --- rendering --- */

static int
find_param(const struct statement *s, struct str name)
{
    for (int i = 0; i < s->param_count; i++)
        if (str_eq(s->param[i].name, name))
            return i;
    return -1;
}

/* One rendering of TEXT: comments out, blanks squeezed, :name numbered, type words of the engine. */
static struct str
render(struct program *p, struct statement *s, const struct body *body, bool pg)
{
    struct lex l;
    lex_start(&l, body->raw, body->line);
    struct buf b;
    buf_init(&b, p->a, body->raw.n + 64);
    bool blank = false;
    for (struct token t; (t = lex_next(&l)).kind != TOK_END;) {
        if (t.kind == TOK_SPACE || t.kind == TOK_COMMENT) {
            blank = b.n > 0;
            continue;
        }
        if (blank)
            buf_byte(&b, ' ');
        blank = false;
        if (t.kind != TOK_PARAM) {
            buf_add(&b, !pg && word_is(t, "bytea") ? STR("blob") : t.s);
            continue;
        }
        int n = find_param(s, str_sub(t.s, 1, t.s.n));
        if (n < 0 && !pg)
            complain(p, body->file, t.line, "parameter %.*s is not declared: add it to the header of %.*s",
                     STR_ARG(t.s), STR_ARG(s->name));
        buf_fmt(&b, "%c%d", pg ? '$' : '?', n + 1);
    }
    return buf_str(&b);
}

/* --- headers --- */

struct header {
    struct program *p;
    const char *file;
    struct lex l;
    struct token t; /* the one being looked at */
    bool bad;
};

static void
next(struct header *h)
{
    h->t = lex_solid(&h->l);
}

static void
expected(struct header *h, const char *what)
{
    if (!h->bad)
        complain(
            h->p, h->file, h->t.line,
            "expected %s at '%.*s': write -- name: NAME (PARAM TYPE[?], …) -> none|one|many [(COL TYPE[?], …)] [scan]",
            what, STR_ARG(h->t.s));
    h->bad = true;
}

static bool
accept(struct header *h, char c)
{
    if (!punct_is(h->t, c))
        return false;
    next(h);
    return true;
}

/* Names become C identifiers and columns of both databases. */
static bool
is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i && c >= '0' && c <= '9')))
            return false;
    }
    return s.n > 0 && s.n < 60;
}

static bool
is_c_word(struct str s)
{
    static const char *const word[] = {
        "auto",     "break",  "case",     "char",   "const",  "continue", "default", "do",     "double",  "else",
        "enum",     "extern", "float",    "for",    "goto",   "if",       "inline",  "int",    "long",    "register",
        "restrict", "return", "short",    "signed", "sizeof", "static",   "struct",  "switch", "typedef", "union",
        "unsigned", "void",   "volatile", "while",  "bool",   "true",     "false",   NULL};
    for (size_t i = 0; word[i]; i++)
        if (str_eqz(s, word[i]))
            return true;
    return false;
}

static struct str
parse_name(struct header *h)
{
    struct str s = h->t.s;
    if (h->t.kind != TOK_WORD || !is_name(s) || is_c_word(s))
        expected(h, "a name of a-z, 0-9, _ that is no word of C");
    next(h);
    return s;
}

static void
parse_list(struct header *h, struct column *list, int *ret_n)
{
    if (!accept(h, '(') || accept(h, ')'))
        return;
    do {
        if (*ret_n == LIST_MAX) {
            expected(h, "at most 64 entries");
            return;
        }
        struct column *c = &list[(*ret_n)++];
        c->name = parse_name(h);
        for (int i = 0; i < *ret_n - 1; i++)
            if (str_eq(list[i].name, c->name))
                expected(h, "each name once");
        if (word_is(h->t, "text"))
            c->type = SQL_TEXT;
        else if (word_is(h->t, "bigint"))
            c->type = SQL_BIGINT;
        else if (word_is(h->t, "bytea"))
            c->type = SQL_BYTEA;
        else
            expected(h, "text, bigint or bytea");
        next(h);
        c->nullable = accept(h, '?');
    } while (!h->bad && accept(h, ','));
    if (!accept(h, ')'))
        expected(h, ")");
}

static void
parse_shape(struct header *h, struct statement *s)
{
    if (word_is(h->t, "none"))
        s->shape = SQL_NONE;
    else if (word_is(h->t, "one"))
        s->shape = SQL_ONE;
    else if (word_is(h->t, "many"))
        s->shape = SQL_MANY;
    else
        expected(h, "none, one or many");
    next(h);
    parse_list(h, s->col, &s->col_count);
    if (word_is(h->t, "scan")) {
        s->scan = true;
        next(h);
    }
    if (h->t.kind != TOK_END)
        expected(h, "the end of the header");
    if (!h->bad && (s->shape == SQL_NONE) != (s->col_count == 0))
        expected(h, s->shape == SQL_NONE ? "no columns after none" : "columns after one or many");
}

/* --- paragraphs --- */

struct lines {
    struct str rest;
    int line; /* of the line last taken */
};

static bool
take_line(struct lines *l, struct str *ret_line)
{
    if (!str_split(&l->rest, '\n', ret_line))
        return false;
    l->line++;
    return true;
}

static bool
is_comment(struct str line)
{
    return str_starts(str_trim(line), STR("--"));
}

static struct str
comment_text(struct str line)
{
    line = str_trim(line);
    return str_trim(str_sub(line, 2, line.n));
}

/* A header goes on in the following comment lines while a parenthesis is open or the shape is missing. */
static bool
header_open(struct str h)
{
    int depth = 0;
    for (size_t i = 0; i < h.n; i++)
        depth += h.p[i] == '(' ? 1 : h.p[i] == ')' ? -1 : 0;
    bool variant = str_ends(h, STR("@pg"));
    return depth > 0 || str_ends(h, STR("->")) || (!variant && str_find(h, STR("->")) == SIZE_MAX);
}

/* Takes the text up to its ';' (outside quotes) from l; what stands behind it in the line must be blank. */
static bool
take_text(struct program *p, const char *file, struct lines *l, struct body *b)
{
    struct lex x;
    lex_start(&x, l->rest, l->line + 1);
    struct str all = l->rest;
    size_t from = SIZE_MAX;
    struct token t;
    *b = (struct body){.file = file};
    while ((t = lex_next(&x)).kind != TOK_END && !punct_is(t, ';')) {
        if (t.kind == TOK_COMMENT && str_starts(str_trim(str_sub(t.s, 2, t.s.n)), STR("name:")))
            break;
        if (from == SIZE_MAX && t.kind != TOK_SPACE && t.kind != TOK_COMMENT) {
            from = x.at - t.s.n;
            b->line = t.line;
        }
    }
    if (!punct_is(t, ';') || from == SIZE_MAX) {
        complain(p, file, t.line, "the statement above does not end: end it with ';'");
        l->rest = STR_NONE;
        return false;
    }
    b->raw = str_sub(all, from, x.at - 1 - from);
    l->line = x.line - 1;
    l->rest = str_sub(all, x.at, all.n);
    struct str tail;
    if (take_line(l, &tail) && !str_empty(str_trim(tail)) && !is_comment(tail)) {
        complain(p, file, l->line, "text behind ';': one statement a paragraph");
        return false;
    }
    return true;
}

static struct statement *
find_statement(const struct program *p, struct str name)
{
    for (int i = 0; i < p->statement_count; i++)
        if (str_eq(p->statement[i]->name, name))
            return p->statement[i];
    return NULL;
}

static void
parse_variant(struct program *p, struct header *h, struct str name, struct lines *l)
{
    next(h);
    if (!word_is(h->t, "pg"))
        expected(h, "@pg");
    struct statement *twin = p->statement_count ? p->statement[p->statement_count - 1] : NULL;
    struct body b;
    if (!take_text(p, h->file, l, &b))
        return;
    if (!twin || !str_eq(twin->name, name) || twin->variant.file || twin->file != h->file) {
        complain(p, h->file, h->t.line, "variant %.*s @pg does not follow its twin: put it right below", STR_ARG(name));
        return;
    }
    twin->variant = b;
}

static void
parse_paragraph(struct program *p, const char *file, struct str header, int line, struct lines *l)
{
    struct header h = {.p = p, .file = file};
    lex_start(&h.l, header, line);
    next(&h);
    struct str name = parse_name(&h);
    static const char *const taken[] = {"run", "statement", "statement_count", "migration", "migration_count", NULL};
    for (int i = 0; taken[i]; i++)
        if (str_eqz(name, taken[i]))
            expected(&h, "a name other than the store's own (sql_run, sql_statement, sql_migration)");
    if (punct_is(h.t, '@')) {
        parse_variant(p, &h, name, l);
        return;
    }
    struct statement *s = ARENA_NEW(p->a, struct statement);
    *s = (struct statement){.file = file, .line = line, .name = name};
    parse_list(&h, s->param, &s->param_count);
    if (!accept(&h, '-') || !accept(&h, '>'))
        expected(&h, "->");
    parse_shape(&h, s);
    struct statement *other = find_statement(p, name);
    if (other)
        complain(p, file, line, "%.*s is already at %s:%d: names are unique over all modules", STR_ARG(name),
                 other->file, other->line);
    if (!take_text(p, file, l, &s->main) || h.bad || other)
        return;
    if (p->statement_count == STATEMENT_MAX)
        die("more than %d statements: raise STATEMENT_MAX", STATEMENT_MAX);
    p->statement[p->statement_count++] = s;
}

static void
read_statement_file(struct program *p, const char *file)
{
    struct lines l = {.rest = read_whole(p, file)};
    int first = p->statement_count;
    for (struct str line; take_line(&l, &line);) {
        if (str_empty(str_trim(line)))
            continue;
        int at = l.line;
        if (!is_comment(line)) {
            complain(p, file, at, "text without a header: begin the paragraph with -- name: …");
            return;
        }
        struct str c = comment_text(line);
        if (!str_starts(c, STR("name:")))
            continue;
        struct str header = str_trim(str_sub(c, 5, c.n));
        while (header_open(header) && is_comment(l.rest) && take_line(&l, &line))
            header = str_fmt(p->a, "%.*s\n%.*s", STR_ARG(header), STR_ARG(comment_text(line)));
        parse_paragraph(p, file, header, at, &l);
    }
    for (int i = first; i < p->statement_count; i++) {
        struct statement *s = p->statement[i];
        s->main.sqlite = render(p, s, &s->main, false);
        s->main.pg = render(p, s, &s->main, true);
        if (!s->variant.file)
            continue;
        s->variant.sqlite = render(p, s, &s->variant, false); /* for its complaints about parameters */
        s->variant.pg = render(p, s, &s->variant, true);
    }
}

/* --- directories --- */

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The *.sql of DIR in order of their names. The directory itself is a source: a new file changes its time. */
static int
list_directory(struct program *p, const char *dir, const char **list)
{
    DIR *d = opendir(dir);
    if (!d)
        die("cannot read directory %s: %m", dir);
    if (p->source_count == SOURCE_MAX)
        die("more than %d files: raise SOURCE_MAX", SOURCE_MAX);
    p->source[p->source_count++] = dir;
    int n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        struct str name = str_c(e->d_name);
        if (!str_ends(name, STR(".sql")) || str_starts(name, STR(".")))
            continue;
        if (n == MIGRATION_MAX)
            die("%s: more than %d files", dir, MIGRATION_MAX);
        list[n++] = str_fmt(p->a, "%s/%s", dir, e->d_name).p;
    }
    closedir(d);
    qsort(list, (size_t)n, sizeof *list, by_name);
    return n;
}

void
read_statements(struct program *p, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        die("cannot read %s: %m", path);
    if (!S_ISDIR(st.st_mode)) {
        read_statement_file(p, path);
        return;
    }
    const char *list[MIGRATION_MAX];
    int n = list_directory(p, path, list);
    for (int i = 0; i < n; i++)
        read_statement_file(p, list[i]);
}

/* --- migrations --- */

static void
migration_word(struct program *p, const char *file, struct token t)
{
    static const char *const types[] = {"int",    "integer", "int4",    "int8",    "blob",   "real",      "float",
                                        "double", "numeric", "decimal", "varchar", "char",   "boolean",   "timestamp",
                                        "date",   "json",    "jsonb",   "any",     "serial", "bigserial", NULL};
    static const char *const never[] = {"trigger", "deferrable", "autoincrement", "default_random", "collate", NULL};
    const char *w = word_in(t, types);
    if (w)
        complain(p, file, t.line, "'%s' is not in the portable subset: use text, bigint or bytea", w);
    w = word_in(t, never);
    if (w)
        complain(p, file, t.line, "'%s' does not mean the same on both databases: leave it out, enforce it in code", w);
    if (t.kind == TOK_QUOTED)
        complain(p, file, t.line, "quoted name %.*s: use a plain lower-case name", STR_ARG(t.s));
    if (t.kind == TOK_PARAM)
        complain(p, file, t.line, "parameter %.*s in a migration: migrations have none", STR_ARG(t.s));
}

/* Adds the token of a migration to both renderings. SQLite tables are STRICT; WITHOUT ROWID is SQLite's alone. */
static void
render_migration(struct program *p, const char *file, struct str text, struct buf *lite, struct buf *pg)
{
    struct lex l;
    lex_start(&l, text, 1);
    struct token before = {0}, t;
    bool table = false, first = true, without = false;
    while ((t = lex_next(&l)).kind != TOK_END) {
        if (t.kind == TOK_SPACE || t.kind == TOK_COMMENT) {
            buf_add(lite, t.kind == TOK_SPACE ? t.s : STR(" "));
            buf_add(pg, t.kind == TOK_SPACE ? t.s : STR(" "));
            continue;
        }
        migration_word(p, file, t);
        table = table || (word_is(t, "table") && word_is(before, "create"));
        if (first && !word_is(t, "create") && !word_is(t, "alter") && !word_is(t, "drop") && !word_is(t, "insert") &&
            !word_is(t, "update") && !word_is(t, "delete"))
            complain(p, file, t.line, "statement begins with '%.*s': only create, alter, drop, insert, update, delete",
                     STR_ARG(t.s));
        first = punct_is(t, ';');
        if (first && table)
            buf_addz(lite, without ? ", strict" : " strict");
        if (word_is(t, "without"))
            without = true;
        if (first)
            table = without = false;
        buf_add(lite, word_is(t, "bigint") ? STR("integer") : word_is(t, "bytea") ? STR("blob") : t.s);
        if (!word_is(t, "without") && !(word_is(t, "rowid") && word_is(before, "without")))
            buf_add(pg, t.s);
        before = t;
    }
    if (!first)
        complain(p, file, l.line, "the last statement does not end: end it with ';'");
}

void
read_schema(struct program *p, const char *dir)
{
    const char *list[MIGRATION_MAX];
    int n = list_directory(p, dir, list);
    for (int i = 0; i < n; i++) {
        struct str file = str_c(list[i]);
        struct str base = str_sub(file, strlen(dir) + 1, file.n);
        struct str stem = str_sub(base, 0, base.n - 4);
        int64_t version;
        if (stem.n < 6 || stem.p[4] != '_' || !str_int(str_sub(stem, 0, 4), &version) ||
            !is_name(str_sub(stem, 5, stem.n)) || version != i + 1) {
            complain(p, list[i], 1, "expected a migration named %04d_name.sql: number them without gaps, a-z 0-9 _",
                     i + 1);
            continue;
        }
        struct migration *m = ARENA_NEW(p->a, struct migration);
        struct buf lite, pg;
        struct str text = read_whole(p, list[i]);
        buf_init(&lite, p->a, text.n + 1024);
        buf_init(&pg, p->a, text.n + 64);
        render_migration(p, list[i], text, &lite, &pg);
        *m = (struct migration){list[i], i + 1, str_sub(stem, 5, stem.n), buf_str(&lite), buf_str(&pg)};
        p->migration[p->migration_count++] = m;
    }
}
