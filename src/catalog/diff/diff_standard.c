/* The service standard (统一服务标准) of two guides: levels, channels, rating, delivery, supervision, each as printed.
** No side of it is lighter: it is the same or it differs. Called by diff.c; knows no region. */
#include "catalog/diff/diff_int.h"

enum facet { FACET_LEVELS, FACET_CHANNELS, FACET_RATING, FACET_DELIVERY, FACET_SUPERVISION, FACET_COUNT };
static const char *const facet_names[FACET_COUNT] = {"办理层级", "办理渠道", "评价方式", "送达方式", "监督电话"};
enum { WORDS_MAX = 64 };

/* What a guide prints of one facet; N = 0: nothing. */
struct words {
    struct str word[WORDS_MAX];
    size_t n;
};

static bool
has(const struct words *w, struct str s)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->word[i], s))
            return true;
    return false;
}

static void
add(struct words *w, struct str s)
{
    if (w->n < WORDS_MAX && !has(w, s))
        w->word[w->n++] = s;
}

static void
add_channels(struct arena *a, const struct matter *m, struct words *w)
{
    for (int k = 0; k < CHANNEL_COUNT; k++) {
        bool open = false, planned = false;
        for (size_t i = 0; i < m->channel_count; i++)
            if (m->channel[i].kind == (enum channel_kind)k) {
                open = open || !m->channel[i].planned;
                planned = planned || m->channel[i].planned;
            }
        if (open)
            add(w, str_c(channel_name((enum channel_kind)k)));
        else if (planned) //= R15
            add(w, str_fmt(a, "%s（待开通）", channel_name((enum channel_kind)k)));
    }
}

static void
add_texts(struct arena *a, const struct str *s, size_t n, struct words *w)
{
    for (size_t i = 0; i < n; i++)
        add(w, diff_fold(a, s[i]));
}

static struct words
words_of(struct arena *a, const struct matter *m, enum facet f)
{
    struct words w = {.n = 0};
    switch (f) {
    case FACET_LEVELS:
        for (int k = 0; k < LEVEL_COUNT; k++)
            if (m->levels >> k & 1u)
                add(&w, str_c(level_name((enum level_kind)k)));
        break;
    case FACET_CHANNELS:
        add_channels(a, m, &w);
        break;
    case FACET_RATING:
        add_texts(a, m->rating, m->rating_count, &w);
        break;
    case FACET_DELIVERY:
        add_texts(a, m->delivery, m->delivery_count, &w);
        break;
    case FACET_SUPERVISION: /* every bureau has its own number: whether one is published is the standard */
        if (m->supervision_count || !str_empty(m->region->supervision))
            add(&w, STR("公布号码"));
        else if (!str_empty(m->supervision_text))
            add(&w, STR("没有号码"));
        break;
    case FACET_COUNT:
        break;
    }
    return w;
}

static void
say_words(struct buf *b, const struct words *w, const struct words *except)
{
    const char *sep = "";
    for (size_t i = 0; i < w->n; i++) {
        if (except && has(except, w->word[i]))
            continue;
        buf_addz(b, sep);
        buf_add(b, w->word[i]);
        sep = "、";
    }
}

struct str
diff_standard_text(struct arena *a, const struct matter *m)
{
    struct buf b;
    buf_init(&b, a, 128);
    for (int f = 0; f < FACET_COUNT; f++) {
        struct words w = words_of(a, m, (enum facet)f);
        if (w.n == 0)
            continue;
        buf_fmt(&b, "%s%s：", b.n ? "；" : "", facet_names[f]);
        say_words(&b, &w, NULL);
    }
    return b.n ? buf_str(&b) : STR("未印");
}

static bool
within(const struct words *x, const struct words *y)
{
    for (size_t i = 0; i < x->n; i++)
        if (!has(y, x->word[i]))
            return false;
    return true;
}

static void
say_facet(struct buf *b, enum facet f, const struct words *x, const struct words *y)
{
    buf_fmt(b, "%s%s：", b->n ? "；" : "", facet_names[f]);
    if (f == FACET_SUPERVISION) {
        buf_fmt(b, "我方%.*s，对方%.*s", STR_ARG(x->word[0]), STR_ARG(y->word[0]));
        return;
    }
    if (!within(x, y)) {
        buf_addz(b, "多 ");
        say_words(b, x, y);
    }
    if (!within(y, x)) {
        buf_addz(b, within(x, y) ? "少 " : "，少 ");
        say_words(b, y, x);
    }
}

static void
say_names(struct buf *b, const char *head, unsigned set)
{
    const char *sep = "";
    if (!set)
        return;
    buf_fmt(b, "%s%s：", b->n ? "；" : "", head);
    for (int f = 0; f < FACET_COUNT; f++)
        if (set >> f & 1u) {
            buf_fmt(b, "%s%s", sep, facet_names[f]);
            sep = "、";
        }
}

void
diff_standard(const struct pair *p, struct diff_cell *cell)
{
    unsigned same = 0, differ = 0, we_lack = 0, they_lack = 0;
    struct buf b;
    buf_init(&b, p->a, 128);
    for (int f = 0; f < FACET_COUNT; f++) {
        struct words x = words_of(p->a, p->ours, (enum facet)f), y = words_of(p->a, p->theirs, (enum facet)f);
        unsigned bit = 1u << f;
        we_lack |= x.n == 0 && y.n ? bit : 0;
        they_lack |= y.n == 0 && x.n ? bit : 0;
        if (x.n == 0 || y.n == 0)
            continue;
        if (within(&x, &y) && within(&y, &x)) {
            same |= bit;
        } else {
            differ |= bit;
            say_facet(&b, (enum facet)f, &x, &y);
        }
    }
    cell->side = differ ? DIFF_OTHER : same ? DIFF_SAME : DIFF_UNPRINTED;
    say_names(&b, "相同", same);
    say_names(&b, "我方未印", we_lack);
    say_names(&b, "对方未印", they_lack);
    cell->detail = b.n ? buf_str(&b) : STR("两边都没有印");
}
