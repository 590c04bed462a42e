/* Lists of papers in a guide's words: who stands beside whom (任一, 全部), and what is said of each (medium, copies, stamp, age). */
#include "catalog/import/propose_int.h"

struct node *
node_new(struct proposer *p, enum node_kind kind)
{
    struct node *n = ARENA_NEW(p->a, struct node);
    n->kind = kind;
    return n;
}

void
node_add(struct node *parent, struct node *child)
{
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

static const char *const ENDINGS[] = {
    "证",   "证件",   "证书", "书",   "表",   "单",     "材料", "资料", "证明",     "凭证", "卡",   "票据",
    "发票", "处方",   "底方", "病历", "病志", "记录",   "小结", "报告", "合同",     "协议", "照片", "册",
    "簿",   "户口本", "文件", "信",   "函",   "图",     "目录", "台账", "账户信息", "编号", "执照", "说明",
    "首页", "批件",   "存折", "文本", "制度", "病床数", "情况", "授权", "证照",     "清册", "信息", "决定",
    "通知", "账号",   "护照", "回执", "名册", "结论",   "意见", "章程", "设置",     "病案", "附页", "票",
    "明细", "光盘",   "印鉴", "公函", "联",   "底单",   NULL};

struct medium {
    const char *printed, *medium;
};
static const struct medium MEDIA[] = {{"原件及复印件", "原件及复印件"},
                                      {"原件和复印件", "原件及复印件"},
                                      {"原件与复印件", "原件及复印件"},
                                      {"原件、复印件", "原件及复印件"},
                                      {"原件以及复印件", "原件及复印件"},
                                      {"原件或复印件", "原件或复印件"},
                                      {"原件或者复印件", "原件或复印件"},
                                      {"及复印件", "原件及复印件"},
                                      {"和复印件", "原件及复印件"},
                                      {"的复印件", "复印件"},
                                      {"复印件", "复印件"},
                                      {"复印", "复印件"},
                                      {"的原件", "原件"},
                                      {"原件", "原件"}};

/* 两张, 1份, 一式两份, 各一张 at the end of S: the number. */
static bool
peel_copies(struct proposer *p, struct str *s, struct node *leaf)
{
    static const char *const units[] = {"份", "张", "套", NULL};
    static const char *const heads[] = {"一式", "各", "共", NULL};
    struct str rest = *s;
    bool alone = text_starts(rest, "一式"); /* the whole of a bracket */
    if (!text_drop_end_any(&rest, units))
        return false;
    for (size_t from = rest.n > 9 ? rest.n - 9 : 0; from < rest.n; from++) {
        size_t pos = from;
        int n;
        if (((unsigned char)rest.p[from] & 0xC0) == 0x80 || !text_number(rest, &pos, &n) || pos != rest.n || n < 1 ||
            n > 99)
            continue;
        rest.n = from;
        (void)text_drop_end_any(&rest, heads);
        if (str_empty(rest) && !alone)
            return false;
        if (leaf)
            leaf->copies = str_fmt(p->a, "%d", n);
        *s = rest;
        return true;
    }
    return false;
}

void
noun_peel(struct proposer *p, struct str *s, struct node *leaf)
{
    static const char *const idle[] = {"即可", "等", ",", "、", ";", "。", NULL};
    for (bool again = true; again;) {
        again = text_drop_end_any(s, idle) || peel_copies(p, s, leaf);
        for (size_t i = 0; i < sizeof MEDIA / sizeof *MEDIA && !again; i++)
            if (s->n > str_c(MEDIA[i].printed).n && text_drop_end(s, MEDIA[i].printed)) {
                if (leaf && str_empty(leaf->medium))
                    leaf->medium = str_c(MEDIA[i].medium);
                again = true;
            }
    }
}

/* The same without keeping anything, brackets at the end included. */
static struct str
bare(struct str s)
{
    struct str body, within;
    struct proposer none = {0};
    size_t dash = text_find(s, "-"); /* 分析报告-零售药店 */
    if (dash != SIZE_MAX && dash >= 12 && text_chars(text_from(s, dash)) <= 7)
        s.n = dash;
    for (size_t n = SIZE_MAX; n != s.n;) {
        n = s.n;
        for (size_t i = 0; i < sizeof MEDIA / sizeof *MEDIA; i++)
            if (s.n > str_c(MEDIA[i].printed).n)
                (void)text_drop_end(&s, MEDIA[i].printed);
        (void)peel_copies(&none, &s, NULL);
        (void)text_drop_end(&s, "等");
        (void)text_drop_end(&s, "任选其一");
        if (text_last_paren(s, &body, &within) && !str_empty(body))
            s = body;
        (void)text_drop_end(&s, "”");
    }
    return s;
}

bool
noun_is_material(struct str s)
{
    s = bare(text_trim(s));
    return text_ends(s, "》") || text_starts(s, "《") || (s.n >= 6 && text_ends_any(s, ENDINGS));
}

/* --- one piece --- */

/* 近三年…, 五年内…, 近三个月的…: the age, and what is left of the name. */
static void
take_age(struct proposer *p, struct str *s, struct node *leaf)
{
    static const char *const ends[] = {"以内的", "以内", "内的", "内", "的", NULL};
    for (size_t pos = 0; pos < s->n;) {
        size_t at = pos;
        int n;
        bool near = text_ends(str_sub(*s, 0, pos), "近");
        if (!text_number(*s, &at, &n)) {
            (void)str_utf8_next(*s, &pos);
            continue;
        }
        struct str rest = text_from(*s, at);
        bool years = text_drop_start(&rest, "年"), months = !years && text_drop_start(&rest, "个月");
        bool within = text_starts(rest, "内") || text_starts(rest, "以内");
        pos = at;
        if ((!years && !months) || (!near && !within))
            continue;
        leaf->age = str_fmt(p->a, "%d%s", n, years ? "年" : "个月");
        (void)text_drop_start_any(&rest, ends);
        size_t of = SIZE_MAX;
        for (size_t from = 0, next; (next = text_find_outside(rest, "的", from)) != SIZE_MAX; from = next + 3)
            of = next;
        if (of != SIZE_MAX && noun_is_material(text_from(rest, of + 3)))
            rest = text_from(rest, of + 3);
        if (noun_is_material(rest))
            *s = rest;
        return;
    }
}

/* 加盖单位公章, 医院盖章, 关键信息变更加盖单位公章 in brackets. */
static bool
take_stamp(struct proposer *p, struct str within, struct node *leaf)
{
    static const char *const leads[] = {"需", "须", "应", "并", NULL};
    size_t at = text_find(within, "加盖");
    struct str when;
    if (at != SIZE_MAX) {
        struct str before = str_sub(within, 0, at);
        leaf->stamp = propose_proper(&p->text, text_from(within, at + 6));
        (void)text_drop_end_any(&before, leads);
        if (!str_empty(before)) {
            if (!propose_when(p, before, &when))
                propose_finding(p, "propose-condition", within, "盖章的条件没有读懂", "请人工填写“盖章当”");
            else
                leaf->stamp_when = when;
        }
        return true;
    }
    if (!text_drop_end(&within, "盖章"))
        return false;
    (void)text_drop_end_any(&within, leads);
    leaf->stamp = propose_proper(&p->text, within);
    return !str_empty(within);
}

static struct str
form_of(struct proposer *p, struct str name)
{
    static const char *const kinds[] = {"表", "申请卡", "申请书", "授权书", "登记卡", "申请单", NULL};
    struct str inner = name;
    bool quoted = text_drop_start(&inner, "《");
    (void)text_drop_end(&inner, "》");
    struct str printed = propose_proper(&p->text, inner);
    if (catalog_form(p->shared, printed) || (quoted && text_ends_any(inner, kinds)))
        return printed;
    return text_ends(inner, "申请表") || text_ends(inner, "登记表") || text_ends(inner, "备案表") ? printed : STR_NONE;
}

static struct node *paren_group(struct proposer *p, struct str whole, struct str body, struct str within);

/* Brackets behind a paper. False: they belong to its name. *ret_group: the paper and its alternatives. */
static bool
take_paren(struct proposer *p, struct str whole, struct str body, struct str within, struct node *leaf,
           struct node **ret_group)
{
    struct str when;
    *ret_group = NULL;
    size_t comma = text_find_outside(within, ",", 0);
    if (comma != SIZE_MAX && text_has(within, "加盖")) { /* 一式两份,加盖单位公章 */
        struct str first = str_sub(within, 0, comma), rest = text_from(within, comma + 1), probe = first;
        noun_peel(p, &probe, leaf);
        bool medium = str_eqz(probe, "原件") || str_eqz(probe, "复印件");
        if (medium && str_empty(leaf->medium))
            leaf->medium = propose_proper(&p->text, probe);
        if (str_empty(probe) || medium || take_stamp(p, first, leaf))
            return take_paren(p, whole, body, rest, leaf, ret_group);
    }
    if (str_eqz(within, "下同") || take_stamp(p, within, leaf))
        return true;
    if (text_has(within, "承诺") &&
        (text_has(within, "免提交") || text_has(within, "代替") || text_has(within, "可承诺"))) {
        leaf->committable = true;
        if (propose_compiles(p, STR("证明方式 = \"提交材料\""))) {
            leaf->when = STR("证明方式 = \"提交材料\"");
            leaf->when_from = propose_proper(&p->text, whole);
        }
        return true;
    }
    if (text_has(within, "容缺")) {
        leaf->tolerable = true;
        return true;
    }
    *ret_group = paren_group(p, whole, body, within);
    if (*ret_group)
        return true;
    struct str probe = within;
    noun_peel(p, &probe, leaf);
    if (str_empty(probe) || str_eqz(probe, "原件") || str_eqz(probe, "复印件")) {
        leaf->medium = str_empty(leaf->medium) ? propose_proper(&p->text, probe) : leaf->medium;
        return true;
    }
    if (!noun_is_material(within) && propose_when(p, within, &when)) {
        leaf->when = when;
        leaf->when_from = propose_proper(&p->text, whole);
        return true;
    }
    if (text_has(within, "不提供") || text_has(within, "可不") || text_has(within, "除外")) {
        propose_finding(p, "propose-condition", whole, "谁可以不提供，没有读懂", "请人工填写“当”");
        return true;
    }
    return text_starts(within, "含") || text_starts(within, "包括") || text_starts(within, "电子版") ||
           text_starts(within, "纸质") || text_has(within, "可由") || text_has(within, "直接结算");
}

/* 一张…, 两份…, 一整套…: how many, before the name. */
static void
take_lead_copies(struct proposer *p, struct str *s, struct node *leaf)
{
    static const char *const units[] = {"份", "张", NULL};
    size_t pos = 0;
    int n;
    struct str rest;
    if (text_drop_start(s, "一整套") || !text_number(*s, &pos, &n))
        return;
    rest = text_from(*s, pos);
    if (!text_drop_start_any(&rest, units) || !noun_is_material(rest))
        return;
    leaf->copies = str_empty(leaf->copies) ? str_fmt(p->a, "%d", n) : leaf->copies;
    *s = rest;
}

static struct str
unquote(struct str s)
{
    struct str inner = s;
    if (text_starts(inner, "本人“"))
        (void)text_drop_start(&inner, "本人");
    if (text_drop_start(&inner, "“") && text_drop_end(&inner, "”"))
        return inner;
    return s;
}

static struct node *
piece_node(struct proposer *p, struct str s)
{
    static const char *const leads[] = {"填写", "填报", "提供", "携带", "本人填写", NULL};
    struct node *leaf = node_new(p, NODE_LEAF), *group;
    struct str whole = text_trim(s), body, within;
    s = whole;
    (void)text_drop_start_any(&s, leads);
    noun_peel(p, &s, leaf);
    while (text_last_paren(s, &body, &within) && !str_empty(body)) {
        if (!take_paren(p, whole, body, within, leaf, &group))
            break;
        if (group) {
            for (struct node *c = group->first; c && leaf->medium.n;
                 c = c->next) /* what stands behind the brackets is said of all */
                c->medium = str_empty(c->medium) ? leaf->medium : c->medium;
            return group;
        }
        s = body;
        noun_peel(p, &s, leaf);
    }
    take_age(p, &s, leaf);
    take_lead_copies(p, &s, leaf);
    s = unquote(s);
    if (str_empty(s))
        return NULL;
    leaf->name = propose_proper(&p->text, s);
    leaf->form = form_of(p, s);
    leaf->verbatim = whole.n <= PROPOSE_VERBATIM_MAX ? propose_proper(&p->text, whole) : STR_NONE;
    if (str_eq(leaf->verbatim, leaf->name))
        leaf->verbatim = STR_NONE;
    return leaf;
}

/* A（或B、C）, A（B或C）, 某某材料（B或C）, 《A》（含电子《A》）: alternatives. NULL if the brackets hold none. */
static struct node *
paren_group(struct proposer *p, struct str whole, struct str body, struct str within)
{
    struct str list = within;
    bool or_first = text_drop_start(&list, "或者") || text_drop_start(&list, "或"),
         electronic = text_starts(list, "含电子") || text_starts(list, "包括电子");
    if (electronic) {
        (void)(text_drop_start(&list, "含") || text_drop_start(&list, "包括"));
    } else if (!or_first && text_find_outside(list, "或", 0) == SIZE_MAX && !text_has(list, "任选")) {
        bool kind = text_ends(body, "材料") && noun_is_material(list) && text_chars(list) <= 12 &&
                    text_find_outside(list, "、", 0) == SIZE_MAX && !text_starts(list, "含") &&
                    !text_starts(list, "包括");
        struct node *only = kind ? piece_node(p, list) : NULL;
        if (only) /* 临时外出材料（外出证明）: the paper itself */
            only->verbatim = propose_proper(&p->text, whole);
        return only;
    }
    if (!noun_is_material(list))
        return NULL;
    struct node *inner = propose_nouns(p, list), *group = node_new(p, NODE_ANY);
    if (!inner)
        return NULL;
    if (or_first || electronic || !text_ends(body, "材料")) {
        struct node *first = piece_node(p, body);
        if (!first)
            return NULL;
        node_add(group, first);
    }
    if (inner->kind == NODE_LEAF) {
        if (electronic)
            inner->medium = STR("电子");
        node_add(group, inner);
    } else if (inner->kind == NODE_ANY || or_first) {
        for (struct node *c = inner->first, *next; c; c = next) {
            next = c->next;
            node_add(group, c);
        }
    } else {
        node_add(group, inner);
    }
    group->name = propose_proper(&p->text, whole);
    return group;
}

/* --- several --- */

enum link { LINK_NONE, LINK_MARK, LINK_WORD, LINK_OR, LINK_COMMA, LINK_COMMA_OR };
struct piece {
    struct str s;
    enum link link;  /* to the one before */
    struct str made; /* a name put together of two places of the text */
};

static enum link
link_at(struct str s, size_t *ret_n)
{
    static const struct {
        const char *word;
        enum link link;
    } links[] = {{",或者", LINK_COMMA_OR}, {",或", LINK_COMMA_OR}, {"或者", LINK_OR},   {"或", LINK_OR},
                 {"/", LINK_OR},           {",以及", LINK_WORD},   {"以及", LINK_WORD}, {"、", LINK_MARK},
                 {"及", LINK_WORD},        {"和", LINK_WORD},      {"与", LINK_WORD},   {",", LINK_COMMA}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (text_starts(s, links[i].word)) {
            *ret_n = str_c(links[i].word).n;
            return links[i].link;
        }
    return LINK_NONE;
}

/* 委托人及代理人身份证件: both have their 身份证件. */
static size_t
add_shared_head(struct proposer *p, struct str head, struct piece *piece, size_t n)
{
    struct piece *last = &piece[n - 1];
    size_t at = text_find(last->s, "人");
    if (at == SIZE_MAX || at > 12 || n >= PROPOSE_PIECES_MAX)
        return n;
    struct str thing = text_from(last->s, at + 3);
    piece[n] = *last;
    piece[n].link = LINK_WORD;
    last->made = str_concat(p->a, head, thing);
    return n + 1;
}

static size_t
cut_pieces(struct proposer *p, struct str s, struct piece *piece)
{
    size_t n = 0, start = 0, of = 0, head_to = 0, size = 0;
    enum link link = LINK_NONE;
    int depth = 0; /* of brackets, from START on */
    for (size_t pos = 0; pos <= s.n && n + 2 < PROPOSE_PIECES_MAX; pos = of) {
        enum link next = LINK_NONE;
        of = pos;
        if (pos < s.n && depth == 0)
            next = link_at(text_from(s, pos), &size);
        struct str left = text_between(s.p + start, s.p + pos), right = next ? text_from(s, pos + size) : STR_NONE;
        bool medium = text_starts(right, "复印件") || text_starts(right, "原件");
        if (next && !medium && next != LINK_OR && text_ends(left, "人") && left.n <= 18 &&
            text_find(str_sub(right, 0, 15), "人") != SIZE_MAX && !head_to && (next == LINK_WORD))
            head_to = pos;
        if ((next && !medium && left.n && right.n && noun_is_material(left)) || pos == s.n) {
            size_t from = head_to > start ? head_to + 3 : start;
            piece[n++] = (struct piece){.s = text_between(s.p + from, s.p + pos), .link = link};
            if (head_to > start)
                n = add_shared_head(p, text_between(s.p + start, s.p + head_to), piece, n);
            head_to = 0;
            link = next;
            start = pos + (next ? size : 0);
            of = start;
            depth = 0;
            if (pos == s.n)
                break;
            continue;
        }
        depth = text_depth(str_utf8_next(s, &of), depth);
    }
    return n;
}

static struct node *
piece_tree(struct proposer *p, struct piece *x)
{
    return piece_node(p, x->made.n ? x->made : x->s);
}

/* 身份证原件或身份证复印件: one paper in either medium. */
static struct node *
merge_media(struct proposer *p, struct node *group, struct str whole)
{
    struct node *a = group->first, *b = a ? a->next : NULL;
    if (!b || b->next || a->kind != NODE_LEAF || b->kind != NODE_LEAF || !str_eq(a->name, b->name) ||
        str_empty(a->medium) || str_empty(b->medium))
        return group;
    a->medium = STR("原件或复印件");
    a->verbatim = propose_proper(&p->text, whole);
    a->next = NULL;
    return a;
}

static struct node *build(struct proposer *p, struct piece *x, size_t n);

/* Cuts at every LINK; false if there is none. */
static bool
build_parts(struct proposer *p, struct node *group, struct piece *x, size_t n, enum link link)
{
    for (size_t i = 1, from = 0; i <= n; i++)
        if (i == n ? from > 0 : x[i].link == link) {
            struct node *part = build(p, x + from, i - from);
            if (part)
                node_add(group, part);
            from = i;
        }
    return group->first != NULL;
}

/* 甲证或乙证复印件: the copy is said of both. */
static void
share_medium(struct node *group)
{
    struct node *last = group->last;
    if (!last || last->kind != NODE_LEAF || str_empty(last->medium))
        return;
    for (struct node *c = group->first; c != last; c = c->next)
        if (c->kind != NODE_LEAF || c->medium.n)
            return;
    for (struct node *c = group->first; c != last; c = c->next)
        c->medium = last->medium;
}

static struct node *
build(struct proposer *p, struct piece *x, size_t n)
{
    size_t ors = 0, ands = 0, words = 0;
    if (n == 1)
        return piece_tree(p, x);
    struct str whole = text_between(x->s.p, x[n - 1].s.p + x[n - 1].s.n);
    struct node *group = node_new(p, NODE_ANY);
    group->name = propose_proper(&p->text, whole);
    if (build_parts(p, group, x, n, LINK_COMMA_OR)) /* binds loosest */
        return group;
    group->kind = NODE_ALL;
    if (build_parts(p, group, x, n, LINK_COMMA))
        return group;
    for (size_t i = 1; i < n; i++) {
        ors += x[i].link == LINK_OR;
        ands += x[i].link != LINK_OR;
        words += x[i].link == LINK_WORD;
    }
    bool any = ands == 0 || (ors == 1 && words == 0 && x[n - 1].link == LINK_OR); /* A、B或C: any of the three */
    group->kind = any ? NODE_ANY : NODE_ALL;
    for (size_t i = 0; i < n;) {
        size_t to = i + 1;
        while (!any && to < n && x[to].link == LINK_OR)
            to++;
        struct node *part = build(p, x + i, to - i);
        if (part)
            node_add(group, part);
        i = to;
    }
    if (ands == 0)
        share_medium(group);
    return any ? merge_media(p, group, whole) : group;
}

/* 甲、乙等相关证明材料: examples of one thing. Any of them, and any other of the kind. */
static bool
cut_examples(struct piece *piece, size_t *n)
{
    static const char *const kinds[] = {"材料", "证明", "资料", "文件", "凭证", NULL};
    struct piece *last = &piece[*n - 1];
    struct str end = bare(last->s);
    size_t at = text_find_outside(last->s, "等", 0);
    if (*n < 2 || *n + 1 >= PROPOSE_PIECES_MAX || at == SIZE_MAX || at + 3 >= last->s.n || !text_ends_any(end, kinds) ||
        !noun_is_material(str_sub(last->s, 0, at)))
        return false;
    piece[*n] = (struct piece){.s = text_from(last->s, at + 3), .link = LINK_OR};
    last->s.n = at;
    for (size_t i = 1; i < *n; i++)
        piece[i].link = LINK_OR;
    (*n)++;
    return true;
}

struct node *
propose_nouns(struct proposer *p, struct str s)
{
    static const char *const one_of[] = {"任选其一", "任选一项", "任选一种", "其中之一",
                                         "之一",     "任一项",   "任意一项", NULL};
    struct piece piece[PROPOSE_PIECES_MAX];
    s = text_trim(s);
    if (str_empty(s) || s.n > PROPOSE_SENTENCE_MAX || p->nesting > PROPOSE_NESTING_MAX)
        return NULL;
    size_t n = cut_pieces(p, s, piece);
    if (n == 0 || n + 2 >= PROPOSE_PIECES_MAX)
        return NULL;
    p->nesting++;
    for (size_t i = 0; i < n; i++) {
        struct str cut = piece[i].s;
        if (!text_drop_end_any(&cut, one_of))
            continue;
        (void)text_drop_end(&cut, "等");
        piece[i].s = cut;
        for (size_t k = 1; k <= i; k++)
            piece[k].link = LINK_OR;
    }
    bool examples = cut_examples(piece, &n);
    struct node *tree = build(p, piece, n);
    p->nesting--;
    if (examples && tree && tree->last && tree->last->kind == NODE_LEAF)
        for (struct node *c = tree->first; c; c = c->next) { /* what is said behind the list is said of each */
            c->medium = str_empty(c->medium) ? tree->last->medium : c->medium;
            c->copies = str_empty(c->copies) ? tree->last->copies : c->copies;
        }
    return tree;
}
