/* Limits read from prose: 不超过5个工作日; 在职职工不超过5个工作日;灵活就业人员即时办结; 即时办结（承诺制），2个工作日（提交材料）; what each stage
** may take. Several limits in one text are proposed only when each has a condition that is understood. //= R14 */
#include "catalog/import/propose_int.h"

enum { TOKENS_MAX = 8, STAGES_MAX = 8 };

struct token {
    size_t from, to;
    struct str limit; /* as the catalogue writes it */
    enum limit_kind kind;
    int n;
};
struct tier {
    struct token promised, legal;
    struct str when, when_from;
};

static const struct {
    const char *word, *limit;
    enum limit_kind kind;
} WORDS[] = {{"即时办结", "即时", LIMIT_INSTANT},      {"即时办理", "即时", LIMIT_INSTANT},
             {"即时", "即时", LIMIT_INSTANT},          {"当场办结", "即时", LIMIT_INSTANT},
             {"当场办理", "即时", LIMIT_INSTANT},      {"医院办结", "医院办结", LIMIT_HOSPITAL},
             {"每季度", "每季度", LIMIT_QUARTERLY},    {"即办即批", "即办即批", LIMIT_ON_DEMAND},
             {"按协议约定", "按协议", LIMIT_AGREEMENT}};
static const struct {
    const char *word, *limit;
    enum limit_kind kind;
} UNITS[] = {{"个工作日", "个工作日", LIMIT_WORKDAYS}, {"工作日", "个工作日", LIMIT_WORKDAYS},
             {"个自然日", "个自然日", LIMIT_DAYS},     {"自然日", "个自然日", LIMIT_DAYS},
             {"个日历日", "个自然日", LIMIT_DAYS},     {"个月", "个月", LIMIT_MONTHS}};

/* A limit at POS. *ret_bad: a time there that has no place in the closed list (15日, 3-5个工作日). */
static bool
token_at(struct proposer *p, struct str s, size_t pos, struct token *t, bool *ret_bad)
{
    struct str rest = text_from(s, pos);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (text_drop_start(&rest, WORDS[i].word)) {
            *t = (struct token){pos, s.n - rest.n, str_c(WORDS[i].limit), WORDS[i].kind, 0};
            return true;
        }
    size_t at = pos;
    int n;
    if (!text_number(s, &at, &n) || n < 1 || n > 3650)
        return false;
    rest = text_from(s, at);
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (text_drop_start(&rest, UNITS[i].word)) {
            struct str before = str_sub(s, 0, pos);
            *ret_bad = *ret_bad || text_ends(before, "-") || text_ends(before, "至") || text_ends(before, "~") ||
                       text_ends(before, "—");
            *t = (struct token){pos, s.n - rest.n, str_fmt(p->a, "%d%s", n, UNITS[i].limit), UNITS[i].kind, n};
            return true;
        }
    static const char *const odd[] = {"日内", "天", "个小时", "小时", "周", NULL};
    *ret_bad = *ret_bad || text_drop_start_any(&rest, odd);
    return false;
}

static size_t
tokens_of(struct proposer *p, struct str s, struct token *t, bool *ret_bad)
{
    size_t n = 0;
    for (size_t pos = 0; pos < s.n;) {
        struct token one;
        if (token_at(p, s, pos, &one, ret_bad)) {
            if (n == TOKENS_MAX) {
                *ret_bad = true;
                return n;
            }
            t[n++] = one;
            pos = one.to;
            continue;
        }
        size_t number = pos;
        int skip;
        if (text_number(s, &number, &skip) && number > pos)
            pos = number;
        else
            (void)str_utf8_next(s, &pos);
    }
    return n;
}

/* Words around a limit that say nothing more. */
static struct str
shorn(struct str s)
{
    static const char *const heads[] = {"办理时限",     "办结时限", "承诺时限", "承诺办结时限", "法定时限",
                                        "法定办结时限", "承诺",     "法定",     "时限",         "为",
                                        "内",           "办结",     "办理",     "体检一次",     NULL};
    static const char *const tails[] = {
        "不超过",       "不得超过", "最长",     "一般", "在",   "为",   "承诺时限", "法定时限", "承诺办结时限",
        "法定办结时限", "办理时限", "办结时限", "承诺", "法定", "时限", ":",        NULL};
    s = text_trim(s);
    while (text_drop_start_any(&s, heads)) {
    }
    while (text_drop_end_any(&s, tails)) {
    }
    return text_trim(s);
}

/* The condition of a limit in its clause: the words before it, or the brackets behind it. */
static bool
clause_condition(struct proposer *p, struct str clause, const struct token *t, struct str *ret_when,
                 struct str *ret_from)
{
    struct str before = shorn(str_sub(clause, 0, t->from)), after = shorn(text_from(clause, t->to)), body, within;
    *ret_from = clause;
    if (text_last_paren(after, &body, &within) && str_empty(body))
        after = within;
    if (!str_empty(before) && !str_empty(after))
        return false;
    return propose_when(p, str_empty(before) ? after : before, ret_when);
}

/* Several limits in one sentence: each clause has one, with its condition or its label (法定, 承诺). */
static size_t
tiers_of_clauses(struct proposer *p, struct str main, struct tier *tier)
{
    struct str rest = main, clause;
    struct token promised = {0}, legal = {0};
    size_t n = 0;
    while (text_piece(&rest, ",;", &clause)) {
        struct token t[TOKENS_MAX];
        bool bad = false;
        if (str_empty(clause))
            continue;
        if (tokens_of(p, clause, t, &bad) != 1 || bad || n == TOKENS_MAX)
            return 0;
        struct str before = str_sub(clause, 0, t->from);
        if (text_has(before, "法定") && !text_has(before, "承诺")) {
            legal = *t;
            continue;
        }
        if (text_has(before, "承诺") && str_empty(shorn(before)) && str_empty(shorn(text_from(clause, t->to)))) {
            promised = *t;
            continue;
        }
        tier[n].promised = *t;
        tier[n].legal = (struct token){0};
        if (!clause_condition(p, clause, t, &tier[n].when, &tier[n].when_from))
            return 0;
        n++;
    }
    if (n == 0 && promised.limit.n) {
        tier[0] = (struct tier){.promised = promised, .legal = legal};
        return 1;
    }
    return legal.limit.n ? 0 : n;
}

static bool
fits(const struct token *promised, const struct token *legal) //= R14
{
    return promised->kind != legal->kind || promised->n <= legal->n;
}

/* The legal limits printed apart: one for all, or one for each. */
static void
add_legal(struct proposer *p, struct tier *tier, size_t n)
{
    struct folded legal = propose_fold(p->a, p->m->field[GUIDE_LEGAL_LIMIT].text);
    struct token t[TOKENS_MAX];
    bool bad = false;
    size_t count = tokens_of(p, legal.text, t, &bad);
    if (legal.text.n == 0)
        return;
    bool good = !bad && (count == 1 || count == n);
    for (size_t i = 0; i < n && good; i++)
        good = fits(&tier[i].promised, &t[count == 1 ? 0 : i]);
    if (!good) {
        propose_finding(p, "propose-legal-limit", p->text.text, "法定时限与承诺时限对不上，没有填写",
                        "请核对后填写“法定”");
        return;
    }
    for (size_t i = 0; i < n; i++)
        tier[i].legal = t[count == 1 ? 0 : i];
}

/* --- counted from, pauses --- */

static struct str
counted_name(struct str s)
{
    (void)text_drop_end(&s, "之日");
    (void)text_drop_end(&s, "开始");
    if (text_starts(s, "收到") && text_has(s, "材料"))
        return STR("收到材料");
    if (text_ends(s, "受理结束"))
        return STR("受理结束");
    return text_ends(s, "受理") ? STR("受理") : STR_NONE;
}

static struct str
counted_in(struct str s)
{
    static const char *const ends[] = {"之日起", "开始算起", "算起", "起算", "起计算", NULL};
    static const char *const starts[] = {"自", "从", NULL};
    for (const char *const *e = ends; *e; e++) {
        size_t end = text_find(s, *e), from = 0;
        if (end == SIZE_MAX)
            continue;
        struct str before = str_sub(s, 0, end);
        for (const char *const *z = starts; *z; z++)
            for (size_t at = 0, next; (next = text_find(text_from(before, at), *z)) != SIZE_MAX; at += next + 3)
                from = at + next + 3 > from ? at + next + 3 : from;
        struct str name = counted_name(text_from(before, from));
        if (name.n)
            return name;
    }
    if (text_has(s, "收到申请材料后在承诺时限内") || text_has(s, "收到材料后在承诺时限内"))
        return STR("收到材料");
    return STR_NONE;
}

static struct str
counted_from(struct proposer *p, struct str limit)
{
    struct str name = counted_in(limit);
    if (str_empty(name) && (text_has(limit, "在收到后") || text_has(limit, "收到材料后")))
        name = STR("收到材料");
    struct str process = propose_fold(p->a, p->m->field[GUIDE_PROCESS].text).text;
    if (str_empty(name) &&
        (text_has(process, "收到申请材料后在承诺时限内") || text_has(process, "收到材料后在承诺时限内")))
        name = STR("收到材料"); /* the whole time; 之日起 in a step is that step's */
    for (size_t i = 0; i < p->m->note_count && str_empty(name); i++) {
        struct str note = propose_fold(p->a, p->m->note[i].text).text;
        if (text_has(note, "起始时间") || text_has(note, "时限"))
            name = counted_in(note);
    }
    return name;
}

static bool
recognised_elsewhere(struct proposer *p, struct passage words)
{
    struct str text = propose_fold(p->a, words.text).text;
    return text_has(text, "由相关部门认定后") || text_has(text, "由相关部门进行认定");
}

/* 由相关部门认定后进行报销, wherever the guide says it: the house waits for the other department. */ //= R235
static void
put_recognition(struct proposer *p, struct yaml_node *n)
{
    bool found = false;
    for (size_t i = 0; i < GUIDE_FIELD_COUNT; i++)
        found = found || recognised_elsewhere(p, p->m->field[i]);
    for (size_t i = 0; i < p->m->note_count; i++)
        found = found || recognised_elsewhere(p, p->m->note[i]);
    if (found)
        (void)yaml_put_text(p->a, yaml_put(p->a, n, "暂停", yaml_new_list(p->a)), NULL, STR("部门认定"));
}

/* 不含资料邮寄时间: 资料邮寄 */
static void
put_pause(struct proposer *p, struct yaml_node *n, struct str s)
{
    static const char *const leads[] = {"不含", "不包括", "不计", "不包含", NULL};
    for (const char *const *z = leads; *z; z++) {
        size_t at = text_find(s, *z);
        if (at == SIZE_MAX)
            continue;
        struct str what = text_from(s, at + str_c(*z).n), piece, rest;
        size_t end = text_find(what, ")");
        what = text_trim(str_sub(what, 0, end == SIZE_MAX ? what.n : end));
        if (!text_drop_end(&what, "所需时间") && !text_drop_end(&what, "的时间") && !text_drop_end(&what, "时间"))
            continue;
        struct yaml_node *list = NULL;
        rest = what;
        while (text_piece(&rest, "、和", &piece)) {
            struct str phrase = propose_proper(&p->text, piece);
            enum pause_kind k;
            if (!pause_of_phrase(phrase, &k)) /* as put_counted */
                continue;
            list = list ? list : yaml_put(p->a, n, "暂停", yaml_new_list(p->a));
            (void)yaml_put_text(p->a, list, NULL, phrase);
        }
        return;
    }
    put_recognition(p, n);
}

/* --- stages --- */

struct stage_limit {
    const char *stage;
    struct str limit, counted;
};

/* What is to be done within the time: the words behind it. */
static size_t
stages_named(struct str s, const char **ret_stage)
{
    static const struct {
        const char *word, *stage;
    } words[] = {{"联系函》", "发联系函"}, {"信息表》", "发信息表"}, {"划转资金", "划转资金"}, {"一次性告知", "受理"},
                 {"办结", "办结"},         {"反馈办理结果", "办结"}, {"受理决定", "受理"},     {"完成审核", "审核"},
                 {"完成拨付", "拨付"},     {"完成支付", "拨付"}};
    size_t n = 0;
    struct str rest = s, first = s;
    (void)text_piece(&rest, ",", &first);
    for (size_t i = 0; i < sizeof words / sizeof *words && n < 2; i++)
        if (text_has(str_eqz(str_c(words[i].stage), "受理") ? first : s, words[i].word) &&
            (n == 0 || ret_stage[0] != words[i].stage))
            ret_stage[n++] = words[i].stage;
    return n;
}

static struct str
stage_counted(struct proposer *p, const struct folded *f, struct str before)
{
    static const char *const leads[] = {"收到", "接收", NULL};
    size_t after = SIZE_MAX, from = SIZE_MAX;
    for (size_t at = 0, next; (next = text_find(text_from(before, at), "后")) != SIZE_MAX; at = after + 3)
        after = at + next;
    struct str name = counted_in(before);
    if (name.n)
        return name;
    if (after != SIZE_MAX && text_ends(str_sub(before, 0, after), "受理"))
        return STR("受理");
    for (const char *const *z = leads; *z && from == SIZE_MAX; z++)
        from = text_find(before, *z);
    if (from == SIZE_MAX)
        return STR_NONE;
    struct str what = text_from(before, from);
    size_t end = after != SIZE_MAX && after > from ? after - from : text_find(what, ",在");
    (void)p;
    return end == SIZE_MAX || end > 90 ? STR_NONE : propose_proper(f, str_sub(what, 0, end));
}

/* Stage limits of a text: sentences with one time, and behind it what is done within it. */
static size_t
stages_of(struct proposer *p, const struct folded *f, struct str s, struct stage_limit *out, size_t n)
{
    struct str rest = s, sentence;
    while (text_piece(&rest, "。;\n", &sentence)) {
        struct token t[TOKENS_MAX];
        const char *stage[2] = {NULL};
        bool bad = false;
        if (tokens_of(p, sentence, t, &bad) != 1 || bad || t->kind == LIMIT_INSTANT ||
            !text_starts(text_from(sentence, t->to), "内"))
            continue;
        size_t count = stages_named(text_from(sentence, t->to), stage);
        for (size_t i = 0; i < count && n < STAGES_MAX; i++)
            out[n++] = (struct stage_limit){stage[i], t->limit, stage_counted(p, f, str_sub(sentence, 0, t->from))};
    }
    return n;
}

/* A phrase that the program does not know stays in the verbatim text alone: a draft must load. */
static void
put_counted(struct proposer *p, struct yaml_node *row, struct str counted)
{
    enum limit_start k;
    if (limit_start_kind(counted, &k))
        (void)yaml_put_text(p->a, row, "起算", counted);
}

static void
put_stages(struct proposer *p, struct yaml_node *tier, const struct stage_limit *s, size_t n)
{
    if (n == 0)
        return;
    struct yaml_node *list = yaml_put(p->a, tier, "阶段", yaml_new_list(p->a));
    for (size_t i = 0; i < n; i++) {
        struct yaml_node *row = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
        (void)yaml_put_text(p->a, row, "环节", str_c(s[i].stage));
        (void)yaml_put_text(p->a, row, "时限", s[i].limit);
        put_counted(p, row, s[i].counted);
    }
}

/* --- the field --- */

/* What the first sentence says; 0: not understood. */
static size_t
tiers_of(struct proposer *p, struct str main, struct tier *tier)
{
    struct token t[TOKENS_MAX];
    bool bad = false;
    struct str body, within;
    if (text_last_paren(main, &body, &within) && text_has(within, "法定")) { /* 7个工作日(法定20个工作日) */
        struct token legal[TOKENS_MAX];
        if (tokens_of(p, body, t, &bad) != 1 || tokens_of(p, within, legal, &bad) != 1 || bad || !fits(t, legal))
            return 0;
        tier[0] = (struct tier){.promised = t[0], .legal = legal[0]};
        return 1;
    }
    size_t n = tokens_of(p, main, t, &bad);
    if (n == 0 || bad)
        return 0;
    if (n > 1)
        return tiers_of_clauses(p, main, tier);
    tier[0] = (struct tier){.promised = t[0]};
    struct str before = shorn(str_sub(main, 0, t->from)), when;
    if (!str_empty(before) && propose_when(p, before, &when)) {
        tier[0].when = when;
        tier[0].when_from = main;
    }
    return 1;
}

void
propose_limits(struct proposer *p)
{
    struct tier tier[TOKENS_MAX] = {0};
    struct stage_limit stage[STAGES_MAX];
    if (!propose_begin(p, GUIDE_LIMIT, "办理时限", "档"))
        return;
    struct str rest = p->text.text, main = STR_NONE;
    while (str_empty(main) && text_piece(&rest, "。\n", &main)) {
    }
    size_t n = tiers_of(p, main, tier);
    if (n == 0) {
        propose_finding(p, "propose-limit", p->text.text, "时限没有读懂", "请人工填写“档”");
        return;
    }
    add_legal(p, tier, n);
    size_t stages = rest.n ? stages_of(p, &p->text, rest, stage, 0) : 0;
    struct folded process = propose_fold(p->a, p->m->field[GUIDE_PROCESS].text);
    if (stages == 0)
        stages = stages_of(p, &process, process.text, stage, 0);
    struct str counted = counted_from(p, p->text.text);
    struct yaml_node *list = yaml_put(p->a, propose_map(p, "办理时限"), "档", yaml_new_list(p->a));
    propose_mark(p, list, p->text.text);
    for (size_t i = 0; i < n; i++) {
        struct yaml_node *row = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
        (void)yaml_put_text(p->a, row, "承诺", tier[i].promised.limit);
        (void)yaml_put_text(p->a, row, "法定", tier[i].legal.limit);
        propose_put_when(p, row, "当", tier[i].when, tier[i].when_from);
        put_counted(p, row, counted);
        put_pause(p, row, p->text.text);
        if (text_has(main, "回执"))
            (void)yaml_put_text(p->a, row, "种类", STR("受理回执"));
        if (n == 1)
            put_stages(p, row, stage, stages);
    }
}
