#include "support/support_db.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sqlite[] = "sqlite:";

static void
on_sqlite(const char *file, const char *text)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", text, message);
    sqlite3_close(db);
}

static void
on_postgres(const char *url, const char *text)
{
    PGconn *c = PQconnectdb(url);
    PGresult *r = PQexec(c, text);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

void
support_sql(const char *url, const char *text)
{
    if (strncmp(url, sqlite, strlen(sqlite)) == 0)
        on_sqlite(url + strlen(sqlite), text);
    else
        on_postgres(url, text);
}

static const char *
base_url(void)
{
    const char *url = getenv("JINGBAN_TEST_PG");
    return url && *url ? url : NULL;
}

bool
support_pg(void)
{
    return base_url() != NULL;
}

struct str
support_pg_schema(struct arena *a, const char *name)
{
    const char *url = base_url();
    assert_non_null(url);
    support_sql(url, str_fmt(a, "set client_min_messages = error; drop schema if exists %s cascade; create schema %s",
                             name, name)
                         .p);
    bool uri = strstr(url, "://") != NULL;
    const char *glue = !uri ? " " : strchr(url, '?') ? "&" : "?";
    return str_fmt(a, "%s%soptions=-csearch_path%s%s%sapplication_name=%s_%d", url, glue, uri ? "%3D" : "=", name,
                   uri ? "&" : " ", name, (int)getpid());
}

struct str
support_pg_database(struct arena *a, const char *name)
{
    const char *url = base_url(), *own = str_fmt(a, "%s_%d", name, (int)getpid()).p;
    assert_non_null(url);
    support_sql(url, str_fmt(a, "drop database if exists %s with (force)", own).p);
    support_sql(url,
                str_fmt(a, "create database %s template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", own).p);
    const char *query = strchr(url, '?');
    return query ? str_fmt(a, "postgresql:///%s%s", own, query) : str_fmt(a, "%s dbname=%s", url, own);
}
