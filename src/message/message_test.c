/* Templates, the operator's file, what goes over the wire, and the outbox under eight workers of which some are killed. */
#include "message/message.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "message/compose.h"
#include "message/template.h"
#include "support/support_ctx.h"
#include "support/support_db.h"

static const struct str region = {"999999", 6};

static void
write_file(struct str dir, const char *name, const char *text, mode_t mode)
{
    const char *path = str_fmt(arena, "%.*s/%s", STR_ARG(dir), name).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_int_equal(chmod(path, mode), 0);
}

/* --- templates --- */

static void
standard_templates_say_what_they_must(void **state)
{
    struct message_templates *t;
    struct message_values v = {0};
    static const char *const kinds[] = {"submitted",         "noticed",       "supplemented", "accepted", "refused",
                                        "concluded",         "delivered",     "paused",       "resumed",  "explained",
                                        "remind_supplement", "remind_rating", "staff_overdue"};
    (void)state;
    must(message_templates_load(&ctx, arena, support_path(arena, "catalog/messages"), &t));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_non_null(message_template_find(t, region, str_c(kinds[i])));
    assert_null(message_template_find(t, region, STR("rated")));
    for (int i = 0; i < MESSAGE_VALUE_COUNT; i++)
        v.v[i] = STR("填");
    v.v[MESSAGE_GAPS] = STR("身份证 110101199003078515 的复印件");
    v.v[MESSAGE_REASON] = STR("11010119900307851x 不符");
    for (size_t i = 0; i < message_template_count(t); i++) {
        const struct message_template *x = message_template_at(t, i);
        assert_true(str_eqz(str_sub(x->kind, 0, 6), "staff_") == x->staff);
        struct str sms = message_text(arena, x->sms, &v, true);
        assert_int_equal(str_find(sms, STR("11010119900307")), SIZE_MAX); /* no identity number in a short message */
        assert_int_equal(str_find(sms, STR("\n")), SIZE_MAX);
        assert_int_equal(str_find(message_text(arena, x->text, &v, false), STR("{")), SIZE_MAX);
    }
}

static void
sections_depend_on_their_value(void **state)
{
    struct message_values v = {0};
    (void)state;
    v.v[MESSAGE_CASE_NO] = STR("12");
    assert_string_equal(message_text(arena, STR("编号{case_no}{?due}，最晚{due}{/}。"), &v, false).p, "编号12。");
    v.v[MESSAGE_DUE] = STR("2026年12月1日");
    assert_string_equal(message_text(arena, STR("编号{case_no}{?due}，最晚{due}{/}。"), &v, false).p,
                        "编号12，最晚2026年12月1日。");
    v.v[MESSAGE_REASON] = STR("{case_no}\n第二行"); /* a value is never a template */
    assert_string_equal(message_text(arena, STR("{reason}"), &v, false).p, "{case_no}\n第二行");
    assert_string_equal(message_text(arena, STR("{reason}"), &v, true).p, "{case_no} 第二行");
}

static void
bad_texts_are_refused(void **state)
{
    static const char *const bad[] = {"{id_number}", "{case_no",           "case_no}", "{?due}没有收住",
                                      "{/}",         "{?due}{?day}{/}{/}", "{}"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(message_text_check(&ctx, str_c(bad[i])), ERR_SYNTAX);
        fail_clear(&ctx);
    }
    must(message_text_check(&ctx, STR("平常的字，{case_no}{?due}{due}{/}")));
}

static void
bad_template_files_are_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"消息:\n  - {事件: a, 名称: b, 标题: t, 正文: '{applicant_id}'}\n", "不认识的占位符"},
        {"消息:\n  - {事件: a, 名称: b, 标题: t}\n", "没有标题或正文"},
        {"消息:\n  - {事件: a, 名称: b, 标题: t, 正文: x, 颜色: 红}\n", "颜色"},
        {"消息:\n  - {事件: a, 名称: b, 标题: t, 正文: x}\n  - {事件: a, 名称: b, 标题: t, 正文: x}\n", "写了两次"},
        {"消息:\n  - {事件: a, 名称: b, 标题: t, 正文: x, 电话告知: 是}\n", "没有写“电话”"},
        {"消息: []\n", "没有“消息”"},
    };
    struct message_templates *t;
    struct str dir = support_folder(arena, "message-templates");
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(dir, "standard.yaml", bad[i].text, 0600);
        assert_int_equal(message_templates_load(&ctx, arena, dir, &t), ERR_CATALOG);
        if (str_find(ctx.fail->detail, str_c(bad[i].says)) == SIZE_MAX)
            fail_msg("%s: %.*s", bad[i].says, STR_ARG(ctx.fail->detail));
        fail_clear(&ctx);
    }
    write_file(dir, "standard.yaml", "消息:\n  - {事件: a, 名称: 通用, 标题: t, 正文: x}\n", 0600);
    write_file(dir, "999999.yaml", "消息:\n  - {事件: a, 名称: 自己的, 标题: t, 正文: x}\n", 0600);
    must(message_templates_load(&ctx, arena, dir, &t));
    assert_true(str_eqz(message_template_find(t, region, STR("a"))->name, "自己的"));
    assert_true(str_eqz(message_template_find(t, STR("999998"), STR("a"))->name, "通用"));
    support_folder_remove(dir);
}

/* --- the operator's file --- */

static void
setup_refuses_what_would_not_work(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"地区:\n  - {区划: '999999', 推送: [{名称: a, 地址: 'ftp://x', 密钥文件: ok.key}]}\n", "http://"},
        {"地区:\n  - {区划: '999999', 推送: [{名称: a, 地址: 'http://x', 密钥文件: wide.key}]}\n", "chmod 600"},
        {"地区:\n  - {区划: '999999', 推送: [{名称: a, 地址: 'http://x'}]}\n", "密钥文件"},
        {"地区:\n  - {区划: '999999', 推送: [{名称: a, 地址: 'http://x', 密钥文件: ok.key, 签名私钥文件: ok.key}]}\n",
         "SM2"},
        {"地区:\n  - {区划: '999999', 短信: {地址: 'http://x', 请求体: '{mobile}'}}\n", "{text}"},
        {"地区:\n  - {区划: '999999', 邮件: {服务器: 'smtp://x', 发件人: a@b, 收件人: ['c d@e']}}\n", "不是邮箱"},
        {"地区:\n  - {区划: '999999', 邮件: {服务器: 'smtp://x', 发件人: a@b, 收件人: [c@d], 密码文件: ok.key}}\n",
         "明文"},
        {"地区:\n  - {区划: '999999', 邮局: 是}\n", "邮局"},
        {"次数: 0\n", "次数"},
    };
    struct message_setup s;
    struct str dir = support_folder(arena, "message-setup");
    (void)state;
    must(message_setup_load(&ctx, arena, dir, &s)); /* no file: inboxes and calls only */
    assert_null(message_setup_region(&s, region));
    write_file(dir, "ok.key", "geheim\n", 0600);
    write_file(dir, "wide.key", "geheim\n", 0644);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(dir, "messages.yaml", bad[i].text, 0600);
        assert_int_equal(message_setup_load(&ctx, arena, dir, &s), ERR_CONFIG);
        if (str_find(ctx.fail->detail, str_c(bad[i].says)) == SIZE_MAX)
            fail_msg("%s: %.*s", bad[i].says, STR_ARG(ctx.fail->detail));
        assert_int_equal(str_find(ctx.fail->detail, STR("geheim")), SIZE_MAX);
        fail_clear(&ctx);
    }
    support_folder_remove(dir);
}

static struct str
header_of(const struct outgoing *o, const char *name)
{
    for (size_t i = 0; i < o->header_count; i++)
        if (str_starts(o->header[i], str_c(name)))
            return str_sub(o->header[i], strlen(name), o->header[i].n);
    return STR("");
}

static void
what_goes_over_the_wire(void **state)
{
    struct message_setup s;
    struct outgoing o;
    struct str why, dir = support_folder(arena, "message-wire");
    struct message m = {.region = region,
                        .case_id = 7,
                        .kind = STR("accepted"),
                        .mark = 3,
                        .channel = MESSAGE_SMS,
                        .id = 1,
                        .recipient = STR("13800138000"),
                        .title = STR("已经受理：生育津贴支付"),
                        .text = STR("他说：\"好\\\" \n&=1"),
                        .created_ms = SUPPORT_NOW_MS};
    (void)state;
    write_file(dir, "k", "geheim\n", 0600);
    write_file(dir, "messages.yaml",
               "地区:\n  - 区划: '999999'\n    短信: {地址: 'http://g/s?to={mobile}', 请求体: "
               "'{\"text\":\"{text}\",\"id\":\"{key}\"}', 请求头: "
               "['X-Key: {secret}'], 密钥文件: k}\n    邮件: {服务器: 'smtp://g', 发件人: a@b.cn, 收件人: [c@d.cn]}\n  "
               "  推送: [{名称: 平台, "
               "地址: 'http://g/h', 密钥文件: k}]\n",
               0600);
    must(message_setup_load(&ctx, arena, dir, &s));
    const struct message_region *r = message_setup_region(&s, region);
    must(message_compose(&ctx, r, &m, &o, &why));
    assert_string_equal(str_z(arena, o.url), "http://g/s?to=13800138000");
    assert_string_equal(str_z(arena, o.body),
                        "{\"text\":\"他说：\\\"好\\\\\\\" \\u000a&=1\",\"id\":\"999999-7-accepted-3-sms\"}");
    assert_true(str_eqz(header_of(&o, "X-Key: "), "geheim"));
    assert_true(str_eqz(header_of(&o, "Idempotency-Key: "), "999999-7-accepted-3-sms"));

    m.channel = MESSAGE_WEBHOOK;
    m.target = STR("平台");
    m.text = message_cloud_event(
        arena, &(struct case_notice){.region = region, .event = m.kind, .case_no = STR("1"), .mark = 3, .case_id = 7});
    must(message_compose(&ctx, r, &m, &o, &why));
    struct str said = str_fmt(arena, "%.*s.%.*s", STR_ARG(header_of(&o, "X-Jingban-Timestamp: ")), STR_ARG(o.body));
    struct str expected = str_concat(arena, STR("hmac-sm3="), compose_hmac_sm3(arena, STR("geheim"), said));
    assert_true(str_eq(header_of(&o, "X-Jingban-Signature: "), expected));
    /* openssl dgst -sm3 -hmac key over "The quick brown fox" */
    assert_string_equal(compose_hmac_sm3(arena, STR("key"), STR("The quick brown fox")).p,
                        "8d54716c0553990422ad09e63a7237386696a8952f64e546a4dee3b89a931a35");
    struct view *data = view_map(arena);
    view_put_int(data, "level", 5);
    struct rating_notice given = {.kind = MESSAGE_RATED, .region = region, .rating_id = 9, .data = data};
    assert_string_equal(
        str_z(arena, message_rating_event(arena, &given)), //= R284 type=test
        "{\"specversion\":\"1.0\",\"id\":\"999999-0-rated-9\",\"source\":\"/regions/999999\",\"type\":"
        "\"jingban.rating.given\",\"time\":\"1970-01-01T08:00:00+08:00\",\"datacontenttype\":"
        "\"application/json\",\"data\":{\"level\":5}}"); /* a visit: no subject, rather than an empty one */
    m.target = STR("别处");
    must(message_compose(&ctx, r, &m, &o, &why));
    assert_false(str_empty(why));

    m.channel = MESSAGE_MAIL;
    m.recipient = STR("c@d.cn");
    m.title = STR("一个很长很长的标题，要分成几段编码的词才放得下，每段都是完整的字");
    must(message_compose(&ctx, r, &m, &o, &why));
    assert_true(str_find(o.body, STR("Date: Sat, 21 Nov 2026 12:00:00 +0800\r\n")) != SIZE_MAX);
    struct str rest = o.body, line;
    while (str_split(&rest, '\n', &line))
        assert_true(line.n <= 78 && str_utf8_valid(line));
    support_folder_remove(dir);
}

static void
pauses_grow_and_end(void **state)
{
    (void)state;
    for (int64_t salt = 0; salt < 1000; salt++) {
        int64_t first = message_back_off(1, 30000, salt), fourth = message_back_off(4, 30000, salt),
                late = message_back_off(90, 30000, salt);
        assert_true(first >= 30000 && first <= 37500);
        assert_true(fourth >= 240000 && fourth <= 300000);
        assert_true(late >= 6 * 3600000 && late <= 6 * 3600000 / 4 * 5);
    }
}

/* --- the outbox --- */

static struct vault vault;
static struct id_source ids;
static struct str folder, url;

static struct store *
open_store(struct ctx *c)
{
    struct store *s;
    SUPPORT_OK(c, store_open(c, &(struct store_options){.url = url}, &s));
    return s;
}

struct batch {
    int64_t from, n, lease, until_ms;
    int limit;
    struct message *m;
    size_t count;
    struct message_end end;
    bool held, fresh, open;
    const struct data_key *key;
};

static enum err
enqueue_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct batch *b = arg;
    if (b->key)
        TRY(c, vault_key_store(c, tx, &vault, region, b->key));
    for (int64_t i = 0; i < b->n; i++) {
        struct message m = {.region = region,
                            .case_id = b->from + i,
                            .kind = STR("accepted"),
                            .mark = 3,
                            .channel = MESSAGE_SMS,
                            .recipient = STR("13800138000"),
                            .text = STR("欧阳小丽的事办好了")};
        TRY(c, message_enqueue(c, tx, &vault, &ids, b->key, &m, &b->fresh));
    }
    return OK;
}

static enum err
claim_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct batch *b = arg;
    return message_claim(c, tx, &vault, region, b->lease, b->until_ms, b->limit, &b->m, &b->count);
}

static enum err
settle_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct batch *b = arg;
    return message_settle(c, tx, &b->end, &b->held);
}

static void
outbox_up(const char *name, bool postgres)
{
    int n;
    folder = support_folder(arena, name);
    url = postgres ? support_pg_database(arena, name) : str_fmt(arena, "sqlite:%.*s/m.db", STR_ARG(folder));
    must(vault_open(&ctx, folder, &vault));
    struct store *s = open_store(&ctx);
    must(store_migrate(&ctx, s, &n));
    store_close(s);
}

static size_t
claim(struct store *s, struct batch *b, int64_t lease, int64_t until_ms, int limit)
{
    *b = (struct batch){.lease = lease, .until_ms = until_ms, .limit = limit};
    must(store_write(&ctx, s, claim_body, b));
    return b->count;
}

static bool
settle(struct store *s, struct batch *b, int64_t id, enum message_state state, int64_t due_ms)
{
    b->end = (struct message_end){.region = region, .id = id, .lease = b->lease, .state = state, .due_ms = due_ms};
    must(store_write(&ctx, s, settle_body, b));
    return b->held;
}

/* One message through its states, the lease that runs out, the key that is destroyed. */
static void
one_life(bool postgres)
{
    struct data_key key = vault_key_make(id_next(&ids, ctx.now_ms));
    struct batch b = {.from = 1, .n = 1, .key = &key}, other;
    outbox_up("message_life", postgres);
    struct store *s = open_store(&ctx);
    must(store_write(&ctx, s, enqueue_body, &b));
    assert_true(b.fresh);
    b.key = NULL;
    must(store_write(&ctx, s, enqueue_body, &b));
    assert_false(b.fresh); /* the same once more is nothing */

    assert_int_equal(claim(s, &b, 11, ctx.now_ms + 1000, 5), 1);
    assert_string_equal(b.m[0].text.p, "欧阳小丽的事办好了");
    assert_int_equal(b.m[0].attempts, 1);
    assert_int_equal(claim(s, &other, 12, ctx.now_ms + 1000, 5), 0); /* it is held */
    ctx.now_ms += 1000;
    assert_int_equal(claim(s, &other, 12, ctx.now_ms + 1000, 5), 1); /* the lease ran out */
    assert_int_equal(other.m[0].attempts, 2);
    assert_false(settle(s, &b, b.m[0].id, MESSAGE_SENT, 0)); /* too late: it is another's */
    assert_true(settle(s, &other, b.m[0].id, MESSAGE_WAITING, ctx.now_ms + 500));
    assert_int_equal(claim(s, &b, 13, ctx.now_ms + 1000, 5), 0);
    ctx.now_ms += 500;
    support_sql(url.p, "update data_key set wrapped = null");
    assert_int_equal(claim(s, &b, 14, ctx.now_ms + 1000, 5), 1);
    assert_int_equal(b.m[0].state, MESSAGE_GIVEN_UP); /* its subject's key is gone: nobody can read it any more */
    assert_true(settle(s, &b, b.m[0].id, MESSAGE_GIVEN_UP, 0));
    ctx.now_ms += 100000;
    assert_int_equal(claim(s, &b, 15, ctx.now_ms + 1000, 5), 0);
    store_close(s);
    support_folder_remove(folder);
}

static void
life_on_sqlite(void **state)
{
    (void)state;
    one_life(false);
    ctx.now_ms = SUPPORT_NOW_MS;
}

static void
life_on_postgres(void **state)
{
    (void)state;
    if (!support_pg())
        skip();
    one_life(true);
    ctx.now_ms = SUPPORT_NOW_MS;
}

/* --- eight workers --- */

enum { WORKERS = 8, ROWS_MAX = 2000 };

static enum err
open_body(struct ctx *c, struct tx *tx, struct batch *b)
{
    struct message *m;
    size_t waiting, leased;
    TRY(c, message_in_state(c, tx, &vault, region, MESSAGE_WAITING, 0, 1, &m, &waiting));
    TRY(c, message_in_state(c, tx, &vault, region, MESSAGE_LEASED, 0, 1, &m, &leased));
    b->open = waiting + leased > 0;
    return OK;
}

/* A worker of its own process: what service/message_send.c does, with a file in place of the network. */
static void
work(int number, const char *path, int64_t lease_ms)
{
    struct arena *a = arena_new(0);
    struct store *s = open_store(&ctx);
    int fd = open(path, O_WRONLY | O_APPEND);
    if (fd < 0)
        _exit(5);
    for (int round = 1;; round++) {
        struct ctx c = ctx_new(a, ctx_clock_ms());
        struct batch b = {.lease = number * INT64_C(1000000) + round, .until_ms = c.now_ms + lease_ms, .limit = 16};
        enum err e = store_write(&c, s, claim_body, &b);
        fail_clear(&c);
        for (size_t i = 0; e == OK && i < b.count; i++) {
            struct str line = str_fmt(a, "%.*s\n", STR_ARG(message_key(a, &b.m[i])));
            if (write(fd, line.p, line.n) != (ssize_t)line.n)
                _exit(3);
            b.end = (struct message_end){.region = region, .id = b.m[i].id, .lease = b.lease, .state = MESSAGE_SENT};
            for (int again = 0; again < 20 && store_write(&c, s, settle_body, &b) != OK; again++)
                fail_clear(&c);
        }
        if (e == OK && !b.count) {
            struct tx *tx;
            if (store_read(&c, s, &tx) != OK || open_body(&c, tx, &b) != OK)
                _exit(4);
            store_read_end(tx);
            if (!b.open)
                _exit(0);
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        }
        arena_reset(a);
    }
}

static size_t
lines_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (size_t)st.st_size;
}

/* How often each case's message arrived. */
static void
count_lines(const char *path, int *times, int rows)
{
    FILE *f = fopen(path, "r");
    char line[256];
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        long long id;
        assert_int_equal(sscanf(line, "999999-%lld-accepted-3-sms", &id), 1); /* always the same key */
        assert_true(id >= 1 && id <= rows);
        times[id]++;
    }
    fclose(f);
}

static void
eight(const char *name, bool postgres, int rows, int killed, int64_t lease_ms)
{
    pid_t pid[WORKERS];
    static int times[ROWS_MAX + 1];
    memset(times, 0, sizeof times);
    outbox_up(name, postgres);
    struct store *s = open_store(&ctx);
    struct batch b = {.from = 1, .n = rows};
    must(store_write(&ctx, s, enqueue_body, &b));
    store_close(s);
    const char *path = str_fmt(arena, "%.*s/arrived", STR_ARG(folder)).p;
    write_file(folder, "arrived", "", 0600);
    for (int i = 0; i < WORKERS; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (pid[i] == 0)
            work(i + 1, path, lease_ms);
    }
    for (int i = 0; i < killed; i++) { /* in the middle of it: so much has arrived, and not yet all */
        while (lines_of(path) < (size_t)(i + 1) * (size_t)rows)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        assert_int_equal(kill(pid[i], SIGKILL), 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        if (i < killed)
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("worker %d ended with %x", i, (unsigned)status);
    }
    count_lines(path, times, rows);
    int twice = 0;
    for (int i = 1; i <= rows; i++) {
        assert_true(times[i] >= 1);
        twice += times[i] > 1;
    }
    if (!killed)
        assert_int_equal(twice, 0);
    assert_true(twice <= killed * 16); /* at most what the dead held */
    print_message("%s: %d rows, %d killed, %d arrived twice\n", name, rows, killed, twice);
    support_folder_remove(folder);
}

static void
eight_on_postgres_exactly_once(void **state)
{
    (void)state;
    if (!support_pg())
        skip();
    eight("message_eight", true, ROWS_MAX, 0, 60000);
}

static void
eight_on_postgres_with_three_killed(void **state)
{
    (void)state;
    if (!support_pg())
        skip();
    eight("message_killed", true, ROWS_MAX, 3, 1500);
}

static void
eight_on_sqlite_with_three_killed(void **state)
{
    (void)state;
    eight("message_sqlite", false, 300, 3, 3000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_templates_say_what_they_must),
        cmocka_unit_test(sections_depend_on_their_value),
        cmocka_unit_test(bad_texts_are_refused),
        cmocka_unit_test(bad_template_files_are_refused),
        cmocka_unit_test(setup_refuses_what_would_not_work),
        cmocka_unit_test(what_goes_over_the_wire),
        cmocka_unit_test(pauses_grow_and_end),
        cmocka_unit_test(life_on_sqlite),
        cmocka_unit_test(life_on_postgres),
        cmocka_unit_test(eight_on_postgres_exactly_once),
        cmocka_unit_test(eight_on_postgres_with_three_killed),
        cmocka_unit_test(eight_on_sqlite_with_three_killed),
    };
    return cmocka_run_group_tests(tests, support_up, support_down);
}
