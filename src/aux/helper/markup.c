/* Expat events to the checked tree. */
#include "aux/helper/markup.h"

#include <math.h>
#include <string.h>

#include <expat.h>

enum { ELEMENTS_MAX = 200000, ATTR_DEFS_MAX = ATTR_MAX, MARKUP_MAX = 16 << 20 };

/* What an attribute may hold. */
enum holds { TEXT, NUMBER, FLAG, ALIGN, PAPER };

struct attr_def {
    const char *name;
    enum holds holds;
    double least, most;
    bool required;
};

#define IN(tag) (1u << (tag))

static const struct tag_def {
    const char *name;
    unsigned parents;
    bool inline_text; /* holds text with <b>, <u>, <n>, <br/> */
    struct attr_def attr[ATTR_DEFS_MAX];
} TAGS[TAG_COUNT] = {
    [TAG_FILE] = {"file", 0, false, {{"title", TEXT}, {"author", TEXT}}},
    [TAG_DOC] = {"doc",
                 IN(TAG_FILE),
                 false,
                 {{"title", TEXT}, {"author", TEXT}, {"size", PAPER}, {"margin", NUMBER, 5, 60}, {"landscape", FLAG}}},
    [TAG_H1] = {"h1", IN(TAG_DOC), true, {{0}}},
    [TAG_H2] = {"h2", IN(TAG_DOC), true, {{0}}},
    [TAG_P] = {"p",
               IN(TAG_DOC),
               true,
               {{"align", ALIGN},
                {"size", NUMBER, 5, 72},
                {"indent", NUMBER, 0, 20},
                {"bold", FLAG},
                {"space", NUMBER, 0, 200},
                {"justify", FLAG}}},
    [TAG_B] = {"b", 0, true, {{0}}},
    [TAG_U] = {"u", 0, true, {{0}}},
    [TAG_N] = {"n", 0, true, {{0}}},
    [TAG_BR] = {"br", 0, false, {{0}}},
    [TAG_TABLE] = {"table",
                   IN(TAG_DOC),
                   false,
                   {{"cols", TEXT, .required = true},
                    {"border", FLAG},
                    {"size", NUMBER, 5, 72},
                    {"header", NUMBER, 0, 4},
                    {"space", NUMBER, 0, 200}}},
    [TAG_TR] = {"tr", IN(TAG_TABLE), false, {{0}}},
    [TAG_TD] = {"td",
                IN(TAG_TR),
                true,
                {{"span", NUMBER, 1, 64},
                 {"rows", NUMBER, 1, 1000},
                 {"align", ALIGN},
                 {"bold", FLAG},
                 {"shade", FLAG},
                 {"min", NUMBER, 0, 250},
                 {"size", NUMBER, 5, 72},
                 {"top", FLAG},
                 {"foot", TEXT},
                 {"stamp", FLAG},
                 {"justify", FLAG},
                 {"page", NUMBER, 1, 1000}}},
    [TAG_KV] = {"kv", IN(TAG_DOC), false, {{"cols", NUMBER, 1, 6}}},
    [TAG_K] = {"k", IN(TAG_KV), true, {{"name", TEXT, .required = true}}},
    [TAG_QR] = {"qr",
                IN(TAG_DOC),
                false,
                {{"data", TEXT, .required = true}, {"size", NUMBER, 8, 120}, {"align", ALIGN}, {"caption", TEXT}}},
    [TAG_STAMP] = {"stamp", IN(TAG_DOC), false, {{"text", TEXT, .required = true}, {"align", ALIGN}}},
    [TAG_RULE] = {"rule", IN(TAG_DOC), false, {{0}}},
    [TAG_SPACE] = {"space", IN(TAG_DOC), false, {{"h", NUMBER, 0, 250, true}}},
    [TAG_SIGN] = {"sign", IN(TAG_DOC), false, {{0}}},
    [TAG_F] = {"f", IN(TAG_SIGN), false, {{"name", TEXT, .required = true}}},
    [TAG_WATERMARK] = {"watermark", IN(TAG_DOC), false, {{"text", TEXT, .required = true}}},
    [TAG_FOOTER] = {"footer", IN(TAG_DOC), true, {{0}}},
};

struct parse {
    XML_Parser xml;
    GString *why;
    struct elem *root;
    GPtrArray *open; /* elements of the tree, innermost last */
    GArray *span;    /* struct span: open <b> and <u> */
    size_t elements;
    bool failed;
};

struct span {
    enum tag tag;
    guint from;
};

static void G_GNUC_PRINTF(2, 3) refuse(struct parse *p, const char *fmt, ...)
{
    if (p->failed)
        return;
    p->failed = true;
    g_string_printf(p->why, "打印版式第 %lu 行：", (unsigned long)XML_GetCurrentLineNumber(p->xml));
    va_list ap;
    va_start(ap, fmt);
    g_string_append_vprintf(p->why, fmt, ap);
    va_end(ap);
    XML_StopParser(p->xml, XML_FALSE);
}

static void
elem_free_any(gpointer e)
{
    elem_free(e);
}

void
elem_free(struct elem *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->attr_count; i++) {
        g_free(e->attr[i].name);
        g_free(e->attr[i].value);
    }
    g_ptr_array_free(e->child, TRUE);
    g_string_free(e->text, TRUE);
    pango_attr_list_unref(e->spans);
    g_free(e);
}

const char *
elem_attr(const struct elem *e, const char *name, const char *absent)
{
    for (size_t i = 0; i < e->attr_count; i++)
        if (strcmp(e->attr[i].name, name) == 0)
            return e->attr[i].value;
    return absent;
}

double
elem_number(const struct elem *e, const char *name, double absent)
{
    const char *v = elem_attr(e, name, NULL);
    return v ? g_ascii_strtod(v, NULL) : absent;
}

bool
elem_flag(const struct elem *e, const char *name, bool absent)
{
    const char *v = elem_attr(e, name, NULL);
    return v ? *v == '1' : absent;
}

static bool
fits(const struct attr_def *d, const char *value)
{
    static const char *const align[] = {"left", "center", "right", NULL};
    char *end = NULL;
    double v;
    switch (d->holds) {
    case TEXT:
        return true;
    case FLAG:
        return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
    case ALIGN:
        return g_strv_contains(align, value);
    case PAPER:
        return strcmp(value, "A4") == 0;
    case NUMBER:
        v = g_ascii_strtod(value, &end);
        return end != value && !*end && isfinite(v) && v >= d->least && v <= d->most;
    }
    return false;
}

static void
take_attributes(struct parse *p, struct elem *e, const char **attr)
{
    const struct tag_def *def = &TAGS[e->tag];
    for (; *attr && !p->failed; attr += 2) {
        const struct attr_def *d = def->attr;
        while (d < def->attr + ATTR_DEFS_MAX && d->name && strcmp(d->name, attr[0]) != 0)
            d++;
        if (d == def->attr + ATTR_DEFS_MAX || !d->name) {
            refuse(p, "<%s> 没有属性 %s", def->name, attr[0]);
        } else if (!fits(d, attr[1])) {
            refuse(p, "<%s> 的 %s=\"%s\" 不对", def->name, attr[0], attr[1]);
        } else {
            e->attr[e->attr_count].name = g_strdup(attr[0]);
            e->attr[e->attr_count++].value = g_strdup(attr[1]);
        }
    }
    for (const struct attr_def *d = def->attr; d < def->attr + ATTR_DEFS_MAX && d->name; d++)
        if (d->required && !elem_attr(e, d->name, NULL))
            refuse(p, "<%s> 缺少属性 %s", def->name, d->name);
}

/* Between ideographs a line end in the markup is nothing, elsewhere it is a blank (as CSS has it). */
static bool
is_wide(gunichar c)
{
    return g_unichar_iswide(c);
}

static void
put_blank(struct elem *e, gunichar next)
{
    if (e->pending && e->last && e->last != 0x2028 && !(e->pending == 2 && is_wide(e->last) && is_wide(next)))
        g_string_append_c(e->text, ' ');
    e->pending = 0;
}

static void
on_text(void *arg, const char *s, int n)
{
    struct parse *p = arg;
    if (p->failed)
        return;
    struct elem *e = p->open->len ? g_ptr_array_index(p->open, p->open->len - 1) : NULL;
    for (const char *c = s; c < s + n; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        if (u == ' ' || u == '\t' || u == '\n' || u == '\r') {
            if (e && e->pending < 2)
                e->pending = u == '\n' ? 2 : 1;
            continue;
        }
        if (!e || !TAGS[e->tag].inline_text) {
            refuse(p, "这里不能有文字");
            return;
        }
        put_blank(e, u);
        g_string_append_unichar(e->text, u);
        e->last = u;
    }
}

static void
start_inline(struct parse *p, enum tag tag, struct elem *into)
{
    if (tag == TAG_BR) {
        g_string_append(into->text, "\u2028");
        into->last = 0x2028;
        into->pending = 0;
        return;
    }
    if (into->pending == 1) /* the blank before stays outside of bold and underline */
        put_blank(into, ' ');
    struct span s = {tag, (guint)into->text->len};
    g_array_append_val(p->span, s);
}

static enum tag
tag_find(const char *name)
{
    enum tag t = TAG_FILE;
    while (t < TAG_COUNT && strcmp(TAGS[t].name, name) != 0)
        t++;
    return t;
}

static void
on_start(void *arg, const char *name, const char **attr)
{
    struct parse *p = arg;
    if (p->failed)
        return;
    enum tag tag = tag_find(name);
    struct elem *parent = p->open->len ? g_ptr_array_index(p->open, p->open->len - 1) : NULL;
    if (tag == TAG_COUNT) {
        refuse(p, "不认识的元素 <%s>", name);
        return;
    }
    if (++p->elements > ELEMENTS_MAX) {
        refuse(p, "元素太多");
        return;
    }
    if (tag == TAG_B || tag == TAG_U || tag == TAG_N || tag == TAG_BR) {
        if (!parent || !TAGS[parent->tag].inline_text || *attr)
            refuse(p, "<%s> 不能用在这里", name);
        else
            start_inline(p, tag, parent);
        return;
    }
    if (p->span->len || (parent ? !(TAGS[tag].parents & IN(parent->tag)) : tag != TAG_DOC && tag != TAG_FILE)) {
        refuse(p, "<%s> 不能放在 <%s> 里", name, p->span->len ? "b" : parent ? TAGS[parent->tag].name : "");
        return;
    }
    struct elem *e = g_new0(struct elem, 1);
    e->tag = tag;
    e->line = (int)XML_GetCurrentLineNumber(p->xml);
    e->child = g_ptr_array_new_with_free_func(elem_free_any);
    e->text = g_string_new(NULL);
    e->spans = pango_attr_list_new();
    if (parent)
        g_ptr_array_add(parent->child, e);
    else
        p->root = e;
    g_ptr_array_add(p->open, e);
    take_attributes(p, e, attr);
}

static void
on_end(void *arg, const char *name)
{
    struct parse *p = arg;
    if (p->failed)
        return;
    enum tag tag = tag_find(name);
    if (tag == TAG_BR)
        return;
    if (tag == TAG_B || tag == TAG_U || tag == TAG_N) {
        struct elem *e = g_ptr_array_index(p->open, p->open->len - 1);
        struct span s = g_array_index(p->span, struct span, p->span->len - 1);
        PangoAttribute *a = tag == TAG_B   ? pango_attr_weight_new(PANGO_WEIGHT_BOLD)
                            : tag == TAG_U ? pango_attr_underline_new(PANGO_UNDERLINE_SINGLE)
                                           : pango_attr_allow_breaks_new(FALSE);
        a->start_index = s.from;
        a->end_index = (guint)e->text->len;
        pango_attr_list_insert(e->spans, a);
        g_array_set_size(p->span, p->span->len - 1);
        return;
    }
    g_ptr_array_set_size(p->open, (gint)p->open->len - 1);
}

static void
on_doctype(void *arg, const char *name, const char *system, const char *public_id, int internal)
{
    (void)name, (void)system, (void)public_id, (void)internal;
    refuse(arg, "不能有 DOCTYPE"); /* no entities of one's own: nothing to expand */
}

struct elem *
markup_parse(const char *in, size_t n, GString *why)
{
    struct parse p = {.why = why, .xml = XML_ParserCreate("UTF-8")};
    p.open = g_ptr_array_new();
    p.span = g_array_new(FALSE, FALSE, sizeof(struct span));
    XML_SetUserData(p.xml, &p);
    XML_SetElementHandler(p.xml, on_start, on_end);
    XML_SetCharacterDataHandler(p.xml, on_text);
    XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
    if (n > MARKUP_MAX)
        refuse(&p, "内容太长");
    else if (XML_Parse(p.xml, in, (int)n, 1) != XML_STATUS_OK)
        refuse(&p, "XML 写得不对（%s）", XML_ErrorString(XML_GetErrorCode(p.xml)));
    if (p.failed) {
        elem_free(p.root);
        p.root = NULL;
    }
    g_array_free(p.span, TRUE);
    g_ptr_array_free(p.open, TRUE);
    XML_ParserFree(p.xml);
    return p.root;
}
