/* The table of known captions, and which lines of this document are captions: a bureau prints all of its own in one form (一、服务对象 alone
** on a line, 服务对象：… with the text behind, 【服务对象】, the bare words), so the form that prevails is looked for first, and what only looks
** like a caption in another form stays text. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { CAPTION_CP_MAX = 16 };

static const struct {
    struct str text;
    int what;
    bool keep; /* inline, the words say more than the field's name: they stay in the text */
} CAPTIONS[] = {
    {STR_INIT("事项名称"), WHAT_NAME, false},
    {STR_INIT("项目名称"), WHAT_NAME, false},
    {STR_INIT("服务事项名称"), WHAT_NAME, false},
    {STR_INIT("服务事项"), WHAT_NAME, false},
    {STR_INIT("办理事项"), WHAT_NAME, false},
    {STR_INIT("办事项目"), WHAT_NAME, false},
    {STR_INIT("经办事项"), WHAT_NAME, false},
    {STR_INIT("事项编码"), WHAT_CODE, false},
    {STR_INIT("事项编号"), WHAT_CODE, false},
    {STR_INIT("事项代码"), WHAT_CODE, false},
    {STR_INIT("项目编码"), WHAT_CODE, false},
    {STR_INIT("基本编码"), WHAT_CODE, false},
    {STR_INIT("子项编码"), WHAT_CODE, false},
    {STR_INIT("受理单位"), WHAT_UNIT, false},
    {STR_INIT("受理机构"), WHAT_UNIT, false},
    {STR_INIT("受理部门"), WHAT_UNIT, false},
    {STR_INIT("办理单位"), WHAT_UNIT, false},
    {STR_INIT("办理机构"), WHAT_UNIT, false},
    {STR_INIT("办理部门"), WHAT_UNIT, false},
    {STR_INIT("经办单位"), WHAT_UNIT, false},
    {STR_INIT("经办机构"), WHAT_UNIT, false},
    {STR_INIT("承办单位"), WHAT_UNIT, false},
    {STR_INIT("承办机构"), WHAT_UNIT, false},
    {STR_INIT("责任单位"), WHAT_UNIT, false},
    {STR_INIT("实施主体"), WHAT_UNIT, false},
    {STR_INIT("实施机关"), WHAT_UNIT, false},
    {STR_INIT("设定依据"), WHAT_BASIS, false},
    {STR_INIT("办理依据"), WHAT_BASIS, false},
    {STR_INIT("政策依据"), WHAT_BASIS, false},
    {STR_INIT("法律依据"), WHAT_BASIS, false},
    {STR_INIT("实施依据"), WHAT_BASIS, false},
    {STR_INIT("服务对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("办理对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("申请对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("申办对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("受理对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用范围"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("办理渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("申请渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("服务渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("申办渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("办理方式"), GUIDE_CHANNELS, false},
    {STR_INIT("申请方式"), GUIDE_CHANNELS, false},
    {STR_INIT("受理方式"), GUIDE_CHANNELS, false},
    {STR_INIT("办理途径"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点"), GUIDE_CHANNELS, true},
    {STR_INIT("受理地点"), GUIDE_CHANNELS, true},
    {STR_INIT("办理地址"), GUIDE_CHANNELS, true},
    {STR_INIT("办理窗口"), GUIDE_CHANNELS, true},
    {STR_INIT("办理层级"), GUIDE_LEVELS, false},
    {STR_INIT("经办层级"), GUIDE_LEVELS, false},
    {STR_INIT("服务层级"), GUIDE_LEVELS, false},
    {STR_INIT("行使层级"), GUIDE_LEVELS, false},
    {STR_INIT("办理材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申办材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申请材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申报材料"), GUIDE_MATERIALS, false},
    {STR_INIT("提交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("应交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("材料清单"), GUIDE_MATERIALS, false},
    {STR_INIT("申请材料清单"), GUIDE_MATERIALS, false},
    {STR_INIT("办理所需材料"), GUIDE_MATERIALS, false},
    {STR_INIT("所需材料"), GUIDE_MATERIALS, true},
    {STR_INIT("需提供材料"), GUIDE_MATERIALS, true},
    {STR_INIT("办理流程"), GUIDE_PROCESS, false},
    {STR_INIT("办事流程"), GUIDE_PROCESS, false},
    {STR_INIT("经办流程"), GUIDE_PROCESS, false},
    {STR_INIT("业务流程"), GUIDE_PROCESS, false},
    {STR_INIT("办理程序"), GUIDE_PROCESS, false},
    {STR_INIT("办理步骤"), GUIDE_PROCESS, false},
    {STR_INIT("办理环节"), GUIDE_PROCESS, false},
    {STR_INIT("办理时限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺时限"), GUIDE_LIMIT, false},
    {STR_INIT("办结时限"), GUIDE_LIMIT, false},
    {STR_INIT("办理期限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺期限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办结时限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办理时限"), GUIDE_LIMIT, false},
    {STR_INIT("法定时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定期限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定办结时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定办理时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("咨询方式"), GUIDE_CONSULT, false},
    {STR_INIT("咨询渠道"), GUIDE_CONSULT, false},
    {STR_INIT("咨询电话"), GUIDE_CONSULT, true},
    {STR_INIT("联系电话"), GUIDE_CONSULT, true},
    {STR_INIT("联系方式"), GUIDE_CONSULT, true},
    {STR_INIT("服务电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询热线"), GUIDE_CONSULT, true},
    {STR_INIT("监督电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉监督电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("评价渠道"), GUIDE_RATING, false},
    {STR_INIT("评价方式"), GUIDE_RATING, false},
    {STR_INIT("服务评价"), GUIDE_RATING, false},
    {STR_INIT("好差评"), GUIDE_RATING, false},
    {STR_INIT("好差评评价"), GUIDE_RATING, false},
    {STR_INIT("政务服务好差评"), GUIDE_RATING, false},
    {STR_INIT("政务服务好差评评价"), GUIDE_RATING, false},
    {STR_INIT("送达"), GUIDE_DELIVERY, false},
    {STR_INIT("送达方式"), GUIDE_DELIVERY, false},
    {STR_INIT("结果送达"), GUIDE_DELIVERY, false},
    {STR_INIT("结果送达方式"), GUIDE_DELIVERY, false},
    {STR_INIT("结果领取"), GUIDE_DELIVERY, false},
    {STR_INIT("结果领取方式"), GUIDE_DELIVERY, false},
    {STR_INIT("领取方式"), GUIDE_DELIVERY, false},
    {STR_INIT("注意事项"), WHAT_NOTES, false},
    {STR_INIT("温馨提示"), WHAT_NOTES, false},
    {STR_INIT("友情提示"), WHAT_NOTES, false},
    {STR_INIT("特别提示"), WHAT_NOTES, false},
    {STR_INIT("备注"), WHAT_NOTES, false},
    {STR_INIT("经办人数"), WHAT_HANDLERS, false},
    {STR_INIT("流程图"), WHAT_CHART, false},
    {STR_INIT("办理流程图"), WHAT_CHART, false},
    {STR_INIT("业务流程图"), WHAT_CHART, false},
    {STR_INIT("办事流程图"), WHAT_CHART, false},
    {STR_INIT("办理条件"), WHAT_OTHER, false},
    {STR_INIT("受理条件"), WHAT_OTHER, false},
    {STR_INIT("申请条件"), WHAT_OTHER, false},
    {STR_INIT("办理时间"), WHAT_OTHER, false},
    {STR_INIT("受理时间"), WHAT_OTHER, false},
    {STR_INIT("工作时间"), WHAT_OTHER, false},
    {STR_INIT("办公时间"), WHAT_OTHER, false},
    {STR_INIT("收费标准"), WHAT_OTHER, false},
    {STR_INIT("收费依据"), WHAT_OTHER, false},
    {STR_INIT("是否收费"), WHAT_OTHER, false},
    {STR_INIT("办理结果"), WHAT_OTHER, false},
    {STR_INIT("审批结果"), WHAT_OTHER, false},
    {STR_INIT("常见问题"), WHAT_OTHER, false},
    {STR_INIT("权利和义务"), WHAT_OTHER, false},
    {STR_INIT("办理网址"), WHAT_OTHER, false},
    {STR_INIT("事项类型"), WHAT_OTHER, false},
    {STR_INIT("办件类型"), WHAT_OTHER, false},
};
enum { CAPTION_ROWS = sizeof CAPTIONS / sizeof *CAPTIONS };

const char *
what_name(int what)
{
    static const char *const names[WHAT_COUNT] = {"服务对象", "办理渠道", "办理层级", "办理材料", "办理流程",
                                                  "办理时限", "法定时限", "咨询方式", "监督电话", "评价渠道",
                                                  "送达",     "事项名称", "事项编码", "受理单位", "设定依据",
                                                  "注意事项", "经办人数", "流程图",   "其他原文"};
    return names[what];
}

/* Without blanks and quotation marks: 监 督 电 话, 政务服务“好差评”评价. */
static struct str
plain_words(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    struct str t = squeezed(a, s);
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t cp = str_utf8_next(t, &i);
        if (cp != 0x201c && cp != 0x201d && cp != '"' && cp != 0x2018 && cp != 0x2019)
            buf_add(&b, str_sub(t, from, i - from));
    }
    return buf_str(&b);
}

/* The same number of characters, one of them another. */
static bool
one_off(struct str x, struct str y)
{
    size_t i = 0, k = 0;
    int wrong = 0;
    while (i < x.n && k < y.n)
        wrong += str_utf8_next(x, &i) != str_utf8_next(y, &k);
    return wrong == 1 && i >= x.n && k >= y.n;
}

static bool
look_up(struct arena *a, struct str words, bool may_be_near, struct caption *c)
{
    struct str w = plain_words(a, words);
    if (w.n == 0 || count_cp(w) > CAPTION_CP_MAX)
        return false;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < CAPTION_ROWS; i++)
            if (round == 0 ? str_eq(w, CAPTIONS[i].text)
                           : may_be_near && w.n >= 12 && w.n == CAPTIONS[i].text.n && one_off(w, CAPTIONS[i].text)) {
                c->what = CAPTIONS[i].what;
                c->keep = CAPTIONS[i].keep;
                c->near = round == 1;
                c->printed = words;
                return true;
            }
    return false;
}

/* Splits at the first colon (or the semicolon that is a slip for one). */
static bool
split_colon(struct str s, struct str *ret_head, struct str *ret_rest, bool *ret_slip)
{
    size_t seen = 0;
    for (size_t i = 0; i < s.n && seen <= CAPTION_CP_MAX + 4; seen++) {
        size_t at = i;
        uint32_t cp = str_utf8_next(s, &i);
        if (cp == ':' || cp == 0xff1a || cp == ';' || cp == 0xff1b) {
            *ret_head = trimmed(str_sub(s, 0, at));
            *ret_rest = trimmed(str_sub(s, i, s.n - i));
            *ret_slip = cp == ';' || cp == 0xff1b;
            return true;
        }
    }
    return false;
}

static bool
bracketed(struct str s, struct str *ret_inner, struct str *ret_rest)
{
    static const char *const open[] = {"【", "[", "〖", "〔", "［"}, *const shut[] = {"】", "]", "〗", "〕", "］"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        struct str o = str_c(open[i]), e = str_c(shut[i]);
        size_t end = str_starts(s, o) ? str_find(s, e) : SIZE_MAX;
        if (end != SIZE_MAX && end < (CAPTION_CP_MAX + 4) * 3) {
            *ret_inner = trimmed(str_sub(s, o.n, end - o.n));
            *ret_rest = trimmed(str_sub(s, end + e.n, s.n - end - e.n));
            return true;
        }
    }
    return false;
}

/* The first cell of a table's row, before a tabulator: 1 in "1→事项名称→…". */
static struct str
ordinal_cell(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < 4 && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n > 0 && n < 4 && n < s.n && s.p[n] == '\t' ? str_sub(s, 0, n) : STR("");
}

bool
caption_read(struct arena *a, struct str line, struct caption *ret_c)
{
    struct caption c = {.number = number_read(line), .ordinal = ordinal_cell(line)};
    struct str s = c.number.shape ? c.number.rest : trimmed(str_sub(line, c.ordinal.n, line.n)), head, rest;
    bool slip = false;
    if (bracketed(s, &head, &rest) && look_up(a, head, true, &c)) {
        c.form = FORM_BRACKET;
        c.rest = rest;
        if (str_starts(rest, STR("：")) || str_starts(rest, STR(":")))
            c.rest = trimmed(str_sub(rest, rest.p[0] == ':' ? 1 : 3, rest.n));
    } else if (split_colon(s, &head, &rest, &slip) && look_up(a, head, !slip, &c)) {
        c.form = c.number.shape ? FORM_NUMBERED : FORM_COLON;
        c.rest = rest;
        c.slip = slip;
    } else if (count_cp(s) <= CAPTION_CP_MAX && look_up(a, s, c.number.shape != NUMBER_NONE, &c)) {
        c.form = c.number.shape ? FORM_NUMBERED : FORM_BARE;
        c.rest = STR("");
    } else {
        size_t at = 0;
        while (at < s.n && s.p[at] != ' ' && s.p[at] != '\t' && !str_starts(str_sub(s, at, 3), STR("　")))
            at++;
        if (at >= s.n || !look_up(a, str_sub(s, 0, at), false, &c))
            return false;
        c.form = FORM_BLANK;
        c.rest = trimmed(str_sub(s, at, s.n - at));
    }
    *ret_c = c;
    return true;
}

bool
header_cell(struct str line)
{
    static const struct str cells[] = {
        STR_INIT("序号"),     STR_INIT("主项"),     STR_INIT("子项"),     STR_INIT("编码"),     STR_INIT("事项"),
        STR_INIT("环节"),     STR_INIT("备注"),     STR_INIT("办理"),     STR_INIT("办理材料"), STR_INIT("办理时限"),
        STR_INIT("办理环节"), STR_INIT("设定依据"), STR_INIT("事项名称"), STR_INIT("事项编码"), STR_INIT("主项编码"),
        STR_INIT("子项编码"), STR_INIT("子项名称"), STR_INIT("主项名称"), STR_INIT("申请材料"), STR_INIT("申办材料")};
    for (size_t i = 0; line.n <= 12 && i < sizeof cells / sizeof *cells; i++)
        if (str_eq(line, cells[i]))
            return true;
    return false;
}

/* --- which of them this document means --- */

static bool
accepted(const struct guide *g, const struct caption *c)
{
    enum caption_form form = g->form;
    if (c->what == WHAT_CHART && c->form == FORM_COLON)
        return true;
    if (c->near && c->form != form)
        return false;
    if (c->form == FORM_BRACKET)
        return form == FORM_BRACKET || c->what != WHAT_NOTES;
    if (form == FORM_NUMBERED)
        return c->form == FORM_NUMBERED ? c->number.shape == g->caption_shape : c->form == FORM_BARE;
    if (form == FORM_BRACKET)
        return c->form == FORM_BARE;
    if (form == FORM_COLON)
        return c->form == FORM_COLON;
    return c->form == form;
}

/* The form with most captions of fields; among numbered ones the shape with most. */
static enum caption_form
prevailing(struct guide *g, const struct caption *c, size_t n, size_t count[FORM_COUNT])
{
    size_t shapes[NUMBER_SHAPES] = {0};
    enum caption_form best = FORM_NUMBERED;
    for (size_t i = 0; i < n; i++) {
        if (c[i].near)
            continue;
        if (c[i].form == FORM_NUMBERED)
            shapes[c[i].number.shape]++;
        else if (c[i].what != WHAT_NOTES)
            count[c[i].form]++;
    }
    g->caption_shape = NUMBER_PAUSE;
    for (int s = NUMBER_PAUSE; s < NUMBER_SHAPES; s++)
        if (shapes[s] > shapes[g->caption_shape])
            g->caption_shape = (enum number_shape)s;
    count[FORM_NUMBERED] = shapes[g->caption_shape];
    for (int f = FORM_NUMBERED; f < FORM_COUNT; f++)
        if (count[f] > count[best])
            best = (enum caption_form)f;
    return best;
}

enum err
captions_find(struct guide *g, struct part part)
{
    struct caption *all = ARENA_ARRAY(g->a, part.to - part.from + 1, struct caption);
    size_t n = 0, count[FORM_COUNT] = {0};
    SCOPED_ARENA scratch = arena_new(0);
    for (size_t i = part.from; i < part.to; i++) {
        struct caption c;
        arena_reset(scratch);
        if (caption_read(scratch, g->line[i].text, &c)) {
            c.line = i;
            all[n++] = c;
        }
    }
    g->form = prevailing(g, all, n, count);
    g->caption = all;
    g->caption_count = 0;
    for (size_t i = 0; i < n; i++)
        if (accepted(g, &all[i]))
            all[g->caption_count++] = all[i];
    return OK;
}
