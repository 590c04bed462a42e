#include "message/template.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "catalog/yaml_tree.h"

enum { FILES_MAX = 512, TEMPLATES_MAX = 4096, TEXT_MAX = 2000, SMS_MAX = 300, ID_DIGITS_MIN = 15, ID_DIGITS_MAX = 18 };

static const char *const value_names[MESSAGE_VALUE_COUNT] = {
    "case_no", "matter_name", "region_name", "agency", "phone",  "link",   "due",    "day",
    "stage",   "delivery",    "applicant",   "gaps",   "reason", "number", "advice", "page",
};

struct message_templates {
    size_t n;
    struct message_template *t;
};

/* --- the language --- */

/* One piece of a text: plain words, a value, the beginning or the end of what depends on one. */
struct piece {
    enum { PIECE_PLAIN, PIECE_VALUE, PIECE_IF, PIECE_END, PIECE_BAD } kind;
    enum message_value value;
    struct str text; /* plain words; of a bad one the name */
};

static bool
value_named(struct str name, enum message_value *ret_v)
{
    for (int i = 0; i < MESSAGE_VALUE_COUNT; i++)
        if (str_eqz(name, value_names[i])) {
            *ret_v = (enum message_value)i;
            return true;
        }
    return false;
}

static struct piece
placeholder(struct str name)
{
    struct piece p = {.kind = PIECE_BAD, .text = name};
    if (str_eqz(name, "/"))
        p.kind = PIECE_END;
    else if (str_starts(name, STR("?")) && value_named(str_sub(name, 1, name.n), &p.value))
        p.kind = PIECE_IF;
    else if (value_named(name, &p.value))
        p.kind = PIECE_VALUE;
    return p;
}

/* Cuts the next piece off; false at the end. */
static bool
next_piece(struct str *rest, struct piece *ret_p)
{
    if (!rest->n)
        return false;
    size_t open = 0, close;
    while (open < rest->n && rest->p[open] != '{' && rest->p[open] != '}')
        open++;
    if (open) {
        *ret_p = (struct piece){.kind = PIECE_PLAIN, .text = {rest->p, open}};
        *rest = (struct str){rest->p + open, rest->n - open};
        return true;
    }
    close = str_find(*rest, STR("}"));
    if (rest->p[0] == '}' || close == SIZE_MAX) {
        *ret_p = (struct piece){.kind = PIECE_BAD, .text = *rest};
        rest->n = 0;
        return true;
    }
    *ret_p = placeholder((struct str){rest->p + 1, close - 1});
    *rest = (struct str){rest->p + close + 1, rest->n - close - 1};
    return true;
}

enum err
message_text_check(struct ctx *ctx, struct str text)
{
    struct piece p;
    bool inside = false;
    while (next_piece(&text, &p)) {
        if (p.kind == PIECE_BAD)
            FAIL(ctx, ERR_SYNTAX, "不认识的占位符“{%.*s”", STR_ARG(str_sub(p.text, 0, 60)));
        if ((p.kind == PIECE_IF && inside) || (p.kind == PIECE_END && !inside))
            FAIL(ctx, ERR_SYNTAX, "{?…} 和 {/} 不成对，或套在一起");
        inside = p.kind == PIECE_IF || (inside && p.kind != PIECE_END);
    }
    if (inside)
        FAIL(ctx, ERR_SYNTAX, "{?…} 没有用 {/} 收住");
    return OK;
}

struct str
message_strike_numbers(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        size_t n = 0;
        while (i + n < s.n && s.p[i + n] >= '0' && s.p[i + n] <= '9')
            n++;
        size_t whole = n + (n && i + n < s.n && (s.p[i + n] == 'x' || s.p[i + n] == 'X'));
        if (whole >= ID_DIGITS_MIN && whole <= ID_DIGITS_MAX) {
            buf_addz(&b, "（证件号略）");
            i += whole;
            continue;
        }
        buf_add(&b, (struct str){s.p + i, n ? n : 1});
        i += n ? n : 1;
    }
    return buf_str(&b);
}

static struct str
value_of(struct arena *a, const struct message_values *v, enum message_value which, bool is_short)
{
    struct str s = v->v[which].p ? v->v[which] : STR("");
    return is_short && (which == MESSAGE_GAPS || which == MESSAGE_REASON) ? message_strike_numbers(a, s) : s;
}

struct str
message_text(struct arena *a, struct str text, const struct message_values *v, bool is_short)
{
    struct buf b;
    struct piece p;
    bool skip = false;
    buf_init(&b, a, text.n + 256);
    while (next_piece(&text, &p)) {
        if (p.kind == PIECE_IF)
            skip = str_empty(v->v[p.value]);
        else if (p.kind == PIECE_END)
            skip = false;
        else if (!skip)
            buf_add(&b, p.kind == PIECE_PLAIN ? p.text : value_of(a, v, p.value, is_short));
    }
    for (size_t i = 0; is_short && i < b.n; i++)
        if (b.p[i] == '\n' || b.p[i] == '\r')
            b.p[i] = ' ';
    return str_trim(buf_str(&b));
}

/* --- reading --- */

static enum err
read_text(struct ctx *ctx, struct yaml_node *map, const char *key, size_t max, struct str *ret_s)
{
    TRY(ctx, yaml_text(ctx, map, key, ret_s));
    if (!ret_s->p)
        *ret_s = STR("");
    *ret_s = str_trim(*ret_s);
    const struct yaml_node *at = yaml_get(map, key);
    if (str_utf8_count(*ret_s) > max)
        return yaml_fail(ctx, at, "“%s”超过 %zu 字", key, max);
    enum err e = message_text_check(ctx, *ret_s);
    if (e != OK) {
        struct str why = str_dup(ctx->arena, ctx->fail->detail);
        fail_clear(ctx);
        return yaml_fail(ctx, at, "“%s”：%.*s；能用的见 catalog/messages 里的说明", key, STR_ARG(why));
    }
    return OK;
}

static enum err
read_template(struct ctx *ctx, struct yaml_node *map, struct str region, struct message_template *t)
{
    struct str who;
    t->region = region;
    TRY(ctx, yaml_need(ctx, map, "事件", &t->kind));
    TRY(ctx, yaml_need(ctx, map, "名称", &t->name));
    TRY(ctx, yaml_text(ctx, map, "对象", &who));
    TRY(ctx, yaml_flag(ctx, map, "电话告知", &t->phone_call));
    TRY(ctx, read_text(ctx, map, "标题", SMS_MAX, &t->title));
    TRY(ctx, read_text(ctx, map, "正文", TEXT_MAX, &t->text));
    TRY(ctx, read_text(ctx, map, "短信", SMS_MAX, &t->sms));
    TRY(ctx, read_text(ctx, map, "电话", TEXT_MAX, &t->phone));
    t->staff = str_eqz(who, "工作人员");
    if (!t->staff && !str_empty(who) && !str_eqz(who, "申请人"))
        return yaml_fail(ctx, map, "“对象”是申请人或工作人员");
    if (str_empty(t->title) || str_empty(t->text))
        return yaml_fail(ctx, map, "消息“%.*s”没有标题或正文", STR_ARG(t->kind));
    if (t->phone_call && str_empty(t->phone))
        return yaml_fail(ctx, map, "消息“%.*s”要电话告知，却没有写“电话”里说什么", STR_ARG(t->kind));
    return yaml_refuse_unseen(ctx, map);
}

static enum err
read_file(struct ctx *ctx, struct arena *arena, struct message_templates *t, const char *path, struct str name)
{
    struct yaml_node *root, *list;
    struct str stem = str_sub(name, 0, name.n - 5), region = str_eqz(stem, "standard") ? STR("") : str_dup(arena, stem);
    TRY(ctx, yaml_read(ctx, arena, path, str_concat(arena, STR("messages/"), name), &root));
    TRY(ctx, yaml_list(ctx, root, "消息", &list));
    if (!list || !list->count)
        return yaml_fail(ctx, root, "没有“消息”");
    for (struct yaml_node *x = list->first; x; x = x->next) {
        struct message_template one = {0};
        if (x->kind != YAML_MAP)
            return yaml_fail(ctx, x, "每条消息写成“事件: …”的几行");
        TRY(ctx, read_template(ctx, x, region, &one));
        for (size_t i = 0; i < t->n; i++)
            if (str_eq(t->t[i].kind, one.kind) && str_eq(t->t[i].region, region))
                return yaml_fail(ctx, x, "消息“%.*s”写了两次", STR_ARG(one.kind));
        if (t->n == TEMPLATES_MAX)
            return yaml_fail(ctx, x, "超过 %d 条消息", TEMPLATES_MAX);
        t->t[t->n++] = one;
    }
    return yaml_refuse_unseen(ctx, root);
}

static enum err
list_files(struct ctx *ctx, struct str folder, struct str *name, size_t *ret_n)
{
    const char *path = str_z(ctx->arena, folder);
    DIR *d = opendir(path);
    size_t n = 0;
    if (!d)
        FAIL(ctx, ERR_CATALOG, "消息文件夹 %s 不能读取（%s）", path, strerrordesc_np(errno));
    for (struct dirent *e; n < FILES_MAX && (e = readdir(d));) {
        struct str s = str_c(e->d_name);
        if (s.n > 5 && s.p[0] != '.' && str_ends(s, STR(".yaml")))
            name[n++] = str_dup(ctx->arena, s);
    }
    closedir(d);
    *ret_n = n;
    return OK;
}

enum err
message_templates_load(struct ctx *ctx, struct arena *arena, struct str folder, struct message_templates **ret_t)
{
    struct message_templates *t = ARENA_NEW(arena, struct message_templates);
    struct str *name = ARENA_ARRAY(ctx->arena, FILES_MAX, struct str);
    size_t n = 0;
    t->t = ARENA_ARRAY(arena, TEMPLATES_MAX, struct message_template);
    TRY(ctx, list_files(ctx, folder, name, &n));
    for (size_t i = 0; i < n; i++)
        TRY(ctx,
            read_file(ctx, arena, t, str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name[i])).p, name[i]));
    *ret_t = t;
    return OK;
}

const struct message_template *
message_template_find(const struct message_templates *t, struct str region, struct str kind)
{
    const struct message_template *standard = NULL;
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->t[i].kind, kind)) {
            if (str_eq(t->t[i].region, region))
                return &t->t[i];
            if (str_empty(t->t[i].region))
                standard = &t->t[i];
        }
    return standard;
}

size_t
message_template_count(const struct message_templates *t)
{
    return t->n;
}

const struct message_template *
message_template_at(const struct message_templates *t, size_t i)
{
    return &t->t[i];
}
