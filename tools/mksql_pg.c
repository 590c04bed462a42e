/* The proof on PostgreSQL: everything is prepared in a schema of its own inside one transaction that is rolled back. */
#include <libpq-fe.h>
#include <string.h>

#include "mksql.h"

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

static const Oid oid_of[] = {OID_TEXT, OID_INT8, OID_BYTEA};

/* Message of the server without its context lines. */
static struct str
message(struct program *p, const PGresult *r)
{
    const char *m = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), *hint = PQresultErrorField(r, PG_DIAG_MESSAGE_HINT);
    return str_fmt(p->a, "%s%s%s", m ? m : "no answer", hint ? "; " : "", hint ? hint : "");
}

static bool
run(struct program *p, PGconn *c, const char *sql, struct str *ret_message)
{
    PGresult *r = PQexec(c, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    *ret_message = ok ? STR("") : message(p, r);
    PQclear(r);
    return ok;
}

static void
must(struct program *p, PGconn *c, const char *sql)
{
    struct str m;
    if (!run(p, c, sql, &m))
        die("PostgreSQL: %s: %.*s", sql, STR_ARG(m));
}

/* An int4 or int2 result is widened by the driver, so an integer literal or case … end may stand for bigint. */
static bool
result_fits(enum sql_type t, Oid oid)
{
    return oid == oid_of[t] || (t == SQL_BIGINT && (oid == OID_INT4 || oid == OID_INT2));
}

static struct str
oid_name(struct program *p, PGconn *c, Oid oid)
{
    struct str q = str_fmt(p->a, "select format_type(%u, null)", oid);
    PGresult *r = PQexec(c, q.p);
    struct str s = PQntuples(r) == 1 ? str_dup(p->a, str_c(PQgetvalue(r, 0, 0))) : STR("?");
    PQclear(r);
    return s;
}

static void
compare(struct program *p, PGconn *c, const struct statement *s, const struct body *b, const PGresult *d)
{
    for (int i = 0; i < s->param_count && i < PQnparams(d); i++)
        if (PQparamtype(d, i) != oid_of[s->param[i].type])
            complain(p, b->file, b->line, "%.*s: parameter %.*s is %.*s on PostgreSQL, declared %s: mend the header",
                     STR_ARG(s->name), STR_ARG(s->param[i].name), STR_ARG(oid_name(p, c, PQparamtype(d, i))),
                     type_word(s->param[i].type));
    if (PQnfields(d) != s->col_count)
        complain(p, b->file, b->line, "%.*s: gives %d columns on PostgreSQL, declared %d: mend the text or the header",
                 STR_ARG(s->name), PQnfields(d), s->col_count);
    for (int i = 0; i < s->col_count && i < PQnfields(d); i++) {
        const struct column *col = &s->col[i];
        if (!str_eqz(col->name, PQfname(d, i)))
            complain(p, b->file, b->line, "%.*s: column %d is '%s' on PostgreSQL, declared '%.*s': name it with as",
                     STR_ARG(s->name), i + 1, PQfname(d, i), STR_ARG(col->name));
        Oid oid = PQftype(d, i);
        if (oid == OID_BOOL)
            complain(p, b->file, b->line,
                     "%.*s: column %.*s is boolean on PostgreSQL: write case when … then 1 else 0 end as %.*s",
                     STR_ARG(s->name), STR_ARG(col->name), STR_ARG(col->name));
        else if (!result_fits(col->type, oid))
            complain(p, b->file, b->line,
                     "%.*s: column %.*s is %.*s on PostgreSQL, declared %s: write cast(… as %s) as %.*s",
                     STR_ARG(s->name), STR_ARG(col->name), STR_ARG(oid_name(p, c, oid)), type_word(col->type),
                     type_word(col->type), STR_ARG(col->name));
    }
}

static void
check_one(struct program *p, PGconn *c, const struct statement *s)
{
    const struct body *b = s->variant.file ? &s->variant : &s->main;
    Oid oid[LIST_MAX];
    for (int i = 0; i < s->param_count; i++)
        oid[i] = oid_of[s->param[i].type];
    must(p, c, "savepoint one");
    PGresult *r = PQprepare(c, "", b->pg.p, s->param_count, oid);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        complain(p, b->file, b->line, "%.*s: PostgreSQL refuses: %.*s: write what both understand, or a variant @pg",
                 STR_ARG(s->name), STR_ARG(message(p, r)));
    } else {
        PGresult *d = PQdescribePrepared(c, "");
        if (PQresultStatus(d) == PGRES_COMMAND_OK)
            compare(p, c, s, b, d);
        else
            complain(p, b->file, b->line, "%.*s: PostgreSQL: %.*s", STR_ARG(s->name), STR_ARG(message(p, d)));
        PQclear(d);
    }
    PQclear(r);
    must(p, c, "rollback to savepoint one");
}

static void
quiet(void *arg, const PGresult *r)
{
    (void)arg, (void)r;
}

void
check_pg(struct program *p, const char *url)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK)
        die("PostgreSQL: %s", PQerrorMessage(c));
    PQsetNoticeReceiver(c, quiet, NULL);
    must(p, c, "begin");
    must(p, c, "create schema mksql_check");
    must(p, c, "set local search_path to mksql_check");
    struct str m;
    for (int i = 0; i < p->migration_count && p->errors == 0; i++)
        if (!run(p, c, p->migration[i]->pg.p, &m))
            complain(p, p->migration[i]->file, 1, "PostgreSQL refuses: %.*s: mend the migration", STR_ARG(m));
    if (p->errors == 0)
        for (int i = 0; i < p->statement_count; i++) {
            if (p->statement[i]->variant.file)
                check_portable(p, p->statement[i], &p->statement[i]->variant);
            check_one(p, c, p->statement[i]);
        }
    must(p, c, "rollback");
    PQfinish(c);
}
