/* The floor for submissions: the rows of the newest case of a jingban database, written again and again with other
** keys by one loop over prepared inserts: the same tables, columns, sizes and indexes, the same pragmas as the store,
** and nothing else (no HTTP, no checks, no look-ups, no savepoints; digests and sealed bodies are random bytes of the
** same length).
**
**   bare_commit DB SECONDS BATCH   prints "SUBMISSIONS_PER_S CPU_US_EACH ROWS BYTES" (of the rows' values)
**   bare_commit DB rows            prints the rows of one submission
**
** DB is written to: give it a copy. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS_MAX = 64, COLUMNS_MAX = 40 };

/* In the order in which service_apply writes them. */
static const struct {
    const char *table, *where;
} tables[] = {
    {"idempotency", "region = :region and result = :no"},
    {"case_file", "region = :region and id = :id"},
    {"case_event", "region = :region and case_id = :id order by seq"},
    {"case_material", "region = :region and case_id = :id"},
    {"document", "region = :region and case_id = :id"},
};

enum role { SAME, CASE_ID, NEXT_ID, NUMBER, PERSON, RANDOM };

struct row {
    const char *table;
    sqlite3_stmt *insert;
    int columns;
    enum role role[COLUMNS_MAX];
    sqlite3_value *value[COLUMNS_MAX];
};

static struct {
    sqlite3 *db;
    struct row row[ROWS_MAX];
    int rows;
    int64_t bytes, case_id, last_id, count;
    char region[16], no[32];
    int64_t *person;
    int64_t persons;
    unsigned char noise[1 << 16];
    uint64_t random;
} bench = {.random = 88172645463325252u};

static void
must(int ok)
{
    if (ok)
        return;
    fprintf(stderr, "bare_commit: %s\n", bench.db ? sqlite3_errmsg(bench.db) : "no database");
    exit(1);
}

static int64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t
random_next(void)
{
    bench.random ^= bench.random << 13;
    bench.random ^= bench.random >> 7;
    return bench.random ^= bench.random << 17;
}

static sqlite3_stmt *
prepare(const char *text)
{
    sqlite3_stmt *st = NULL;
    must(sqlite3_prepare_v3(bench.db, text, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) == SQLITE_OK);
    return st;
}

/* --- the rows of the newest case --- */

static enum role
role_of(const char *table, const char *column, sqlite3_value *v)
{
    int file = strcmp(table, "case_file") == 0;
    if (strcmp(column, "id") == 0)
        return file ? CASE_ID : NEXT_ID;
    if (strcmp(column, "case_id") == 0)
        return CASE_ID;
    if (strcmp(column, "no") == 0 || strcmp(column, "result") == 0)
        return NUMBER;
    if (strcmp(column, "person_id") == 0 && sqlite3_value_int64(v) != 0)
        return PERSON;
    if (strcmp(column, "matter_digest") == 0)
        return SAME;
    return sqlite3_value_type(v) == SQLITE_BLOB && sqlite3_value_bytes(v) > 0 ? RANDOM : SAME;
}

static void
add_row(sqlite3_stmt *from, const char *table)
{
    char text[512];
    must(bench.rows < ROWS_MAX);
    struct row *r = &bench.row[bench.rows++];
    *r = (struct row){.table = table, .columns = sqlite3_column_count(from)};
    must(r->columns <= COLUMNS_MAX);
    int n = snprintf(text, sizeof text, "insert into %s values (?", table);
    for (int i = 0; i < r->columns; i++) {
        sqlite3_value *v = sqlite3_value_dup(sqlite3_column_value(from, i));
        r->value[i] = v;
        r->role[i] = role_of(table, sqlite3_column_name(from, i), v);
        bench.bytes += sqlite3_value_type(v) == SQLITE_INTEGER ? 8 : sqlite3_value_bytes(v);
        n += snprintf(text + n, sizeof text - (size_t)n, i ? ", ?" : "");
    }
    snprintf(text + n, sizeof text - (size_t)n, ")");
    r->insert = prepare(text);
}

static void
read_rows(void)
{
    sqlite3_stmt *st = prepare("select region, id, no from case_file order by received_ms desc, id desc limit 1");
    must(sqlite3_step(st) == SQLITE_ROW);
    snprintf(bench.region, sizeof bench.region, "%s", (const char *)sqlite3_column_text(st, 0));
    bench.case_id = sqlite3_column_int64(st, 1);
    snprintf(bench.no, sizeof bench.no, "%s", (const char *)sqlite3_column_text(st, 2));
    sqlite3_finalize(st);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char text[256];
        snprintf(text, sizeof text, "select * from %s where %s", tables[i].table, tables[i].where);
        st = prepare(text);
        sqlite3_bind_text(st, sqlite3_bind_parameter_index(st, ":region"), bench.region, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, sqlite3_bind_parameter_index(st, ":no"), bench.no, -1, SQLITE_STATIC);
        sqlite3_bind_int64(st, sqlite3_bind_parameter_index(st, ":id"), bench.case_id);
        while (sqlite3_step(st) == SQLITE_ROW)
            add_row(st, tables[i].table);
        sqlite3_finalize(st);
    }
}

static void
read_persons(void)
{
    sqlite3_stmt *st = prepare("select id from person where region = ?");
    sqlite3_bind_text(st, 1, bench.region, -1, SQLITE_STATIC);
    size_t cap = 0;
    while (sqlite3_step(st) == SQLITE_ROW) {
        if ((size_t)bench.persons == cap) {
            cap = cap ? cap * 2 : 1024;
            bench.person = realloc(bench.person, cap * sizeof *bench.person);
        }
        bench.person[bench.persons++] = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    must(bench.persons > 0);
}

static void
print_rows(void)
{
    static const char *const roles[] = {"", " = case", " = next", " = number", " = some person", " = random bytes"};
    for (int i = 0; i < bench.rows; i++) {
        const struct row *r = &bench.row[i];
        printf("%s:", r->table);
        for (int k = 0; k < r->columns; k++)
            if (r->role[k] != SAME)
                printf(" %d%s%s", k + 1, roles[r->role[k]], ",");
        printf(" the other columns as they are\n");
    }
}

/* --- writing --- */

static void
bind(struct row *r, int64_t case_id, const char *no)
{
    char text[64];
    for (int i = 0; i < r->columns; i++) {
        int size = sqlite3_value_bytes(r->value[i]);
        switch (r->role[i]) {
        case CASE_ID:
            sqlite3_bind_int64(r->insert, i + 1, case_id);
            break;
        case NEXT_ID:
            sqlite3_bind_int64(r->insert, i + 1, ++bench.last_id);
            break;
        case NUMBER: /* a paper's number is the case's and a letter */
            snprintf(text, sizeof text, "%s%s", no, strcmp(r->table, "document") == 0 ? "R" : "");
            sqlite3_bind_text(r->insert, i + 1, text, -1, SQLITE_TRANSIENT);
            break;
        case PERSON:
            sqlite3_bind_int64(r->insert, i + 1, bench.person[random_next() % (uint64_t)bench.persons]);
            break;
        case RANDOM: {
            unsigned char *at = bench.noise + random_next() % (sizeof bench.noise - 4096);
            uint64_t fresh = random_next();
            memcpy(at, &fresh, sizeof fresh); /* two digests are never equal */
            sqlite3_bind_blob(r->insert, i + 1, at, size, size <= 64 ? SQLITE_TRANSIENT : SQLITE_STATIC);
            break;
        }
        case SAME:
        default:
            sqlite3_bind_value(r->insert, i + 1, r->value[i]);
        }
    }
}

static void
submit(void)
{
    char no[32];
    int64_t case_id = ++bench.last_id;
    snprintf(no, sizeof no, "%.6s%013lld", bench.region, (long long)++bench.count);
    for (int i = 0; i < bench.rows; i++) {
        struct row *r = &bench.row[i];
        bind(r, case_id, no);
        must(sqlite3_step(r->insert) == SQLITE_DONE);
        sqlite3_reset(r->insert);
    }
}

static void
step(sqlite3_stmt *st)
{
    sqlite3_step(st);
    must(sqlite3_reset(st) == SQLITE_OK);
}

static void
measure(int seconds, int batch)
{
    sqlite3_stmt *begin = prepare("begin immediate"), *commit = prepare("commit");
    sqlite3_stmt *last =
        prepare("select max(max(id), (select max(id) from case_event), (select max(id) from document)) "
                "from case_file");
    must(sqlite3_step(last) == SQLITE_ROW);
    bench.last_id = sqlite3_column_int64(last, 0);
    sqlite3_finalize(last);
    bench.count = bench.last_id % 1000000000000;
    double started_us = (double)clock() * 1e6 / CLOCKS_PER_SEC;
    int64_t n = 0, from = now_ms(), until = from + (int64_t)seconds * 1000;
    while (now_ms() < until) {
        step(begin);
        for (int i = 0; i < batch; i++, n++)
            submit();
        step(commit);
    }
    double cpu_us = (double)clock() * 1e6 / CLOCKS_PER_SEC - started_us;
    printf("%lld %.1f %d %lld\n", (long long)(n * 1000 / (now_ms() - from)), n ? cpu_us / (double)n : 0.0, bench.rows,
           (long long)bench.bytes);
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
}

int
main(int argc, char **argv)
{
    int rows = argc == 3 && strcmp(argv[2], "rows") == 0;
    if (argc != 4 && !rows)
        return fputs("usage: bare_commit DB SECONDS BATCH | DB rows\n", stderr), 2;
    must(sqlite3_open_v2(argv[1], &bench.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
    must(sqlite3_exec(
             bench.db,
             "pragma cache_size=-8000; pragma temp_store=memory; pragma foreign_keys=on; pragma journal_mode=wal;"
             "pragma synchronous=full; pragma journal_size_limit=33554432",
             NULL, NULL, NULL) == SQLITE_OK);
    bench.random += (uint64_t)now_ms();
    for (size_t i = 0; i < sizeof bench.noise; i++)
        bench.noise[i] = (unsigned char)random_next();
    read_rows();
    read_persons();
    if (rows)
        print_rows();
    else
        measure(atoi(argv[2]), atoi(argv[3]));
    for (int i = 0; i < bench.rows; i++) {
        sqlite3_finalize(bench.row[i].insert);
        for (int k = 0; k < bench.row[i].columns; k++)
            sqlite3_value_free(bench.row[i].value[k]);
    }
    free(bench.person);
    must(sqlite3_close(bench.db) == SQLITE_OK);
    return 0;
}
