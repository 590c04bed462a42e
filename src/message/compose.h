/* From a message and the region's set-up to what goes over the wire. Pure: no network, no store. */
#ifndef MESSAGE_COMPOSE_H
#define MESSAGE_COMPOSE_H

#include "base/view.h"
#include "message/message.h"
#include "message/setup.h"

enum { OUTGOING_HEADERS_MAX = MESSAGE_HEADERS_MAX + 8 };

struct outgoing {
    struct str url, method, body;
    struct str header[OUTGOING_HEADERS_MAX];
    size_t header_count;
    struct str mail_from, mail_to; /* of a mail */
    struct str user, password, ca_file;
    bool tls;
    struct str success; /* what the answer must contain; empty = its status decides */
};

/* *ret_why: set when nothing can be composed because the endpoint is no longer configured (Chinese); then nothing goes out. */
enum err message_compose(struct ctx *ctx, const struct message_region *r, const struct message *m,
                         struct outgoing *ret_o, struct str *ret_why) MUST_USE;

/* An event of a case as a CloudEvent 1.0 in JSON; no personal data. */
struct case_notice {
    struct str region, event, case_no, matter_id, matter_name, status;
    int64_t case_id, mark, at_ms;
    struct str due; /* ISO day or empty */
};
struct str message_cloud_event(struct arena *a, const struct case_notice *n);
/* A rating as one. Its kinds, as an endpoint that wants them has them among its events: given; counting no more, since an appeal was upheld.
** DATA: what the platform is told of it (service/rating_platform.c), no personal data; becomes part of the event. */
#define MESSAGE_RATED "rated"
#define MESSAGE_RATED_EXCLUDED "rated_excluded"
struct rating_notice {
    const char *kind;           /* one of the two */
    struct str region, subject; /* the case's number; empty: a visit without a case */
    int64_t rating_id, at_ms;
    struct view *data;
};
struct str message_rating_event(struct arena *a, const struct rating_notice *n);

/* --- signatures (sign.c) --- */
/* Hex of HMAC-SM3 with a key of any length. */
struct str compose_hmac_sm3(struct arena *a, struct str key, struct str data);
bool compose_sm2_ok(struct str pem);
/* SM2 with SM3 and the standard's default identifier; DER in base64. ERR_CRYPTO. */
enum err compose_sm2(struct ctx *ctx, struct str pem, struct str data, struct str *ret_base64) MUST_USE;
struct str compose_base64(struct arena *a, struct str s);

#endif
