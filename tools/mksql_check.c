/* The proof on SQLite: prepare, compare parameters and columns, refuse scans and sorts; and what the text itself shows.
 */
#include <sqlite3.h>
#include <string.h>

#include "mksql.h"

/* --- differences that both databases accept silently (docs/SQL.md) --- */

static void
portable_word(struct program *p, const struct body *b, struct token t)
{
    static const struct {
        const char *word, *why;
    } refused[] = {
        {"like", "ignores ASCII case on SQLite only: use a range >= :lo and < :hi"},
        {"glob", "is SQLite's alone: use a range >= :lo and < :hi"},
        {"regexp", "is SQLite's alone: use a range or check in C"},
        {"true", "is no portable literal: flags are 0/1"},
        {"false", "is no portable literal: flags are 0/1"},
        {"now", "time comes from ctx->now_ms: pass a parameter"},
        {"current_timestamp", "time comes from ctx->now_ms: pass a parameter"},
        {"current_date", "time comes from ctx->now_ms: pass a parameter"},
        {"current_time", "time comes from ctx->now_ms: pass a parameter"},
        {"random", "differs: pass a parameter"},
        {"offset", "reads what it skips: page by keyset (a, b) > (:a, :b)"},
        {"rowid", "is SQLite's alone: use the key"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (word_is(t, refused[i].word))
            complain(p, b->file, t.line, "'%s' %s", refused[i].word, refused[i].why);
}

void
check_portable(struct program *p, const struct statement *s, const struct body *b)
{
    struct lex l;
    lex_start(&l, b->raw, b->line);
    struct token before = {0}, first = {0}, t;
    bool limit = false, order = false;
    while ((t = lex_solid(&l)).kind != TOK_END) {
        if (!first.s.p)
            first = t;
        portable_word(p, b, t);
        limit = limit || word_is(t, "limit");
        order = order || (word_is(t, "by") && word_is(before, "order"));
        if (t.kind == TOK_STRING && t.s.p[0] != '\'')
            complain(p, b->file, t.line, "literal %.*s means different types: pass a parameter", STR_ARG(t.s));
        if (t.kind == TOK_NUMBER && str_find(t.s, STR(".")) != SIZE_MAX)
            complain(p, b->file, t.line, "fraction %.*s: integers only", STR_ARG(t.s));
        if (t.kind == TOK_QUOTED)
            complain(p, b->file, t.line, "quoted name %.*s: use plain lower-case names", STR_ARG(t.s));
        if (punct_is(t, '*') && (word_is(before, "select") || word_is(before, "returning") || punct_is(before, ',') ||
                                 punct_is(before, '.')))
            complain(p, b->file, t.line, "'*' changes with the schema: name the columns");
        before = t;
    }
    bool query = word_is(first, "select") || word_is(first, "with");
    if (query && s->shape == SQL_MANY && !s->scan && !(limit && order))
        complain(p, b->file, b->line,
                 "a list without %s: rows would be unbounded or in another order on each database; write order by … "
                 "limit :n",
                 limit ? "order by" : "limit");
}

/* --- the columns a statement reads, as SQLite's authorizer reports them --- */

struct read_column {
    const char *table, *column;
};
struct reads {
    struct arena *a;
    struct read_column list[256];
    int n;
};

static int
authorize(void *arg, int action, const char *x, const char *y, const char *db, const char *trigger)
{
    (void)db, (void)trigger;
    struct reads *r = arg;
    if (action == SQLITE_READ && r->n < 256)
        r->list[r->n++] = (struct read_column){str_z(r->a, str_c(x)), str_z(r->a, str_c(y))};
    return SQLITE_OK;
}

static bool
is_nullable(sqlite3 *db, const char *table, const char *column, const char **ret_type)
{
    const char *type = NULL, *coll;
    int notnull = 0, pk = 0, autoinc;
    if (sqlite3_table_column_metadata(db, "main", table, column, &type, &coll, &notnull, &pk, &autoinc) != SQLITE_OK)
        type = NULL;
    *ret_type = type;
    return type && !notnull && !pk;
}

/* NULL sorts first on one database and last on the other: a bare nullable sort key needs NULLS FIRST/LAST. */
static void
check_sort_key(struct program *p, sqlite3 *db, const struct body *b, const struct reads *r, struct token key,
               bool nulls)
{
    if (nulls || key.kind != TOK_WORD)
        return;
    for (int i = 0; i < r->n; i++) {
        const char *type;
        if (word_is(key, r->list[i].column) && is_nullable(db, r->list[i].table, r->list[i].column, &type)) {
            complain(p, b->file, key.line,
                     "sort key %.*s may be null (%s): NULL sorts differently; add nulls last, or make it not null",
                     STR_ARG(key.s), r->list[i].table);
            return;
        }
    }
}

static void
check_sort_keys(struct program *p, sqlite3 *db, const struct body *b, const struct reads *r)
{
    static const char *const ends[] = {"limit", "rows", "range", "union", "returning", NULL};
    struct lex l;
    lex_start(&l, b->raw, b->line);
    struct token before = {0}, t = {0};
    for (; (t = lex_solid(&l)).kind != TOK_END; before = t) {
        if (!word_is(t, "by") || !word_is(before, "order"))
            continue;
        struct token key = {0};
        bool nulls = false, complex = false;
        for (int depth = 0;;) {
            t = lex_solid(&l);
            if (punct_is(t, '('))
                depth++, complex = true;
            else if (punct_is(t, ')'))
                depth--;
            bool end = t.kind == TOK_END || depth < 0 || word_in(t, ends);
            if (end || (depth == 0 && punct_is(t, ','))) {
                check_sort_key(p, db, b, r, key, nulls || complex);
                key = (struct token){0};
                nulls = complex = false;
                if (end)
                    break;
                continue;
            }
            nulls = nulls || word_is(t, "nulls");
            if (t.kind == TOK_WORD && !word_is(t, "asc") && !word_is(t, "desc") && !nulls)
                key = t;
            else if (t.kind != TOK_WORD && !punct_is(t, '.'))
                complex = true;
        }
        if (t.kind == TOK_END)
            break;
    }
}

/* --- plans --- */

/* SCAN of a materialised sub-query is what its own plan lines answer for. */
static bool
plan_refused(struct program *p, struct str detail, struct str *known, int known_n)
{
    if (str_find(detail, STR("TEMP B-TREE")) != SIZE_MAX || str_find(detail, STR("AUTOMATIC")) != SIZE_MAX)
        return true;
    if (!str_starts(detail, STR("SCAN ")))
        return false;
    struct str what = str_sub(detail, 5, detail.n);
    if (str_starts(what, STR("CONSTANT ROW")) || str_starts(what, STR("(")) ||
        str_find(what, STR("-ROW VALUES")) != SIZE_MAX || str_find(what, STR("VALUES CLAUSE")) != SIZE_MAX)
        return false;
    for (int i = 0; i < known_n; i++)
        if (str_eq(what, known[i]) || str_starts(what, str_fmt(p->a, "%.*s ", STR_ARG(known[i]))))
            return false;
    return true;
}

/* Plans name a materialised sub-query by its alias where it is read: adds W of "with x … from x [as] W". */
static int
add_aliases(const struct statement *s, struct str name, struct str *known, int n)
{
    struct lex l;
    lex_start(&l, s->main.raw, s->main.line);
    for (struct token t; n < 64 && (t = lex_solid(&l)).kind != TOK_END;) {
        if (t.kind != TOK_WORD || !str_eq(t.s, name))
            continue;
        struct lex ahead = l;
        t = lex_solid(&ahead);
        if (word_is(t, "as"))
            t = lex_solid(&ahead);
        if (t.kind == TOK_WORD)
            known[n++] = t.s;
    }
    return n;
}

static void
check_plan(struct program *p, sqlite3 *db, const struct statement *s)
{
    sqlite3_stmt *st;
    struct str q = str_fmt(p->a, "explain query plan %.*s", STR_ARG(s->main.sqlite));
    if (s->scan || sqlite3_prepare_v2(db, q.p, -1, &st, NULL) != SQLITE_OK)
        return;
    struct str known[64];
    int n = 0;
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct str d = str_dup(p->a, str_c((const char *)sqlite3_column_text(st, 3)));
        struct str prefix[] = {STR("MATERIALIZE "), STR("CO-ROUTINE ")};
        for (size_t i = 0; i < 2 && n < 64; i++)
            if (str_starts(d, prefix[i])) {
                known[n++] = str_sub(d, prefix[i].n, d.n);
                n = add_aliases(s, known[n - 1], known, n);
            }
        if (plan_refused(p, d, known, n))
            complain(p, s->main.file, s->main.line,
                     "%.*s: plan says '%.*s': add an index that leads with region, or the word scan to the header "
                     "(bounded tables only)",
                     STR_ARG(s->name), STR_ARG(d));
    }
    sqlite3_finalize(st);
}

/* --- columns --- */

static void
check_column(struct program *p, sqlite3 *db, sqlite3_stmt *st, const struct statement *s, int i)
{
    static const char *const lite_type[] = {"text", "integer", "blob"};
    const struct column *c = &s->col[i];
    const char *name = sqlite3_column_name(st, i);
    if (!str_eqz(c->name, name))
        complain(p, s->file, s->line,
                 "%.*s: column %d is '%s', declared '%.*s': name it with as %.*s, or mend the header", STR_ARG(s->name),
                 i + 1, name, STR_ARG(c->name), STR_ARG(c->name));
    const char *table = sqlite3_column_table_name(st, i), *origin = sqlite3_column_origin_name(st, i), *type;
    if (!table || !origin)
        return;
    bool nullable = is_nullable(db, table, origin, &type);
    if (type && strcasecmp(type, lite_type[c->type]) != 0)
        complain(p, s->file, s->line, "%.*s: column %.*s is %s in table %s, declared %s: mend the header",
                 STR_ARG(s->name), STR_ARG(c->name), type, table, type_word(c->type));
    if (nullable && !c->nullable)
        complain(p, s->file, s->line,
                 "%.*s: column %.*s may be null in table %s: declare %.*s %s?, or write coalesce(…) as %.*s",
                 STR_ARG(s->name), STR_ARG(c->name), table, STR_ARG(c->name), type_word(c->type), STR_ARG(c->name));
}

static bool
text_uses(const struct body *b, struct str name)
{
    struct lex l;
    if (!b->file)
        return false;
    lex_start(&l, b->raw, b->line);
    for (struct token t; (t = lex_next(&l)).kind != TOK_END;)
        if (t.kind == TOK_PARAM && str_eq(str_sub(t.s, 1, t.s.n), name))
            return true;
    return false;
}

static void
check_statement(struct program *p, sqlite3 *db, const struct statement *s)
{
    struct reads reads = {.a = p->a};
    sqlite3_stmt *st = NULL;
    const char *tail = "";
    sqlite3_set_authorizer(db, authorize, &reads);
    int rc = sqlite3_prepare_v2(db, s->main.sqlite.p, -1, &st, &tail);
    sqlite3_set_authorizer(db, NULL, NULL);
    if (rc != SQLITE_OK) {
        complain(p, s->main.file, s->main.line, "%.*s: SQLite refuses: %s: mend the text or the schema",
                 STR_ARG(s->name), sqlite3_errmsg(db));
        return;
    }
    for (int i = 0; i < s->param_count; i++)
        if (!text_uses(&s->main, s->param[i].name) && !text_uses(&s->variant, s->param[i].name))
            complain(p, s->file, s->line, "%.*s: parameter %.*s is declared but not used: take it out of the header",
                     STR_ARG(s->name), STR_ARG(s->param[i].name));
    int n = sqlite3_column_count(st);
    if (n != s->col_count)
        complain(p, s->file, s->line, "%.*s: gives %d columns, declared %d: mend the header", STR_ARG(s->name), n,
                 s->col_count);
    if ((s->shape == SQL_NONE) == (sqlite3_stmt_readonly(st) != 0) && s->shape == SQL_NONE)
        complain(p, s->file, s->line, "%.*s: changes nothing, declared none: declare one or many", STR_ARG(s->name));
    for (int i = 0; i < n && i < s->col_count; i++)
        check_column(p, db, st, s, i);
    check_sort_keys(p, db, &s->main, &reads);
    sqlite3_finalize(st);
    check_plan(p, db, s);
}

/* --- all of it --- */

static sqlite3 *
open_memory(void)
{
    sqlite3 *db;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        die("cannot open SQLite in memory");
    /* A misspelt "name" must be an error, not a text. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    if (sqlite3_exec(db, "pragma foreign_keys=on; pragma automatic_index=off", NULL, NULL, NULL) != SQLITE_OK)
        die("SQLite: %s", sqlite3_errmsg(db));
    return db;
}

/* Line in the rendered text (lines are kept) where SQLite stopped. */
static int
line_of(struct str text, const char *at)
{
    int line = 1;
    for (const char *c = text.p; c < at && c < text.p + text.n; c++)
        line += *c == '\n';
    return line;
}

static void
apply_migration(struct program *p, sqlite3 *db, const struct migration *m)
{
    for (const char *at = m->sqlite.p; *at;) {
        sqlite3_stmt *st = NULL;
        const char *tail = at;
        int rc = sqlite3_prepare_v2(db, at, -1, &st, &tail);
        int offset = rc == SQLITE_OK ? -1 : sqlite3_error_offset(db);
        if (rc == SQLITE_OK && st)
            rc = sqlite3_step(st) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
        if (rc != SQLITE_OK) {
            while (strchr(" \n\t\r", *at))
                at++, offset--;
            complain(p, m->file, line_of(m->sqlite, offset > 0 ? at + offset : at),
                     "SQLite refuses: %s: mend the migration", sqlite3_errmsg(db));
            sqlite3_finalize(st);
            return;
        }
        sqlite3_finalize(st);
        at = tail;
    }
}

void
check_sqlite(struct program *p)
{
    sqlite3 *db = open_memory();
    for (int i = 0; i < p->migration_count && p->errors == 0; i++)
        apply_migration(p, db, p->migration[i]);
    for (int i = 0; i < p->statement_count && (i == 0 || p->errors < 100); i++) {
        const struct statement *s = p->statement[i];
        check_portable(p, s, &s->main);
        check_statement(p, db, s);
    }
    sqlite3_close(db);
}
