/* Inside the reading half of the import only: lines, numbers, captions, and the drafts they become. No city is known here: what a line
** is follows from a table of captions and from how the document itself repeats. */
#ifndef CATALOG_IMPORT_READ_INT_H
#define CATALOG_IMPORT_READ_INT_H

#include "catalog/import/import_int.h"

enum {
    IMPORT_BYTES_MAX = 4 << 20,
    IMPORT_LINES_MAX = 200000,
    COPIED_MAX = 3 * IMPORT_BYTES_MAX,
    IMPORT_MATTERS_MAX = 512,
    DRAFT_VARIANTS_MAX = 16,
    TITLE_LINES_MAX = 3
};

/* --- lines (import_lines.c) --- */
enum line_use { /* every line that is not blank ends with one of them; LINE_FREE ones are told as findings */
                LINE_FREE,
                LINE_HEAD,
                LINE_TAIL,
                LINE_TITLE,
                LINE_CAPTION,
                LINE_FIELD,
                LINE_TOLD, /* a finding names it */
};
struct guide_line {
    struct str text; /* blanks off both ends, never empty */
    int no;          /* in the file, 1-based */
    int gap;         /* blank lines before it */
    enum line_use use;
};
enum number_shape {
    NUMBER_NONE,
    NUMBER_PAUSE,
    NUMBER_DOT,
    NUMBER_PAREN,
    NUMBER_CIRCLE,
    NUMBER_NTH,
    NUMBER_PLAIN,
    NUMBER_SHAPES
};
struct number { /* 一、 1. （一） ① 第一项 */
    enum number_shape shape;
    bool chinese;
    uint32_t unit; /* of 第一项: 项 */
    int value;
    struct str printed, rest; /* 一、 and what follows, trimmed */
};
struct number number_read(struct str s);
struct str trimmed(struct str s);                   /* blanks of any width off both ends */
size_t count_cp(struct str s);                      /* code points */
struct str squeezed(struct arena *a, struct str s); /* without blanks of any width */
bool ends_sentence(struct str s);                   /* 。；！？ and their half-width forms */
bool open_bracket(struct str s);                    /* （《〔 without its end */
uint32_t first_cp(struct str s);
uint32_t last_cp(struct str s);
bool is_cjk(uint32_t cp);
bool has(struct str s, const char *words);
struct str cut_end(struct str s, const char *words); /* without WORDS at its end */
/* Twice the longest common subsequence over the sum of the lengths, in percent; long texts by their first 120 characters. */
int likeness(struct str x, struct str y);
/* ERR_CATALOG: not UTF-8, too large, too many lines, none. */
enum err lines_read(struct ctx *ctx, struct str text, struct guide_line **ret_line, size_t *ret_n) MUST_USE;

/* --- captions (import_captions.c) --- */
enum { /* what a caption opens: a guide_field, or */
       WHAT_NAME = GUIDE_FIELD_COUNT,
       WHAT_CODE,
       WHAT_UNIT,
       WHAT_BASIS,
       WHAT_NOTES,
       WHAT_HANDLERS,
       WHAT_CHART,
       WHAT_OTHER, /* kept under its own caption in 其他原文 */
       WHAT_COUNT
};
enum caption_form { FORM_NUMBERED, FORM_BRACKET, FORM_COLON, FORM_BARE, FORM_BLANK, FORM_COUNT };
struct caption {
    size_t line;
    int what;
    enum caption_form form;
    struct number number;
    bool keep;          /* the caption belongs to the text: 联系电话：… */
    bool near;          /* one character off a known caption */
    bool weak;          /* only what the document repeats makes it one */
    bool slip;          /* a semicolon where the colon belongs */
    struct str ordinal; /* cell before it: 1 */
    struct str printed; /* 服务对象 */
    struct str rest;    /* of the line, behind caption and colon */
};
bool caption_read(struct arena *a, struct str line, struct caption *ret_c);
const char *what_name(int what);   /* 服务对象 … */
bool header_cell(struct str line); /* of a list's table head: 序号 子项 编码 备注 … */

/* --- drafts --- */
struct draft_variant {
    const char *field;
    struct passage text;
    bool followed;
    bool from_list; /* the list's wording; otherwise the guide's */
};
struct draft {
    struct guide_matter m;
    bool has[WHAT_COUNT];
    struct passage handlers; /* 1   人 */
    struct passage before;   /* what stood before the number: residue of a word processor */
    struct passage group_code;
    bool torn_name;                /* the list's name is not complete */
    size_t from, to;               /* lines: index of the first, one past the last */
    size_t bundle_from, bundle_to; /* lines of all names of a section that bundles several matters; own line */
    size_t own_line;
    bool bundled;
    struct str where, list_where, part; /* 出处 */
    struct draft_variant variant[DRAFT_VARIANTS_MAX];
    size_t variant_count;
};
struct drafts {
    struct draft *d;
    size_t n, cap;
};
struct guide {
    struct ctx *ctx;
    struct arena *a;
    const struct catalog *shared;
    struct str code, file;
    struct guide_line *line;
    size_t n;
    struct findings *f;
    struct drafts *drafts;   /* of the guide */
    struct caption *caption; /* accepted ones, in order */
    size_t caption_count;
    enum caption_form form;          /* the prevailing one */
    enum number_shape caption_shape; /* of FORM_NUMBERED captions */
    size_t copied;   /* bytes of passages joined so far: one line may be several matters' (COPIED_MAX) */
    size_t searched; /* bytes looked through for the lines of findings */
};
struct part { /* between two lines "附件N" */
    size_t from, to;
    struct str label; /* 附件1; empty: the document has none */
};

struct draft *draft_new(struct guide *g, struct drafts *ds);
/* Lines [from, to) joined; REST is what remains of the line before FROM (behind a caption). Marks them LINE_FIELD. */
struct passage passage_join(struct guide *g, size_t from, size_t to, struct str rest, bool table);
void passage_add(struct guide *g, struct passage *p, struct passage more);
bool line_wraps(struct str above, struct str line, bool table);

enum err captions_find(struct guide *g, struct part part) MUST_USE;                   /* import_captions.c */
enum err matters_read(struct guide *g, struct part part, struct drafts *ds) MUST_USE; /* import_heads.c */
void fields_read(struct guide *g, struct draft *d, size_t c_from, size_t c_to);       /* import_fields.c */
void notes_split(struct guide *g, struct draft *d, struct passage p);
void other_add(struct guide *g, struct draft *d, struct str title, struct passage p);
void flow_read(struct guide *g, struct draft *d);
void grid_lines(struct guide *g); /* import_grid.c */
enum err grid_read(struct guide *g, struct part part, struct drafts *ds, bool *ret_found) MUST_USE;
bool table_is(const struct guide *g, struct part part); /* import_table.c */
enum err table_read(struct guide *g, struct part part, struct drafts *guide, struct drafts *ds) MUST_USE;
void lists_merge(struct guide *g, struct drafts *list, struct drafts *ds);                       /* import_merge.c */
void drafts_check(struct guide *g, struct drafts *ds);                                           /* import_check.c */
enum err drafts_write(struct guide *g, struct drafts *ds, struct catalog_files *ret_f) MUST_USE; /* import_out.c */

/* A finding on line NO; ID has process life. */
void told(struct guide *g, const char *id, enum severity s, const struct draft *d, const char *field, int no,
          struct str evidence, const char *remedy, const char *fmt, ...) PRINTF_LIKE(9, 10);

#endif
