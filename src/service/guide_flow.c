/* The flow chart of a matter, drawn from its stages: one column, so that it reads on a phone. */
#include "service/guide.h"

#include "catalog/words.h"

enum { LINE_CHARACTERS = 12 };

/* Text inside a DOT string, broken into lines of at most LINE_CHARACTERS. */
static void
add_label(struct buf *b, struct str s)
{
    size_t pos = 0, n = 0;
    for (uint32_t cp; (cp = str_utf8_next(s, &pos)) != 0; n++) {
        if (n == LINE_CHARACTERS) {
            buf_addz(b, "\\n");
            n = 0;
        }
        if (cp == '"' || cp == '\\')
            buf_byte(b, '\\');
        if (cp == '\n')
            cp = ' ';
        buf_cp(b, cp);
    }
}

static bool
has_paper(const struct matter *m, struct str word)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_find(m->paper[i], word) != SIZE_MAX)
            return true;
    return false;
}

static void
add_stage(struct ctx *ctx, struct buf *b, const struct stage *s, size_t i)
{
    struct str kind = str_c(stage_name(s->kind));
    buf_fmt(b, "s%zu [label=\"", i);
    add_label(b, str_empty(s->name) ? kind : s->name);
    if (!str_empty(s->unit)) {
        buf_addz(b, "\\n");
        add_label(b, s->unit);
    }
    if (s->limit.kind != LIMIT_NONE) {
        buf_addz(b, "\\n");
        add_label(b, limit_text(ctx->arena, s->limit));
    }
    if (s->when.feel) {
        buf_addz(b, "\\n仅限：");
        add_label(b, condition_words(ctx->arena, &s->when));
    }
    buf_fmt(b, "\"%s];\n", s->when.feel ? ", style=\"rounded,filled,dashed\"" : "");
    if (i)
        buf_fmt(b, "s%zu -> s%zu;\n", i - 1, i);
}

struct str
guide_flow_dot(struct ctx *ctx, const struct matter *m)
{
    struct buf b;
    buf_init(&b, ctx->arena, 2048);
    buf_addz(
        &b,
        "digraph flow {\nrankdir=TB; bgcolor=\"transparent\"; nodesep=0.35; ranksep=0.35; pad=0.05;\n"
        "node [shape=box, style=\"rounded,filled\", fillcolor=\"#E6F1F0\", color=\"#0B6E69\", fontcolor=\"#1B1F24\", "
        "fontname=\"Noto Sans CJK SC\", fontsize=15, margin=\"0.22,0.12\", penwidth=1.2];\n"
        "edge [color=\"#5B6670\", arrowsize=0.7, penwidth=1.2, fontname=\"Noto Sans CJK SC\", fontsize=13, "
        "fontcolor=\"#4A5560\"];\n");
    size_t accept = SIZE_MAX;
    for (size_t i = 0; i < m->stage_count; i++) {
        add_stage(ctx, &b, &m->stage[i], i);
        if (accept == SIZE_MAX && m->stage[i].kind == STAGE_ACCEPT)
            accept = i;
    }
    /* Side papers only where this guide prints them. */
    if (accept != SIZE_MAX && has_paper(m, STR("一次性告知")))
        buf_fmt(&b,
                "notice [label=\"一次性告知单\", fillcolor=\"#FFF4E0\", color=\"#8A5300\"];\n"
                "s%zu -> notice [style=dashed, xlabel=\"\"];\n{rank=same; s%zu; notice;}\n",
                accept, accept);
    if (accept != SIZE_MAX && has_paper(m, STR("否定备案")))
        buf_fmt(&b,
                "refusal [label=\"否定备案书\", fillcolor=\"#FBEAE9\", color=\"#B3261E\"];\ns%zu -> refusal "
                "[style=dashed];\n",
                accept);
    buf_addz(&b, "}\n");
    return buf_str(&b);
}
