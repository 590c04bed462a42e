/* Channels read from prose: 1.现场办理:某某大厅。地址:…,电话:…; 2.网上办理:某某网、某某APP。 Also 线上/线下, 办理地点, 自助办理. //= R15 R29 R33 */
#include "catalog/import/propose_int.h"

enum { PLACES_MAX = 24, PLATFORM_BYTES_MAX = 300 };

/* Headings of a channel. */
static const struct {
    const char *word;
    enum channel_kind kind;
} HEADINGS[] = {
    {"现场办理", CHANNEL_ONSITE},   {"窗口办理", CHANNEL_ONSITE}, {"线下办理", CHANNEL_ONSITE},
    {"线下", CHANNEL_ONSITE},       {"办理地点", CHANNEL_ONSITE}, {"办理地址", CHANNEL_ONSITE},
    {"受理地点", CHANNEL_ONSITE},   {"现场", CHANNEL_ONSITE},     {"窗口", CHANNEL_ONSITE},
    {"网上办理", CHANNEL_ONLINE},   {"网络办理", CHANNEL_ONLINE}, {"线上办理", CHANNEL_ONLINE},
    {"线上", CHANNEL_ONLINE},       {"网上", CHANNEL_ONLINE},     {"掌上办理", CHANNEL_ONLINE},
    {"掌上", CHANNEL_ONLINE},       {"自助办理", CHANNEL_KIOSK},  {"自助终端", CHANNEL_KIOSK},
    {"自助", CHANNEL_KIOSK},        {"电话办理", CHANNEL_PHONE},  {"电话", CHANNEL_PHONE},
    {"微信公众号", CHANNEL_WECHAT}, {"微信办理", CHANNEL_WECHAT}, {"邮寄办理", CHANNEL_POST},
    {"邮寄", CHANNEL_POST},         {"信函办理", CHANNEL_POST},
};
static const char *const PLATFORMS[] = {"网",   "平台", "APP", "App",  "app",  "小程序", "公众号", "服务号",
                                        "系统", "大厅", "号",  "网址", "网站", "”",      NULL};
static const char *const PLACES[] = {"大厅",   "中心",     "窗口",     "服务点", "服务站", "服务室", "局", "医院",
                                     "卫生院", "医疗机构", "经办机构", "站",     "所",     "办",     NULL};

static struct yaml_node *
channel_new(struct proposer *p, struct yaml_node **list, enum channel_kind kind, struct str name)
{
    if (!*list) {
        *list = yaml_put(p->a, propose_map(p, "办理渠道"), "渠道", yaml_new_list(p->a));
        propose_mark(p, *list, p->text.text);
    }
    struct yaml_node *n = yaml_put(p->a, *list, NULL, yaml_new_map(p->a));
    (void)yaml_put_text(p->a, n, "方式", str_c(channel_name(kind)));
    (void)yaml_put_text(p->a, n, "名称", propose_proper(&p->text, name));
    return n;
}

/* --- on line --- */

/* 某平台(https://…), 某平台网址:www…: the name alone. */
static struct str
without_address(struct str name)
{
    static const char *const signs[] = {"http", "www.", NULL};
    for (const char *const *z = signs; *z; z++) {
        size_t at = text_find(name, *z);
        if (at == SIZE_MAX)
            continue;
        name = text_trim(str_sub(name, 0, at));
        while (text_drop_end(&name, "(") || text_drop_end(&name, "网址") || text_drop_end(&name, ":")) {
        }
    }
    return name;
}

static void
propose_online(struct proposer *p, struct yaml_node **list, struct str body)
{
    static const char *const heads[] = {"PC端:",   "PC端",   "电脑端:", "电脑端", "手机端:", "手机端",
                                        "移动端:", "移动端", "登录",    "通过",   NULL};
    static const char *const tails[] = {"等方式", "等渠道", "等平台", "等", "办理", NULL};
    bool planned = text_has(body, "待开通"), general = text_has(body, "公布") || planned;
    struct yaml_node *n;
    if (general) { /* where is told elsewhere; the ways are named */
        n = channel_new(p, list, CHANNEL_ONLINE, STR_NONE);
        (void)yaml_put_text(p->a, n, "状态", planned ? STR("待开通") : STR_NONE);
        if (text_has(body, "微信公众号")) {
            n = channel_new(p, list, CHANNEL_WECHAT, STR_NONE);
            (void)yaml_put_text(p->a, n, "状态", planned ? STR("待开通") : STR_NONE);
        }
        return;
    }
    struct str rest = body, piece;
    const char *from = NULL;
    while (text_piece(&rest, "、,;。\n", &piece)) {
        if (str_empty(piece))
            continue;
        struct str name = from ? text_between(from, piece.p + piece.n) : piece;
        if (name.n > PLATFORM_BYTES_MAX)
            name = piece; /* nothing has so long a name: it begins anew */
        (void)text_drop_start_any(&name, heads);
        while (text_drop_end_any(&name, tails)) {
        }
        name = without_address(name);
        if (str_empty(name))
            continue;
        if (!text_ends_any(name, PLATFORMS)) { /* 微信、支付宝某某小程序 is one */
            from = name.p;
            continue;
        }
        from = NULL;
        bool wechat = text_has(name, "公众号") || text_has(name, "服务号");
        if (wechat && (text_drop_end(&name, "微信公众号") || text_drop_end(&name, "公众号"))) {
            (void)text_drop_start(&name, "微信公众号");
            if (text_drop_start(&name, "“"))
                (void)text_drop_end(&name, "”");
        }
        (void)channel_new(p, list, wechat ? CHANNEL_WECHAT : CHANNEL_ONLINE, name);
    }
    if (from)
        propose_finding(p, "propose-channel", text_between(from, body.p + body.n), "没有读出网上办理的平台",
                        "请人工核对“渠道”");
}

/* --- on the spot --- */

struct place {
    struct str name, address, window, phone, duty;
};

/* 一楼16号窗口, 5、6号窗口, 医保局窗口 at the end of a place: the window; what is before it stays the name. */
static void
cut_window(struct place *x)
{
    static const char *const ends[] = {"中心", "大厅", "局", "医院", "医疗机构", NULL};
    if (!text_ends(x->name, "窗口"))
        return;
    for (const char *const *z = ends; *z; z++) {
        size_t at = SIZE_MAX;
        for (size_t from = 0, next; (next = text_find(text_from(x->name, from), *z)) != SIZE_MAX; from = at)
            at = from + next + str_c(*z).n;
        if (at == SIZE_MAX || at >= x->name.n)
            continue;
        struct str window = text_from(x->name, at);
        int n;
        size_t pos = 0;
        bool numbered = text_number(window, &pos, &n);
        if (!numbered && !text_ends(str_sub(x->name, 0, at), "医疗机构"))
            continue;
        x->window = window;
        x->name = str_sub(x->name, 0, at);
        return;
    }
}

/* 协办, 初审, 代办 in the brackets behind a place. */ //= R33 R39
static void
cut_duty(struct place *x)
{
    static const char *const duties[] = {"协办", "初审", "代办", NULL};
    struct str body, within;
    if (!text_last_paren(x->name, &body, &within))
        return;
    for (const char *const *z = duties; *z; z++)
        if (text_has(within, *z)) {
            x->duty = str_c(*z);
            x->name = body;
            return;
        }
    struct str inner = within;
    if (text_ends(body, "号") && text_ends_any(inner, PLACES)) { /* 文化路133号(某某中心) */
        x->address = body;
        x->name = inner;
    }
}

/* The level a place's own name tells; COUNTY for the bureau's own hall only where towns stand beside it. */
static const char *
place_level(struct str name)
{
    if (text_has(name, "村(社区)") || text_starts(name, "村") || text_has(name, "社区") ||
        text_has(name, "党群服务中心"))
        return "村级";
    if (text_has(name, "乡镇") || text_has(name, "街道") || text_has(name, "镇办"))
        return "乡镇级";
    if (text_starts(name, "市级") || text_starts(name, "市政务") || text_starts(name, "市医疗保障") ||
        text_starts(name, "市便民"))
        return "市级";
    if (text_starts(name, "县政务") || text_starts(name, "县级") || text_starts(name, "县医疗保障") ||
        text_starts(name, "区政务"))
        return "县级";
    return "";
}

static size_t
place_add(struct place *place, size_t n, struct str name)
{
    static const char *const heads[] = {"到", "在", "可到", "可在", "报送至", NULL};
    static const char *const tails[] = {"申请办理", "办理", "等", NULL};
    name = text_trim(name);
    (void)text_drop_start_any(&name, heads);
    (void)text_drop_end_any(&name, tails);
    for (size_t i = 0; i < n; i++)
        if (str_eq(place[i].name, name))
            return n; /* printed twice */
    if (str_empty(name) || n == PLACES_MAX)
        return n;
    place[n] = (struct place){.name = name};
    cut_duty(&place[n]);
    cut_window(&place[n]);
    return n + 1;
}

/* 向社会公布某大厅办理地址: the hall. */
static bool
published_place(struct str s, struct str *ret_name)
{
    size_t at = text_find(s, "公布"), end;
    if (at == SIZE_MAX || (end = text_find(s, "地址")) == SIZE_MAX || end < at + 6)
        return false;
    struct str name = str_sub(s, at + 6, end - at - 6);
    while (text_drop_end(&name, "办理") || text_drop_end(&name, "的")) {
    }
    *ret_name = name;
    return true;
}

/* 由某人到甲医院办理, 报送至甲医院、乙医院: the places between. */
static bool
places_in_prose(struct str s, struct str *ret_places)
{
    static const char *const leads[] = {"报送至", "报送到", NULL};
    for (const char *const *z = leads; *z; z++) {
        size_t at = text_find(s, *z);
        if (at == SIZE_MAX)
            continue;
        *ret_places = text_from(s, at + str_c(*z).n);
        size_t end = text_find(*ret_places, ",");
        ret_places->n = end == SIZE_MAX ? ret_places->n : end;
        return true;
    }
    size_t at = text_find(s, "到");
    if (at == SIZE_MAX || !text_ends(s, "办理") || text_has(str_sub(s, 0, at), "公布"))
        return false;
    *ret_places = text_from(s, at + 3);
    return true;
}

/* The next place, address or phone of a list; 5、6号窗口 is one, and a clause about phones of others is passed over. */
static bool
next_part(struct str *rest, bool *clause_begins, struct str *ret_part)
{
    struct str clause = *rest, look = *rest;
    while (*clause_begins && text_piece(&look, ",", &clause) && text_ends(clause, "电话"))
        *rest = look;
    if (!rest->p || !text_piece(rest, "、,", ret_part))
        return false;
    *clause_begins = rest->p && rest->p[-1] == ',';
    while (rest->n && ret_part->n && ret_part->p[ret_part->n - 1] >= '0' && ret_part->p[ret_part->n - 1] <= '9' &&
           rest->p[0] >= '0' && rest->p[0] <= '9' && text_starts((struct str){ret_part->p + ret_part->n, 3}, "、")) {
        struct str more;
        (void)text_piece(rest, "、,", &more);
        *clause_begins = rest->p && rest->p[-1] == ',';
        *ret_part = text_between(ret_part->p, more.p + more.n);
    }
    *ret_part = text_trim(*ret_part);
    return true;
}

static size_t
places_of(struct str body, struct place *place)
{
    struct str rest = body, segment, name, places;
    size_t n = 0, first = SIZE_MAX;
    bool address = false;
    while (text_piece(&rest, "。;\n", &segment)) {
        struct str part, parts = segment;
        bool clause_begins = true;
        if (published_place(segment, &name)) {
            n = n ? n : place_add(place, n, name);
            continue;
        }
        if (places_in_prose(segment, &places)) {
            struct str more = places;
            while (text_piece(&more, "、", &part))
                n = place_add(place, n, part);
            continue;
        }
        while (next_part(&parts, &clause_begins, &part)) {
            if (text_drop_start(&part, "地址:") || text_drop_start(&part, "地址")) {
                first = n ? n - 1 : 0;
                if (n == 0)
                    n = 1;
                place[first].address = part;
                address = true;
            } else if (text_starts(part, "电话") || text_starts(part, "联系电话") || text_starts(part, "咨询电话")) {
                (void)(text_drop_start(&part, "联系") || text_drop_start(&part, "咨询"));
                (void)(text_drop_start(&part, "电话:") || text_drop_start(&part, "电话"));
                if (n)
                    place[address ? first : n - 1].phone = part;
            } else if (n && place[address ? first : n - 1].phone.n && text_find(part, "-") != SIZE_MAX) {
                struct place *x = &place[address ? first : n - 1];
                x->phone = text_between(x->phone.p, part.p + part.n);
            } else if (!text_has(part, "电话") && text_ends_any(part, PLACES)) {
                n = place_add(place, n, part);
            } else if (text_last_paren(part, &name, &places)) {
                n = place_add(place, n, part);
            }
        }
    }
    return n;
}

static void
propose_onsite(struct proposer *p, struct yaml_node **list, struct str body)
{
    struct place place[PLACES_MAX] = {0};
    size_t n = places_of(body, place);
    bool towns = false;
    for (size_t i = 0; i < n; i++)
        towns = towns || str_eqz(str_c(place_level(place[i].name)), "乡镇级");
    if (n == 0)
        propose_finding(p, "propose-channel", body, "没有读出现场办理的地点", "请人工填写“名称”");
    for (size_t i = 0; i < n || (n == 0 && i == 0); i++) {
        struct yaml_node *x = channel_new(p, list, CHANNEL_ONSITE, place[i].name);
        const char *level = place_level(place[i].name);
        if (!*level && i == 0 && towns && text_has(place[i].name, "市"))
            level = "县级"; /* the bureau of a county-level city: its towns stand beside it */
        (void)yaml_put_text(p->a, x, "地址", propose_proper(&p->text, place[i].address));
        (void)yaml_put_text(p->a, x, "窗口", propose_proper(&p->text, place[i].window));
        (void)yaml_put_text(p->a, x, "电话", propose_proper(&p->text, place[i].phone));
        (void)yaml_put_text(p->a, x, "层级", str_c(level));
        (void)yaml_put_text(p->a, x, "职责", place[i].duty);
    }
}

/* --- the field --- */

/* The heading of an item: 网上办理:…, 自助办理。…, 医保经办机构现场办理:… */
static bool
heading_of(struct str s, enum channel_kind *ret_kind, struct str *ret_lead, struct str *ret_body)
{
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++) {
        size_t at = text_find(s, HEADINGS[i].word), end = at + str_c(HEADINGS[i].word).n;
        if (at == SIZE_MAX || at > 45)
            continue;
        struct str rest = text_from(s, end);
        if (!text_starts(rest, ":") && !text_starts(rest, "。") && !text_starts(rest, ",") &&
            !text_starts(rest, "\n") && !(at == 0 && rest.n == 0))
            continue;
        *ret_kind = HEADINGS[i].kind;
        *ret_lead = str_sub(s, 0, at);
        *ret_body = text_trim(rest);
        return true;
    }
    return false;
}

static void
propose_channel_item(struct proposer *p, struct yaml_node **list, struct str s)
{
    enum channel_kind kind;
    struct str lead, body, place, colon = s;
    s = text_trim(s);
    if (!heading_of(s, &kind, &lead, &body)) {
        size_t at = text_find(s, "办理。");
        if (at != SIZE_MAX && at < 60 && text_ends_any(str_sub(s, 0, at), PLACES)) { /* 定点医疗机构办理。… */
            (void)channel_new(p, list, CHANNEL_ONSITE, str_sub(s, 0, at));
            return;
        }
        if (places_in_prose(s, &place) || text_ends_any(text_trim(colon), PLACES) || text_has(s, "地址")) {
            propose_onsite(p, list, s);
            return;
        }
        if (text_has_any(s, (const char *const[]){"政务服务网", "APP", "小程序", NULL}) && text_chars(s) < 60) {
            propose_online(p, list, s);
            return;
        }
        propose_finding(p, "propose-channel", s, "没有读出办理方式",
                        "方式可写 现场、网上、自助终端、电话、微信公众号、邮寄");
        return;
    }
    if (kind == CHANNEL_ONLINE) {
        size_t line = text_find(body, "\n"); /* what stands below is about something else */
        propose_online(p, list, line == SIZE_MAX ? body : str_sub(body, 0, line));
    } else if (kind == CHANNEL_ONSITE) {
        if (lead.n && text_ends_any(lead, PLACES))
            (void)channel_new(p, list, kind, lead);
        else
            propose_onsite(p, list, body);
    } else {
        size_t line = text_find(body, "\n");
        body = line == SIZE_MAX ? body : str_sub(body, 0, line);
        size_t end = text_find(body, "。");
        struct str rest = body, before, number = kind == CHANNEL_PHONE ? text_phone(&rest, &before) : STR_NONE;
        struct str name =
            kind == CHANNEL_PHONE ? STR_NONE : text_trim(str_sub(body, 0, end == SIZE_MAX ? body.n : end));
        struct yaml_node *n = channel_new(p, list, kind, name);
        (void)yaml_put_text(p->a, n, "电话", propose_proper(&p->text, number));
    }
}

void
propose_channels(struct proposer *p)
{
    struct item item[PROPOSE_ITEMS_MAX];
    struct yaml_node *list = NULL;
    if (!propose_begin(p, GUIDE_CHANNELS, "办理渠道", "渠道"))
        return;
    size_t n = propose_items(p->text.text, item, PROPOSE_ITEMS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (item[i].depth > 1)
            continue;
        struct str whole = item[i].text;
        if (item[i].depth == 1 && i + 1 < n && item[i + 1].depth > 1) { /* its sub-items belong to it */
            size_t k = i + 1;
            while (k + 1 < n && item[k + 1].depth > 1)
                k++;
            whole = text_between(whole.p, item[k].text.p + item[k].text.n);
        }
        if (item[i].depth == 1) {
            propose_channel_item(p, &list, whole);
            continue;
        }
        struct str rest = whole, line;
        while (text_piece(&rest, "\n", &line))
            if (!str_empty(text_trim(line)))
                propose_channel_item(p, &list, line);
    }
}
