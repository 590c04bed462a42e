#include "message/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/yaml_tree.h"
#include "message/compose.h"

enum {
    SECRET_MAX = 16384,
    REGIONS_MAX = 512,
    LEASE_S = 120,
    BACK_OFF_S = 30,
    ATTEMPTS = 12,
    BATCH = 16,
    BATCH_MAX = 64
};

struct loading {
    struct arena *arena;
    struct str dir;
};

/* --- small fields --- */

/* A secret's file, blanks and line ends off. */
static enum err
read_secret(struct ctx *ctx, const struct loading *l, struct yaml_node *map, const char *key, struct str *ret_s)
{
    struct str name;
    struct stat st = {0};
    TRY(ctx, yaml_text(ctx, map, key, &name));
    *ret_s = STR("");
    if (str_empty(name))
        return OK;
    const char *path =
        name.p[0] == '/' ? str_z(ctx->arena, name) : str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(l->dir), STR_ARG(name)).p;
    const struct yaml_node *at = yaml_get(map, key);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return yaml_fail(ctx, at, "%s 不能读取（%s）", path, strerrordesc_np(errno));
    char *p = arena_alloc(l->arena, SECRET_MAX + 1);
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, p, SECRET_MAX + 1) : -1;
    close(fd);
    if (st.st_mode & 077)
        return yaml_fail(ctx, at, "密钥文件权限过宽，请执行 chmod 600 %s", path);
    if (n < 0 || n > SECRET_MAX)
        return yaml_fail(ctx, at, "%s 不是密钥文件，或超过 16 KiB", path);
    *ret_s = str_trim((struct str){p, (size_t)n});
    if (str_empty(*ret_s) || !str_utf8_valid(*ret_s))
        return yaml_fail(ctx, at, "%s 是空的，或不是文字", path);
    return OK;
}

static bool
is_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return true;
}

static enum err
read_line(struct ctx *ctx, struct yaml_node *map, const char *key, struct str *ret_s)
{
    TRY(ctx, yaml_text(ctx, map, key, ret_s));
    if (!ret_s->p)
        *ret_s = STR("");
    if (!is_line(*ret_s))
        return yaml_fail(ctx, yaml_get(map, key), "“%s”只能写在一行里", key);
    return OK;
}

static enum err
read_url(struct ctx *ctx, struct yaml_node *map, const char *key, bool mail, struct str *ret_s)
{
    static const char *const schemes[2][2] = {{"http://", "https://"}, {"smtp://", "smtps://"}};
    TRY(ctx, yaml_need(ctx, map, key, ret_s));
    for (int i = 0; i < 2; i++)
        if (str_starts(*ret_s, str_c(schemes[mail][i])) && ret_s->n > strlen(schemes[mail][i]) && is_line(*ret_s) &&
            str_find(*ret_s, STR(" ")) == SIZE_MAX)
            return OK;
    return yaml_fail(ctx, yaml_get(map, key), "“%s”应是 %s 或 %s 开头的地址", key, schemes[mail][0], schemes[mail][1]);
}

static enum err
read_number(struct ctx *ctx, struct yaml_node *map, const char *key, int64_t least, int64_t most, int64_t *v)
{
    struct str s;
    TRY(ctx, yaml_text(ctx, map, key, &s));
    if (str_empty(s))
        return OK;
    if (!str_int(s, v) || *v < least || *v > most)
        return yaml_fail(ctx, yaml_get(map, key), "“%s”应是 %lld 到 %lld 的整数", key, (long long)least,
                         (long long)most);
    return OK;
}

static enum err
read_kinds(struct ctx *ctx, const struct loading *l, struct yaml_node *map, const char *key, struct message_kinds *k)
{
    TRY(ctx, yaml_texts(ctx, l->arena, map, key, &k->kind, &k->n));
    k->all = yaml_get(map, key) == NULL;
    return OK;
}

static enum err
read_ca(struct ctx *ctx, const struct loading *l, struct yaml_node *map, struct str *ret_s)
{
    TRY(ctx, read_line(ctx, map, "证书文件", ret_s));
    if (str_empty(*ret_s))
        return OK;
    if (ret_s->p[0] != '/')
        *ret_s = str_fmt(l->arena, "%.*s/%.*s", STR_ARG(l->dir), STR_ARG(*ret_s));
    if (access(str_z(ctx->arena, *ret_s), R_OK) != 0)
        return yaml_fail(ctx, yaml_get(map, "证书文件"), "证书文件 %.*s 不能读取", STR_ARG(*ret_s));
    return OK;
}

/* An address as SMTP wants it: ASCII, one @, nothing that ends a command. */
static bool
is_mail(struct str s)
{
    size_t at = str_find(s, STR("@"));
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20 || (unsigned char)s.p[i] >= 0x7f || s.p[i] == '<' || s.p[i] == '>' ||
            s.p[i] == ',' || (s.p[i] == '@' && i != at))
            return false;
    return at != SIZE_MAX && at > 0 && at + 1 < s.n && s.n <= 254;
}

/* --- the channels --- */

static enum err
read_sms(struct ctx *ctx, const struct loading *l, struct yaml_node *map, const struct message_sms **ret_s)
{
    struct message_sms *s = ARENA_NEW(l->arena, struct message_sms);
    struct str *header;
    TRY(ctx, read_url(ctx, map, "地址", false, &s->url));
    TRY(ctx, read_line(ctx, map, "方法", &s->method));
    TRY(ctx, read_line(ctx, map, "类型", &s->type));
    TRY(ctx, yaml_text(ctx, map, "请求体", &s->body));
    TRY(ctx, yaml_text(ctx, map, "成功标志", &s->success));
    TRY(ctx, read_secret(ctx, l, map, "密钥文件", &s->secret));
    TRY(ctx, read_ca(ctx, l, map, &s->ca_file));
    TRY(ctx, read_kinds(ctx, l, map, "事件", &s->kinds));
    TRY(ctx, yaml_texts(ctx, l->arena, map, "请求头", &header, &s->header_count));
    if (s->header_count > MESSAGE_HEADERS_MAX)
        return yaml_fail(ctx, map, "请求头超过 %d 行", MESSAGE_HEADERS_MAX);
    for (size_t i = 0; i < s->header_count; i++) {
        if (!is_line(header[i]) || str_find(header[i], STR(":")) == SIZE_MAX)
            return yaml_fail(ctx, map, "请求头写成“名字: 值”，一行一个");
        s->header[i] = header[i];
    }
    if (str_empty(s->method))
        s->method = STR("POST");
    if (str_empty(s->type))
        s->type = STR("application/json");
    if (!str_eqz(s->method, "POST") && !str_eqz(s->method, "GET") && !str_eqz(s->method, "PUT"))
        return yaml_fail(ctx, yaml_get(map, "方法"), "“方法”只能是 POST、PUT 或 GET");
    if (!str_eqz(s->type, "application/json") && !str_eqz(s->type, "application/x-www-form-urlencoded"))
        return yaml_fail(ctx, yaml_get(map, "类型"),
                         "“类型”只能是 application/json 或 application/x-www-form-urlencoded");
    struct str both = str_fmt(ctx->arena, "%.*s\n%.*s", STR_ARG(s->url), STR_ARG(s->body));
    if (str_find(both, STR("{mobile}")) == SIZE_MAX || str_find(both, STR("{text}")) == SIZE_MAX)
        return yaml_fail(ctx, map, "短信的“地址”或“请求体”里要有 {mobile} 和 {text}");
    *ret_s = s;
    return yaml_refuse_unseen(ctx, map);
}

static enum err
read_mail(struct ctx *ctx, const struct loading *l, struct yaml_node *map, const struct message_mail **ret_m)
{
    struct message_mail *m = ARENA_NEW(l->arena, struct message_mail);
    struct str *to, tls;
    TRY(ctx, read_url(ctx, map, "服务器", true, &m->url));
    TRY(ctx, yaml_need(ctx, map, "发件人", &m->from));
    TRY(ctx, read_line(ctx, map, "用户名", &m->user));
    TRY(ctx, read_line(ctx, map, "加密", &tls));
    TRY(ctx, read_secret(ctx, l, map, "密码文件", &m->password));
    TRY(ctx, read_ca(ctx, l, map, &m->ca_file));
    TRY(ctx, read_kinds(ctx, l, map, "事件", &m->kinds));
    TRY(ctx, yaml_texts(ctx, l->arena, map, "收件人", &to, &m->to_count));
    if (!m->to_count || m->to_count > MESSAGE_MAILS_MAX)
        return yaml_fail(ctx, map, "“收件人”写 1 到 %d 个邮箱", MESSAGE_MAILS_MAX);
    for (size_t i = 0; i < m->to_count; i++) {
        if (!is_mail(to[i]))
            return yaml_fail(ctx, map, "“%.*s”不是邮箱地址", STR_ARG(to[i]));
        m->to[i] = to[i];
    }
    if (!is_mail(m->from))
        return yaml_fail(ctx, yaml_get(map, "发件人"), "“%.*s”不是邮箱地址", STR_ARG(m->from));
    m->tls = str_eqz(tls, "必须");
    if (!m->tls && !str_empty(tls) && !str_eqz(tls, "可选"))
        return yaml_fail(ctx, yaml_get(map, "加密"), "“加密”只能是 必须 或 可选");
    if (!str_empty(m->password) && !m->tls && str_starts(m->url, STR("smtp://")))
        return yaml_fail(ctx, map, "有密码时要写“加密: 必须”，或用 smtps:// 的服务器，密码不能明文发出");
    *ret_m = m;
    return yaml_refuse_unseen(ctx, map);
}

static enum err
read_hooks(struct ctx *ctx, const struct loading *l, struct yaml_node *list, struct message_region *r)
{
    if (list->count > MESSAGE_ENDPOINTS_MAX)
        return yaml_fail(ctx, list, "“推送”超过 %d 处", MESSAGE_ENDPOINTS_MAX);
    r->hook = ARENA_ARRAY(l->arena, list->count, struct message_hook);
    for (struct yaml_node *x = list->first; x; x = x->next) {
        struct message_hook h = {0};
        if (x->kind != YAML_MAP)
            return yaml_fail(ctx, x, "每处推送写成“名称: …”的几行");
        TRY(ctx, yaml_need(ctx, x, "名称", &h.name));
        TRY(ctx, read_url(ctx, x, "地址", false, &h.url));
        TRY(ctx, read_secret(ctx, l, x, "密钥文件", &h.secret));
        TRY(ctx, read_secret(ctx, l, x, "签名私钥文件", &h.sm2_key));
        TRY(ctx, read_ca(ctx, l, x, &h.ca_file));
        TRY(ctx, read_kinds(ctx, l, x, "事件", &h.kinds));
        if (str_empty(h.secret))
            return yaml_fail(ctx, x, "推送要有“密钥文件”，接收方凭它核对签名");
        if (!str_empty(h.sm2_key) && !compose_sm2_ok(h.sm2_key))
            return yaml_fail(ctx, yaml_get(x, "签名私钥文件"), "不是 SM2 私钥（PEM）");
        if (message_setup_hook(r, h.name) || !is_line(h.name) || str_utf8_count(h.name) > 40)
            return yaml_fail(ctx, yaml_get(x, "名称"), "推送的名称写了两次，或超过 40 字");
        r->hook[r->hook_count++] = h;
        TRY(ctx, yaml_refuse_unseen(ctx, x));
    }
    return OK;
}

static enum err
read_region(struct ctx *ctx, const struct loading *l, struct yaml_node *map, struct message_region *r)
{
    struct yaml_node *sms, *mail, *hooks;
    TRY(ctx, yaml_need(ctx, map, "区划", &r->code));
    TRY(ctx, yaml_map(ctx, map, "短信", &sms));
    TRY(ctx, yaml_map(ctx, map, "邮件", &mail));
    TRY(ctx, yaml_list(ctx, map, "推送", &hooks));
    TRY(ctx, read_kinds(ctx, l, map, "电话", &r->phone));
    r->phone_given = !r->phone.all;
    if (sms)
        TRY(ctx, read_sms(ctx, l, sms, &r->sms));
    if (mail)
        TRY(ctx, read_mail(ctx, l, mail, &r->mail));
    if (hooks)
        TRY(ctx, read_hooks(ctx, l, hooks, r));
    return yaml_refuse_unseen(ctx, map);
}

static enum err
read_setup(struct ctx *ctx, const struct loading *l, const char *path, struct message_setup *s)
{
    struct yaml_node *root, *list;
    int64_t lease = LEASE_S, pause = BACK_OFF_S, attempts = ATTEMPTS, batch = BATCH;
    TRY(ctx, yaml_read(ctx, l->arena, path, str_c(path), &root));
    TRY(ctx, read_number(ctx, root, "租约秒", 1, 3600, &lease));
    TRY(ctx, read_number(ctx, root, "退避秒", 1, 3600, &pause));
    TRY(ctx, read_number(ctx, root, "次数", 1, 100, &attempts));
    TRY(ctx, read_number(ctx, root, "每轮条数", 1, BATCH_MAX, &batch));
    TRY(ctx, yaml_list(ctx, root, "地区", &list));
    s->lease_ms = lease * 1000;
    s->back_off_ms = pause * 1000;
    s->attempts = (int)attempts;
    s->batch = (int)batch;
    if (list && list->count > REGIONS_MAX)
        return yaml_fail(ctx, list, "“地区”超过 %d 个", REGIONS_MAX);
    s->region = ARENA_ARRAY(l->arena, list ? list->count : 0, struct message_region);
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next) {
        struct message_region r = {0};
        if (x->kind != YAML_MAP)
            return yaml_fail(ctx, x, "每个地区写成“区划: …”的几行");
        TRY(ctx, read_region(ctx, l, x, &r));
        if (message_setup_region(s, r.code))
            return yaml_fail(ctx, x, "区划 %.*s 写了两次", STR_ARG(r.code));
        s->region[s->n++] = r;
    }
    return yaml_refuse_unseen(ctx, root);
}

enum err
message_setup_load(struct ctx *ctx, struct arena *arena, struct str dir, struct message_setup *ret_s)
{
    struct loading l = {.arena = arena, .dir = dir};
    struct str path = str_fmt(arena, "%.*s/messages.yaml", STR_ARG(dir));
    *ret_s = (struct message_setup){
        .batch = BATCH, .attempts = ATTEMPTS, .lease_ms = LEASE_S * 1000, .back_off_ms = BACK_OFF_S * 1000};
    if (access(path.p, F_OK) != 0 && errno == ENOENT)
        return OK;
    enum err e = read_setup(ctx, &l, path.p, ret_s);
    if (e == ERR_CATALOG) { /* read like the catalogue, but it is the operator's file */
        struct str why = str_dup(ctx->arena, ctx->fail->detail);
        fail_clear(ctx);
        FAIL(ctx, ERR_CONFIG, "%.*s", STR_ARG(why));
    }
    return e;
}

const struct message_region *
message_setup_region(const struct message_setup *s, struct str code)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->region[i].code, code))
            return &s->region[i];
    return NULL;
}

const struct message_hook *
message_setup_hook(const struct message_region *r, struct str name)
{
    for (size_t i = 0; r && i < r->hook_count; i++)
        if (str_eq(r->hook[i].name, name))
            return &r->hook[i];
    return NULL;
}

bool
message_kinds_has(const struct message_kinds *k, struct str kind)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->kind[i], kind))
            return true;
    return k->all;
}
