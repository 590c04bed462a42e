#include "mksql.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: mksql --schema DIR --header FILE --source FILE [--depfile FILE] SQL...\n"
    "       mksql --schema DIR --pg URL SQL...\n"
    "SQL is a statement file or a directory with *.sql. See docs/SQL.md.\n"
    "--pg prepares everything on the PostgreSQL database URL, in a schema of its own that is rolled back.\n";

void
complain(struct program *p, const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    p->errors++;
}

_Noreturn void
die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("mksql: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

struct str
read_whole(struct program *p, const char *file)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        die("cannot read %s: %m", file);
    struct buf b;
    buf_init(&b, p->a, 64 * 1024);
    size_t n;
    do {
        n = fread(buf_room(&b, 16 * 1024), 1, 16 * 1024, f);
        b.n += n;
    } while (n);
    if (ferror(f))
        die("cannot read %s: %m", file);
    fclose(f);
    struct str s = buf_str(&b);
    if (!str_utf8_valid(s))
        die("%s: not valid UTF-8: save the file as UTF-8 without NUL bytes", file);
    if (p->source_count == SOURCE_MAX)
        die("more than %d files: raise SOURCE_MAX", SOURCE_MAX);
    p->source[p->source_count++] = file;
    return s;
}

const char *
type_word(enum sql_type t)
{
    return t == SQL_TEXT ? "text" : t == SQL_BIGINT ? "bigint" : "bytea";
}

int
main(int argc, char **argv)
{
    const char *schema = NULL, *header = NULL, *source = NULL, *depfile = NULL, *pg = NULL;
    const struct {
        const char *name;
        const char **value;
    } option[] = {
        {"--schema", &schema}, {"--header", &header}, {"--source", &source}, {"--depfile", &depfile}, {"--pg", &pg}};
    SCOPED_ARENA a = arena_new(0);
    struct program *p = ARENA_NEW(a, struct program);
    p->a = a;
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        size_t o = 0, n = sizeof option / sizeof option[0];
        while (o < n && strcmp(option[o].name, argv[i]) != 0)
            o++;
        if (o == n || i + 1 == argc)
            return fputs(USAGE, stderr), 2;
        *option[o].value = argv[++i];
    }
    if (!schema || (!pg && (!header || !source)))
        return fputs(USAGE, stderr), 2;
    read_schema(p, schema);
    for (; i < argc; i++)
        read_statements(p, argv[i]);
    if (p->errors == 0)
        check_sqlite(p);
    if (p->errors == 0 && pg)
        check_pg(p, pg);
    if (p->errors) {
        fprintf(stderr, "mksql: %d error%s\n", p->errors, p->errors == 1 ? "" : "s");
        return 1;
    }
    if (!pg)
        emit(p, header, source, depfile);
    else
        printf("mksql: %d statements and %d migrations agree on SQLite and PostgreSQL\n", p->statement_count,
               p->migration_count);
    return 0;
}
