/* Drafts and uploads on both databases: what was acknowledged is there, whoever else was at the same draft meanwhile;
** and what nobody needs any more goes. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "service/service_int.h"
#include "sql_gen.h"
#include "support/support_db.h"
#include "support/support_service.h"

enum { DAY_MS = 86400000, MIB = 1 << 20 };

static const struct matter *certificate;
static struct person person;
static int serial;

static void
refused(enum err e, enum err expected)
{
    assert_string_equal(err_info(e)->id, err_info(expected)->id);
    fail_clear(&ctx);
}

static int
open_server(bool postgres)
{
    support_server_up("draft", postgres);
    certificate = support_matter("420281", "002036003001");
    person = support_insured(certificate->region->code, support_id_number(STR("42028119800101123")));
    return 0;
}

static int
set_up_sqlite(void **state)
{
    (void)state;
    return open_server(false);
}

static int
set_up_postgres(void **state)
{
    (void)state;
    return open_server(true);
}

/* --- drafts --- */

static struct view *
map_of(struct arena *a, const char *key, const char *value)
{
    struct view *v = view_map(a);
    view_put_z(v, key, value);
    return v;
}

static struct draft
new_draft(void)
{
    struct draft d;
    must(service_draft_new(&ctx, server, certificate->region, certificate, map_of(arena, "insurance", "职工医保"), &d));
    return d;
}

/* The draft as somebody else sees it. */
static struct draft
opened(const struct draft *d)
{
    struct draft other;
    must(service_draft_get(&ctx, server, d->region, d->token, &other));
    return other;
}

static const char *
entry(const struct draft *d, const char *part, const char *key)
{
    const struct view *map = view_get(d->body, str_c(part)), *v = map ? view_get(map, str_c(key)) : NULL;
    return v ? str_z(arena, view_text(v)) : NULL;
}

static void
fill_in(struct draft *d)
{
    struct view *who = view_map(arena);
    view_put_text(who, "applicant_name", person.name);
    view_put_text(who, "applicant_id", person.id_number);
    view_put_text(who, "mobile", person.mobile);
    must(service_draft_save(&ctx, server, d, "applicant", who));
}

static enum err
submit(struct draft *d, struct receipt *r)
{
    return service_draft_submit(&ctx, server, d, str_concat(arena, STR("draft/"), d->token), r);
}

/* A mistake of ours: the whole body was written back as it had been read. */
static void
two_pages_save_into_one_draft(void **state)
{
    (void)state;
    struct draft d = new_draft(), one = opened(&d), two = opened(&d);
    must(service_draft_save(&ctx, server, &one, "applicant", map_of(arena, "mobile", "13800138001")));
    must(service_draft_save(&ctx, server, &two, "delivery", map_of(arena, "delivery", "窗口领取")));
    must(service_draft_set(&ctx, server, &one, "materials", STR("1.1"), view_text_node(arena, STR("committed"))));
    must(service_draft_set(&ctx, server, &two, "materials", STR("1.2"), view_text_node(arena, STR("committed"))));
    must(service_draft_set(&ctx, server, &one, "materials", STR("1.1"), NULL));
    struct draft seen = opened(&d);
    assert_string_equal(entry(&seen, "facts", "insurance"), "职工医保");
    assert_string_equal(entry(&seen, "applicant", "mobile"), "13800138001");
    assert_string_equal(entry(&seen, "delivery", "delivery"), "窗口领取");
    assert_string_equal(entry(&seen, "materials", "1.2"), "committed");
    assert_null(entry(&seen, "materials", "1.1"));
}

enum { WRITERS = 4, ROUNDS = 5 };
struct writer {
    pthread_t thread;
    struct arena *arena;
    struct ctx ctx;
    struct draft draft;
    char part[16];
    int refused;
};

static void *
write_on(void *arg)
{
    struct writer *w = arg;
    for (int i = 1; i <= ROUNDS; i++) {
        const struct view *value = map_of(w->arena, "round", str_fmt(w->arena, "%d", i).p);
        while (service_draft_save(&w->ctx, server, &w->draft, w->part, value) != OK) {
            fail_clear(&w->ctx);
            if (++w->refused > 100)
                return NULL;
        }
    }
    return NULL;
}

static void
many_save_at_the_same_moment(void **state)
{
    (void)state;
    static struct writer w[WRITERS];
    struct draft d = new_draft();
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.arena = arena_new(0), .draft = d};
        w[i].ctx = ctx_new(w[i].arena, ctx.now_ms);
        snprintf(w[i].part, sizeof w[i].part, "part%d", i);
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_on, &w[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(w[i].thread, NULL);
    struct draft seen = opened(&d);
    for (int i = 0; i < WRITERS; i++) {
        assert_string_equal(entry(&seen, w[i].part, "round"), "5");
        arena_free(w[i].arena);
    }
    assert_int_equal(seen.version, 1 + WRITERS * ROUNDS);
}

/* --- uploads --- */

/* A file as the HTTP layer leaves it; SIZE is what it says, so that large ones cost nothing here. */
static enum err
upload(const struct draft *d, int64_t case_id, int64_t size, struct upload *ret_u)
{
    unsigned char digest[32] = {0};
    struct str path = str_fmt(arena, "%s/tmp/up-test", folder.p);
    FILE *f = fopen(path.p, "w");
    assert_non_null(f);
    fprintf(f, "%%PDF-1.4 %d", ++serial);
    fclose(f);
    memcpy(digest + 1, &serial, sizeof serial);
    struct upload_given g = {STR("证.pdf"), path, digest, size};
    return service_upload_add(&ctx, server, d->region, case_id ? 0 : d->id, case_id, STR("1.2"), &g, ret_u);
}

static size_t
uploads_of(const struct draft *d, int64_t case_id)
{
    struct upload *u;
    size_t n;
    must(service_uploads(&ctx, server, d->region, case_id ? 0 : d->id, case_id, &u, &n));
    return n;
}

static void
only_what_was_read_is_sent(void **state)
{
    (void)state;
    struct draft d = new_draft();
    struct receipt r, again;
    struct upload u;
    fill_in(&d);
    struct draft other = opened(&d), stale = opened(&d);
    must(service_draft_save(&ctx, server, &other, "delivery", map_of(arena, "delivery", "窗口领取")));
    refused(submit(&stale, &r), ERR_CONFLICT);
    stale = opened(&d);
    must(upload(&d, 0, 100, &u));
    refused(submit(&stale, &r), ERR_CONFLICT); /* a file that came meanwhile would not be listed */
    stale = opened(&d);
    must(service_upload_remove(&ctx, server, d.region, d.id, u.id));
    refused(submit(&stale, &r), ERR_CONFLICT);
    stale = opened(&d);
    must(submit(&stale, &r));
    assert_false(r.replayed);
    struct draft sent = opened(&d);
    assert_true(str_eq(sent.case_no, r.no));
    must(submit(&sent, &again));
    assert_true(again.replayed && str_eq(again.no, r.no));
    refused(service_draft_save(&ctx, server, &other, "delivery", map_of(arena, "delivery", "快递")), ERR_CONFLICT);
}

static void
a_file_on_its_way_goes_to_the_case(void **state)
{
    (void)state;
    struct draft d = new_draft();
    struct receipt r, again;
    struct upload u;
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    fill_in(&d);
    must(upload(&d, 0, 100, &u));
    d = opened(&d);
    must(submit(&d, &r));
    assert_int_equal(uploads_of(&d, r.case_id), 1);
    must(upload(&d, 0, 100, &u)); /* the page had opened the draft before it was sent */
    assert_int_equal(uploads_of(&d, r.case_id), 2);
    struct draft sent = opened(&d);
    must(submit(&sent, &again));
    assert_true(again.replayed && str_eq(again.no, r.no) && str_eq(again.code, r.code));
    must(service_case_open(&ctx, server, r.no, r.code, cf));
    must(service_case_withdraw(&ctx, server, cf, STR("不办了")));
    refused(upload(&d, 0, 100, &u), ERR_CONFLICT);
    assert_int_equal(uploads_of(&d, r.case_id), 2);
}

static void
files_have_a_bound(void **state)
{
    (void)state;
    struct upload u;
    struct draft many = new_draft(), large = new_draft();
    for (int i = 0; i < 500; i++)
        must(upload(&many, 0, 100, &u));
    refused(upload(&many, 0, 100, &u), ERR_LIMIT);
    must(service_upload_remove(&ctx, server, many.region, many.id, u.id));
    must(upload(&many, 0, 100, &u));
    for (int i = 0; i < 15; i++)
        must(upload(&large, 0, 20 * MIB, &u));
    refused(upload(&large, 0, 1, &u), ERR_LIMIT);
    struct receipt r;
    fill_in(&large);
    large = opened(&large);
    must(submit(&large, &r));
    refused(upload(&large, r.case_id, 1, &u), ERR_LIMIT);
    refused(upload(&large, 0, 1, &u), ERR_LIMIT);
}

static void
the_disk_keeps_room_for_the_database(void **state)
{
    (void)state;
    const uint64_t mib = MIB;
    assert_true(upload_fits(256 * mib, 1000000 * mib));
    assert_false(upload_fits(256 * mib - 1, 1000000 * mib));
    assert_true(upload_fits(5 * mib, 100 * mib)); /* a small disk: one part in twenty */
    assert_false(upload_fits(5 * mib - 1, 100 * mib));
}

/* --- what lapses --- */

static bool
kept(const struct upload *u)
{
    return access(service_upload_path(&ctx, server, u->digest).p, F_OK) == 0;
}

static void
grow_old(const struct upload *u)
{
    struct timespec two_days[2] = {{.tv_sec = time(NULL) - 2 * 86400}, {.tv_sec = time(NULL) - 2 * 86400}};
    assert_int_equal(utimensat(AT_FDCWD, service_upload_path(&ctx, server, u->digest).p, two_days, 0), 0);
}

/* A mistake of ours: the rows of a lapsed draft's files stayed, and so did the files, for ever. */
static void
a_lapsed_draft_takes_its_files_along(void **state)
{
    (void)state;
    struct draft lapsed = new_draft(), sent = new_draft(), gone;
    struct upload of_lapsed, of_sent;
    struct receipt r;
    int64_t removed;
    must(upload(&lapsed, 0, 100, &of_lapsed));
    fill_in(&sent);
    must(upload(&sent, 0, 100, &of_sent));
    sent = opened(&sent);
    must(submit(&sent, &r));
    grow_old(&of_lapsed);
    grow_old(&of_sent);
    must(service_sweep(&ctx, server, 0, &removed));
    assert_true(kept(&of_lapsed) && kept(&of_sent));
    ctx.now_ms += 31 * (int64_t)DAY_MS;
    must(jobs_housekeep(&ctx, server));
    must(service_sweep(&ctx, server, 0, &removed));
    assert_false(kept(&of_lapsed));
    assert_true(kept(&of_sent));
    assert_int_equal(uploads_of(&sent, r.case_id), 1);
    refused(service_draft_get(&ctx, server, lapsed.region, lapsed.token, &gone), ERR_NOT_FOUND);
    refused(upload(&lapsed, 0, 100, &of_lapsed), ERR_DRAFT_EXPIRED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_pages_save_into_one_draft),
        cmocka_unit_test(many_save_at_the_same_moment),
        cmocka_unit_test(only_what_was_read_is_sent),
        cmocka_unit_test(a_file_on_its_way_goes_to_the_case),
        cmocka_unit_test(files_have_a_bound),
        cmocka_unit_test(the_disk_keeps_room_for_the_database),
        cmocka_unit_test(a_lapsed_draft_takes_its_files_along),
    };
    int failed = cmocka_run_group_tests_name("drafts on SQLite", tests, set_up_sqlite, support_server_down);
    if (support_pg())
        failed += cmocka_run_group_tests_name("drafts on PostgreSQL", tests, set_up_postgres, support_server_down);
    return failed;
}
