/* The catalogue: the guides as data, loaded and checked into one immutable snapshot, shared between threads.
** Every text is the guide's own; what a guide does not print is empty, never inherited from another city. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "base/calendar.h"
#include "base/ctx.h"
#include "base/day.h"
#include "catalog/intake.h"
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
    STAGE_LETTER_IN, /* 收联系函: the other agency's letter has come; we are the origin */
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
/* The event a limit counts from, read from the guide's phrase; closed. */
enum limit_start {
    START_COMPLETE, /* 收齐材料; also where a guide prints nothing (系统口径) */
    START_RECEIVED,
    /* 收到材料 */  //= R277
    START_ACCEPTED, /* 受理 */
    START_ACCEPT_END,
    /* 受理结束 */    //= R172
    START_LETTER,     /* 收到联系函 */
    START_INFO_FORM,  /* 收到信息表 */
    START_INFO_FUNDS, /* 收到信息表和资金: the later of the two */
    START_STAGE,      /* the end of the stage before; a stage's limit where the guide prints nothing */
    START_COUNT
};
const char *limit_start_id(enum limit_start k);   /* complete … */
const char *limit_start_name(enum limit_start k); /* 收齐材料 … */
/* What a guide's phrase under 起算 means (收到联系函 and 接收《联系函》 alike); false: not one this program knows. */
bool limit_start_kind(struct str phrase, enum limit_start *ret_k);

/* Why a clock stands still; closed. */
enum pause_kind {
    PAUSE_SUPPLEMENT, /* 补正: the applicant has the ball */
    PAUSE_POST,       /* 资料邮寄 */
    PAUSE_PUBLICITY,  /* 公示 */
    PAUSE_EVALUATE,   /* 评估、专家评审、鉴定、体检 */
    PAUSE_HEARING,    /* 听证 */
    PAUSE_INQUIRY,    /* 函询、部门认定、调查 */
    PAUSE_KIND_COUNT
};
const char *pause_id(enum pause_kind k);   /* supplement … */
const char *pause_name(enum pause_kind k); /* 补正 … */
bool pause_parse(struct str id, enum pause_kind *ret_k);
/* The kind that a guide's phrase under 暂停 means (资料邮寄 → PAUSE_POST); false: not one this program knows. */
bool pause_of_phrase(struct str phrase, enum pause_kind *ret_k);

struct limit_stage {
    enum stage_kind stage;
    struct limit limit;
    struct str counted_from;
    enum limit_start start; /* START_STAGE where nothing is printed */
};
/* One variant of the limit: the first whose condition holds applies. */
struct limit_tier {
    struct condition when;
    struct limit promised, legal;
    struct str counted_from; /* printed; empty = 系统口径: complete receipt */
    enum limit_start start;
    const struct str *pause; /* printed */
    size_t pause_count;
    unsigned pauses;   /* bit set of pause_kind: what PAUSE means */
    bool receipt_only; /* the limit is for the receipt, not for the result */
    const struct limit_stage *stage;
    size_t stage_count;
};

/* When an application can be filed (申报期); a matter that prints none takes them on any day. */
enum intake_kind {
    INTAKE_YEARLY,    /* 从, 到: from one day of the year to another, both included; over the new year if FROM > TO */
    INTAKE_MONTHLY,   /* 每月: days FROM to TO of every month */
    INTAKE_UNSET,     /* 每月: 未定: the guide leaves the days blank; any day until they are filled in //= R225 */
    INTAKE_AGREEMENT, /* 每月: 按协议: in the agreement's own time; any day until it is written here //= R264 */
    INTAKE_ROUND_MONTH,   /* 每月: 是: gathered once a month, filed on any day */
    INTAKE_ROUND_QUARTER, /* 每季度: 是 */
    INTAKE_ROUND_HALF,    /* 每半年: 是 */
    INTAKE_KIND_COUNT
};
const char *intake_id(enum intake_kind k); /* yearly … */
struct intake_window {
    struct condition when;
    struct str verbatim;
    enum intake_kind kind;
    int from, to;  /* YEARLY: month * 100 + day; MONTHLY: day of the month, 31 is every month's last */
    bool workdays; /* of these days, working days alone */
};
/* 每年5月1日至5月15日, 每月1日至10日（工作日）, 每季度一次 … */
struct str intake_words(struct arena *a, const struct intake_window *w);

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
/* What a stage issues when it is passed (出具); the name is empty where the guide names nothing. */
struct stage_paper {
    struct str name;           /* as the guide prints it */
    struct str to;             /* 送交: to whom it goes, as printed; empty: it stays in the file */
    struct str note;           /* 注明: the guide's words that go with it */
    const enum stage_kind *of; /* 载明: earlier stages whose records it states, besides its own */
    size_t of_count;
};
/* Stages whose paper has a layout of its own, the letter and the decision: theirs is but a name. */
bool stage_own_layout(enum stage_kind k);
struct stage {
    enum stage_kind kind;
    struct str name, unit, count;
    struct limit limit;
    const struct str *profession; /* each must be among those who sign it (专业) */
    size_t profession_count;
    struct condition when; /* over facts: the stage is gone through only then (当) */
    struct stage_paper paper;
};
struct eligibility {
    struct condition must;
    struct str otherwise;
};
/* What the guide says of the further way, under a condition (指引). */
enum advice_kind {
    ADVICE_TOLD, /* only said */
    ADVICE_ELSEWHERE,
    /* 转由: another body handles such a case, the bureau does not take it */ //= R187
    ADVICE_CATEGORY,
    /* 归类: the category under which such a case is registered */ //= R148
    ADVICE_FOLLOW_UP,
    /* 后续: what the applicant has to have done besides */ //= R140
    ADVICE_KIND_COUNT
};
const char *advice_id(enum advice_kind k); /* told … */
struct advice {
    enum advice_kind kind;
    struct condition when;
    struct str verbatim;
    struct str what, phone;   /* the body, the category, the follow-up; as printed */
    const struct str *matter; /* ids of the region's matters it leads to */
    size_t matter_count;
    bool at_check, at_case; /* 处: told before applying, on the case */
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

/* What is looked at on the spot: by a rule outside the guide, from which the bureau writes its own list. */ //= R257
enum { ON_SITE_MAX = 12 };
struct on_site {
    struct str verbatim, source; /* empty: the guide prints nothing of it */
    const struct str *item;
    size_t item_count;
};

/* Whose verdicts the agency supervises (认定监管); empty: the guide says nothing of it. */ //= R179
struct oversight {
    struct condition when; /* those of others; absent: every verdict of the matter */
    struct str verbatim;
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
    const struct intake_window *intake;
    size_t intake_count;
    const struct advice *advice;
    size_t advice_count;
    struct on_site on_site;
    struct oversight oversight;
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

/* What the guide prints of a window or room besides its name. */
struct window {
    struct str place, use; /* 一楼; 外伤调查 */
    const struct str *alias, *phone;
    size_t alias_count, phone_count;
    const struct str *matter; /* ids of matters whose steps lead here although their channel does not name it */
    size_t matter_count;
};
struct service_point {
    struct str id, name, address;
    enum level_kind level;
    bool level_known, device;
    const struct str *phone, *window;
    size_t phone_count, window_count;
    const struct window *window_detail; /* parallel to WINDOW */
    const struct str *alias; /* other names the guide prints for the same place; several points may share one */
    size_t alias_count;
    struct str area;   /* the county, district or town it serves */
    struct str within; /* id of the look-up it is a member of; empty if none */
    bool each;         /* a look-up: one such place in every town or village, not printed one by one (R282) */
    bool qr;           /* a rating code hangs here (R48) */
    struct str note;
};
struct section {
    struct str place, note;
    const struct str *phone;
    size_t phone_count;
};
struct agency {
    struct str id, name, address, note;
    const struct str *phone, *section;
    size_t phone_count, section_count;
    const struct section *section_detail; /* parallel to SECTION */
};
/* A web site, app or account the guide names. */
struct platform {
    struct str kind; /* 网站 手机APP 微信公众号 小程序; empty = not said */
    struct str url, note;
};
/* What the guide orders every pooling area to publish, and what has been (R8, R9). */
struct published {
    struct str area, text;
};
struct publish_slot {
    struct str kind, verbatim; /* 办理地址 网址 手机APP 微信公众号 监督电话 */
    const struct published *value;
    size_t value_count;
};
/* What happens after a bad rating (R41, R43); what the guide does not print is the house's convention (系统口径). */
struct rating_terms {
    int call_back_days, rectify_days; /* working days; 1 and 5 where nothing is printed */
    bool call_back_printed, rectify_printed;
    struct str call_back_text, rectify_text; /* as printed; may be empty */
};
struct region {
    struct rating_terms rating;
    struct str code, name, agency_name, province, province_code, pool, pool_code, parent;
    enum level_kind level;
    bool parent_binds;
    int complaint_workdays;     /* a complaint is answered within; 0 = not printed */
    struct str complaint_basis; /* where that is printed */
    struct str doc_title, doc_number, doc_publisher, doc_date, doc_file, head_text, tail_text, supervision;
    const struct agency *agency;
    size_t agency_count;
    const struct service_point *point;
    size_t point_count;
    const struct note *common_note; /* number = first matter it holds for */
    size_t common_note_count;
    const struct str *platform;
    size_t platform_count;
    const struct platform *platform_detail; /* parallel to PLATFORM */
    const struct publish_slot *slot;
    size_t slot_count;
    const struct share_source *share; /* data of other departments the guide names */
    size_t share_count;
    struct commitment_rule commitment;
    const struct form *form; /* the region's own versions of forms (R10) */
    size_t form_count;
    const struct matter *matter; /* in printed order */
    size_t matter_count;
    struct str version;            /* digest of the package it was read from, hex */
    int64_t version_no;            /* as published in the house; 0 = straight from a folder */
    struct day effective;          /* in force from that day; DAY_NONE straight from a folder */
    bool unpublished;              /* known to its staff, not yet open to the public */
    const struct catalog *catalog; /* facts, forms and standard list it is read with */
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

/* Who writes a field: applicants are asked for theirs and for what their unit knows, never for what is written about
 * them. */
enum form_who { FORM_APPLICANT, FORM_UNIT, FORM_OFFICE, FORM_HOSPITAL, FORM_DEPARTMENT, FORM_WHO_COUNT };
const char *form_who_name(enum form_who w); /* 申请人 … */

struct form_field {
    struct str id, label, type, unit, help, binds, group;
    const struct str *values;
    size_t value_count;
    bool required, personal;
    struct condition required_when; /* over facts alone */
    struct str required_unless;     /* id of another field: required unless that one holds one of UNLESS */
    const struct str *unless;
    size_t unless_count;
    int max_length;
    enum form_who who;
    bool handwritten; /* written on the print: nobody types it */
    /* Over the form's own fields too (form_condition in service/): */
    struct condition required_if, shown_when, must, automatic; /* AUTOMATIC: a yes or no that follows */
    struct str otherwise;                                      /* why a value that breaks MUST is refused */
    const struct str *together;                                /* ids: all are filled or none */
    size_t together_count;
    struct str attached; /* id of the choice whose 其他 this blank belongs to */
    /* How the table prints it. */
    int per_row;                /* fields of this width beside each other; 0 = not said */
    bool unlabelled, ticked;    /* label not printed; one column per value in a table of rows */
    struct str blank;           /* printed while it is empty */
    const struct str *off_form; /* values the printed form does not list */
    size_t off_form_count;
};
enum form_layout {
    FORM_GRID,    /* 表格: cells, no heading */
    FORM_SIDE,    /* 侧标: heading in a merged cell at the left */
    FORM_BANNER,  /* 横标: heading across */
    FORM_BOX,     /* 意见: heading left, one large cell */
    FORM_ABREAST, /* 并列: boxes side by side */
    FORM_PAIRS,   /* 对照: before and after of each item */
    FORM_ABOVE,   /* 题上: a line above the title */
    FORM_UNDER,   /* 题下: lines under the title */
    FORM_HEAD,    /* 表头: a line before the table */
    FORM_TAIL,    /* 表尾: a line after it */
    FORM_LETTER,  /* 书信: running text */
    FORM_CLOSE,   /* 书尾: lines of a letter's end */
    FORM_LAYOUT_COUNT
};
enum form_closing_kind { CLOSING_SIGN, CLOSING_HAND, CLOSING_STAMP, CLOSING_DATE };
struct form_closing { /* a signature, a stamp or a date at the foot of a section */
    enum form_closing_kind kind;
    struct str text; /* field id (SIGN, DATE) or what is printed */
};
struct form_section {
    struct str title, note;
    const struct form_field *field;
    size_t field_count;
    struct str rows_id; /* repeating section: name of the list; empty otherwise */
    int rows_max;
    struct condition when; /* over facts: the section concerns this applicant */
    enum form_layout layout;
    struct str font;  /* points, for long printed text */
    struct str body;  /* printed text; {id} = that field, {id:value} = its tick, {声明} = the declaration */
    int rows_printed; /* empty rows the sample shows */
    const struct str *item_group; /* FORM_PAIRS: items with this beginning stand under it */
    size_t item_group_count;
    const struct form_closing *closing;
    size_t closing_count;
};
struct form_repair { /* a damaged place of the source and how it was read */
    struct str where, printed, read, basis;
    bool unsure;
};
struct form {
    struct str id, title, where, note, declaration;
    struct fact_set facts; /* that its conditions mention */
    const struct form_section *section;
    size_t section_count;
    const struct str *sign;
    size_t sign_count;
    bool landscape;
    struct str subtitle, foot; /* printed under the title, under the table */
    const struct form_repair *repair;
    size_t repair_count;
    /* Names its conditions may use: the facts of the dictionary at their own places, then fields by id, and for a field of
     * several choices one boolean each, ID_VALUE. */
    struct fact_dict dict;
    size_t fact_count;
};
/* A form that guides name and none supplies, or that a sample stands for. */
struct cited_form {
    struct str name, stands_for; /* id of a sample form; empty = none */
    const struct cited_in {
        struct str region, matter;
    } * in;
    size_t in_count;
};

/* Loads the tree at DIR into a new snapshot. A malformed catalogue is ERR_CATALOG: file:line:column, what, why, remedy.
 */
enum err catalog_load(struct ctx *ctx, struct str dir, struct catalog **ret_c) MUST_USE;
struct catalog_files;
/* The same from files in memory (files.h), which may go afterwards. A package has no calendar and no search data. */
enum err catalog_load_files(struct ctx *ctx, const struct catalog_files *files, struct catalog **ret_c) MUST_USE;
void catalog_free(struct catalog *c);

const struct calendar *catalog_calendar(const struct catalog *c);
const struct fact_dict *catalog_dict(const struct catalog *c);
const struct fact *catalog_fact(const struct catalog *c, size_t i);
size_t catalog_region_count(const struct catalog *c);
const struct region *catalog_region_at(const struct catalog *c, size_t i);
const struct region *catalog_region(const struct catalog *c, struct str code); /* NULL if unknown */
/* By id alone; NULL if R is NULL or has none of it (a matter gone from the guide). */
const struct matter *matter_by_id(const struct region *r, struct str id);
/* By id, by a standard code where unambiguous, or by the printed name. ERR_NOT_FOUND, ERR_AMBIGUOUS. */
enum err catalog_matter(struct ctx *ctx, const struct region *r, struct str id, const struct matter **ret_m) MUST_USE;
const struct form *catalog_form(const struct catalog *c, struct str id); /* by id or title; NULL if none */
size_t catalog_form_count(const struct catalog *c);
const struct form *catalog_form_at(const struct catalog *c, size_t i);
/* Forms named by guides that do not supply them (catalog/cited). */
size_t catalog_cited_count(const struct catalog *c);
const struct cited_form *catalog_cited_at(const struct catalog *c, size_t i);
/* The form a matter's data is entered by: the region's own version (regions/CODE/forms) or the sample form; NULL if it
 * has none. */
const struct form *catalog_matter_form(const struct catalog *c, const struct matter *m); //= R10 R71
size_t catalog_standard_count(const struct catalog *c);
const struct standard_matter *catalog_standard_at(const struct catalog *c, size_t i);
struct str limit_text(struct arena *a, struct limit l); /* 即时办结, 5个工作日 … */
const char *effect_name(enum effect_kind k);
/* What the matter's facts and forms are looked up in: its own version's catalogue, not today's. */
static inline const struct catalog * //= R6
matter_catalog(const struct matter *m)
{
    return m->region->catalog;
}
/* What of a group condition holds: used by checklist and tests. */
bool matter_open_for(const struct matter *m, enum channel_kind k, const char **ret_reason); //= R15

#endif
