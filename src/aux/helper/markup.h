/* Print markup (docs/PRINT.md) as a checked tree: after parsing, every element and attribute is one we know, with a
** value in range. */
#ifndef AUX_MARKUP_H
#define AUX_MARKUP_H

#include <stdbool.h>

#include <pango/pango.h>

enum tag {
    TAG_FILE,
    TAG_DOC,
    TAG_H1,
    TAG_H2,
    TAG_P,
    TAG_B,
    TAG_U,
    TAG_N,
    TAG_BR,
    TAG_TABLE,
    TAG_TR,
    TAG_TD,
    TAG_KV,
    TAG_K,
    TAG_QR,
    TAG_STAMP,
    TAG_RULE,
    TAG_SPACE,
    TAG_SIGN,
    TAG_F,
    TAG_WATERMARK,
    TAG_FOOTER,
    TAG_COUNT,
};

enum { ATTR_MAX = 12 };

struct elem {
    enum tag tag;
    int line; /* in the markup, for messages */
    struct {
        char *name, *value;
    } attr[ATTR_MAX];
    size_t attr_count;
    GPtrArray *child;     /* struct elem *; not the inline ones */
    GString *text;        /* of an element that holds text: blanks collapsed, U+2028 = <br/> */
    PangoAttrList *spans; /* <b>, <u>, <n> over it */
    gunichar last;        /* parser: last character put; 0 at the beginning */
    int pending;          /* parser: 1 = blank seen, 2 = with a line end */
};

/* NULL and WHY when it is no print markup. */
struct elem *markup_parse(const char *in, size_t n, GString *why);
void elem_free(struct elem *e);

const char *elem_attr(const struct elem *e, const char *name, const char *absent);
double elem_number(const struct elem *e, const char *name, double absent);
bool elem_flag(const struct elem *e, const char *name, bool absent);

#endif
