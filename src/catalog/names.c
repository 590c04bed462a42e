/* The closed vocabularies of the catalogue and their Chinese names. */
#include "catalog/catalog_int.h"

static const char *const channel_names[CHANNEL_COUNT] = {"现场", "网上", "自助终端", "电话", "微信公众号", "邮寄"};
static const char *const level_names[LEVEL_COUNT] = {"市级", "县级", "乡镇级", "村级", "医院"};
static const char *const stage_names[STAGE_COUNT] = {
    "申请",     "受理",     "初审",     "审核",     "复核",     "审批",     "评估",     "专家评审",
    "体检",     "协商谈判", "公示",     "协议签订", "公布",     "外伤调查", "发联系函", "发信息表",
    "划转资金", "名单",     "财政申请", "拨付",     "送达",     "办结",     "反馈",     "立案",
    "启动",     "调查取证", "实施检查", "审查决定", "送达执行", "归档",     "医院办结",
};
static const char *const effect_names[EFFECT_COUNT] = {
    "",         "登记单位", "登记职工", "登记居民",     "变更单位",
    "变更个人", "查询单位", "查询个人", "出具参保凭证", "异地就医备案",
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
