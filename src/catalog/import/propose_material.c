/* Materials read from prose: numbered papers, papers under a class of applicants, sentences that ask for a paper under a condition,
** and the notes. A paper asked for only in some case is never proposed without that case from a note: there it would be one more
** paper for everybody. //= R3 R5 R20 */
#include "catalog/import/propose_int.h"

struct builder {
    struct proposer *p;
    struct node *all;   /* the list: all of them are needed */
    bool notes;         /* reading notes: only what has its condition counts */
    bool numbered;      /* reading a numbered item: a short one is a paper even if its name does not show it */
    struct str printed; /* the materials' own text, when reading notes */
};

/* --- the verb --- */

/* Words that ask for a paper. The longer ones first. */
static const struct {
    const char *word;
    bool may; /* the clerk may ask */
} VERBS[] = {{"可要求提供", true}, {"可以要求提供", true}, {"还需提供", false}, {"另外提供", false},
             {"需要提供", false},  {"需另提供", false},    {"应提供", false},   {"须提供", false},
             {"需提供", false},    {"应提交", false},      {"需提交", false},   {"须提交", false},
             {"应填写", false},    {"需填写", false},      {"应填报", false},   {"需填报", false},
             {"提供", false},      {"提交", false},        {"填写", false},     {"填报", false},
             {"可提供", false}};

struct verb {
    size_t from, to;
    bool may, denied;
};

static bool
find_verb(struct str s, struct verb *v)
{
    static const char *const not_verbs[] = {"的", "人", "单位", "方", NULL};
    static const char *const negations[] = {"无需", "无须", "不需", "不需要", "不再", "不",
                                            "可不", "无法", "免",   "无",     NULL};
    int depth = 0;
    for (size_t pos = 0; pos < s.n;) {
        for (size_t i = 0; depth == 0 && i < sizeof VERBS / sizeof *VERBS; i++) {
            struct str rest = text_from(s, pos);
            if (!text_drop_start(&rest, VERBS[i].word))
                continue;
            bool noun = false;
            for (const char *const *z = not_verbs; *z; z++)
                noun = noun || text_starts(rest, *z);
            if (noun)
                break;
            *v = (struct verb){pos, s.n - rest.n, VERBS[i].may, text_ends_any(str_sub(s, 0, pos), negations)};
            struct str clause = str_sub(s, 0, pos), all = clause;
            while (text_piece(&all, ",", &clause)) {
            }
            v->denied = v->denied || text_has(clause, "不再") || text_has(clause, "无需") || text_has(clause, "无须");
            return true;
        }
        depth = text_depth(str_utf8_next(s, &pos), depth);
    }
    return false;
}

/* --- conditions on nodes --- */

static void
node_when(struct proposer *p, struct node *n, struct str when, struct str from)
{
    if (str_empty(when))
        return;
    n->when = str_empty(n->when) ? when : str_fmt(p->a, "(%.*s) and (%.*s)", STR_ARG(when), STR_ARG(n->when));
    n->when_from = propose_proper(&p->text, from);
}

/* Who acts, not a case: an applicant of any kind. */
static bool
is_actor(struct str s)
{
    static const char *const actors[] = {"单位",     "个人",     "申请人", "参保人", "本人", "继承人",
                                         "申请单位", "参保单位", "由单位", "由个人", "",     NULL};
    for (const char *const *z = actors; *z; z++)
        if (str_eqz(s, *z))
            return true;
    return false;
}

/* Tails of a request that name no paper: 并由相关部门进行认定, 由相关部门认定后进行报销. */
static struct str
without_tail(struct str s)
{
    static const char *const tails[] = {"》由", "》并", ",由", ",并", "并由", "并经", ",鼓励", NULL};
    for (const char *const *z = tails; *z; z++) {
        size_t at = text_find_outside(s, *z, 0);
        if (at == SIZE_MAX) /* 《 opens a bracket: the mark that closes it stands outside */
            at = text_starts(str_c(*z), "》") ? text_find(s, *z) : SIZE_MAX;
        if (at != SIZE_MAX)
            s = str_sub(s, 0, at + (text_starts(str_c(*z), "》") ? 3 : 0));
    }
    return s;
}

static void take_text(struct builder *b, struct node *parent, struct str text);

/* What stands in brackets behind the last paper of a request, when it asks for more: read as notes. */
static struct str
take_bracketed_requests(struct builder *b, struct node *parent, struct str s)
{
    struct str body, within;
    struct verb v;
    if (!text_last_paren(s, &body, &within) || !find_verb(within, &v) || v.denied || v.from == 0 || v.to == within.n)
        return s;
    struct builder inner = *b;
    inner.notes = true;
    take_text(&inner, parent, within);
    return body;
}

/* --- special sentences --- */

/* 无法通过某处获得甲（等材料）的,由办理人提供: what data sharing may spare. */
static bool
take_shared(struct builder *b, struct node *parent, struct str s)
{
    struct proposer *p = b->p;
    size_t by = text_find(s, "无法通过"), get = text_find(s, "获得"), end = text_find(s, ",由办理人提供");
    if (by == SIZE_MAX || get == SIZE_MAX || end == SIZE_MAX || by > get || get > end)
        return false;
    struct str what = str_sub(s, get + 6, end - get - 6), source = str_sub(s, by + 12, get - by - 12);
    (void)text_drop_end(&what, "的");
    struct node *group = node_new(p, NODE_ANY), *leaf = node_new(p, NODE_LEAF);
    group->name = propose_proper(&p->text, what);
    (void)(text_drop_end(&what, "等材料") || text_drop_end(&what, "等"));
    leaf->name = propose_proper(&p->text, what);
    leaf->shareable = true;
    leaf->share_source = propose_proper(&p->text, source);
    struct str shared;
    if (propose_compiles(p, STR("已共享相关证明 = false")) && text_has(what, "相关证明")) {
        shared = STR("已共享相关证明 = false");
        node_when(p, group, shared, s);
    }
    node_add(group, leaf);
    node_add(parent, group);
    size_t more = text_find(text_from(s, end + 3), ",");
    if (more != SIZE_MAX)
        take_text(b, parent, text_from(s, end + 3 + more + 1));
    return true;
}

/* 无法提供的,需提供个人承诺书: instead of what was asked for before. */
static bool
take_instead(struct builder *b, struct node *parent, struct str s)
{
    struct verb v;
    if (!text_drop_start(&s, "无法提供的") && !text_drop_start(&s, "不能提供的"))
        return false;
    s = text_trim(s);
    struct node *before = parent->last,
                *other = find_verb(s, &v) && !v.denied ? propose_nouns(b->p, text_from(s, v.to)) : NULL;
    if (!other || !before)
        return other == NULL ? false : true;
    if (before->kind != NODE_ANY) { /* the node itself becomes the group; its copy the first alternative */
        struct node *first = node_new(b->p, before->kind), *next = before->next;
        *first = *before;
        first->next = NULL;
        *before = (struct node){
            .kind = NODE_ANY, .next = next, .name = before->name, .when = before->when, .when_from = before->when_from};
        first->when = STR_NONE;
        node_add(before, first);
    }
    node_add(before, other);
    return true;
}

static void
stamp_named(struct node *n, struct str name, struct str stamp)
{
    for (struct node *c = n->first; c; c = c->next)
        stamp_named(c, name, stamp);
    if (n->kind == NODE_LEAF && str_empty(n->stamp) &&
        (str_eq(n->name, name) || (name.n >= 12 && str_ends(n->name, name))))
        n->stamp = stamp;
}

/* 诊断证明和费用总清单需加盖某章: said of papers asked for elsewhere. */
static bool
take_stamps(struct builder *b, struct str s)
{
    size_t at = text_find(s, "需加盖");
    struct verb v;
    if (at == SIZE_MAX || find_verb(s, &v))
        return false;
    struct node *names = propose_nouns(b->p, str_sub(s, 0, at));
    struct str stamp = propose_proper(&b->p->text, text_from(s, at + 9));
    if (!names)
        return false;
    if (names->kind == NODE_LEAF)
        stamp_named(b->all, names->name, stamp);
    for (struct node *c = names->first; c; c = c->next)
        stamp_named(b->all, c->name, stamp);
    return true;
}

/* 单位有效证明文件包括:甲、乙或丙等 — a note on a paper of the list: any of them does. */
static bool
take_defined(struct builder *b, struct str s)
{
    struct proposer *p = b->p;
    size_t at = text_find_outside(s, "包括", 0);
    if (!b->notes || at == SIZE_MAX || at == 0 || !text_has(s, "或"))
        return false;
    struct str what = text_from(s, at + 6), name = propose_proper(&p->text, str_sub(s, 0, at));
    (void)text_drop_start(&what, ":");
    bool open = text_ends(what, "等");
    for (struct node *c = b->all->first; c; c = c->next) {
        struct node *any = c->kind == NODE_LEAF && str_eq(c->name, name) ? propose_nouns(p, what) : NULL;
        if (!any || any->kind != NODE_ANY)
            continue;
        struct node *whole = node_new(p, NODE_LEAF);
        whole->name = c->name;
        whole->verbatim = propose_proper(&p->text, s);
        if (open)
            node_add(any, whole);
        c->kind = NODE_ANY;
        c->first = any->first;
        c->last = any->last;
        return true;
    }
    return false;
}

/* --- a sentence --- */

/* The words before the verb: a paper of its own and then the case, or the case alone. */
static struct str
split_prefix(struct builder *b, struct node *parent, struct str prefix)
{
    static const char *const cases[] = {"的", "时", "后", "外", NULL};
    size_t comma = SIZE_MAX;
    for (size_t from = 0, at; (at = text_find_outside(prefix, ",", from)) != SIZE_MAX; from = at + 1)
        comma = at;
    if (comma == SIZE_MAX)
        return prefix;
    struct str left = str_sub(prefix, 0, comma), right = text_from(prefix, comma + 1);
    if (text_ends_any(left, cases) || !noun_is_material(left))
        return prefix;
    struct node *n = b->notes ? NULL : propose_nouns(b->p, left);
    if (n)
        node_add(parent, n);
    return right;
}

static bool
is_vague(struct str name)
{
    static const char *const words[] = {"材料",     "资料",     "相关材料", "相关资料", "有关材料", "有关资料",
                                        "申请材料", "办理材料", "证明材料", "辅助材料", NULL};
    for (const char *const *z = words; *z; z++)
        if (str_eqz(name, *z))
            return true;
    return false;
}

static void
take_request(struct builder *b, struct node *parent, struct str s, const struct verb *v)
{
    struct proposer *p = b->p;
    struct str prefix = split_prefix(b, parent, str_sub(s, 0, v->from)), when = STR_NONE;
    prefix = text_trim(prefix);
    bool known = propose_when(p, prefix, &when), actor = is_actor(prefix);
    if (v->denied)
        return;
    struct str rest = take_bracketed_requests(b, parent, without_tail(text_from(s, v->to)));
    if (b->notes && is_vague(text_trim(rest)) && !text_has(prefix, "规定"))
        return; /* 合并支付的一次性提供材料: how, not what */
    if (b->notes && !known && !(actor && text_starts(rest, "《"))) {
        propose_finding(p, "propose-condition", s, "备注里按情形要的材料，情形没有读懂，没有列入清单",
                        "请核对是否要加进“清单”并写明“当”");
        return;
    }
    struct node *n = propose_nouns(p, rest);
    if (!n || text_has(rest, "代替") || text_has(rest, "均可")) {
        propose_finding(p, "propose-material", s, "没有读出材料名称", "请人工补进“清单”");
        return;
    }
    if (n->kind == NODE_LEAF && is_vague(n->name)) { /* 按地方规定提交资料: what is asked for stands in the rule */
        struct str clause = text_between(prefix.p, rest.p + rest.n);
        size_t comma = text_find(clause, ",按");
        if (comma == SIZE_MAX || !text_has(text_from(clause, comma), "规定")) {
            propose_finding(p, "propose-material", s, "没有读出材料名称", "请人工补进“清单”");
            return;
        }
        n->name = propose_proper(&p->text, text_from(clause, comma + 1));
    }
    s = text_between(prefix.p, rest.p + rest.n);
    if (!known && !actor)
        propose_finding(p, "propose-condition", s, "这项材料只在某种情形下要，情形没有读懂，列成了人人都要",
                        "请人工填写“当”，或删去这一项");
    node_when(p, n, when, s);
    n->discretionary = v->may;
    if (n->kind == NODE_LEAF && (known || !actor || v->may) && s.n <= PROPOSE_VERBATIM_MAX)
        n->verbatim = propose_proper(&p->text, s);
    node_add(parent, n);
}

/* 甲,包括:乙或丙. */
static bool
take_including(struct builder *b, struct node *parent, struct str s)
{
    size_t at = text_find_outside(s, "包括:", 0), skip = 7;
    if (at == SIZE_MAX || b->notes)
        return false;
    struct node *n = propose_nouns(b->p, text_from(s, at + skip));
    struct str label = text_trim(str_sub(s, 0, at));
    if (!n || n->kind == NODE_LEAF)
        return false;
    n->kind = NODE_ANY;
    n->name = propose_proper(&b->p->text, label);
    node_add(parent, n);
    return true;
}

/* 灵活就业人员:有效身份证件 — a class and its papers. */
static bool
take_labelled(struct builder *b, struct node *parent, struct str s)
{
    size_t at = text_find_outside(s, ":", 0);
    struct proposer *p = b->p;
    struct str when;
    if (at == SIZE_MAX || at > 120 || at + 1 >= s.n)
        return false;
    struct str label = str_sub(s, 0, at), body = text_from(s, at + 1);
    struct node *group = node_new(p, NODE_ALL);
    bool known = propose_when(p, label, &when);
    if (b->notes && !known)
        return false;
    if (!known)
        propose_finding(p, "propose-condition", label, "分类没有读懂，这一类的材料列成了人人都要", "请人工填写“当”");
    take_text(b, group, body);
    if (!group->first)
        return true;
    group->name = propose_proper(&p->text, label);
    struct node *n = group->first == group->last ? group->first : group;
    if (known)
        node_when(p, n, when, s);
    node_add(parent, n);
    return true;
}

static void
take_plain(struct builder *b, struct node *parent, struct str s)
{
    static const char *const rules[] = {"规定", "执行", "按照", "办理", "从其", "是指", "可以", "不得", NULL};
    struct proposer *p = b->p;
    if (b->notes) {
        s = take_bracketed_requests(b, parent, s);
        if (text_has(s, "提供") || text_has(s, "提交"))
            propose_finding(p, "propose-note", s, "备注提到材料，没有读懂", "请核对是否要加进“清单”");
        return;
    }
    s = take_bracketed_requests(b, parent, s);
    struct str body, within;
    if (!text_last_paren(s, &body, &within))
        body = s;
    bool paper = noun_is_material(s) || (b->numbered && text_chars(body) <= 24 && !text_has_any(body, rules));
    struct node *n = paper ? propose_nouns(p, s) : NULL;
    if (n)
        node_add(parent, n);
    else
        propose_finding(p, "propose-material", s, "这一句没有读成材料", "是材料的，请人工补进“清单”");
}

static void
take_sentence(struct builder *b, struct node *parent, struct str s)
{
    static const char *const labels[] = {"所需材料:", "需提交的材料:", "需提供的材料:", "所需材料为",
                                         "办理材料:", "申请材料:",     "申报材料:",     NULL};
    static const char *const remarks[] = {"备注:", "注:", "说明:", "温馨提示:", "注意:", NULL};
    struct builder inner = *b;
    struct verb v;
    s = text_trim(s);
    (void)text_drop_start_any(&s, labels);
    inner.notes = text_drop_start_any(&s, remarks) || b->notes;
    if (text_find(s, "所需材料为") != SIZE_MAX) { /* in the middle of a story */
        propose_finding(b->p, "propose-material", s, "这一句叙述里要的材料没有拆分", "请人工拆分“清单”");
        return;
    }
    if (inner.notes && (text_starts(s, "鼓励") || str_find(b->printed, s) != SIZE_MAX))
        return; /* encouragement, or said in the list itself */
    if (str_empty(s) || text_ends(s, "所需材料") || take_defined(&inner, s) || take_shared(&inner, parent, s) ||
        take_instead(&inner, parent, s) || take_stamps(&inner, s) || take_including(&inner, parent, s))
        return;
    /* 申请人持甲和乙到某处提出申请 */
    size_t hold = text_find(s, "持"), to = hold == SIZE_MAX ? SIZE_MAX : text_find_outside(s, "到", hold);
    if (!inner.notes && hold <= 12 && to != SIZE_MAX && noun_is_material(str_sub(s, hold + 3, to - hold - 3))) {
        struct node *n = propose_nouns(b->p, str_sub(s, hold + 3, to - hold - 3));
        if (n)
            node_add(parent, n);
        return;
    }
    size_t colon = text_find_outside(s, ":", 0);
    bool verb = find_verb(s, &v);
    if (colon != SIZE_MAX && (!verb || colon < v.from) && take_labelled(&inner, parent, s))
        return;
    if (inner.notes && (text_has(s, "包括") || text_has(s, "包含") || text_has(s, "是指") || text_has(s, "指具有")))
        return; /* a definition */
    if (verb)
        take_request(&inner, parent, s, &v);
    else
        take_plain(&inner, parent, s);
}

/* A sentence of several requests: 因甲的提供乙,无法…的,应提供丙. Cut where the next case begins. */
static void
take_statements(struct builder *b, struct node *parent, struct str sentence)
{
    static const char *const cases[] = {"的", "时", NULL};
    struct str rest = sentence, segment;
    const char *from = sentence.p;
    bool asked = false;
    struct verb v;
    if (text_find(sentence, "所需材料为") != SIZE_MAX) {
        take_sentence(b, parent, sentence);
        return;
    }
    while (text_piece(&rest, ",", &segment)) {
        bool asks = find_verb(segment, &v),
             begins = text_starts(segment, "无法提供") || (asks && v.from > 0) || text_ends_any(segment, cases);
        if (asked && begins && !text_starts(segment, "由办理人")) {
            take_sentence(b, parent, text_between(from, segment.p));
            from = segment.p;
            asked = false;
        }
        asked = asked || asks;
    }
    take_sentence(b, parent, text_between(from, sentence.p + sentence.n));
}

static void
take_text(struct builder *b, struct node *parent, struct str text)
{
    struct str rest = text, sentence;
    if (++b->p->nesting <= PROPOSE_NESTING_MAX)
        while (text_piece(&rest, "。;\n", &sentence)) {
            if (str_empty(text_trim(sentence)))
                continue;
            if (sentence.n <= PROPOSE_SENTENCE_MAX)
                take_statements(b, parent, sentence);
            else
                propose_finding(b->p, "propose-material", sentence, "这一句太长，没有拆分", "请人工拆分“清单”");
        }
    b->p->nesting--;
}

/* --- items --- */

/* Item I and its sub-items up to END. */
static void
take_item(struct builder *b, struct node *parent, const struct item *item, size_t i, size_t end)
{
    struct proposer *p = b->p;
    struct str head = text_trim(item[i].text), when;
    if (i + 1 == end) {
        struct builder one = *b;
        one.numbered = true;
        take_text(&one, parent, item[i].text);
        return;
    }
    struct node *group =
        node_new(p, text_has(head, "之一") || text_has(head, "任选") || text_has(head, "任一") ? NODE_ANY : NODE_ALL);
    for (size_t k = i + 1; k < end;) {
        size_t to = k + 1;
        while (to < end && item[to].depth > item[k].depth)
            to++;
        take_item(b, group, item, k, to);
        k = to;
    }
    if (!group->first)
        return;
    if (!str_empty(head)) {
        group->name = propose_proper(&p->text, head);
        if (propose_when(p, head, &when))
            node_when(p, group, when, head);
        else if (!noun_is_material(head))
            propose_finding(p, "propose-condition", head, "分类没有读懂，这一类的材料列成了人人都要", "请人工填写“当”");
    }
    node_add(parent, group);
}

void
propose_read_list(struct proposer *p, struct node *all, bool notes, struct str printed)
{
    struct str text = p->text.text;
    struct builder of = {.p = p, .all = all, .notes = notes, .printed = printed}, *b = &of;
    struct item item[PROPOSE_ITEMS_MAX];
    size_t n = propose_items(text, item, PROPOSE_ITEMS_MAX), i = 0;
    if (n && item[0].depth == 0) {
        struct str lead = text_trim(item[0].text);
        if (n == 1 || !text_ends(str_trim(item[0].text), ":"))
            take_text(b, b->all, lead);
        i = 1;
    }
    while (i < n) {
        size_t to = i + 1;
        while (to < n && item[to].depth > item[i].depth)
            to++;
        take_item(b, b->all, item, i, to);
        i = to;
    }
}
