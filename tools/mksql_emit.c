/* The C text: one typed function per statement, the statements as data, the migrations. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mksql.h"

static const char *const shape_word[] = {"SQL_NONE", "SQL_ONE", "SQL_MANY"};
static const char *const sql_type_word[] = {"SQL_TEXT", "SQL_BIGINT", "SQL_BYTEA"};

static void
put_fields(struct buf *b, const struct column *c, int n)
{
    for (int i = 0; i < n; i++) {
        buf_fmt(b, "    %s%.*s;\n", c[i].type == SQL_BIGINT ? "int64_t " : "struct str ", STR_ARG(c[i].name));
        if (c[i].nullable)
            buf_fmt(b, "    bool %.*s_null;\n", STR_ARG(c[i].name));
    }
}

static void
put_prototype(struct buf *b, const struct statement *s, const char *between)
{
    buf_fmt(b, "enum err%ssql_%.*s(struct ctx *ctx, struct tx *tx", between, STR_ARG(s->name));
    if (s->param_count)
        buf_fmt(b, ", const struct sql_%.*s_in *in", STR_ARG(s->name));
    if (s->shape == SQL_NONE)
        buf_addz(b, ", int64_t *ret_changed)");
    else if (s->shape == SQL_ONE)
        buf_fmt(b, ", struct sql_%.*s_row *ret_row, bool *ret_found)", STR_ARG(s->name));
    else
        buf_fmt(b, ", struct sql_%.*s_row **ret_rows, size_t *ret_n)", STR_ARG(s->name));
}

static void
put_declaration(struct buf *b, const struct statement *s)
{
    buf_fmt(b, "\n/* %s:%d */\n", s->file, s->line);
    if (s->param_count) {
        buf_fmt(b, "struct sql_%.*s_in {\n", STR_ARG(s->name));
        put_fields(b, s->param, s->param_count);
        buf_addz(b, "};\n");
    }
    if (s->col_count) {
        buf_fmt(b, "struct sql_%.*s_row {\n", STR_ARG(s->name));
        put_fields(b, s->col, s->col_count);
        buf_addz(b, "};\n");
    }
    put_prototype(b, s, " ");
    buf_addz(b, " MUST_USE;\n");
}

/* As a C literal, one line of text per line of C. */
static void
put_literal(struct buf *b, struct str s, const char *indent)
{
    buf_fmt(b, "%s\"", indent);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n')
            buf_fmt(b, i + 1 < s.n ? "\\n\"\n%s\"" : "\\n", indent);
        else if (c == '"' || c == '\\')
            buf_fmt(b, "\\%c", c);
        else if (c == '?')
            buf_addz(b, "\\?"); /* no trigraphs */
        else
            buf_byte(b, c);
    }
    buf_byte(b, '"');
}

static void
put_params(struct buf *b, const struct statement *s, const char *kind, const struct column *c, int n)
{
    if (n == 0)
        return;
    buf_fmt(b, "static const struct sql_param %s_%.*s[] = {\n", kind, STR_ARG(s->name));
    for (int i = 0; i < n; i++)
        buf_fmt(b, "    {\"%.*s\", %s, %s},\n", STR_ARG(c[i].name), sql_type_word[c[i].type],
                c[i].nullable ? "true" : "false");
    buf_addz(b, "};\n");
}

static void
put_statement(struct buf *b, const struct statement *s, int index)
{
    buf_byte(b, '\n');
    put_params(b, s, "param", s->param, s->param_count);
    put_params(b, s, "col", s->col, s->col_count);
    buf_fmt(b, "static const struct sql stmt_%.*s = {\n    \"%.*s\", %d,\n", STR_ARG(s->name), STR_ARG(s->name), index);
    put_literal(b, s->main.sqlite, "    ");
    buf_addz(b, ",\n");
    put_literal(b, s->variant.file ? s->variant.pg : s->main.pg, "    ");
    buf_fmt(b, ",\n    %s, %d, %d, ", shape_word[s->shape], s->param_count, s->col_count);
    if (s->param_count)
        buf_fmt(b, "param_%.*s, ", STR_ARG(s->name));
    else
        buf_addz(b, "NULL, ");
    if (s->col_count)
        buf_fmt(b, "col_%.*s};\n\n", STR_ARG(s->name));
    else
        buf_addz(b, "NULL};\n\n");
}

/* The row at V as a compound literal of the row's type. */
static void
put_row(struct buf *b, const struct statement *s, const char *v)
{
    buf_fmt(b, "(struct sql_%.*s_row){\n", STR_ARG(s->name));
    for (int i = 0; i < s->col_count; i++) {
        const struct column *c = &s->col[i];
        buf_fmt(b, "            .%.*s = %s[%d].%c,\n", STR_ARG(c->name), v, i, c->type == SQL_BIGINT ? 'i' : 's');
        if (c->nullable)
            buf_fmt(b, "            .%.*s_null = %s[%d].null,\n", STR_ARG(c->name), v, i);
    }
    buf_addz(b, "        }");
}

static void
put_function(struct buf *b, const struct statement *s)
{
    put_prototype(b, s, "\n");
    buf_addz(b, "\n{\n");
    if (s->param_count) {
        buf_addz(b, "    const struct sql_value param[] = {\n");
        for (int i = 0; i < s->param_count; i++) {
            const struct column *c = &s->param[i];
            buf_fmt(b, "        {.%c = in->%.*s", c->type == SQL_BIGINT ? 'i' : 's', STR_ARG(c->name));
            if (c->nullable)
                buf_fmt(b, ", .null = in->%.*s_null", STR_ARG(c->name));
            buf_addz(b, "},\n");
        }
        buf_addz(b, "    };\n");
    }
    buf_fmt(b,
            "    struct sql_value *v = NULL;\n    int64_t n = 0;\n    TRY(ctx, sql_run(ctx, tx, &stmt_%.*s, %s, &v, "
            "&n));\n",
            STR_ARG(s->name), s->param_count ? "param" : "NULL");
    if (s->shape == SQL_NONE) {
        buf_addz(b, "    if (ret_changed)\n        *ret_changed = n;\n");
    } else if (s->shape == SQL_ONE) {
        buf_addz(b, "    *ret_found = n > 0;\n    if (n > 0)\n        *ret_row = ");
        put_row(b, s, "v");
        buf_fmt(b, ";\n    else\n        *ret_row = (struct sql_%.*s_row){0};\n", STR_ARG(s->name));
    } else {
        buf_fmt(b, "    struct sql_%.*s_row *rows = ARENA_ARRAY(ctx->arena, (size_t)n, struct sql_%.*s_row);\n",
                STR_ARG(s->name), STR_ARG(s->name));
        buf_fmt(b, "    for (int64_t i = 0; i < n; i++, v += %d)\n        rows[i] = ", s->col_count);
        put_row(b, s, "v");
        buf_addz(b, ";\n    *ret_rows = rows;\n    *ret_n = (size_t)n;\n");
    }
    buf_addz(b, "    return OK;\n}\n");
}

static void
put_migrations(struct buf *b, const struct program *p)
{
    buf_addz(b, "\nconst struct sql_migration sql_migration[] = {\n");
    for (int i = 0; i < p->migration_count; i++) {
        const struct migration *m = p->migration[i];
        buf_fmt(b, "    {%d, \"%.*s\",\n", m->version, STR_ARG(m->name));
        put_literal(b, m->sqlite, "     ");
        buf_addz(b, ",\n");
        put_literal(b, m->pg, "     ");
        buf_addz(b, "},\n");
    }
    buf_fmt(b, "    {0, NULL, NULL, NULL},\n};\nconst int sql_migration_count = %d;\n", p->migration_count);
}

/* Untouched when nothing changed, so that ninja (restat) compiles nothing again. */
static void
write_file(struct program *p, const char *file, struct str s)
{
    if (access(file, R_OK) == 0) {
        struct str old = read_whole(p, file);
        p->source_count--;
        if (str_eq(old, s))
            return;
    }
    FILE *f = fopen(file, "wb");
    if (!f || fwrite(s.p, 1, s.n, f) != s.n || fclose(f) != 0)
        die("cannot write %s: %m", file);
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void
emit(struct program *p, const char *header, const char *source, const char *depfile)
{
    struct buf h, c;
    buf_init(&h, p->a, 64 * 1024);
    buf_init(&c, p->a, 256 * 1024);
    buf_addz(&h, "/* Made by tools/mksql: do not edit. */\n#pragma once\n\n#include \"store/store.h\"\n\n"
                 "extern const struct sql *const sql_statement[]; /* all of them, by index */\n"
                 "extern const int sql_statement_count;\n");
    buf_fmt(&c, "/* Made by tools/mksql: do not edit. */\n#include \"%s\"\n\n#include \"store/store_int.h\"\n",
            base_name(header));
    for (int i = 0; i < p->statement_count; i++) {
        put_declaration(&h, p->statement[i]);
        put_statement(&c, p->statement[i], i);
        put_function(&c, p->statement[i]);
    }
    buf_addz(&c, "\nconst struct sql *const sql_statement[] = {\n");
    for (int i = 0; i < p->statement_count; i++)
        buf_fmt(&c, "    &stmt_%.*s,\n", STR_ARG(p->statement[i]->name));
    buf_fmt(&c, "    NULL,\n};\nconst int sql_statement_count = %d;\n", p->statement_count);
    put_migrations(&c, p);
    write_file(p, header, buf_str(&h));
    write_file(p, source, buf_str(&c));
    if (!depfile)
        return;
    struct buf d;
    buf_init(&d, p->a, 4096);
    buf_fmt(&d, "%s %s:", header, source);
    for (int i = 0; i < p->source_count; i++)
        buf_fmt(&d, " \\\n  %s", p->source[i]);
    buf_byte(&d, '\n');
    write_file(p, depfile, buf_str(&d));
}
