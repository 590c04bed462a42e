/* The catalogue: the guides as data, loaded and checked into one immutable snapshot, shared between threads.
** Every text is the guide's own; what a guide does not print is empty, never inherited from another city. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "base/calendar.h"
#include "base/ctx.h"
#include "base/day.h"
#include "rules/feel.h"

struct catalog;

/* A condition: NULL means always. */
struct condition {
    const struct feel *feel;
    struct str source;
};

enum channel_kind {
    CHANNEL_ONSITE,
    CHANNEL_ONLINE,
    CHANNEL_KIOSK,
    CHANNEL_PHONE,
    CHANNEL_WECHAT,
    CHANNEL_POST,
    CHANNEL_COUNT
};
enum level_kind { LEVEL_CITY, LEVEL_COUNTY, LEVEL_TOWN, LEVEL_VILLAGE, LEVEL_HOSPITAL, LEVEL_COUNT };
enum stage_kind {
    STAGE_APPLY,
    STAGE_ACCEPT,
    STAGE_FIRST_REVIEW,
    STAGE_REVIEW,
    STAGE_SECOND_REVIEW,
    STAGE_APPROVE,
    STAGE_EVALUATE,
    STAGE_EXPERT,
    STAGE_EXAMINE,
    STAGE_NEGOTIATE,
    STAGE_PUBLICITY,
    STAGE_AGREE,
    STAGE_ANNOUNCE,
    STAGE_INJURY,
    STAGE_LETTER,
    STAGE_INFO_FORM,
    STAGE_TRANSFER_FUNDS,
    STAGE_LIST,
    STAGE_FINANCE,
    STAGE_PAY,
    STAGE_DELIVER,
    STAGE_CONCLUDE,
    STAGE_FEEDBACK,
    STAGE_FILE_CASE,
    STAGE_START,
    STAGE_INVESTIGATE,
    STAGE_INSPECT,
    STAGE_DECIDE,
    STAGE_SERVE,
    STAGE_ARCHIVE,
    STAGE_HOSPITAL,
    STAGE_COUNT
};
const char *channel_name(enum channel_kind k); /* 现场 … */
const char *level_name(enum level_kind k);     /* 市级 … */
const char *stage_name(enum stage_kind k);     /* 申请 … */
bool channel_parse(struct str s, enum channel_kind *ret_k);
bool level_parse(struct str s, enum level_kind *ret_k);
bool stage_parse(struct str s, enum stage_kind *ret_k);

/* What concluding a matter does to the registers; closed, implemented in service/. */
enum effect_kind {
    EFFECT_NONE,
    EFFECT_UNIT_ENROL,     /* 登记单位 */
    EFFECT_PERSON_ENROL,   /* 登记职工 */
    EFFECT_RESIDENT_ENROL, /* 登记居民 */
    EFFECT_UNIT_CHANGE,    /* 变更单位 */
    EFFECT_PERSON_CHANGE,  /* 变更个人 */
    EFFECT_UNIT_QUERY,     /* 查询单位 */
    EFFECT_PERSON_QUERY,   /* 查询个人 */
    EFFECT_CERTIFICATE,    /* 出具参保凭证 */
    EFFECT_OFFSITE,        /* 异地就医备案 */
    EFFECT_COUNT
};

enum limit_kind {
    LIMIT_NONE,
    LIMIT_INSTANT,
    LIMIT_WORKDAYS,
    LIMIT_DAYS,
    LIMIT_MONTHS,
    LIMIT_HOSPITAL,
    LIMIT_QUARTERLY,
    LIMIT_ON_DEMAND,
    LIMIT_AGREEMENT,
    LIMIT_ANYTIME
};
struct limit {
    enum limit_kind kind;
    int n;
};
struct limit_stage {
    enum stage_kind stage;
    struct limit limit;
    struct str counted_from;
};
/* One variant of the limit: the first whose condition holds applies. */
struct limit_tier {
    struct condition when;
    struct limit promised, legal;
    struct str counted_from; /* printed; empty = 系统口径: complete receipt */
    const struct str *pause;
    size_t pause_count;
    bool receipt_only; /* the limit is for the receipt, not for the result */
    const struct limit_stage *stage;
    size_t stage_count;
};

enum material_node { MATERIAL_LEAF, MATERIAL_ANY, MATERIAL_ALL };
struct material {
    enum material_node node;
    struct str key; /* path in the tree: "1", "3.2"; stable within a version */
    int index;      /* dense number of leaves, -1 for groups */
    struct str name, verbatim;
    struct condition when;
    struct str form; /* form id or printed form name */
    struct str kind; /* 原件 … */
    struct str copies, stamp, age, share_source, provider, note;
    struct condition stamp_when;
    bool shareable, committable, tolerable, discretionary;
    const struct material *child;
    size_t child_count;
    int line;
};
enum material_mode { MATERIALS_LISTED, MATERIALS_REFERENCE, MATERIALS_DEPARTMENT, MATERIALS_UNLISTED };

struct channel {
    enum channel_kind kind;
    struct str name, address, window, phone, level, duty;
    bool planned; /* 待开通 */
};
struct stage {
    enum stage_kind kind;
    struct str name, unit, count;
    struct limit limit;
};
struct eligibility {
    struct condition must;
    struct str otherwise;
};
struct phone {
    struct str number, insurance, unit;
};
struct note {
    struct str number, verbatim, title;
};
struct variant { /* another wording of a field elsewhere in the source */
    struct str where, field, verbatim;
    bool followed;
};
struct oddity {
    struct str field, text;
};

struct region;
struct matter {
    const struct region *region;
    struct str id, number, name, title, title_name, code, group, where, status_basis, caption, unit;
    bool code_printed, suspended, not_open;
    const struct standard_matter *standard; /* by code; NULL for local matters */
    enum effect_kind effect;
    struct str category; /* parameter of the effect (异地就医 类别) */
    struct str form;     /* the system's data form id: standard list */
    bool by_unit;        /* the applicant is a unit */
    const struct str *legal_basis;
    size_t legal_basis_count;
    struct str service_object;
    const struct eligibility *eligibility;
    size_t eligibility_count;
    struct str channels_text;
    const struct channel *channel;
    size_t channel_count;
    struct str levels_text;
    unsigned levels; /* bit set of level_kind; 0 = not printed */
    enum material_mode material_mode;
    struct str materials_text, materials_reference;
    const struct material *material;
    size_t material_count;
    int leaf_count;
    struct str process_text, handlers;
    const struct stage *stage;
    size_t stage_count;
    bool stages_by_system; /* 系统口径: the guide prints none */
    struct str limit_text, legal_limit_text;
    const struct limit_tier *limit;
    size_t limit_count;
    struct str consult_text;
    const struct phone *phone;
    size_t phone_count;
    struct str supervision_text;
    const struct str *supervision;
    size_t supervision_count;
    struct str rating_text;
    const struct str *rating;
    size_t rating_count;
    const struct note *note;
    size_t note_count;
    struct str delivery_text, express_text;
    const struct str *delivery;
    size_t delivery_count;
    const struct str *paper;
    size_t paper_count;
    bool commitment;
    const struct variant *variant;
    size_t variant_count;
    const struct oddity *oddity;
    size_t oddity_count;
    const struct note *other;
    size_t other_count;
    struct fact_set facts;    /* every fact its conditions mention */
    unsigned char digest[32]; /* SM3 of the file */
    struct str file;          /* shown path */
};

struct service_point {
    struct str id, name, address;
    enum level_kind level;
    bool level_known, device;
    const struct str *phone, *window;
    size_t phone_count, window_count;
};
struct agency {
    struct str id, name;
    const struct str *section;
    size_t section_count;
};
struct region {
    struct str code, name, agency_name, province, province_code, pool, pool_code, parent;
    enum level_kind level;
    bool parent_binds;
    struct str doc_title, doc_number, doc_publisher, doc_date, doc_file, head_text, tail_text, supervision;
    const struct agency *agency;
    size_t agency_count;
    const struct service_point *point;
    size_t point_count;
    const struct note *common_note; /* number = first matter it holds for */
    size_t common_note_count;
    const struct str *platform;
    size_t platform_count;
    const struct form *form; /* the region's own versions of forms (R10) */
    size_t form_count;
    const struct matter *matter; /* in printed order */
    size_t matter_count;
    unsigned char digest[32];
};

struct standard_matter {
    struct str code, name, group, form, category;
    enum effect_kind effect;
    bool by_unit;
    const struct stage *stage;
    size_t stage_count;
};

/* A fact of the dictionary, with what people see. */
struct fact {
    struct fact_def def;
    struct str question, help;
    bool asked;                   /* of the applicant; otherwise known by the system */
    const struct str *value_help; /* parallel to def.values; may be NULL */
};

struct form_field {
    struct str id, label, type, unit, help, binds, group;
    const struct str *values;
    size_t value_count;
    bool required, personal;
    struct condition required_when;
    struct str required_unless; /* id of another field: required unless that one holds one of UNLESS */
    const struct str *unless;
    size_t unless_count;
    int max_length;
};
struct form_section {
    struct str title, note;
    const struct form_field *field;
    size_t field_count;
    struct str rows_id; /* repeating section: name of the list; empty otherwise */
    int rows_max;
};
struct form {
    struct str id, title, where, note, declaration;
    struct fact_set facts; /* that its conditions mention */
    const struct form_section *section;
    size_t section_count;
    const struct str *sign;
    size_t sign_count;
};

/* Loads the tree at DIR into a new snapshot. A malformed catalogue is ERR_CATALOG: file:line:column, what, why, remedy.
 */
enum err catalog_load(struct ctx *ctx, struct str dir, struct catalog **ret_c) MUST_USE;
void catalog_free(struct catalog *c);

const struct calendar *catalog_calendar(const struct catalog *c);
const struct fact_dict *catalog_dict(const struct catalog *c);
const struct fact *catalog_fact(const struct catalog *c, size_t i);
size_t catalog_region_count(const struct catalog *c);
const struct region *catalog_region_at(const struct catalog *c, size_t i);
const struct region *catalog_region(const struct catalog *c, struct str code); /* NULL if unknown */
/* By id, by a standard code where unambiguous, or by the printed name. ERR_NOT_FOUND, ERR_AMBIGUOUS. */
enum err catalog_matter(struct ctx *ctx, const struct region *r, struct str id, const struct matter **ret_m) MUST_USE;
const struct form *catalog_form(const struct catalog *c, struct str id); /* by id or title; NULL if none */
/* The form a matter's data is entered by: the region's own version (regions/CODE/forms) or the sample form; NULL if it
 * has none. */
const struct form *catalog_matter_form(const struct catalog *c, const struct matter *m); //= R10 R71
size_t catalog_standard_count(const struct catalog *c);
const struct standard_matter *catalog_standard_at(const struct catalog *c, size_t i);
struct str limit_text(struct arena *a, struct limit l); /* 即时办结, 5个工作日 … */
const char *effect_name(enum effect_kind k);
/* What of a group condition holds: used by checklist and tests. */
bool matter_open_for(const struct matter *m, enum channel_kind k, const char **ret_reason); //= R15

#endif
