/* How a house sends: DATA/messages.yaml, read once at the start. Without it there are the inboxes and the calls people make. Secrets
** stand in files of mode 0600 beside it, never in it.
**
**   每轮条数: 16            (all of these may be left out)
**   租约秒: 120             how long one worker may hold a message
**   退避秒: 30              first pause after a failure, doubled each time
**   次数: 12                tries until a message has failed
**   地区:
**     - 区划: "123456"
**       电话: [noticed]     events somebody rings about; left out: as the templates say
**       短信: {地址: "https://…", 方法: POST, 类型: application/json, 请求体: '{"to":"{mobile}","text":"{text}","id":"{key}"}',
**              请求头: ["Authorization: Bearer {secret}"], 密钥文件: sms.key, 成功标志: '"code":0', 事件: [...]}
**       邮件: {服务器: "smtps://…", 发件人: a@b, 收件人: [c@d], 用户名: a, 密码文件: mail.key, 加密: 必须, 事件: [...]}
**       推送: [{名称: 城市平台, 地址: "https://…", 密钥文件: hook.key, 签名私钥文件: sm2.pem, 事件: [...]}]
*/
#ifndef MESSAGE_SETUP_H
#define MESSAGE_SETUP_H

#include "base/ctx.h"

enum { MESSAGE_ENDPOINTS_MAX = 16, MESSAGE_HEADERS_MAX = 16, MESSAGE_MAILS_MAX = 16 };

struct message_kinds { /* the events a channel is used for */
    bool all;          /* nothing was said */
    struct str *kind;
    size_t n;
};

struct message_sms {
    struct str url, method, type, body; /* url and body with {mobile} {text} {key} {secret} */
    struct str header[MESSAGE_HEADERS_MAX];
    size_t header_count;
    struct str secret, success, ca_file; /* SUCCESS: what an answer must contain; empty = its status decides */
    struct message_kinds kinds;
};
struct message_mail {
    struct str url, from, user, password, ca_file;
    struct str to[MESSAGE_MAILS_MAX];
    size_t to_count;
    bool tls;
    struct message_kinds kinds;
};
struct message_hook {
    struct str name, url, secret, sm2_key, ca_file; /* SM2_KEY: PEM; empty = only the HMAC */
    struct message_kinds kinds;
};
struct message_region {
    struct str code;
    const struct message_sms *sms;   /* NULL: none */
    const struct message_mail *mail; /* NULL: none */
    struct message_hook *hook;
    size_t hook_count;
    bool phone_given; /* PHONE is this region's word */
    struct message_kinds phone;
};
struct message_setup {
    int batch, attempts;
    int64_t lease_ms, back_off_ms;
    struct message_region *region;
    size_t n;
};

/* Reads DIR/messages.yaml into ARENA; a file that is not there is an empty set-up. ERR_CONFIG names file, line and remedy. */
enum err message_setup_load(struct ctx *ctx, struct arena *arena, struct str dir, struct message_setup *ret_s) MUST_USE;
/* NULL: the region sends nothing out. */
const struct message_region *message_setup_region(const struct message_setup *s, struct str code);
const struct message_hook *message_setup_hook(const struct message_region *r, struct str name); /* NULL if none */
bool message_kinds_has(const struct message_kinds *k, struct str kind);

#endif
