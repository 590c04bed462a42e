/* What the guides say of a case on its way: who does which stage, in which order, what is written down with it, within what time. Each stage
** of the matters below is tried by everybody else, without its record and out of turn before it is passed. */
#include <stdio.h>
#include <string.h>

#include "case/case.h"
#include "support/support_rows.h"

enum { CLERK = 7, REVIEWER = 8, CASHIER = 9, CHIEF = 10, SECOND = 11, EXPERT = 20 };

/* --- a case and what is done to it --- */

static struct case_file *cf;
static struct decision d;

static struct day
on(const char *day)
{
    struct day x;
    assert_true(day_parse(str_c(day), &x));
    return x;
}

static void
today(const char *day)
{
    ctx.now_ms = day_start_ms(on(day)) + INT64_C(10) * 3600000;
}

static enum err
act(enum case_action action, enum role role, int64_t staff, struct case_command cmd)
{
    cmd.action = action;
    cmd.now_ms = ctx.now_ms;
    cmd.actor = staff ? (struct actor){.kind = ACTOR_STAFF, .id = staff, .roles = 1u << role, .region = cf->region}
                      : (struct actor){.kind = ACTOR_PUBLIC};
    fail_clear(&ctx);
    enum err e = case_decide(&ctx, catalog_calendar(catalog), cf, &cmd, &d);
    for (size_t i = 0; e == OK && i < d.event_count; i++) {
        if (cf->status == CASE_NONE)
            *cf = (struct case_file){.region = cf->region, .id = cf->id, .due = DAY_NONE, .legal = DAY_NONE};
        SUPPORT_OK(&ctx, case_fold(&ctx, catalog, cf, d.event[i].kind, ctx.now_ms, staff, d.event[i].payload));
    }
    return e;
}

static void
done(enum case_action action, enum role role, int64_t staff, struct case_command cmd)
{
    enum err e = act(action, role, staff, cmd);
    if (e != OK)
        fail_msg("%s %s: %s %.*s", str_z(arena, cf->matter->id), case_action_name(action), err_info(e)->id,
                 STR_ARG(ctx.fail->detail));
}

/* "day=2026-11-20 way=短信" */
static const struct view *
record(const char *text)
{
    struct view *v = view_map(arena);
    struct str rest = str_c(text), pair;
    while (str_split(&rest, ' ', &pair)) {
        size_t eq = str_find(pair, STR("="));
        if (eq != SIZE_MAX)
            view_put_text(v, str_z(arena, str_sub(pair, 0, eq)), str_sub(pair, eq + 1, pair.n));
    }
    return v;
}

/* One leaf after the other until nothing is missing. */
static size_t
complete(struct case_material *out)
{
    bool has[CASE_MATERIALS_MAX] = {0};
    size_t n = 0, open;
    for (;;) {
        struct gap *gap;
        checklist_gaps(&ctx, cf->matter, &cf->facts, (struct given){.leaf = has}, &gap, &open);
        if (open == 0)
            return n;
        const struct material *m = gap[0].material;
        while (m->node != MATERIAL_LEAF) {
            const struct material *next = NULL;
            for (size_t i = 0; i < m->child_count && !next; i++)
                if (material_need(&m->child[i], &cf->facts) != NEED_NO &&
                    !material_satisfied(&m->child[i], &cf->facts, (struct given){.leaf = has}))
                    next = &m->child[i];
            m = next;
        }
        has[m->index] = true;
        out[n++] = (struct case_material){.key = m->key, .name = m->name, .note = STR(""), .state = MATERIAL_CHECKED};
    }
}

/* Not yet submitted. */
static void
new_case(const char *region, const char *id, const char *facts)
{
    const struct matter *m = support_matter(region, id);
    cf = ARENA_NEW(arena, struct case_file);
    *cf = (struct case_file){.region = m->region->code,
                             .id = 1,
                             .no = STR("1"),
                             .matter = m,
                             .matter_id = m->id,
                             .channel = CHANNEL_ONSITE,
                             .masked = STR("张*"),
                             .applicant_name = STR("张三"),
                             .access_hex = STR("00"),
                             .due = DAY_NONE,
                             .legal = DAY_NONE,
                             .stage_due = DAY_NONE,
                             .facts = known(facts)};
    today("2026-11-02"); /* a Monday without holidays after it */
}

static const struct case_material PAPER = {
    .key = STR_INIT("x1"), .name = STR_INIT("身份证"), .note = STR_INIT(""), .state = MATERIAL_CHECKED};

static void
accept_it(void)
{
    struct case_material all[CASE_MATERIALS_MAX];
    size_t n = complete(all);
    if (case_possible(cf, &(struct actor){.kind = ACTOR_STAFF, .id = CLERK, .roles = 1u << ROLE_WINDOW}) >> CASE_LIST &
        1u)
        done(CASE_LIST, ROLE_WINDOW, CLERK, (struct case_command){.material = &PAPER, .material_count = 1});
    done(CASE_ACCEPT, ROLE_WINDOW, CLERK, (struct case_command){.material = all, .material_count = n});
}

static void
accepted(const char *region, const char *id, const char *facts)
{
    new_case(region, id, facts);
    done(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0});
    accept_it();
}

static bool
may_besides(enum stage_kind k, enum role r)
{
    return r == stage_rule(k)->role || (k == STAGE_CONCLUDE && (r == ROLE_WINDOW || r == ROLE_REVIEW));
}

/* The case waits for the stage NAME; everybody but ROLE is refused, and so are a conclusion before it and an empty record. */
static void
only(const char *name, enum role role)
{
    const struct stage *st = case_stage(cf);
    if (!st || strcmp(stage_name(st->kind), name) != 0)
        fail_msg("%s waits for %s, not for %s", str_z(arena, cf->matter->id), st ? stage_name(st->kind) : "its end",
                 name);
    assert_int_equal(stage_rule(st->kind)->role, role);
    for (int r = 0; r < ROLE_COUNT; r++)
        if (!may_besides(st->kind, (enum role)r))
            assert_int_equal(act(CASE_PASS, (enum role)r, SECOND, (struct case_command){0}), ERR_CASE_ROLE);
    assert_int_equal(act(CASE_CONCLUDE, role, SECOND, (struct case_command){0}),
                     ERR_CASE_EDGE); /* nothing is skipped */
}

static void
pass(const char *name, enum role role, int64_t staff, const char *text)
{
    only(name, role);
    done(CASE_PASS, role, staff, (struct case_command){.record = record(text)});
}

/* The stage cannot be passed with TEXT, for want of FIELD. */
static void
wants(enum role role, int64_t staff, const char *text, const char *name)
{
    assert_int_equal(act(CASE_PASS, role, staff, (struct case_command){.record = record(text)}), ERR_FIELD_INVALID);
    for (size_t i = 0; i < ctx.fail->field_count; i++)
        if (str_eqz(ctx.fail->field[i].label, name))
            return;
    fail_msg("%s is not asked for", name);
}

static void
concluded(enum case_status status)
{
    const struct stage *st = case_stage(cf);
    assert_true(!st || st->kind == STAGE_CONCLUDE || st->kind == STAGE_DELIVER);
    done(CASE_CONCLUDE, ROLE_WINDOW, CLERK, (struct case_command){0});
    assert_int_equal(cf->status, status);
}

static void
order(const char *region, const char *id, const char *expected)
{
    assert_string_equal(stages_with_units(region, id), expected);
}

static void
due(struct day is, const char *expected)
{
    assert_string_equal(day_text(arena, is).p, expected);
}

#define PAID "reference=P-1 day=2026-11-02 payee=本人"

/* --- B --- */

//= R19 R263 type=test
static void
what_an_agreement_asks_for_is_told_once(void **state)
{
    (void)state;
    static const char *const row[][2] = {{"421300", "23"}, {"421300", "24"}, {"421381", "25"}, {"421381", "26"}};
    for (size_t i = 0; i < 4; i++) {
        struct case_material list[] = {PAPER, PAPER};
        list[1].key = STR("x2");
        list[1].name = STR("执业许可证");
        list[1].state = MATERIAL_ABSENT;
        new_case(row[i][0], row[i][1], "");
        done(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0});
        due(cf->stage_due, i < 2 ? "" : "2026-11-09"); /* five working days in one city; the other prints no number */
        assert_int_equal(act(CASE_ACCEPT, ROLE_WINDOW, CLERK, (struct case_command){0}), ERR_CASE_EDGE);
        assert_int_equal(act(CASE_NOTICE, ROLE_WINDOW, CLERK, (struct case_command){0}), ERR_CASE_EDGE);
        done(CASE_LIST, ROLE_WINDOW, CLERK, (struct case_command){.material = list, .material_count = 2});
        assert_int_equal(act(CASE_ACCEPT, ROLE_WINDOW, CLERK, (struct case_command){0}), ERR_MATERIAL_MISSING);
        done(CASE_NOTICE, ROLE_WINDOW, CLERK, (struct case_command){0});
        assert_int_equal(d.paper[0], PAPER_NOTICE);
        assert_int_equal(cf->told_count, 1);
        assert_string_equal(str_z(arena, cf->told[0].text), "执业许可证");
        list[1].state = MATERIAL_GIVEN;
        done(CASE_SUPPLEMENT, ROLE_WINDOW, 0, (struct case_command){.material = &list[1], .material_count = 1});
        list[0].state = MATERIAL_REJECTED; /* it was there at the first notice: too late */
        list[0].note = STR("看不清");
        assert_int_equal(
            act(CASE_NOTICE, ROLE_WINDOW, CLERK, (struct case_command){.material = list, .material_count = 1}),
            ERR_NOTICE_REPEATED);
        done(CASE_ACCEPT, ROLE_WINDOW, CLERK, (struct case_command){0});
    }
}

/* --- G --- */

//= R96 R100 R279 type=test
static void
a_balance_is_reviewed_then_paid(void **state)
{
    (void)state;
    order("211282", "02", "申请—受理—审核—拨付@基金股—办结");
    order("410400", "09", "申请—受理—审核—拨付—办结");
    order("421300", "07", "申请—受理—审核—拨付—办结");
    static const char *const row[][3] = {{"211282", "02", "支取原因=死亡"},
                                         {"410400", "09", "支取原因=出国定居 委托办理=否"},
                                         {"421300", "07", "支取原因=出国定居 委托办理=否"}};
    for (size_t i = 0; i < 3; i++) {
        accepted(row[i][0], row[i][1], row[i][2]);
        pass("审核", ROLE_REVIEW, REVIEWER, "");
        only("拨付", ROLE_FUND);
        wants(ROLE_FUND, CASHIER, "day=2026-11-02 payee=本人", "支付凭证号");
        wants(ROLE_FUND, CASHIER, "reference=P-1 day=2026-11-02", "收款人");
        assert_int_equal(act(CASE_PASS, ROLE_FUND, REVIEWER, (struct case_command){.record = record(PAID)}),
                         ERR_SEPARATION); /* not who reviewed it */
        pass("拨付", ROLE_FUND, CASHIER, PAID);
        concluded(CASE_CLOSED);
    }
}

/* --- H --- */

//= R108 type=test
static void
a_letter_goes_by_post_or_network(void **state)
{
    (void)state;
    static const char *const row[][3] = {{"420281", "11", "险种=职工医保 跨统筹区转移=是"},
                                         {"410400", "11", "险种=职工医保 跨统筹区转移=是 委托办理=否"},
                                         {"211282", "10", ""}};
    static const char *const way[] = {"邮寄", "网络"}; /* another province, one's own */
    for (size_t i = 0; i < 6; i++) {
        accepted(row[i / 2][0], row[i / 2][1], row[i / 2][2]);
        if (case_stage(cf)->kind == STAGE_REVIEW)
            pass("审核", ROLE_REVIEW, REVIEWER, "");
        wants(ROLE_WINDOW, CLERK, "reference=L-1 day=2026-11-02 party=随州市医保中心", "寄送方式");
        wants(ROLE_WINDOW, CLERK, "reference=L-1 day=2026-11-02 party=随州市医保中心 way=托人带去", "寄送方式");
        pass("发联系函", ROLE_WINDOW, CLERK,
             str_fmt(arena, "reference=L-1 day=2026-11-02 party=随州市医保中心 way=%s", way[i % 2]).p);
        assert_int_equal(d.paper[0], PAPER_LETTER);
        assert_string_equal(str_z(arena, view_text(view_get(view_get(d.event[0].payload, STR("record")), STR("way")))),
                            way[i % 2]);
    }
    /* what is in the post does not count where the guide says so */
    accepted(row[0][0], row[0][1], row[0][2]);
    due(cf->due, "2026-11-13");
    done(CASE_PAUSE, ROLE_WINDOW, CLERK, (struct case_command){.pause = PAUSE_POST, .reason = STR("资料邮寄")});
    today("2026-11-05");
    done(CASE_RESUME, ROLE_WINDOW, CLERK, (struct case_command){.pause = PAUSE_POST});
    due(cf->due, "2026-11-18");
}

//= R117 type=test
static void
the_origin_waits_for_the_letter(void **state)
{
    (void)state;
#define CAME "day=2026-11-02 party=铁岭市医保中心"
    order("211282", "07", "申请—受理—办结—收联系函—发信息表");
    accepted("211282", "07", "账户有余额=false");
    assert_int_equal(act(CASE_PASS, ROLE_WINDOW, CLERK, (struct case_command){.record = record(CAME)}),
                     ERR_CASE_EDGE); /* not before the certificate */
    struct day limit = cf->due;
    concluded(CASE_CLOSED);
    assert_int_equal(d.paper[0], PAPER_CERTIFICATE);
    today("2026-12-21"); /* whenever it comes */
    only("收联系函", ROLE_WINDOW);
    wants(ROLE_WINDOW, CLERK, "day=2026-12-21", "来函的经办机构");
    wants(ROLE_WINDOW, CLERK, "sent_day=2026-12-21 sent_way=邮寄 recipient=铁岭市医保中心",
          "收到日期"); /* no form before it */
    pass("收联系函", ROLE_WINDOW, CLERK, CAME);
    assert_int_equal(d.paper_count, 0);
    wants(ROLE_WINDOW, CLERK, "sent_day=2026-12-21 sent_way=邮寄", "文书送交");
    wants(ROLE_WINDOW, CLERK, "sent_day=2026-12-21 sent_way=托人带去 recipient=铁岭市医保中心", "寄送方式");
    pass("发信息表", ROLE_WINDOW, CLERK, "sent_day=2026-12-21 sent_way=邮寄 recipient=铁岭市医保中心");
    assert_int_equal(d.paper[0], PAPER_STAGE);
    assert_int_equal(cf->status, CASE_CLOSED);
    assert_int_equal(cf->due.n, limit.n); /* the promise was kept on the first day */
    assert_true(day_is_none(cf->stage_due));
    assert_null(case_stage(cf));
    accepted("211282", "07", "账户有余额=false"); /* one that goes into the archive without a letter */
    concluded(CASE_CLOSED);
    done(CASE_ARCHIVE, ROLE_WINDOW, SECOND, (struct case_command){0});
    assert_int_equal(cf->handler_id, CLERK); /* a rating that comes later is not of whoever files it away */ //= R41
    assert_int_equal(act(CASE_PASS, ROLE_WINDOW, CLERK, (struct case_command){.record = record(CAME)}), ERR_CASE_EDGE);
    accepted("211282", "07", "账户有余额=false"); /* the paper is handed over first */
    cf->delivery = STR("窗口领取");
    concluded(CASE_CONCLUDED);
    assert_int_equal(act(CASE_PASS, ROLE_WINDOW, CLERK, (struct case_command){.record = record(CAME)}), ERR_CASE_EDGE);
    done(CASE_DELIVER, ROLE_WINDOW, CLERK, (struct case_command){.delivery = STR("窗口领取")});
    pass("收联系函", ROLE_WINDOW, CLERK, CAME);
#undef CAME
}

//= R112 type=test
static void
no_account_no_funds(void **state)
{
    (void)state;
    static const char *const row[][3] = {{"421300", "09", "险种=职工医保 跨统筹区转移=是"},
                                         {"410400", "11", "险种=职工医保 跨统筹区转移=是 委托办理=否"}};
    for (size_t i = 0; i < 4; i++) {
        bool moved = i % 2;
        accepted(row[i / 2][0], row[i / 2][1], row[i / 2][2]);
        if (case_stage(cf)->kind == STAGE_REVIEW)
            pass("审核", ROLE_REVIEW, REVIEWER, "");
        wants(ROLE_WINDOW, CLERK, "reference=L-1 day=2026-11-02 party=随州市医保中心 way=网络 account=不知道",
              "是否需要转移个人账户");
        pass(
            "发联系函", ROLE_WINDOW, CLERK,
            str_fmt(arena, "reference=L-1 day=2026-11-02 party=随州市医保中心 way=网络 account=%s", moved ? "是" : "否")
                .p);
        today("2026-11-04");
        pass("发信息表", ROLE_WINDOW, CLERK, "reference=I-1 day=2026-11-04 party=随州市医保中心");
        if (moved) {
            only("划转资金", ROLE_FUND);
            today("2026-11-06");
            pass("划转资金", ROLE_FUND, CASHIER, "reference=F-1 day=2026-11-06");
        }
        /* the last stage counts from the form alone, or from the later of form and funds */
        due(cf->stage_due, moved ? "2026-11-13" : "2026-11-11");
        concluded(CASE_CLOSED);
    }
}

//= R109 type=test
static void
kaiyuan_calls_the_applicant_back(void **state)
{
    (void)state;
    static const char *const id[] = {"10", "29"};
    for (size_t i = 0; i < 2; i++) {
        order("211282", id[i], "申请—受理—发联系函—发信息表@转出地—反馈—办结");
        accepted("211282", id[i], "");
        pass("发联系函", ROLE_WINDOW, CLERK, "reference=L-1 day=2026-11-02 party=随州市医保中心 way=网络");
        pass("发信息表", ROLE_WINDOW, CLERK, "reference=I-1 day=2026-11-02 party=随州市医保中心");
        only("反馈", ROLE_WINDOW); /* he is told to come with his papers; the case waits for him */
        wants(ROLE_WINDOW, CLERK, "", "反馈方式");
        pass("反馈", ROLE_WINDOW, CLERK, "way=电话");
        assert_int_equal(cf->status, CASE_WORKING);
        concluded(CASE_CLOSED);
    }
}

/* --- J --- */

#define DRAWN_RESULT "result=符合 experts=王医师"

//= R159 R160 type=test
static void
kaiyuan_examines_then_judges_then_reviews_again(void **state)
{
    (void)state;
    order("211282", "15", "申请—受理—初审—体检—专家评审—复核");
    accepted("211282", "15", "病种类别=慢性病 险种=职工医保");
    pass("初审", ROLE_REVIEW, REVIEWER, "");
    only("体检", ROLE_REVIEW);
    wants(ROLE_REVIEW, REVIEWER, "place=市中心医院", "体检日期");
    wants(ROLE_REVIEW, REVIEWER, "day=2026-11-02", "体检地点");
    pass("体检", ROLE_REVIEW, REVIEWER, "day=2026-11-02 place=市中心医院 batch=四季度");
    only("专家评审", ROLE_REVIEW);
    wants(ROLE_REVIEW, REVIEWER, "experts=王医师", "鉴定结果");
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){.record = record("result=不符合")}),
                     ERR_CASE_EDGE); /* who was not found to have it gets no further */
    pass("专家评审", ROLE_REVIEW, REVIEWER, DRAWN_RESULT);
    only("复核", ROLE_REVIEW); /* at the collection; nothing is granted before it */
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){0}), ERR_SEPARATION);
    pass("复核", ROLE_REVIEW, SECOND, "");
    assert_string_equal(str_z(arena, cf->matter->delivery[0]), "窗口领取"); /* in person */
    assert_int_equal(cf->matter->delivery_count, 1);
    concluded(CASE_CLOSED);
}

/* Severe diseases and dear drugs are not examined: the case goes from the first review to the second. */
//= R157 type=test
static void
kaiyuan_examines_chronic_diseases_alone(void **state)
{
    (void)state;
    static const char *const kinds[] = {"特殊病", "重特大疾病", "高值药品"};
    for (size_t i = 0; i < 3; i++) {
        accepted("211282", "15", str_fmt(arena, "病种类别=%s 险种=职工医保", kinds[i]).p);
        due(cf->due, day_text(arena, day_of_ms(cf->accepted_ms)).p);
        pass("初审", ROLE_REVIEW, REVIEWER, "");
        only("复核", ROLE_REVIEW);
        assert_int_equal(act(CASE_RETURN, ROLE_REVIEW, SECOND, (struct case_command){.reason = STR("病志不清楚")}), OK);
        only("初审", ROLE_REVIEW); /* back over what was never done */
        pass("初审", ROLE_REVIEW, REVIEWER, "");
        pass("复核", ROLE_REVIEW, SECOND, "");
        concluded(CASE_CLOSED);
    }
    accepted("211282", "15", "险种=职工医保"); /* which disease is not said: nothing is left out */
    pass("初审", ROLE_REVIEW, REVIEWER, "");
    only("体检", ROLE_REVIEW);
}

//= R165 R177 type=test
static void
suizhou_hands_on_inside_the_hospital(void **state)
{
    (void)state;
    order("421300", "15",
          "申请—受理@委托的定点医疗机构—专家评审@委托的定点医疗机构—审核@医疗机构医保办—审批@医保经办机构—送达@"
          "经办机构—办结");
    accepted("421300", "15", "");
    due(cf->due, "2026-11-03");
    assert_non_null(strstr(str_z(arena, cf->limit_basis), "系统口径")); /* the guide does not say from when */
    assert_true(str_empty(cf->matter->limit[0].counted_from));
    /* experts by lot, of the hospital's own pool: who was not drawn does not sign */
    int64_t pool[] = {EXPERT, EXPERT + 1, EXPERT + 2, EXPERT + 3, EXPERT + 4};
    done(CASE_DRAW, ROLE_REVIEW, REVIEWER,
         (struct case_command){.candidate = pool, .candidate_count = 5, .seed = STR("0123456789abcdef")});
    assert_int_equal(cf->drawn_count, 3);
    int signed_by = 0;
    for (int i = 0; i < 5; i++) {
        today(i < 3 ? "2026-11-02" : "2026-11-03");
        enum err e = act(CASE_SIGN, ROLE_PANEL, pool[i], (struct case_command){.record = record("result=符合")});
        bool drawn = pool[i] == cf->drawn[0] || pool[i] == cf->drawn[1] || pool[i] == cf->drawn[2];
        assert_int_equal(e, drawn ? OK : ERR_SEPARATION);
        signed_by += drawn;
        if (signed_by < 3) /* not before all of them have */
            assert_int_equal(
                act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){.record = record(DRAWN_RESULT)}),
                ERR_SEPARATION);
    }
    pass("专家评审", ROLE_REVIEW, REVIEWER, DRAWN_RESULT);
    pass("审核", ROLE_REVIEW, REVIEWER, "");
    only("审批", ROLE_APPROVE);
    assert_int_equal(act(CASE_PASS, ROLE_APPROVE, REVIEWER, (struct case_command){0}),
                     ERR_SEPARATION); /* the agency, not the hospital */
    pass("审批", ROLE_APPROVE, CHIEF, "");
    assert_int_equal(d.paper_count, 0);
    wants(ROLE_WINDOW, CLERK, "way=电话", "文书送交"); /* the guide says to whom the notice goes */
    pass("送达", ROLE_WINDOW, CLERK, "way=电话 recipient=随州市中心医院");
    assert_int_equal(d.paper_count, 1);
    assert_int_equal(d.paper[0], PAPER_STAGE);  //= R163 type=test
    for (size_t i = 0; i < cf->step_count; i++) /* each hop with its time */
        assert_true(cf->step[i].at_ms > 0 && cf->step[i].actor_id > 0);
    assert_int_equal(cf->step_count, 3 + 4);
    concluded(CASE_CLOSED);
}

//= R168 R178 type=test
static void
guangshui_reviews_first_and_tells_the_result(void **state)
{
    (void)state;
    order("421381", "16",
          "申请—初审@医保经办机构或委托的定点医疗机构—受理@医保经办机构或委托的定点医疗机构—专家评审—审核—反馈");
    new_case("421381", "16", "");
    done(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0});
    assert_int_equal(act(CASE_ACCEPT, ROLE_WINDOW, CLERK, (struct case_command){0}), ERR_CASE_EDGE);
    pass("初审", ROLE_REVIEW, REVIEWER, "");
    assert_int_equal(cf->status, CASE_SUBMITTED); /* entered in the ledger only with the acceptance */
    assert_int_equal(cf->accepted_ms, 0);
    accept_it();
    assert_int_equal(cf->status, CASE_WORKING);
    pass("专家评审", ROLE_REVIEW, REVIEWER, DRAWN_RESULT);
    pass("审核", ROLE_REVIEW, SECOND, "");
    only("反馈", ROLE_WINDOW);
    wants(ROLE_WINDOW, CLERK, "", "反馈方式");
    static const char *const ways[] = {"网上", "短信", "现场"}; /* website, short message, notice on the spot */
    const struct record_field *f = &stage_rule(STAGE_FEEDBACK)->field[0];
    for (size_t i = 0; i < 3; i++)
        assert_non_null(strstr(f->choice, ways[i]));
    pass("反馈", ROLE_WINDOW, CLERK, "way=短信");
    concluded(CASE_CLOSED);
}

/* --- K --- */

//= R197 type=test
static void
kaiyuan_hands_claims_on(void **state)
{
    (void)state;
    order("211282", "13", "申请—受理—初审—复核—拨付@财务部门");
    order("211282", "28", "申请—受理—初审—复核—拨付@财务部门");
    order("211282", "12", "申请—受理—初审—复核@复核部门"); /* outpatient: no finance */
    for (size_t i = 0; i < 2; i++) {
        accepted("211282", i ? "12" : "13", "");
        pass("初审", ROLE_REVIEW, REVIEWER, "");
        only("复核", ROLE_REVIEW);
        assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){0}), ERR_SEPARATION);
        pass("复核", ROLE_REVIEW, SECOND, "");
        if (i == 0)
            pass("拨付", ROLE_FUND, CASHIER, PAID);
        concluded(CASE_CLOSED);
    }
}

//= R200 type=test
static void
a_township_clinic_collects_and_does_not_decide(void **state)
{
    (void)state;
    struct case_material all[CASE_MATERIALS_MAX];
    new_case("420281", "19", "就医情形=普通");
    done(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0});
    size_t n = complete(all);
    struct case_command town = {
        .material = all, .material_count = n, .level_known = true, .level = LEVEL_TOWN, .reason = STR("材料已收齐")};
    assert_int_equal(act(CASE_ACCEPT, ROLE_WINDOW, SECOND, town), ERR_LEVEL_REFUSED);
    assert_non_null(strstr(str_z(arena, ctx.fail->detail), "协办"));
    done(CASE_SUPPLEMENT, ROLE_WINDOW, SECOND, town);
    done(CASE_ASSIST, ROLE_WINDOW, SECOND, town);
    struct case_command city = town;
    city.level = LEVEL_CITY;
    done(CASE_ACCEPT, ROLE_WINDOW, CLERK, city);
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, town), ERR_LEVEL_REFUSED);
    done(CASE_PASS, ROLE_REVIEW, REVIEWER, city);
}

/* --- M, N --- */

//= R235 type=test
static void
assistance_waits_for_another_department(void **state)
{
    (void)state;
    static const char *const row[][3] = {{"421300", "22", "2026-11-09"},
                                         {"421381", "24", "2026-11-23"},
                                         {"420281", "25", "2026-11-16"},
                                         {"410400", "26", "2026-12-14"}};
    const struct case_command stop = {.pause = PAUSE_INQUIRY, .reason = STR("由民政部门认定")};
    for (size_t i = 0; i < 4; i++) {
        accepted(row[i][0], row[i][1],
                 "已认定救助对象=否 就医方式=住院 救助对象类别=低保对象 已一站式结算=否 委托办理=否");
        due(cf->due, row[i][2]);
        today("2026-11-03");
        done(CASE_PAUSE, ROLE_REVIEW, REVIEWER, stop);
        due(cf->due, ""); /* nobody knows when they will have decided */
        today("2026-11-04");
        done(CASE_RESUME, ROLE_REVIEW, REVIEWER, stop);
        assert_int_equal(cf->due.n, calendar_next_workday(catalog_calendar(catalog), day_add(on(row[i][2]), 1)).n);
    }
    /* whose guide speaks of no other department does not wait for one */
    accepted("421300", "16", "");
    assert_int_equal(act(CASE_PAUSE, ROLE_REVIEW, REVIEWER, stop), ERR_CASE_EDGE);
}

//= R234 type=test
static void
the_person_or_the_bureau_applies_for_the_subsidy(void **state)
{
    (void)state;
    new_case("421381", "23", "已认定救助对象=是");
    assert_int_equal(case_origin(cf->matter), ORIGIN_APPLICATION);
    done(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0}); /* himself */
    new_case("421381", "23", "已认定救助对象=是");
    assert_int_equal(act(CASE_SUBMIT, ROLE_FUND, CASHIER, (struct case_command){0}), ERR_CASE_ROLE);
    done(CASE_SUBMIT, ROLE_WINDOW, CLERK, (struct case_command){0}); /* the bureau for him */
    /* elsewhere the department's list begins it, and nobody applies */
    new_case("420281", "24", "救助对象类别=孤儿");
    assert_int_equal(act(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0}), ERR_CASE_ROLE);
}

#define NINE                                                                                                                     \
    "people=全体参保人 scope=住院 content=基本医疗 quality=按规范 payment=总额 settlement=按月 breach=整改 " \
    "validity=一年 dispute=协商"

//= R247 R249 type=test
static void
designation_step_by_step(void **state)
{
    (void)state;
    order("410400", "27", "申请—受理—评估—协商谈判—公示—协议签订—公布—办结");
    accepted("410400", "27", "经营性质=其他 申请生育定点=否 委托办理=否");
    only("评估", ROLE_REVIEW);
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){0}), ERR_SEPARATION);
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i, (struct case_command){.record = record("result=合格")});
    wants(ROLE_REVIEW, REVIEWER, "mode=书面 result=合格", "评估方");
    wants(ROLE_REVIEW, REVIEWER, "assessor=熟人 mode=书面 result=合格", "评估方");
    wants(ROLE_REVIEW, REVIEWER, "assessor=委托第三方 result=合格", "评估方式");
    //= R257 type=test
    wants(ROLE_REVIEW, REVIEWER, "assessor=委托第三方 mode=书面和现场 result=合格", "现场查看的项目和情况");
    pass("评估", ROLE_REVIEW, REVIEWER, "assessor=委托第三方 mode=书面和现场 result=合格 on_site=按经办规程逐项看过");
    only("协商谈判", ROLE_REVIEW);
    wants(ROLE_REVIEW, REVIEWER, "people=全体参保人", "争议处理");
    pass("协商谈判", ROLE_REVIEW, REVIEWER, NINE);
    only("公示", ROLE_REVIEW);
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){.record = record("place=官网")}),
                     ERR_CASE_EDGE); /* not begun */
    done(CASE_OPEN, ROLE_REVIEW, REVIEWER, (struct case_command){.record = record("place=官网 days=5")});
    today("2026-11-09");
    assert_int_equal(act(CASE_PASS, ROLE_REVIEW, REVIEWER, (struct case_command){.record = record("place=官网")}),
                     ERR_CASE_EDGE); /* its last day */
    today("2026-11-10");
    pass("公示", ROLE_REVIEW, REVIEWER, "place=官网");
    wants(ROLE_REVIEW, REVIEWER, "day=2026-11-10 party=市中心", "协议编号");
    pass("协议签订", ROLE_REVIEW, REVIEWER, "day=2026-11-10 party=市中心 agreement_no=A-1");
    wants(ROLE_REVIEW, REVIEWER, "day=2026-11-10", "公布网站或公众号");
    pass("公布", ROLE_REVIEW, REVIEWER, "place=官网 day=2026-11-10");
    concluded(CASE_CLOSED);
    /* by the agency itself, in a city that prints both ways */
    accepted("421381", "25", "");
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i, (struct case_command){.record = record("result=合格")});
    pass("评估", ROLE_REVIEW, REVIEWER, "assessor=经办机构 mode=书面 result=合格");
}

//= R255 type=test
static void
a_survey_on_the_spot_is_signed_and_sealed(void **state)
{
    (void)state;
    static const char *const profession[] = {"医疗保险待遇", "财务管理", "信息技术"};
#define SURVEYED "assessor=经办机构 mode=现场 result=合格"
    accepted("211282", "16", "机构类型=零售药店");
    pass("审核", ROLE_REVIEW, REVIEWER, "");
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i,
             (struct case_command){.record = record(str_fmt(arena, "result=合格 profession=%s", profession[i]).p)});
    wants(ROLE_REVIEW, REVIEWER, SURVEYED " survey_head=1 survey_seal=1", "现场勘验表：检查人员已签字");
    wants(ROLE_REVIEW, REVIEWER, SURVEYED " survey_inspectors=1 survey_seal=1", "现场勘验表：申请单位负责人已签字");
    wants(ROLE_REVIEW, REVIEWER, SURVEYED " survey_inspectors=1 survey_head=1", "现场勘验表：已加盖公章");
    pass("评估", ROLE_REVIEW, REVIEWER, SURVEYED " survey_inspectors=1 survey_head=1 survey_seal=1");
    assert_int_equal(d.paper[0], PAPER_STAGE); /* the form of the survey */
#undef SURVEYED
}

//= R257 type=test
static void
what_is_looked_at_on_the_spot_is_the_bureaus_own_list(void **state)
{
    (void)state;
    static const struct str items[] = {STR_INIT("营业场所与平面布局图相符"), STR_INIT("进销存台账与票据相符")};
#define SEEN "assessor=经办机构 mode=现场 result=合格"
    accepted("410400", "28", "委托办理=否");
    assert_true(str_eqz(cf->matter->on_site.source, "两定机构协议管理办法和经办规程"));
    struct matter *written = ARENA_NEW(arena, struct matter); /* as it stands once the bureau has written its list */
    *written = *cf->matter;
    written->on_site.item = items;
    written->on_site.item_count = 2;
    cf->matter = written;
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i, (struct case_command){.record = record("result=合格")});
    wants(ROLE_REVIEW, REVIEWER, SEEN, "营业场所与平面布局图相符");
    wants(ROLE_REVIEW, REVIEWER, SEEN " on_site_1=符合", "进销存台账与票据相符");
    wants(ROLE_REVIEW, REVIEWER, SEEN " on_site_1=大概 on_site_2=符合", "营业场所与平面布局图相符");
    assert_non_null(strstr(str_z(arena, ctx.fail->field[0].remedy), "经办规程"));
    pass("评估", ROLE_REVIEW, REVIEWER, SEEN " on_site_1=符合 on_site_2=没有这一项");
    /* on paper alone nothing was looked at; another city's guide has no such list */
    accepted("410400", "28", "委托办理=否");
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i, (struct case_command){.record = record("result=合格")});
    pass("评估", ROLE_REVIEW, REVIEWER, "assessor=经办机构 mode=书面 result=合格");
    accepted("421381", "25", "");
    for (int i = 0; i < 3; i++)
        done(CASE_SIGN, ROLE_PANEL, EXPERT + i, (struct case_command){.record = record("result=合格")});
    pass("评估", ROLE_REVIEW, REVIEWER, SEEN);
#undef SEEN
}

/* --- O --- */

//= R271 type=test
static void
where_a_penalty_comes_from(void **state)
{
    (void)state;
    static const char *const source[] = {"日常监管或监督检查中发现", "上级机构交办", "司法机关或其他行政执法部门移送",
                                         "投诉、举报", "其他"};
    order("211282", "32", "立案—调查取证—审查决定—送达执行—归档");
    for (size_t i = 0; i < 5; i++) {
        new_case("211282", "32", "");
        assert_int_equal(act(CASE_SUBMIT, ROLE_WINDOW, 0, (struct case_command){0}), ERR_CASE_ROLE);
        done(CASE_SUBMIT, ROLE_ENFORCE, CLERK, (struct case_command){0});
        wants(ROLE_ENFORCE, CLERK, "facts=虚构票据", "案件来源");
        wants(ROLE_ENFORCE, CLERK, "facts=虚构票据 source=听说", "案件来源");
        pass("立案", ROLE_ENFORCE, CLERK, str_fmt(arena, "facts=虚构票据 source=%s", source[i]).p);
        assert_string_equal(stage_name(case_stage(cf)->kind), "调查取证");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_agreement_asks_for_is_told_once),
        cmocka_unit_test(a_balance_is_reviewed_then_paid),
        cmocka_unit_test(a_letter_goes_by_post_or_network),
        cmocka_unit_test(the_origin_waits_for_the_letter),
        cmocka_unit_test(no_account_no_funds),
        cmocka_unit_test(kaiyuan_calls_the_applicant_back),
        cmocka_unit_test(kaiyuan_examines_then_judges_then_reviews_again),
        cmocka_unit_test(kaiyuan_examines_chronic_diseases_alone),
        cmocka_unit_test(suizhou_hands_on_inside_the_hospital),
        cmocka_unit_test(guangshui_reviews_first_and_tells_the_result),
        cmocka_unit_test(kaiyuan_hands_claims_on),
        cmocka_unit_test(a_township_clinic_collects_and_does_not_decide),
        cmocka_unit_test(assistance_waits_for_another_department),
        cmocka_unit_test(the_person_or_the_bureau_applies_for_the_subsidy),
        cmocka_unit_test(designation_step_by_step),
        cmocka_unit_test(a_survey_on_the_spot_is_signed_and_sealed),
        cmocka_unit_test(what_is_looked_at_on_the_spot_is_the_bureaus_own_list),
        cmocka_unit_test(where_a_penalty_comes_from),
    };
    return cmocka_run_group_tests_name("case/rules", tests, support_catalog_up, support_catalog_down);
}
