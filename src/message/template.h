/* The words of messages, as data (catalog/messages/): per event a title, a text, what a short message and a caller say.
**
** {case_no} is a value, {?due}…{/} stands only when the value is there. Unknown names are refused when the file is read. A file called
** after a region overrides standard.yaml for that region. There is no placeholder for an identity number, and what people typed
** (gaps, reason) goes into a short message with such numbers struck out. */
#ifndef MESSAGE_TEMPLATE_H
#define MESSAGE_TEMPLATE_H

#include "base/ctx.h"

enum message_value {
    MESSAGE_CASE_NO,
    MESSAGE_MATTER,
    MESSAGE_REGION,
    MESSAGE_AGENCY,
    MESSAGE_PHONE_NO,
    MESSAGE_LINK,
    MESSAGE_DUE,
    MESSAGE_DAY,
    MESSAGE_STAGE,
    MESSAGE_DELIVERY,
    MESSAGE_APPLICANT, /* masked */
    MESSAGE_GAPS,
    MESSAGE_REASON,
    MESSAGE_NUMBER, /* of what it is about, where that has one beside the case's */
    MESSAGE_ADVICE, /* what the guide says of the further way */
    MESSAGE_PAGE,   /* opens without asking: for the applicant's own inbox only */
    MESSAGE_VALUE_COUNT
};

struct message_values {
    struct str v[MESSAGE_VALUE_COUNT]; /* p NULL or empty: not there */
};

struct message_template {
    struct str region; /* empty: of all */
    struct str kind, name, title, text, sms, phone;
    bool staff;      /* for the bureau's own people, never for the applicant */
    bool phone_call; /* somebody rings the applicant where the region says nothing else */
};

struct message_templates;
/* Reads every .yaml of FOLDER into ARENA. ERR_CATALOG with file and line. */
enum err message_templates_load(struct ctx *ctx, struct arena *arena, struct str folder,
                                struct message_templates **ret_t) MUST_USE;
/* The region's own or the standard one of an event; NULL: nobody is told of it. */
const struct message_template *message_template_find(const struct message_templates *t, struct str region,
                                                     struct str kind);
size_t message_template_count(const struct message_templates *t);
const struct message_template *message_template_at(const struct message_templates *t, size_t i);

/* ERR_SYNTAX: an unknown placeholder, a brace that is not closed. */
enum err message_text_check(struct ctx *ctx, struct str text) MUST_USE;
/* TEXT, which was checked, with values. SHORT: for a short message, in one line and numbers struck out. */
struct str message_text(struct arena *a, struct str text, const struct message_values *v, bool is_short);
/* S with every run of 15 to 18 digits (the last may be x) struck out: no identity number leaves in clear. */
struct str message_strike_numbers(struct arena *a, struct str s);

#endif
