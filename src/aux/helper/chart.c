/* Flow charts: DOT → graphviz → an SVG fragment that takes colour and size from the page it stands in. */
#include <stdlib.h>
#include <string.h>

#include <gvc.h>

#include "aux/helper/helper.h"

static const char FONT[] = "Noto Sans CJK SC";
static GString *complaint; /* graphviz reports through a callback without an argument */

static int
complain(char *text)
{
    if (complaint && complaint->len < 500)
        g_string_append(complaint, text);
    return 0;
}

static bool
starts(const char *p, const char *end, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(end - p) >= n && memcmp(p, what, n) == 0;
}

/* One tag <…> or attribute value to drop: moves *p behind the first STOP after it. */
static bool
drop(const char **p, const char *end, const char *what, const char *stop)
{
    if (!starts(*p, end, what))
        return false;
    const char *q = g_strstr_len(*p + strlen(what), end - *p - (gssize)strlen(what), stop);
    *p = q ? q + strlen(stop) : end;
    return true;
}

/* Graphviz' output without prolog, comments, tool-tip titles, ids (several charts share a page) and fixed colours. */
static void
clean(const char *svg, size_t n, GString *out)
{
    static const struct {
        const char *from, *to;
    } swap[] = {
        {"stroke=\"black\"", "stroke=\"currentColor\""},
        {"fill=\"black\"", "fill=\"currentColor\""},
        {" font-family=\"Noto Sans CJK SC\"", ""},
    };
    const char *end = svg + n, *p = g_strstr_len(svg, (gssize)n, "<svg");
    const char *view = p ? g_strstr_len(p, end - p, "viewBox=\"") : NULL;
    const char *body = view ? strchr(view, '>') : NULL;
    if (!body)
        return;
    const char *bounds = view + strlen("viewBox=\"");
    g_string_printf(out,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                    "class=\"chart\" role=\"img\" viewBox=\"%.*s\" fill=\"currentColor\" "
                    "font-family=\"'Noto Sans CJK SC','Source Han Sans SC',sans-serif\">",
                    (int)strcspn(bounds, "\""), bounds);
    for (p = body + 1; p < end;) {
        if (drop(&p, end, "<!--", "-->") || drop(&p, end, "<title>", "</title>") || drop(&p, end, " id=\"", "\"") ||
            drop(&p, end, "<polygon fill=\"white\" stroke=\"transparent\"", "/>"))
            continue;
        size_t i;
        for (i = 0; i < G_N_ELEMENTS(swap) && !starts(p, end, swap[i].from); i++)
            ;
        if (i < G_N_ELEMENTS(swap)) {
            g_string_append(out, swap[i].to);
            p += strlen(swap[i].from);
        } else if (*p == '\n') {
            p++;
        } else {
            g_string_append_c(out, *p++);
        }
    }
}

static bool
render(GVC_t *gvc, graph_t *g, GString *svg)
{
    static char dot[] = "dot", format[] = "svg";
    char *data = NULL;
    unsigned length = 0;
    if (gvLayout(gvc, g, dot) != 0)
        return false;
    bool ok = gvRenderData(gvc, g, format, &data, &length) == 0 && data;
    if (ok)
        clean(data, length, svg);
    if (data)
        gvFreeRenderData(data);
    gvFreeLayout(gvc, g);
    return ok && svg->len;
}

static void
default_attribute(graph_t *g, int kind, const char *name, const char *value)
{
    char *n = g_strdup(name), *v = g_strdup(value);
    if (!agattr(g, kind, n, NULL))
        agattr(g, kind, n, v);
    g_free(n);
    g_free(v);
}

enum frame_status
helper_chart(const char *in, size_t n, GByteArray *out, GString *why)
{
    static GVC_t *gvc; /* loading the plugins takes 10 ms */
    if (!gvc) {
        gvc = gvContext();
        agseterrf(complain);
    }
    complaint = why;
    graph_t *g = n && strlen(in) == n ? agmemread(in) : NULL;
    if (!g) {
        g_string_prepend(why, "流程图描述有误：");
        return FRAME_REFUSED;
    }
    default_attribute(g, AGRAPH, "fontname", FONT);
    default_attribute(g, AGNODE, "fontname", FONT);
    default_attribute(g, AGEDGE, "fontname", FONT);
    GString *svg = g_string_new(NULL);
    bool ok = render(gvc, g, svg);
    agclose(g);
    complaint = NULL;
    if (ok)
        g_byte_array_append(out, (const guint8 *)svg->str, (guint)svg->len);
    else
        g_string_prepend(why, "流程图无法绘制：");
    g_string_free(svg, TRUE);
    return ok ? FRAME_OK : FRAME_BROKEN;
}
