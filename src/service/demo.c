/* service_demo: made-up people, units and accounts for trying the desk out. Everything is marked demo = 1; nobody in it
** is real:
 ** mobiles come from one invented block, units are called 演示. */
#include "service/demo.h"

#include <string.h>

#include "service/service.h"
#include "sql_gen.h"
#include "staff/staff.h"

enum { BATCH = 200, BIRTH_STRIDE = 12347, REFERENCE_YEAR = 2026 };

#define PICK(r, list) (list)[random_below((r), sizeof(list) / sizeof *(list))]

/* --- splitmix64: one stream a person, so that nobody depends on who came before --- */

struct random {
    uint64_t state;
};

static uint64_t
random_next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static unsigned
random_below(struct random *r, size_t n)
{
    return (unsigned)(random_next(r) % n);
}

static struct random
random_for(uint64_t seed, struct str region, const char *what, int i)
{
    struct random r = {seed ^ str_hash(region) ^ str_hash(str_c(what)) << 1};
    r.state = random_next(&r) + (uint64_t)i * UINT64_C(0xD1342543DE82EF95);
    return r;
}

/* --- people --- */

static const char *const surnames[] = {
    "王", "李", "张", "刘", "陈",   "杨",   "赵",   "黄",   "周",   "吴",   "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁",   "宋",   "郑",   "谢",   "韩",   "唐",   "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈",   "曾",   "彭",   "吕",   "苏",   "卢",   "蒋", "蔡", "贾", "丁", "魏", "薛",
    "叶", "阎", "余", "潘", "杜",   "戴",   "夏",   "钟",   "汪",   "田",   "任", "姜", "范", "方", "石", "姚",
    "谭", "廖", "邹", "熊", "金",   "陆",   "郝",   "孔",   "白",   "崔",   "康", "毛", "邱", "秦", "江", "史",
    "顾", "侯", "邵", "孟", "龙",   "万",   "段",   "雷",   "钱",   "汤",   "尹", "黎", "易", "常", "武", "乔",
    "贺", "赖", "龚", "文", "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟",
};
/* Given names go with the years in which they were given. */
static const char *const men_old[] = {"建国", "建军", "国强", "志明", "德福", "长生", "永贵", "文斌", "国华", "金生",
                                      "红兵", "卫东", "学军", "保国", "大伟", "明",   "强",   "军",   "平",   "勇"};
static const char *const women_old[] = {"秀英", "桂兰", "玉珍", "淑芬", "凤英", "秀兰", "桂英", "玉兰", "春梅", "红霞",
                                        "丽华", "爱华", "金凤", "翠萍", "美玲", "芳",   "敏",   "霞",   "红",   "燕"};
static const char *const men_new[] = {"浩然", "子轩", "宇航", "俊杰", "梓豪", "一鸣", "思远", "明哲", "天佑", "嘉诚",
                                      "博文", "泽宇", "晨曦", "皓轩", "鹏飞", "磊",   "涛",   "杰",   "鑫",   "帅"};
static const char *const women_new[] = {"雨欣", "子涵", "欣怡", "梓萱", "诗涵", "佳怡", "思雨", "梦琪", "雅婷", "可馨",
                                        "语桐", "静怡", "紫萱", "晓彤", "若曦", "婷",   "雪",   "倩",   "悦",   "琳"};
/* What a register must bear: a character of CJK Extension B, and a name with a dot. */
enum { PERSON_EXTENSION_B = 7, PERSON_DOTTED = 11 };
static const char name_extension_b[] = "王\xF0\xA3\xB2\x97"; /* U+23C97 */
static const char name_dotted[] = "阿依古丽·买买提";

static struct str
person_name(struct arena *a, struct random *r, int i, int birth_year, bool male)
{
    const char *surname = PICK(r, surnames);
    const char *given = male ? (birth_year < 1985 ? PICK(r, men_old) : PICK(r, men_new))
                             : (birth_year < 1985 ? PICK(r, women_old) : PICK(r, women_new));
    if (i == PERSON_EXTENSION_B)
        return str_c(name_extension_b);
    if (i == PERSON_DOTTED)
        return str_c(name_dotted);
    return str_fmt(a, "%s%s", surname, given);
}

/* Birthdays of 1940–2025 in a scattered order without repetition: so no two numbers of a region are equal. */
static struct day
person_birth(uint64_t seed, struct str region, int i)
{
    struct day first, last;
    bool dates = day_from_ymd(1940, 1, 1, &first) && day_from_ymd(2025, 12, 31, &last);
    (void)dates;
    int64_t days = last.n - first.n + 1;
    struct random r = random_for(seed, region, "birth", 0);
    int64_t start = random_below(&r, (size_t)days);
    return day_add(first, (int32_t)((start + (int64_t)i * BIRTH_STRIDE) % days));
}

static struct str
person_number(struct arena *a, struct random *r, struct str region, struct day birth, bool male)
{
    struct day_ymd b = day_ymd(birth);
    int order = 2 * (int)random_below(r, 499) + (male ? 1 : 2);
    struct str n = str_fmt(a, "%.*s%04d%02d%02d%03d", STR_ARG(region), b.year, b.month, b.day, order);
    return str_fmt(a, "%.*s%c", STR_ARG(n), ident_gb11643_check(n.p));
}

static void
person_insured(struct random *r, int age, bool male, struct demo_person *p)
{
    unsigned lot = random_below(r, 100);
    bool working = age >= 20 && age < (male ? 60 : 55), old = age >= (male ? 60 : 55);
    p->unit = -1;
    if (working && lot < 50) {
        p->identity = "在职职工";
        p->unit = (int)random_below(r, DEMO_UNITS);
    } else if (working && lot < 68) {
        p->identity = "灵活就业人员";
    } else if (old && lot < 60) {
        p->identity = "退休人员";
    } else if (lot < 95) {
        p->identity = "城乡居民";
    } else {
        return;
    }
    p->insurance = strcmp(p->identity, "城乡居民") == 0 ? "城乡居民医保" : "职工医保";
    int most = age > 50 ? 360 : age > 21 ? (age - 20) * 12 : age > 1 ? 12 : 1;
    p->months = 1 + (int)random_below(r, (size_t)most);
    if (strcmp(p->insurance, "职工医保") == 0)
        p->balance = (struct money){(int64_t)p->months * (4000 + random_below(r, 9000)) + random_below(r, 100)};
}

void
demo_person(struct arena *a, uint64_t seed, const struct region *region, int i, struct demo_person *ret_p)
{
    struct random r = random_for(seed, region->code, "person", i);
    struct day birth = person_birth(seed, region->code, i);
    int year = day_ymd(birth).year;
    bool male = i == PERSON_DOTTED ? false : random_below(&r, 2) == 0;
    *ret_p = (struct demo_person){
        .person = {.birth = birth, .id_kind = STR("居民身份证"), .sex = male ? STR("男") : STR("女")}};
    struct person *p = &ret_p->person;
    p->name = person_name(a, &r, i, year, male);
    p->id_number = person_number(a, &r, region->code, birth, male);
    p->mobile = str_fmt(a, "1990000%04d", i);
    p->address = str_fmt(a, "%.*s演示路%u号", STR_ARG(region->name), 1 + random_below(&r, 400));
    p->hukou = str_concat(a, region->province, region->name);
    person_insured(&r, REFERENCE_YEAR - year, male, ret_p);
}

/* --- units --- */

/* GB 11714: check character over the eight of an organisation code. */
static char
organisation_check(const char code8[8])
{
    static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weight[i] * (code8[i] <= '9' ? code8[i] - '0' : code8[i] - 'A' + 10);
    int c = 11 - sum % 11;
    return c == 11 ? '0' : c == 10 ? 'X' : (char)('0' + c);
}

static struct str
unit_code(struct arena *a, struct str region, int i)
{
    struct str organisation = str_fmt(a, "MA00%04d", i + 1);
    struct str code =
        str_fmt(a, "91%.*s%.*s%c", STR_ARG(region), STR_ARG(organisation), organisation_check(organisation.p));
    return str_fmt(a, "%.*s%c", STR_ARG(code), ident_uscc_check(code.p));
}

void
demo_unit(struct arena *a, uint64_t seed, const struct region *region, int i, struct unit *ret_u)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    static const char *const trades[] = {"机械", "食品", "建材", "纺织", "物流",
                                         "商贸", "电子", "农业", "餐饮", "物业服务"};
    struct random r = random_for(seed, region->code, "unit", i);
    int n = i + 1;
    const char *tens = n < 10 ? "" : n < 20 ? "十" : str_fmt(a, "%s十", digits[n / 10]).p;
    *ret_u = (struct unit){.kind = STR("企业"), .status = STR("active")};
    ret_u->uscc = unit_code(a, region->code, i);
    ret_u->name = str_fmt(a, "演示%s%s号%s有限公司", tens, digits[n % 10], PICK(&r, trades));
    ret_u->address = str_fmt(a, "%.*s演示路%u号", STR_ARG(region->name), 1 + random_below(&r, 400));
    ret_u->legal_name = str_fmt(a, "%s%s", PICK(&r, surnames), PICK(&r, men_old));
    ret_u->contact = str_fmt(a, "%s%s", PICK(&r, surnames), PICK(&r, women_new));
    ret_u->phone = str_fmt(a, "1990001%04d", i);
}

/* --- writing --- */

struct demo {
    struct server *server;
    uint64_t seed;
    const struct region *region;
    int64_t unit[DEMO_UNITS];
    int from, to; /* persons of this batch */
};

static enum err
units_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct demo *d = arg;
    struct server *s = d->server;
    for (int i = 0; i < DEMO_UNITS; i++) {
        struct unit u;
        demo_unit(ctx->arena, d->seed, d->region, i, &u);
        u.id = d->unit[i] = id_next(&s->ids, ctx->now_ms);
        u.key = vault_key_make(id_next(&s->ids, ctx->now_ms));
        TRY(ctx, registry_unit_insert(ctx, tx, &s->vault, d->region->code, &u, true));
    }
    return OK;
}

/* Insured from the first of the month, as many months ago as are paid: registry_enrol knows today only. */
static enum err
insure(struct ctx *ctx, struct tx *tx, const struct demo *d, const struct demo_person *p)
{
    struct server *s = d->server;
    struct day today = day_of_ms(ctx->now_ms), month = day_add(today, 1 - day_ymd(today).day);
    struct sql_enrolment_insert_in in = {
        .region = d->region->code,
        .id = id_next(&s->ids, ctx->now_ms),
        .person_id = p->person.id,
        .insurance = str_c(p->insurance),
        .identity = str_c(p->identity),
        .unit_id = p->unit < 0 ? 0 : d->unit[p->unit],
        .from_day = day_add_months(month, -p->months).n,
    };
    TRY(ctx, sql_enrolment_insert(ctx, tx, &in, NULL));
    if (p->balance.fen)
        TRY(ctx, registry_opening_entry(ctx, tx, &s->ids, d->region->code, p->person.id, p->balance, p->months));
    return OK;
}

static enum err
persons_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct demo *d = arg;
    struct server *s = d->server;
    for (int i = d->from; i < d->to; i++) {
        struct demo_person p;
        demo_person(ctx->arena, d->seed, d->region, i, &p);
        p.person.id = id_next(&s->ids, ctx->now_ms);
        p.person.key = vault_key_make(id_next(&s->ids, ctx->now_ms));
        TRY(ctx, vault_key_store(ctx, tx, &s->vault, d->region->code, &p.person.key));
        TRY(ctx, registry_person_insert(ctx, tx, &s->vault, d->region->code, &p.person, true));
        if (p.insurance)
            TRY(ctx, insure(ctx, tx, d, &p));
    }
    return OK;
}

/* Runs BODY with memory of its own: all the demo's people together would not fit a request's arena. */
static enum err
write_apart(struct ctx *ctx, struct demo *d, store_body body)
{
    SCOPED_ARENA batch = arena_new(0);
    struct ctx apart = *ctx;
    apart.arena = batch;
    enum err e = store_write(&apart, d->server->store, body, d);
    if (e != OK)
        ctx->fail->detail = str_dup(ctx->arena, ctx->fail->detail);
    return e;
}

static enum err
make_people(struct ctx *ctx, struct demo *d)
{
    TRY(ctx, write_apart(ctx, d, units_body));
    for (d->from = 0; d->from < DEMO_PERSONS; d->from = d->to) {
        d->to = d->from + BATCH < DEMO_PERSONS ? d->from + BATCH : DEMO_PERSONS;
        TRY(ctx, write_apart(ctx, d, persons_body));
    }
    return OK;
}

static enum err
make_staff(struct ctx *ctx, const struct demo *d, void (*print)(void *, struct str), void *arg)
{
    static const struct {
        const char *login, *name, *roles;
    } accounts[DEMO_STAFF] = {
        {"window", "窗口演示", "window"},      {"reviewer", "审核演示", "review"},
        {"approver", "审批演示", "approve"},   {"supervisor", "督办演示", "supervisor window"},
        {"admin", "管理演示", "admin"},        {"keeper", "目录演示", "keeper"},
        {"kiosk", "终端演示", "kiosk"},        {"reviewer2", "复核演示", "review"},
        {"fund", "基金演示", "fund"},          {"expert1", "评审演示一", "panel"},
        {"expert2", "评审演示二", "panel"},    {"expert3", "评审演示三", "panel"},
        {"officer1", "执法演示一", "enforce"}, {"officer2", "执法演示二", "enforce"},
        {"legal", "法制演示", "legal"},        {"head", "负责人演示", "head"},
        {"hospital", "医院演示", "hospital"},
    };
    const struct region *r = d->region;
    struct str point = r->point_count ? r->point[0].id : STR("");
    for (size_t i = 0; i < DEMO_STAFF; i++) {
        struct staff_new in = {.region = r->code,
                               .login = str_c(accounts[i].login),
                               .name = str_c(accounts[i].name),
                               .roles = str_c(accounts[i].roles),
                               .points = point};
        struct str password;
        TRY(ctx, service_staff_add(ctx, d->server, &in, &password));
        print(arg, str_fmt(ctx->arena, "%.*s  %-10s  %.*s", STR_ARG(r->code), accounts[i].login, STR_ARG(password)));
    }
    return OK;
}

static enum err
what_is_there(struct ctx *ctx, const struct demo *d, bool *ret_persons, bool *ret_staff)
{
    SCOPED_READ tx = NULL;
    struct sql_person_count_in in = {.region = d->region->code};
    struct sql_person_count_row persons = {0};
    struct staff *staff;
    bool found;
    size_t n;
    TRY(ctx, store_read(ctx, d->server->store, &tx));
    TRY(ctx, sql_person_count(ctx, tx, &in, &persons, &found));
    TRY(ctx, staff_of_region(ctx, tx, d->region->code, &staff, &n));
    *ret_persons = persons.n > 0;
    *ret_staff = n > 0;
    return OK;
}

enum err
service_demo(struct ctx *ctx, struct server *s, uint64_t seed, void (*print)(void *, struct str), void *arg)
{
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct demo d = {.server = s, .seed = seed, .region = catalog_region_at(s->catalog, i)};
        bool persons, staff;
        TRY(ctx, what_is_there(ctx, &d, &persons, &staff));
        if (!persons)
            TRY(ctx, make_people(ctx, &d));
        if (!staff)
            TRY(ctx, make_staff(ctx, &d, print, arg));
    }
    return OK;
}
