/* Stages read from a process: the guide's steps onto the closed kinds, in printed order. A process that says none of them stays
** prose; what the system's own wiring would add is not added here. //= R13 */
#include "catalog/import/propose_int.h"

enum { STAGES_MAX = 20 };

struct found {
    enum stage_kind kind;
    struct str name, unit; /* folded slices; empty: none worth keeping */
};

/* Words of a stage. MUTE words only look like one and are passed over. The longer ones come first. */
static const struct {
    const char *word;
    enum stage_kind kind;
    bool mute;
} WORDS[] = {
    {"不予受理", STAGE_ACCEPT, true},
    {"受理或不受理", STAGE_ACCEPT, true},
    {"受理部门", STAGE_ACCEPT, true},
    {"容缺受理", STAGE_ACCEPT, true},
    {"受理后", STAGE_ACCEPT, true},
    {"一次性告知到位", STAGE_ACCEPT, true},
    {"一次性告知", STAGE_ACCEPT, false},
    {"核实身份信息", STAGE_ACCEPT, false},
    {"审核不通过", STAGE_REVIEW, true},
    {"审核未通过", STAGE_REVIEW, true},
    {"审核通过", STAGE_REVIEW, true},
    {"审核无误", STAGE_REVIEW, true},
    {"审核材料是否", STAGE_REVIEW, true},
    {"审核结果", STAGE_REVIEW, true},
    {"材料审核合格", STAGE_REVIEW, true},
    {"审核书面材料", STAGE_REVIEW, true},
    {"审核结算办法", STAGE_REVIEW, true},
    {"推送至业务审核", STAGE_REVIEW, true},
    {"审核评估", STAGE_EVALUATE, false},
    {"领导审核", STAGE_APPROVE, false},
    {"不符合审批条件", STAGE_APPROVE, true},
    {"提出申请", STAGE_APPLY, false},
    {"提出联网申请", STAGE_APPLY, true},
    {"提交申请材料", STAGE_APPLY, false},
    {"提交申办材料", STAGE_APPLY, false},
    {"提交材料后", STAGE_APPLY, true},
    {"提交材料", STAGE_APPLY, false},
    {"提交申请", STAGE_APPLY, false},
    {"报备材料", STAGE_APPLY, false},
    {"现场申请", STAGE_APPLY, false},
    {"网上申请", STAGE_APPLY, false},
    {"申请办理", STAGE_APPLY, false},
    {"窗口申请", STAGE_APPLY, false},
    {"申报", STAGE_APPLY, false},
    {"统一申请", STAGE_APPLY, false},
    {"受理", STAGE_ACCEPT, false},
    {"初审后", STAGE_FIRST_REVIEW, true},
    {"初审", STAGE_FIRST_REVIEW, false},
    {"复核", STAGE_SECOND_REVIEW, false},
    {"复审", STAGE_SECOND_REVIEW, false},
    {"审核", STAGE_REVIEW, false},
    {"审批", STAGE_APPROVE, false},
    {"专家进行鉴定", STAGE_EXPERT, false},
    {"专家进行评审", STAGE_EXPERT, false},
    {"鉴定专家进行鉴定", STAGE_EXPERT, false},
    {"专家评审", STAGE_EXPERT, false},
    {"体检通过", STAGE_EXAMINE, true},
    {"参加体检", STAGE_EXAMINE, false},
    {"进行评估", STAGE_EVALUATE, false},
    {"现场评估", STAGE_EVALUATE, false},
    {"协商谈判", STAGE_NEGOTIATE, false},
    {"结果公示", STAGE_PUBLICITY, false},
    {"公示期满", STAGE_PUBLICITY, true},
    {"社会公示", STAGE_PUBLICITY, false},
    {"协议签订", STAGE_AGREE, false},
    {"签订服务协议", STAGE_AGREE, false},
    {"服务协议", STAGE_AGREE, false},
    {"向社会公布", STAGE_ANNOUNCE, false},
    {"外伤调查", STAGE_INJURY, false},
    {"发出《联系函》", STAGE_LETTER, false},
    {"打印联系函", STAGE_LETTER, false},
    {"打印接收函", STAGE_LETTER, false},
    {"发出《信息表》", STAGE_INFO_FORM, false},
    {"出具的信息变更表", STAGE_INFO_FORM, false},
    {"划转资金", STAGE_TRANSFER_FUNDS, false},
    {"划转个人账户", STAGE_TRANSFER_FUNDS, false},
    {"人员名单报送", STAGE_LIST, false},
    {"提供名单", STAGE_LIST, false},
    {"申请补贴资金", STAGE_FINANCE, false},
    {"财政申请", STAGE_FINANCE, false},
    {"报销登记", STAGE_PAY, true},
    {"拨付", STAGE_PAY, false},
    {"完成支付", STAGE_PAY, false},
    {"进行支付", STAGE_PAY, false},
    {"基金支付", STAGE_PAY, false},
    {"基金股支付", STAGE_PAY, false},
    {"资金支付手续", STAGE_PAY, false},
    {"打卡发放", STAGE_PAY, false},
    {"财务部门", STAGE_PAY, false},
    {"结果送达", STAGE_DELIVER, false},
    {"事项办结", STAGE_CONCLUDE, false},
    {"完成信息登记", STAGE_CONCLUDE, false},
    {"系统内登记", STAGE_CONCLUDE, false},
    {"参保信息查询", STAGE_CONCLUDE, false},
    {"查询打印", STAGE_CONCLUDE, true},
    {"出具《参保凭证》", STAGE_CONCLUDE, false},
    {"通知参保人携带", STAGE_FEEDBACK, false}, //= R109
    {"反馈办理结果", STAGE_FEEDBACK, false},
    {"反馈办事结果", STAGE_FEEDBACK, false},
    {"反馈审核结果", STAGE_FEEDBACK, false},
    {"反馈至申请人", STAGE_FEEDBACK, false},
    {"结案归档", STAGE_ARCHIVE, false},
};
/* First words of a step that are its heading: (三)协商谈判。…, 第二步:调查取证 … */
static const struct {
    const char *word;
    enum stage_kind kind;
} HEADS[] = {{"提出申请", STAGE_APPLY},     {"审核评估", STAGE_EVALUATE},
             {"协商谈判", STAGE_NEGOTIATE}, {"结果公示", STAGE_PUBLICITY},
             {"协议签订", STAGE_AGREE},     {"启动", STAGE_START},
             {"实施", STAGE_INSPECT},       {"结案归档", STAGE_ARCHIVE},
             {"立案", STAGE_FILE_CASE},     {"调查取证", STAGE_INVESTIGATE},
             {"审查决定", STAGE_DECIDE},    {"送达执行", STAGE_SERVE},
             {"申请", STAGE_APPLY},         {"受理", STAGE_ACCEPT},
             {"审核", STAGE_REVIEW},        {"初审", STAGE_FIRST_REVIEW},
             {"复核", STAGE_SECOND_REVIEW}, {"审批", STAGE_APPROVE},
             {"评估", STAGE_EVALUATE},      {"公示", STAGE_PUBLICITY},
             {"拨付", STAGE_PAY},           {"支付", STAGE_PAY},
             {"办结", STAGE_CONCLUDE},      {"送达", STAGE_DELIVER},
             {"反馈", STAGE_FEEDBACK},      {"公布", STAGE_ANNOUNCE},
             {"归档", STAGE_ARCHIVE}};

static bool
seen(const struct found *f, size_t n, enum stage_kind k)
{
    for (size_t i = 0; i < n; i++)
        if (f[i].kind == k)
            return true;
    return false;
}

static const char *const OFFICES[] = {"股", "科", "部门", NULL};

/* The office that does it, at most a short verb before the word: 由复核股进行, 基金股请款. */
static struct str
unit_before(struct str clause)
{
    static const char *const starts[] = {"由", "到", "给", "向", "递交", "上报", "后", "、", "转", NULL};
    size_t end = 0, from = 0;
    for (const char *const *z = OFFICES; *z; z++)
        for (size_t at = 0, next; (next = text_find(text_from(clause, at), *z)) != SIZE_MAX;) {
            at += next + str_c(*z).n;
            end = at > end ? at : end;
        }
    if (end == 0 || text_chars(text_from(clause, end)) > 4)
        return STR_NONE;
    clause.n = end;
    for (const char *const *z = starts; *z; z++)
        for (size_t at = 0, next; (next = text_find(text_from(clause, at), *z)) != SIZE_MAX; at += next + 3)
            from = at + next + str_c(*z).n > from ? at + next + str_c(*z).n : from;
    struct str unit = text_from(clause, from);
    return text_chars(unit) >= 3 && text_chars(unit) <= 10 ? unit : STR_NONE;
}

/* 复核股 …: the stage's word is an office's name here, or has one in it (基金股支付). */
static struct str
office_named(struct str clause, size_t pos, const char *word)
{
    size_t end = str_c(word).n;
    struct str rest = str_sub(clause, pos, end + 9); /* no further than an office's name that begins in the word */
    for (const char *const *z = OFFICES; *z; z++) {
        size_t at = text_find(rest, *z);
        if (at != SIZE_MAX && at <= end && at >= 6)
            return str_sub(rest, 0, at + str_c(*z).n);
    }
    return STR_NONE;
}

static size_t
scan_clause(struct str clause, struct found *f, size_t n)
{
    for (size_t pos = 0; pos < clause.n && n < STAGES_MAX;) {
        struct str rest = text_from(clause, pos);
        size_t i = 0;
        while (i < sizeof WORDS / sizeof *WORDS && !text_starts(rest, WORDS[i].word))
            i++;
        if (i == sizeof WORDS / sizeof *WORDS) {
            (void)str_utf8_next(clause, &pos);
            continue;
        }
        struct str unit = office_named(clause, pos, WORDS[i].word);
        bool name = unit.n && text_has(text_from(rest, unit.n), WORDS[i].word); /* the office first, its act later */
        if (!WORDS[i].mute && !name && !seen(f, n, WORDS[i].kind))
            f[n++] = (struct found){WORDS[i].kind, STR_NONE, unit.n ? unit : unit_before(str_sub(clause, 0, pos))};
        pos += name ? unit.n : str_c(WORDS[i].word).n;
    }
    return n;
}

/* 对材料是否符合条件进行审核,…即时受理: the look at the papers that taking in is, not a stage of its own. */
static bool
takes_in(struct str step)
{
    return text_has(step, "审核") && text_has(step, "即时受理");
}

/* 转入地经办机构…, 由转出地经办机构…: who acts throughout the step. */
static struct str
step_subject(struct str step)
{
    static const char *const sides[] = {"转入地", "转出地", NULL};
    (void)text_drop_start(&step, "由");
    size_t at = text_find(step, "经办机构");
    struct str side = step;
    return text_drop_start_any(&side, sides) && at != SIZE_MAX && at <= 18 ? str_sub(step, 0, at + 12) : STR_NONE;
}

static size_t
scan_step(struct str step, struct found *f, size_t n)
{
    struct str rest, sentence, clause;
    step = text_trim(step);
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        struct str body = step;
        if (!text_drop_start(&body, HEADS[i].word))
            continue;
        if (body.n && !text_starts(body, "。") && !text_starts(body, ":") && HEADS[i].kind != STAGE_START &&
            HEADS[i].kind != STAGE_INSPECT && HEADS[i].kind < STAGE_FILE_CASE)
            continue;
        if (!seen(f, n, HEADS[i].kind) && n < STAGES_MAX)
            f[n++] = (struct found){HEADS[i].kind, STR_NONE, STR_NONE};
        return HEADS[i].kind == STAGE_AGREE && text_has(body, "向社会公布") ? scan_clause(STR("向社会公布"), f, n) : n;
    }
    if (takes_in(step))
        return scan_clause(STR("受理"), f, n);
    size_t first = n;
    rest = step;
    while (text_piece(&rest, "。;\n", &sentence))
        while (text_piece(&sentence, ",", &clause))
            n = scan_clause(clause, f, n);
    for (struct str who = step_subject(step); first < n; first++)
        if (str_empty(f[first].unit))
            f[first].unit = who;
    return n;
}

/* The first step is the applicant's, whatever its verb: 申请人到某窗口, 个人持证件. */
static size_t
scan_first(struct str step, struct found *f, size_t n)
{
    static const char *const who[] = {"申请人到", "申请人持", "申请人向", "申请人携带",   "申办人",
                                      "参保人凭", "个人持",   "个人向",   "参保人员应向", NULL};
    struct str s = text_trim(step);
    if (n == 0 && text_drop_start_any(&s, who))
        f[n++] = (struct found){STAGE_APPLY, STR_NONE, STR_NONE};
    return n;
}

/* The guide's last act after examining is to tell the result: that concludes the case. */
static void
conclude(struct str text, struct found *f, size_t *n)
{
    bool paid = seen(f, *n, STAGE_PAY),
         called = text_has(text, "通知参保人携带"); /* to come again: that concludes it */
    if (*n && !called && f[*n - 1].kind == STAGE_FEEDBACK && !paid && !seen(f, *n, STAGE_EXPERT) &&
        !seen(f, *n, STAGE_CONCLUDE))
        f[*n - 1].kind = STAGE_CONCLUDE;
    bool told = called || text_has(text, "办结后") || text_has(text, "、办结") || text_has(text, "后办结") ||
                text_has(text, "负责办结");
    if (*n && *n < STAGES_MAX && told && !seen(f, *n, STAGE_CONCLUDE))
        f[(*n)++] = (struct found){STAGE_CONCLUDE, STR_NONE, STR_NONE};
}

/* 经办人数, printed beside the process or in a field of its own. */
static void
propose_handlers(struct proposer *p)
{
    static const char *const labels[] = {"经办人数", "办理人数", "经办人员数", NULL};
    for (size_t i = 0; i <= p->m->other_count; i++) {
        struct str text =
            propose_fold(p->a, i < p->m->other_count ? p->m->other[i].text : p->m->field[GUIDE_PROCESS].text).text;
        struct str title = i < p->m->other_count ? propose_fold(p->a, p->m->other_title[i]).text : STR_NONE;
        for (const char *const *z = labels; *z; z++) {
            size_t at = text_find(text, *z), pos;
            int n;
            struct str rest = at != SIZE_MAX ? text_from(text, at + str_c(*z).n) : text;
            if (at == SIZE_MAX && !text_has(title, *z))
                continue;
            rest = text_trim(rest);
            pos = 0;
            if (!text_number(rest, &pos, &n) || n < 1 || n > 999)
                continue;
            struct yaml_node *map = propose_map(p, "办理流程");
            for (struct yaml_node *c = map->first; c; c = c->next)
                if (str_eqz(c->key, "人数"))
                    return;
            propose_mark(p, yaml_put_text(p->a, map, "人数", str_fmt(p->a, "%d", n)), STR_NONE);
            return;
        }
    }
}

void
propose_process(struct proposer *p)
{
    struct item item[PROPOSE_ITEMS_MAX];
    struct found f[STAGES_MAX];
    size_t n = 0;
    propose_handlers(p);
    if (!propose_begin(p, GUIDE_PROCESS, "办理流程", "环节"))
        return;
    size_t items = propose_items(p->text.text, item, PROPOSE_ITEMS_MAX);
    for (size_t i = 0; i < items; i++) {
        if (item[i].depth > 1) /* a list inside a step: papers, not acts */
            continue;
        n = scan_first(item[i].text, f, n);
        size_t before = n;
        n = scan_step(item[i].text, f, n);
        struct str last = text_trim(item[i].text);
        if (n == before && i > 0 && i + 1 == items && n < STAGES_MAX && text_starts(last, "完成") &&
            !seen(f, n, STAGE_CONCLUDE))
            f[n++] = (struct found){STAGE_CONCLUDE, STR_NONE, STR_NONE}; /* the last step says what is done */
        if (n == before && item[i].depth == 1 && i > 0 && !text_has(item[i].text, "材料"))
            propose_finding(p, "propose-stage", item[i].text, "这一步没有对上环节", "请核对“环节”");
    }
    conclude(p->text.text, f, &n);
    if (n < 2 && !(n == 1 && f[0].kind == STAGE_HOSPITAL)) {
        propose_finding(p, "propose-stage", p->text.text, "没有读出环节",
                        "印了环节的，请人工填写“环节”；没有印的不用填");
        return;
    }
    struct yaml_node *list = yaml_put(p->a, propose_map(p, "办理流程"), "环节", yaml_new_list(p->a));
    propose_mark(p, list, p->text.text);
    for (size_t i = 0; i < n; i++) {
        if (str_empty(f[i].unit)) {
            (void)yaml_put_text(p->a, list, NULL, str_c(stage_name(f[i].kind)));
            continue;
        }
        struct yaml_node *row = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
        (void)yaml_put_text(p->a, row, "环节", str_c(stage_name(f[i].kind)));
        (void)yaml_put_text(p->a, row, "单位", propose_proper(&p->text, f[i].unit));
    }
}
