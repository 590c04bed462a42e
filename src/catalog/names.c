/* The closed vocabularies of the catalogue and their Chinese names. */
#include <string.h>

#include "catalog/catalog_int.h"

static const char *const channel_names[CHANNEL_COUNT] = {"现场", "网上", "自助终端", "电话", "微信公众号", "邮寄"};
static const char *const level_names[LEVEL_COUNT] = {"市级", "县级", "乡镇级", "村级", "医院"};
static const char *const stage_names[STAGE_COUNT] = {
    "申请",     "受理",     "初审",     "审核",     "复核",     "审批",     "评估",     "专家评审",
    "体检",     "协商谈判", "公示",     "协议签订", "公布",     "外伤调查", "发联系函", "发信息表",
    "划转资金", "名单",     "财政申请", "拨付",     "送达",     "办结",     "反馈",     "立案",
    "启动",     "调查取证", "实施检查", "审查决定", "送达执行", "归档",     "医院办结", "收联系函",
};
static const char *const effect_names[EFFECT_COUNT] = {
    "",         "登记单位", "登记职工", "登记居民",     "变更单位",
    "变更个人", "查询单位", "查询个人", "出具参保凭证", "异地就医备案",
};

/* In the order of enum limit_start. */
static const struct {
    const char *id, *name;
} starts[START_COUNT] = {
    {"complete", "收齐材料"},           {"received", "收到材料"},  {"accepted", "受理"},
    {"accept-end", "受理结束"},         {"letter", "收到联系函"},  {"info-form", "收到信息表"},
    {"info-funds", "收到信息表和资金"}, {"stage", "上一环节结束"},
};
/* In the order of enum pause_kind. */
static const struct {
    const char *id, *name;
} pauses[PAUSE_KIND_COUNT] = {
    {"supplement", "补正"},   {"post", "资料邮寄"}, {"publicity", "公示"},
    {"evaluate", "评估鉴定"}, {"hearing", "听证"},  {"inquiry", "函询调查"},
};

static bool
parse_name(const char *const *names, size_t n, struct str s, size_t *ret_i)
{
    for (size_t i = 0; i < n; i++)
        if (names[i] && names[i][0] && str_eqz(s, names[i])) {
            *ret_i = i;
            return true;
        }
    return false;
}

const char *
channel_name(enum channel_kind k)
{
    return (unsigned)k < CHANNEL_COUNT ? channel_names[k] : "";
}

const char *
level_name(enum level_kind k)
{
    return (unsigned)k < LEVEL_COUNT ? level_names[k] : "";
}

const char *
stage_name(enum stage_kind k)
{
    return (unsigned)k < STAGE_COUNT ? stage_names[k] : "";
}

const char *
effect_name(enum effect_kind k)
{
    return (unsigned)k < EFFECT_COUNT ? effect_names[k] : "";
}

bool
channel_parse(struct str s, enum channel_kind *ret_k)
{
    size_t i;
    if (!parse_name(channel_names, CHANNEL_COUNT, s, &i))
        return false;
    *ret_k = (enum channel_kind)i;
    return true;
}

bool
level_parse(struct str s, enum level_kind *ret_k)
{
    size_t i;
    if (!parse_name(level_names, LEVEL_COUNT, s, &i))
        return false;
    *ret_k = (enum level_kind)i;
    return true;
}

bool
stage_parse(struct str s, enum stage_kind *ret_k)
{
    size_t i;
    if (!parse_name(stage_names, STAGE_COUNT, s, &i))
        return false;
    *ret_k = (enum stage_kind)i;
    return true;
}

bool
effect_parse(struct str s, enum effect_kind *ret_k)
{
    size_t i;
    if (!parse_name(effect_names, EFFECT_COUNT, s, &i))
        return false;
    *ret_k = (enum effect_kind)i;
    return true;
}

struct str
limit_text(struct arena *a, struct limit l)
{
    switch (l.kind) {
    case LIMIT_INSTANT:
        return STR("即时办结");
    case LIMIT_WORKDAYS:
        return str_fmt(a, "%d个工作日", l.n);
    case LIMIT_DAYS:
        return str_fmt(a, "%d个自然日", l.n);
    case LIMIT_MONTHS:
        return str_fmt(a, "%d个月", l.n);
    case LIMIT_HOSPITAL:
        return STR("医院办结");
    case LIMIT_QUARTERLY:
        return STR("每季度一次");
    case LIMIT_ON_DEMAND:
        return STR("即办即批");
    case LIMIT_AGREEMENT:
        return STR("按协议执行");
    case LIMIT_ANYTIME:
        return STR("随时受理");
    case LIMIT_NONE:
        break;
    }
    return STR("");
}

const char *
limit_start_id(enum limit_start k)
{
    return (unsigned)k < START_COUNT ? starts[k].id : "";
}

const char *
limit_start_name(enum limit_start k)
{
    return (unsigned)k < START_COUNT ? starts[k].name : "";
}

/* S without book-title marks, 接收 as 收到: guides print either. */
static struct str
plain_phrase(struct str s, char *room, size_t cap)
{
    struct str open = STR("《"), close = STR("》"), other = STR("接收"), word = STR("收到");
    size_t n = 0;
    if (s.n > cap)
        return s;
    for (size_t i = 0; i < s.n;) {
        struct str rest = str_sub(s, i, s.n);
        if (str_starts(rest, open) || str_starts(rest, close)) {
            i += open.n;
            continue;
        }
        struct str from = str_starts(rest, other) ? word : str_sub(rest, 0, 1);
        memcpy(room + n, from.p, from.n);
        n += from.n;
        i += from.n;
    }
    return (struct str){room, n};
}

bool
limit_start_kind(struct str phrase, enum limit_start *ret_k)
{
    char room[96];
    static const struct {
        const char *phrase;
        enum limit_start kind;
    } others[] = {
        {"收到齐全材料", START_COMPLETE}, {"材料齐全", START_COMPLETE},   {"收到申请材料", START_RECEIVED},
        {"受理之日", START_ACCEPTED},     {"受理完成", START_ACCEPT_END}, {"收到信息表和转移资金", START_INFO_FUNDS},
    };
    phrase = plain_phrase(phrase, room, sizeof room);
    for (size_t i = 0; i < START_COUNT; i++)
        if (str_eqz(phrase, starts[i].name)) {
            *ret_k = (enum limit_start)i;
            return true;
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eqz(phrase, others[i].phrase)) {
            *ret_k = others[i].kind;
            return true;
        }
    return false;
}

const char *
pause_id(enum pause_kind k)
{
    return (unsigned)k < PAUSE_KIND_COUNT ? pauses[k].id : "";
}

const char *
pause_name(enum pause_kind k)
{
    return (unsigned)k < PAUSE_KIND_COUNT ? pauses[k].name : "";
}

bool
pause_parse(struct str id, enum pause_kind *ret_k)
{
    for (size_t i = 0; i < PAUSE_KIND_COUNT; i++)
        if (str_eqz(id, pauses[i].id)) {
            *ret_k = (enum pause_kind)i;
            return true;
        }
    return false;
}

bool
pause_of_phrase(struct str phrase, enum pause_kind *ret_k)
{
    static const struct {
        const char *phrase;
        enum pause_kind kind;
    } words[] = {
        {"补正", PAUSE_SUPPLEMENT},   {"补正材料", PAUSE_SUPPLEMENT}, {"补充材料", PAUSE_SUPPLEMENT},
        {"资料邮寄", PAUSE_POST},     {"材料邮寄", PAUSE_POST},       {"邮寄", PAUSE_POST},
        {"公示", PAUSE_PUBLICITY},    {"公示期", PAUSE_PUBLICITY},    {"评估", PAUSE_EVALUATE},
        {"专家评审", PAUSE_EVALUATE}, {"鉴定", PAUSE_EVALUATE},       {"体检", PAUSE_EVALUATE},
        {"听证", PAUSE_HEARING},      {"函询", PAUSE_INQUIRY},        {"部门认定", PAUSE_INQUIRY},
        {"调查", PAUSE_INQUIRY},      {"外伤调查", PAUSE_INQUIRY},    {"核查", PAUSE_INQUIRY},
        {"现场核查", PAUSE_INQUIRY},  {"实地核查", PAUSE_INQUIRY},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eqz(phrase, words[i].phrase)) {
            *ret_k = words[i].kind;
            return true;
        }
    return false;
}

const char *
intake_id(enum intake_kind k)
{
    static const char *const ids[INTAKE_KIND_COUNT] = {"yearly",      "monthly",       "unset",     "agreement",
                                                       "round-month", "round-quarter", "round-half"};
    return (unsigned)k < INTAKE_KIND_COUNT ? ids[k] : "";
}

struct str
intake_words(struct arena *a, const struct intake_window *w)
{
    const char *days = w->workdays ? "（工作日）" : "";
    switch (w->kind) {
    case INTAKE_YEARLY:
        return str_fmt(a, "每年%d月%d日至%s%d月%d日%s", w->from / 100, w->from % 100, w->from > w->to ? "次年" : "",
                       w->to / 100, w->to % 100, days);
    case INTAKE_MONTHLY:
        return str_fmt(a, "每月%d日至%d日%s", w->from, w->to, days);
    case INTAKE_UNSET:
        return STR("每月有固定时段，指南没有印出起止日，请先向窗口问清");
    case INTAKE_AGREEMENT:
        return STR("按协议约定的时间");
    case INTAKE_ROUND_MONTH:
        return STR("每月一次");
    case INTAKE_ROUND_QUARTER:
        return STR("每季度一次");
    case INTAKE_ROUND_HALF:
        return STR("每半年一次");
    case INTAKE_KIND_COUNT:
        break;
    }
    return STR("");
}
