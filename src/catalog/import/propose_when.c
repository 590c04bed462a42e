/* Phrases of a guide as conditions: only where a fact of the dictionary has that very value, and only one fact fits. */
#include "catalog/import/propose_int.h"

enum { VALUES_MAX = 4 };

bool
propose_compiles(struct proposer *p, struct str expression)
{
    struct feel *feel;
    struct feel_error error = {0};
    struct fail kept = *p->ctx->fail;
    SCOPED_ARENA scratch = arena_new(0); /* only the answer is wanted, and it is asked for every phrase */
    struct ctx apart = *p->ctx;
    apart.arena = scratch;
    enum err e = feel_compile(&apart, scratch, catalog_dict(p->shared), expression, true, &feel, &error);
    *p->ctx->fail = kept; /* a phrase that is no condition is no failure */
    return e == OK;
}

/* Turns of phrase that say a fact without naming it. A row whose fact the dictionary lacks falls out when compiled. */
static const struct {
    const char *phrase, *expression;
} TURNS[] = {
    {"委托他人", "委托办理 = true"},
    {"委托代办", "委托办理 = true"},
    {"他人代办", "委托办理 = true"},
    {"他人代为办理", "委托办理 = true"},
    {"非本人办理", "委托办理 = true"},
    {"代理人办理", "委托办理 = true"},
    {"首次参保", "首次参保登记 = true"},
    {"非关键信息", "变更信息类别 = \"非关键信息\""},
    {"关键信息", "变更信息类别 = \"关键信息\""},
    {"未经认定", "已认定救助对象 = false"},
    {"账户内如有余额", "账户有余额 = true"},
    {"账户有余额", "账户有余额 = true"},
    {"异地发生费用", "费用发生地 = \"异地\""},
    {"异地发生的费用", "费用发生地 = \"异地\""},
};
/* The same for a whole phrase: short words that mean something else inside longer ones. */
static const struct {
    const char *phrase, *expression;
} WHOLE[] = {
    {"职工", "险种 = \"职工医保\""},
    {"职工医保", "险种 = \"职工医保\""},
    {"参保职工", "险种 = \"职工医保\""},
    {"城镇职工", "险种 = \"职工医保\""},
    {"职工基本医疗保险", "险种 = \"职工医保\""},
    {"居民", "险种 = \"城乡居民医保\""},
    {"居民医保", "险种 = \"城乡居民医保\""},
    {"城乡居民基本医疗保险", "险种 = \"城乡居民医保\""},
};

/* What stands around the word that decides. */
static const char *const HEADS[] = {"其中", "对于", "凡", "因", "如果", "如", "若", "属于", "办理", NULL};
static const char *const TAILS[] = {"人员所需材料", "所需材料", "的情况下", "的情况", "情形", "时",
                                    "的",           ",",        ":",        "还",     "应",   "需",
                                    "须",           "填写",     "提供",     "另外",   "另",   NULL};
static const char *const BEARERS[] = {"参保人员", "人员", "患者", "者",   "对象", "医疗机构", "申请",
                                      "申报",     "办理", "支取", "就医", "医保", NULL};

static struct str
core_of(struct str s)
{
    s = text_trim(s);
    while (text_drop_end_any(&s, TAILS)) {
    }
    while (text_drop_start_any(&s, HEADS)) {
    }
    return s;
}

static bool
value_tells(struct str v)
{
    return v.n >= 6 && !str_eqz(v, "其他") && !text_starts(v, "不属于") && !str_eqz(v, "普通");
}

/* How often the prose of this matter uses other values of FACT: a fact whose values are met together is the one meant. */
static size_t
support(const struct proposer *p, const struct fact_def *fact, struct str except)
{
    size_t n = 0, first = p->met_from[fact - catalog_dict(p->shared)->fact];
    for (size_t i = 0; i < fact->value_count; i++) {
        enum met *met = &p->met[first + i];
        if (*met == MET_UNKNOWN) /* the prose is long, and every phrase asks */
            *met = str_find(p->context, fact->values[i]) != SIZE_MAX ? MET_YES : MET_NO;
        n += *met == MET_YES && value_tells(fact->values[i]) && !str_eq(fact->values[i], except);
    }
    return n;
}

void
propose_facts(struct proposer *p)
{
    const struct fact_dict *d = catalog_dict(p->shared);
    size_t n = 0;
    p->met_from = ARENA_ARRAY(p->a, d->count + 1, size_t);
    for (size_t i = 0; i < d->count; i++) {
        p->met_from[i] = n;
        n += d->fact[i].value_count;
    }
    p->met = ARENA_ARRAY(p->a, n + 1, enum met);
}

struct hit {
    const struct fact_def *fact;
    struct str value;
    size_t at, printed; /* where the phrase says it */
};

/* VALUE is WORD, or WORD and 人员: 出国定居 is said of 出国定居人员 too. */
static bool
is_value(struct str value, struct str word)
{
    return str_eq(value, word) || (text_drop_end(&value, "人员") && word.n >= 12 && str_eq(value, word));
}

/* The fact of which *word is a value (made that value); of several the one with support. */
static const struct fact_def *
fact_of(const struct proposer *p, struct str *word)
{
    const struct fact_dict *d = catalog_dict(p->shared);
    const struct fact_def *best = NULL;
    struct str value = STR_NONE;
    size_t most = 0;
    bool tie = false;
    for (size_t i = 0; i < d->count && value_tells(*word); i++)
        for (size_t k = 0; k < d->fact[i].value_count; k++) {
            if (!is_value(d->fact[i].values[k], *word))
                continue;
            size_t n = support(p, &d->fact[i], d->fact[i].values[k]);
            tie = best && best != &d->fact[i] && n == most;
            if (!best || n > most) {
                tie = false;
                best = &d->fact[i];
                value = d->fact[i].values[k];
                most = n;
            }
        }
    if (tie || !best)
        return NULL;
    *word = value;
    return best;
}

static struct str
equals(struct proposer *p, const struct fact_def *fact, struct str value)
{
    return str_fmt(p->a, "%.*s = \"%.*s\"", STR_ARG(fact->name), STR_ARG(value));
}

/* The whole phrase is a value, or a value and its bearer: 灵活就业人员, 死亡人员, 外国人. */
static bool
whole_value(struct proposer *p, struct str core, struct str *ret_x)
{
    const struct fact_def *fact = fact_of(p, &core);
    if (!fact && text_drop_end_any(&core, BEARERS))
        fact = fact_of(p, &core);
    if (!fact)
        return false;
    *ret_x = equals(p, fact, core);
    return true;
}

/* Values inside the phrase, the longest first where they overlap. Only words of three characters or more, or such as stand
** beside the fact's own name (因死亡支取: 支取原因). */
static size_t
values_within(const struct proposer *p, struct str s, struct hit *hit)
{
    const struct fact_dict *d = catalog_dict(p->shared);
    size_t n = 0;
    for (size_t pos = 0; pos < s.n && n < VALUES_MAX;) {
        struct str longest = STR_NONE;
        for (size_t i = 0; i < d->count; i++)
            for (size_t k = 0; k < d->fact[i].value_count; k++) {
                struct str v = d->fact[i].values[k];
                if (v.n <= longest.n || !value_tells(v) || !str_starts(text_from(s, pos), v))
                    continue;
                if (v.n >= 9 || (d->fact[i].name.n >= 6 && str_find(s, str_sub(d->fact[i].name, 0, 6)) != SIZE_MAX))
                    longest = v;
            }
        struct str value = longest;
        const struct fact_def *fact = longest.n ? fact_of(p, &value) : NULL;
        if (longest.n && !fact)
            return 0; /* two facts fit: no guess */
        if (fact) {
            hit[n++] = (struct hit){fact, value, pos, longest.n};
            pos += longest.n;
        } else {
            (void)str_utf8_next(s, &pos);
        }
    }
    return n;
}

static bool
says_name(const struct proposer *p, struct str s)
{
    const struct fact_dict *d = catalog_dict(p->shared);
    for (size_t i = 0; i < d->count; i++)
        if (d->fact[i].type == FACT_BOOL && str_find(s, d->fact[i].name) != SIZE_MAX)
            return true;
    return false;
}

/* Does S say the value of some fact? Beside what was understood that would make it half of the case. */
static bool
says_value(const struct proposer *p, struct str s)
{
    const struct fact_dict *d = catalog_dict(p->shared);
    for (size_t i = 0; i < d->count; i++)
        for (size_t k = 0; k < d->fact[i].value_count; k++)
            if (value_tells(d->fact[i].values[k]) && str_find(s, d->fact[i].values[k]) != SIZE_MAX)
                return true;
    return says_name(p, s);
}

/* The name of a yes/no fact, with or without what makes it positive (已, 持有, 需要), denied or not. */
static bool
yes_no(struct proposer *p, struct str s, struct str *ret_x)
{
    static const char *const positive[] = {"已经", "已", "可", "持有", "需要", "使用", "有", NULL};
    static const char *const negators[] = {"无法", "没有", "不能", "未", "非", "无", "不", NULL};
    const struct fact_dict *d = catalog_dict(p->shared);
    size_t hits = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (d->fact[i].type != FACT_BOOL)
            continue;
        struct str core = d->fact[i].name;
        (void)text_drop_start_any(&core, positive);
        size_t at = str_find(s, d->fact[i].name), of_core = core.n >= 12 ? str_find(s, core) : SIZE_MAX;
        bool denied = of_core != SIZE_MAX && text_ends_any(str_sub(s, 0, of_core), negators);
        if (at != SIZE_MAX)
            denied = text_ends_any(str_sub(s, 0, at), negators);
        else if (!denied && !str_eq(s, core)) /* 参加职工医保的 is not 已参加职工医保 */
            continue;
        size_t from = at != SIZE_MAX ? at : of_core != SIZE_MAX ? of_core : 0;
        struct str after = text_from(s, from + (at != SIZE_MAX ? d->fact[i].name.n : core.n));
        (void)text_drop_start_any(&after, BEARERS);
        if (says_value(p, str_sub(s, 0, from)) || says_value(p, after))
            return false;
        *ret_x = str_fmt(p->a, "%.*s = %s", STR_ARG(d->fact[i].name), denied ? "false" : "true");
        hits++;
    }
    return hits == 1;
}

/* 死亡人员个人账户继承: the people it begins with. */
static bool
people_first(struct proposer *p, struct str core, struct str *ret_x)
{
    size_t at = text_find(core, "人员");
    struct str people = str_sub(core, 0, at == SIZE_MAX ? 0 : at);
    const struct fact_def *fact = people.n >= 6 ? fact_of(p, &people) : NULL;
    if (!fact || says_name(p, text_from(core, at)) || text_has(core, "的"))
        return false;
    *ret_x = equals(p, fact, people);
    return true;
}

/* 除死亡、出国定居、主动放弃外: none of the values. */
static bool
all_but(struct proposer *p, struct str s, struct str *ret_x)
{
    size_t end = text_find(s, "外");
    if (!text_drop_start(&s, "除") || end == SIZE_MAX)
        return false;
    struct str rest = str_sub(s, 0, end - 3), piece;
    const struct fact_def *fact = NULL;
    struct buf b;
    buf_init(&b, p->a, 128);
    while (text_piece(&rest, "、,", &piece)) {
        const struct fact_def *one = fact_of(p, &piece);
        if (!one || (fact && fact != one))
            return false;
        buf_addz(&b, fact ? ", \"" : "\"");
        buf_add(&b, piece);
        buf_addz(&b, "\"");
        fact = one;
    }
    *ret_x = str_fmt(p->a, "not(%.*s in (%.*s))", STR_ARG(fact->name), STR_ARG(buf_str(&b)));
    return true;
}

static bool
by_values(struct proposer *p, struct str core, struct str *ret_x)
{
    struct hit hit[VALUES_MAX];
    size_t n = values_within(p, core, hit);
    if (n == 0 || n == VALUES_MAX)
        return false;
    *ret_x = STR("");
    for (size_t i = 0, from = 0; i <= n; i++) { /* what stands between them */
        if (says_value(p, text_from(str_sub(core, 0, i < n ? hit[i].at : core.n), from)))
            return false;
        from = i < n ? hit[i].at + hit[i].printed : from;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            if (hit[k].fact == hit[i].fact)
                return false; /* two values of one fact in one phrase: or? and? not told here */
        *ret_x = str_fmt(p->a, "%.*s%s%.*s", STR_ARG(*ret_x), i ? " and " : "",
                         STR_ARG(equals(p, hit[i].fact, hit[i].value)));
    }
    return true;
}

/* 甲、乙或丙人员: every part must be a value of the same fact. */
static bool
by_list(struct proposer *p, struct str core, struct str *ret_x)
{
    static const char *const links[] = {"以及", "或者", "和", "或", "及", "、", NULL};
    struct str part[VALUES_MAX * 2], rest = core;
    const struct fact_def *fact = NULL;
    size_t n = 0, start = 0;
    for (size_t pos = 0; pos < rest.n && n < VALUES_MAX * 2 - 1;) {
        struct str tail = text_from(rest, pos);
        size_t before = tail.n;
        if (text_drop_start_any(&tail, links)) {
            part[n++] = str_sub(rest, start, pos - start);
            start = pos = pos + (before - tail.n);
        } else {
            (void)str_utf8_next(rest, &pos);
        }
    }
    if (n == 0)
        return false;
    part[n++] = text_from(rest, start);
    struct buf b;
    buf_init(&b, p->a, 128);
    for (size_t i = 0; i < n; i++) {
        const struct fact_def *one = fact_of(p, &part[i]);
        if (!one && text_drop_end_any(&part[i], BEARERS))
            one = fact_of(p, &part[i]);
        if (!one || (fact && fact != one))
            return false;
        buf_fmt(&b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(part[i]));
        fact = one;
    }
    *ret_x = str_fmt(p->a, "%.*s in (%.*s)", STR_ARG(fact->name), STR_ARG(buf_str(&b)));
    return true;
}

static bool
by_table(struct str core, struct str *ret_x)
{
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++)
        if (str_eqz(core, WHOLE[i].phrase)) {
            *ret_x = str_c(WHOLE[i].expression);
            return true;
        }
    for (size_t i = 0; i < sizeof TURNS / sizeof *TURNS; i++)
        if (text_has(core, TURNS[i].phrase)) {
            *ret_x = str_c(TURNS[i].expression);
            return true;
        }
    return false;
}

bool
propose_when(struct proposer *p, struct str phrase, struct str *ret_expression)
{
    static const char *const links[] = {"、", "和", "或", "及", "除", NULL};
    static const char *const spared[] = {"不提供", "可不", "可以不", "无需", "无须", "不需", "除外", "免于", NULL};
    struct str x, core = core_of(phrase);
    if (core.n < 6 || core.n > 240)
        return false;
    if (text_has(core, "(") || text_has_any(core, spared))
        return false; /* a remark that narrows or widens, or says who need not */
    bool found = whole_value(p, core, &x) || by_table(core, &x) || all_but(p, core, &x) || by_list(p, core, &x);
    if (!found && !text_has_any(core, links)) /* of a list in words we do not know only a part would be said */
        found = yes_no(p, core, &x) || people_first(p, core, &x) || by_values(p, core, &x);
    if (!found || !propose_compiles(p, x))
        return false;
    *ret_expression = x;
    return true;
}
