/* The short fields: levels, phones, rating, delivery. */
#include "catalog/import/propose_int.h"

/* --- levels --- */

static bool
level_of(struct str s, enum level_kind *ret_k)
{
    static const struct {
        const char *word;
        enum level_kind k;
    } words[] = {{"村", LEVEL_VILLAGE},  {"社区", LEVEL_VILLAGE},  {"乡镇", LEVEL_TOWN},         {"街道", LEVEL_TOWN},
                 {"镇", LEVEL_TOWN},     {"医院", LEVEL_HOSPITAL}, {"医疗机构", LEVEL_HOSPITAL}, {"县", LEVEL_COUNTY},
                 {"区级", LEVEL_COUNTY}, {"市", LEVEL_CITY}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_has(s, words[i].word)) {
            *ret_k = words[i].k;
            return true;
        }
    return false;
}

void
propose_levels(struct proposer *p)
{
    if (!propose_begin(p, GUIDE_LEVELS, "办理层级", "层级"))
        return;
    struct str rest = p->text.text, piece;
    struct yaml_node *list = NULL;
    unsigned seen = 0;
    while (text_piece(&rest, "、,;。\n", &piece)) {
        enum level_kind k;
        if (str_empty(piece))
            continue;
        if (!level_of(piece, &k)) {
            propose_finding(p, "propose-level", piece, "不认识的层级", "可写 市级、县级、乡镇级、村级、医院");
            continue;
        }
        if (seen & 1u << k)
            continue;
        seen |= 1u << k;
        if (!list) {
            list = yaml_put(p->a, propose_map(p, "办理层级"), "层级", yaml_new_list(p->a));
            propose_mark(p, list, p->text.text);
        }
        (void)yaml_put_text(p->a, list, NULL, str_c(level_name(k)));
    }
}

/* --- phones --- */

/* 职工 or 居民 in the label of a number; empty if it names neither or both. */
static struct str
insurance_of(struct str label)
{
    bool employee = text_has(label, "职工"), resident = text_has(label, "居民");
    return employee == resident ? STR_NONE : employee ? STR("职工") : STR("居民");
}

/* The label of a number: what stands between the last mark and it. */
static struct str
label_of(struct str before)
{
    struct str rest = before, piece, label = STR_NONE;
    (void)text_drop_end(&before, ":");
    rest = before;
    while (text_piece(&rest, ",;、。\n:", &piece))
        label = piece;
    return label;
}

void
propose_consult(struct proposer *p)
{
    static const char *const offices[] = {"公司", "局", "中心", "股", "科", "处", "室", "窗口", "医院", "大厅", NULL};
    if (!propose_begin(p, GUIDE_CONSULT, "咨询方式", "电话"))
        return;
    struct str rest = p->text.text, before, number, body, within;
    struct yaml_node *list = NULL;
    while (!str_empty(number = text_phone(&rest, &before))) {
        if (!list) {
            list = yaml_put(p->a, propose_map(p, "咨询方式"), "电话", yaml_new_list(p->a));
            propose_mark(p, list, p->text.text);
        }
        struct yaml_node *n = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
        struct str label = label_of(before), insurance = insurance_of(label);
        (void)yaml_put_text(p->a, n, "号码", propose_proper(&p->text, number));
        size_t close = text_find(rest, ")");
        within = STR_NONE;
        if (text_starts(rest, "(") && close != SIZE_MAX &&
            text_last_paren(str_sub(rest, 0, close + 1), &body, &within)) {
            if (str_empty(insurance))
                insurance = insurance_of(within);
            if (!text_ends_any(within, offices))
                within = STR_NONE;
        }
        (void)yaml_put_text(p->a, n, "险种", insurance);
        (void)yaml_put_text(p->a, n, "单位",
                            propose_proper(&p->text, !str_empty(within)              ? within
                                                     : text_ends_any(label, offices) ? label
                                                                                     : STR_NONE));
    }
    if (!list && !text_has(p->text.text, "公布"))
        propose_finding(p, "propose-phone", p->text.text, "没有找到咨询电话", "印了电话的，请填“电话”");
}

void
propose_supervision(struct proposer *p)
{
    if (!propose_begin(p, GUIDE_SUPERVISION, "监督电话", "号码"))
        return;
    struct str rest = p->text.text, before, number;
    struct yaml_node *list = NULL;
    while (!str_empty(number = text_phone(&rest, &before))) {
        if (!list) {
            list = yaml_put(p->a, propose_map(p, "监督电话"), "号码", yaml_new_list(p->a));
            propose_mark(p, list, p->text.text);
        }
        (void)yaml_put_text(p->a, list, NULL, propose_proper(&p->text, number));
    }
    if (!list && !text_has(p->text.text, "公布")) /* printed elsewhere: nothing is missing here */
        propose_finding(p, "propose-phone", p->text.text, "没有找到监督电话号码", "印了号码的，请填“号码”");
}

/* --- rating, delivery --- */

struct word {
    const char *word, *kind;
};

/* Kinds named in S, in printed order, each once. */
static struct yaml_node *
put_kinds(struct proposer *p, const char *field, struct str s, const struct word *word, size_t n)
{
    struct yaml_node *list = NULL;
    for (size_t pos = 0; pos < s.n;) {
        for (size_t i = 0; i < n; i++) {
            if (!text_starts(text_from(s, pos), word[i].word))
                continue;
            bool seen = !*word[i].kind; /* a word that only looks like a kind */
            for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
                seen = seen || str_eqz(c->text, word[i].kind);
            if (!seen && !list) {
                list = yaml_put(p->a, propose_map(p, field), "方式", yaml_new_list(p->a));
                propose_mark(p, list, s);
            }
            if (!seen)
                (void)yaml_put_text(p->a, list, NULL, str_c(word[i].kind));
            pos += str_c(word[i].word).n - 1; /* its last byte: the step below leaves it */
            break;
        }
        pos++;
        while (pos < s.n && ((unsigned char)s.p[pos] & 0xC0) == 0x80)
            pos++;
    }
    if (!list)
        propose_finding(p, "propose-kind", s, "没有读出方式", "请人工填写“方式”");
    return list;
}

void
propose_rating(struct proposer *p)
{
    static const struct word words[] = {{"现场评价(评价器)", "评价器"},
                                        {"现场评价(评价器、", "评价器"},
                                        {"现场评价(扫码)", "二维码"},
                                        {"评价器", "评价器"},
                                        {"互联网评价", "互联网"},
                                        {"网络评价", "互联网"},
                                        {"互联网", "互联网"},
                                        {"第三方", "第三方"},
                                        {"在线评价", "在线"},
                                        {"在线", "在线"},
                                        {"二维码", "二维码"},
                                        {"扫码", "二维码"},
                                        {"现场评价", "现场"}};
    if (!propose_begin(p, GUIDE_RATING, "评价渠道", "方式"))
        return;
    struct str rest = p->text.text, lead;
    (void)text_piece(&rest, "\n", &lead); /* the paragraphs below it tell grades and remedies, not ways */
    (void)put_kinds(p, "评价渠道", lead, words, sizeof words / sizeof *words);
}

void
propose_delivery(struct proposer *p)
{
    static const struct word words[] = {
        {"窗口取件", "窗口领取"},         {"窗口领取", "窗口领取"}, {"现场领取", "窗口领取"},
        {"到窗口领", "窗口领取"},         {"窗口自取", "窗口领取"}, {"下载电子证照", "电子证照下载"},
        {"电子证照下载", "电子证照下载"}, {"快递", "快递"},         {"邮寄", "快递"}};
    static const char *const express[] = {"快递申请", "填写快递", "需要快递", "需要邮寄", NULL};
    if (!propose_begin(p, GUIDE_DELIVERY, "送达", "方式"))
        return;
    struct yaml_node *list = put_kinds(p, "送达", p->text.text, words, sizeof words / sizeof *words);
    bool by_post = false;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        by_post = by_post || str_eqz(c->text, "快递");
    struct folded process = propose_fold(p->a, p->m->field[GUIDE_PROCESS].text);
    const struct folded *const from[] = {&p->text, &process};
    for (size_t i = 0; i < 2 && by_post; i++) {
        struct str rest = from[i]->text, piece;
        while (text_piece(&rest, "。\n", &piece))
            if (text_has_any(piece, express)) {
                struct str whole =
                    text_starts(text_from(from[i]->text, (size_t)(piece.p - from[i]->text.p) + piece.n), "。")
                        ? (struct str){piece.p, piece.n + 3}
                        : piece;
                propose_mark(p, yaml_put_text(p->a, propose_map(p, "送达"), "快递说明", propose_proper(from[i], whole)),
                             STR_NONE);
                return;
            }
    }
}
