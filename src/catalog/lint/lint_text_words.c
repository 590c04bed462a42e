/* Words: near-misses of known terms, words torn or doubled, the same text twice, what was never filled in. */
#include <string.h>

#include "catalog/lint/lint_text_int.h"

enum { SEGMENT_MIN = 6, CUT_MIN = 4, EXTRA_MIN = 6, WIDE_GAP = 3 };

/* Which characters a known word covers, and between which two neighbours one stands: a slip is never inside a word that is right. */
struct cover {
    bool *in, *join; /* join[i]: characters i-1 and i belong to one known word */
};

static void
cover_word(struct cover *v, const struct chars *c, const struct chars *word)
{
    for (size_t i = 0; word->n >= 2 && i + word->n <= c->n; i++) {
        size_t k = 0;
        while (k < word->n && c->cp[i + k] == word->cp[k])
            k++;
        for (size_t x = 0; k == word->n && x < k; x++) {
            v->in[i + x] = true;
            v->join[i + x] = v->join[i + x] || x > 0;
        }
    }
}

static struct cover
cover_text(struct lint *l, const struct chars *c)
{
    struct cover v = {ARENA_ARRAY(l->a, c->n + 1, bool), ARENA_ARRAY(l->a, c->n + 1, bool)};
    for (size_t i = 0; i < l->terms->n; i++)
        cover_word(&v, c, &l->terms->term[i].c);
    for (size_t i = 0; i < l->terms->variant_count; i++) {
        struct chars word = chars_plain(l->a, l->terms->variant[i]);
        cover_word(&v, c, &word);
    }
    return v;
}

/* --- what else is printed: a pair of characters that also stands elsewhere is a word, not a slip --- */

enum { ELSEWHERE_MIN = 3 };

struct corpus {
    struct str own, others; /* all verbatim texts of the region, and of the other regions, plain */
    size_t looked;          /* so often; bounded, for each time reads all of it */
};

static void
add_plain(struct lint *l, struct buf *b, struct str s)
{
    if (str_empty(s))
        return;
    buf_add(b, lint_plain(l, s));
    buf_byte(b, '\n');
}

static struct corpus
gather_corpus(struct lint *l)
{
    struct buf own, others;
    buf_init(&own, l->a, 1 << 16);
    buf_init(&others, l->a, 1 << 16);
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->matter[i].text_count; k++)
            add_plain(l, &own, l->matter[i].text[k].text);
    for (size_t i = 0; i < catalog_region_count(l->c); i++) {
        const struct region *r = catalog_region_at(l->c, i);
        for (size_t k = 0; r != l->r && k < r->matter_count; k++) {
            const struct matter *m = &r->matter[k];
            const struct str text[] = {m->name,         m->service_object, m->channels_text, m->materials_text,
                                       m->process_text, m->limit_text,     m->rating_text,   m->delivery_text};
            for (size_t x = 0; x < sizeof text / sizeof *text; x++)
                add_plain(l, &others, text[x]);
            for (size_t x = 0; x < m->note_count; x++)
                add_plain(l, &others, m->note[x].verbatim);
        }
    }
    return (struct corpus){buf_str(&own), buf_str(&others), 0};
}

/* Places in TEXT where PIECE stands, up to MAX. */
static size_t
occurrences(struct str text, struct str piece, size_t max)
{
    size_t n = 0;
    while (n < max && piece.n) {
        size_t at = str_find(text, piece);
        if (at == SIZE_MAX)
            break;
        n++;
        text = str_sub(text, at + piece.n, SIZE_MAX);
    }
    return n;
}

static struct str
piece_of(struct lint *l, const struct chars *c, size_t from, size_t to)
{
    struct buf b;
    buf_init(&b, l->a, (to - from) * 4 + 1);
    for (size_t i = from; i < to; i++)
        buf_cp(&b, c->cp[i]);
    return buf_str(&b);
}

/* Characters AT and AT+1 also stand together outside of the window [from, to). */
static bool
stands_elsewhere(struct lint *l, struct corpus *k, const struct chars *c, size_t at, size_t from, size_t to)
{
    enum { MANY = 100000, LOOKS_MAX = 4000 };
    if (k->looked++ >= LOOKS_MAX)
        return true; /* not proved to be a slip */
    if (at + 1 >= c->n || !cp_han(c->cp[at]) || !cp_han(c->cp[at + 1]))
        return false;
    struct str pair = piece_of(l, c, at, at + 2);
    if (at < from)
        from = at;
    if (at + 2 > to)
        to = at + 2;
    struct str window = piece_of(l, c, from, to);
    return occurrences(k->own, pair, MANY) > occurrences(k->own, window, MANY) ||
           occurrences(k->others, pair, MANY) >= occurrences(k->others, window, MANY) + ELSEWHERE_MIN;
}

static void
report_near(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t from,
            size_t to, struct str meant)
{
    struct lint_hit h = lint_at(m, t, c, from, to, 0);
    lint_add(l, &h, "“%.*s”疑为“%.*s”", STR_ARG(h.evidence), STR_ARG(meant));
}

/* One character other than the term's; *ret_at is that character. At its edge only of long terms: three characters alone prove nothing. */
static bool
near_by_change(const struct chars *c, size_t at, const struct chars *word, const struct cover *v, size_t *ret_at)
{
    size_t wrong = SIZE_MAX;
    if (at + word->n > c->n)
        return false;
    for (size_t k = 0; k < word->n; k++)
        if (c->cp[at + k] != word->cp[k]) {
            if (wrong != SIZE_MAX)
                return false;
            wrong = k;
        }
    if (wrong == SIZE_MAX || !cp_han(c->cp[at + wrong]) || !cp_han(word->cp[wrong]) || v->in[at + wrong])
        return false;
    *ret_at = at + wrong;
    return word->n >= 6 || (wrong > 0 && wrong + 1 < word->n);
}

/* The term with one of its inner characters left out before *ret_at. */
static bool
near_by_cut(const struct chars *c, size_t at, const struct chars *word, const struct cover *v, size_t *ret_at)
{
    if (word->n < CUT_MIN + 1 || at + word->n - 1 > c->n)
        return false;
    size_t k = 0;
    while (k < word->n - 1 && c->cp[at + k] == word->cp[k])
        k++;
    if (k == 0 || k == word->n - 1 || v->join[at + k] || !cp_han(word->cp[k]))
        return false;
    for (size_t x = k; x < word->n - 1; x++)
        if (c->cp[at + x] != word->cp[x + 1])
            return false;
    *ret_at = at + k;
    return true;
}

/* A long term with one character too many inside, at *ret_at. */
static bool
near_by_extra(const struct chars *c, size_t at, const struct chars *word, const struct cover *v, size_t *ret_at)
{
    if (word->n < EXTRA_MIN || at + word->n + 1 > c->n)
        return false;
    size_t k = 0;
    while (k < word->n && c->cp[at + k] == word->cp[k])
        k++;
    if (k == 0 || k == word->n || v->in[at + k] || !cp_han(c->cp[at + k]))
        return false;
    for (size_t x = k; x < word->n; x++)
        if (c->cp[at + x + 1] != word->cp[x])
            return false;
    *ret_at = at + k;
    return true;
}

/* Does a line, or a part of it, end before the plain character END? */
static bool
ends_here(const struct chars *c, size_t end, struct str text)
{
    if (end >= c->n || cp_in(c->cp[end], ",.;)"))
        return true;
    struct str between = str_sub(text, c->at[end - 1], c->at[end] - c->at[end - 1]);
    return str_find(between, STR("\n")) != SIZE_MAX;
}

/* The term without its last character, where a line or a part of it ends: …复印 for …复印件. */
static bool
near_by_end(const struct chars *c, size_t at, const struct chars *word, const struct cover *v, struct str text)
{
    size_t n = word->n - 1;
    if (word->n < 3 || at + n > c->n || !ends_here(c, at + n, text))
        return false;
    for (size_t x = 0; x < n; x++)
        if (c->cp[at + x] != word->cp[x] || v->in[at + x])
            return false;
    return true;
}

/* A slip everybody knows, or a word without its last character: its length, and what is meant. */
static size_t
known_slip(struct lint *l, const struct chars *c, size_t i, const struct cover *v, const struct lint_text *t,
           struct str *ret_meant)
{
    for (size_t x = 0; x < l->terms->slip_count; x++) {
        const struct chars *slip = &l->terms->slip[x].c;
        size_t n = 0;
        while (n < slip->n && i + n < c->n && c->cp[i + n] == slip->cp[n])
            n++;
        if (n == slip->n && n) {
            *ret_meant = l->terms->meant[x];
            return n;
        }
    }
    for (size_t x = 0; x < l->terms->tail_count && !str_eqz(t->field, "其他原文"); x++)
        if (near_by_end(c, i, &l->terms->tail[x].c, v, t->text)) {
            *ret_meant = l->terms->tail[x].text;
            return l->terms->tail[x].c.n - 1;
        }
    return 0;
}

/* What a term of the dictionary says about the characters from I on; where to read on. */
static size_t
near_at(struct lint *l, struct corpus *k, const struct lint_matter *m, const struct lint_text *t, const struct chars *c,
        const struct cover *v, size_t i)
{
    struct str meant;
    size_t known = known_slip(l, c, i, v, t, &meant);
    if (known) {
        report_near(l, m, t, c, i, i + known, meant);
        return i + known;
    }
    for (size_t x = 0; x < l->terms->n && !v->join[i]; x++) { /* not from the middle of another word */
        const struct term *term = &l->terms->term[x];
        size_t at = 0, to = i + term->c.n;
        bool change = term->c.n >= 4 && near_by_change(c, i, &term->c, v, &at);
        bool extra = !change && near_by_extra(c, i, &term->c, v, &at);
        if (!change && !extra && !near_by_cut(c, i, &term->c, v, &at))
            continue;
        to = extra ? to + 1 : to - !change;
        if (v->join[to] || (at > 0 && stands_elsewhere(l, k, c, at - 1, i, to)) ||
            ((change || extra) && stands_elsewhere(l, k, c, at, i, to)))
            continue;
        report_near(l, m, t, c, i, to, term->text);
        return to;
    }
    return i + 1;
}

enum err
lint_term_near(struct lint *l)
{
    struct corpus k = gather_corpus(l);
    for (size_t i = 0; i < l->n; i++)
        for (size_t x = 0; x < l->matter[i].text_count; x++) {
            const struct lint_text *t = &l->matter[i].text[x];
            struct chars c = chars_plain(l->a, t->text);
            struct cover v = cover_text(l, &c);
            for (size_t at = 0; at < c.n;)
                at = near_at(l, &k, &l->matter[i], t, &c, &v, at);
        }
    return OK;
}

/* --- torn --- */

static bool
lonely(const struct chars *c, size_t i)
{
    return cp_han(c->cp[i]) && (i == 0 || cp_blank(c->cp[i - 1])) && (i + 1 == c->n || cp_blank(c->cp[i + 1]));
}

/* The next gap between two Han characters from *at on: blanks [*at, *ret_to). */
static bool
next_gap(const struct chars *c, size_t *at, size_t *ret_to)
{
    for (size_t i = *at ? *at : 1; i + 1 < c->n; i++) {
        size_t to = i;
        while (to < c->n && cp_blank(c->cp[to]))
            to++;
        if (to > i && to < c->n && cp_han(c->cp[i - 1]) && cp_han(c->cp[to])) {
            *at = i;
            *ret_to = to;
            return true;
        }
        i = to > i ? to : i;
    }
    return false;
}

static void
report_gap(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t at,
           size_t to, bool letters)
{
    struct lint_hit h = lint_at(m, t, c, at, to, 8);
    h.severity = letters ? SEVERITY_WARN : SEVERITY_INFO;
    h.cause = letters ? STR("letters") : t->field;
    lint_add(l, &h, "词语中间有空格：“%.*s”", STR_ARG(h.evidence));
}

/* Set letter by letter, or a gap in the middle of a known word. */
static void
torn_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text), p = chars_plain(l->a, t->text);
    size_t to, plain = 0;
    if (str_eqz(t->field, "异文") || str_eqz(t->field, "其他原文"))
        return; /* pieces of forms and cells */
    for (size_t at = 0; next_gap(&c, &at, &to); at = to)
        if (lonely(&c, at - 1) && lonely(&c, to)) {
            report_gap(l, m, t, &c, at, to, true);
            return;
        }
    struct cover v = {NULL, NULL};
    for (size_t at = 0; next_gap(&c, &at, &to); at = to) {
        if (!v.in)
            v = cover_text(l, &p);
        while (plain < p.n && p.at[plain] < c.at[at])
            plain++;
        if (plain < p.n && v.join[plain]) {
            report_gap(l, m, t, &c, at, to, false);
            return;
        }
    }
    for (size_t i = 0, n = 0; i < c.n; i++) {
        n = cp_blank(c.cp[i]) ? n + 1 : 0;
        if (n < WIDE_GAP || i + 1 == c.n || i + 1 == n || c.cp[i - n] == '\n' || c.cp[i + 1] == '\n')
            continue;
        struct lint_hit h = lint_at(m, t, &c, i + 1 - n, i + 1, 8);
        h.severity = SEVERITY_INFO;
        h.cause = STR("wide");
        lint_add(l, &h, "一行中间空了几格：“%.*s”", STR_ARG(h.evidence));
        return;
    }
}

enum err
lint_word_torn(struct lint *l)
{
    lint_each(l, torn_in);
    return OK;
}

/* --- doubled --- */

static bool
meant_double(struct lint *l, struct str s)
{
    for (size_t i = 0; i < l->terms->doubled_count; i++)
        if (str_find(s, l->terms->doubled[i]) != SIZE_MAX)
            return true;
    return false;
}

static void
doubled_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    for (size_t i = 0; i + 1 < c.n; i++) {
        size_t n = 0;
        if (c.cp[i] == c.cp[i + 1] && cp_in(c.cp[i], "的或了"))
            n = 1;
        for (size_t k = 4; k >= 2 && !n; k--) {
            size_t x = 0;
            while (x < k && i + k + x < c.n && cp_han(c.cp[i + x]) && c.cp[i + x] == c.cp[i + k + x])
                x++;
            n = x == k && !(k == 2 && c.cp[i] == c.cp[i + 1]) ? k : 0;
        }
        /* 结算结算单, 登记登记表: the second begins the name of a thing */
        if (!n || (n == 2 && i + 4 < c.n && cp_in(c.cp[i + 4], "表单书证卡函册本人号处员")))
            continue;
        struct lint_hit h = lint_at(m, t, &c, i, i + 2 * n, 4);
        if (!meant_double(l, chars_text(t->text, &c, i, i + 2 * n)))
            lint_add(l, &h, "“%.*s”连写了两遍", STR_ARG(chars_text(t->text, &c, i, i + n)));
        i += 2 * n - 1;
    }
}

enum err
lint_word_doubled(struct lint *l)
{
    lint_each(l, doubled_in);
    return OK;
}

/* --- the same sentence twice in one field --- */

static bool
sentence_end(uint32_t cp)
{
    return cp == '\n' || cp_in(cp, "。；;");
}

/* A part of a sentence printed twice without a stop between: an address and the same address. 0: none begins at FROM. */
static size_t
run_twice(const struct chars *c, size_t from)
{
    enum { RUN_MIN = 6, RUN_MAX = 60 };
    size_t han = 0;
    for (size_t n = 0; n < RUN_MAX && from + 2 * n <= c->n && from + n < c->n && !sentence_end(c->cp[from + n]); n++) {
        if (n >= RUN_MIN && han * 2 >= n && memcmp(&c->cp[from], &c->cp[from + n], n * sizeof *c->cp) == 0)
            return n;
        han += cp_han(c->cp[from + n]);
    }
    return 0;
}

static void
runs_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c)
{
    for (size_t i = 0, n; i < c->n; i += n ? 2 * n : 1) {
        n = run_twice(c, i);
        if (!n)
            continue;
        struct str s = chars_text(t->text, c, i, i + n);
        struct lint_hit h = lint_at(m, t, c, i, i + n, 0);
        h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(t->field), STR_ARG(s));
        lint_add(l, &h, "“%.*s”连印了两遍", STR_ARG(s));
    }
}

static void
repeated_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    runs_in(l, m, t, &c);
    struct chars last = {0};
    for (size_t from = 0, to; from < c.n; from = to + 1) {
        to = from;
        while (to < c.n && !sentence_end(c.cp[to]))
            to++;
        struct str s = chars_text(t->text, &c, from, to);
        struct chars p = chars_plain(l->a, s);
        size_t skip = 0; /* the first sentence after a heading: 现场办理：… */
        for (size_t i = 0; last.n > p.n && i < last.n; i++)
            if (last.cp[i] == ':' && last.n - i - 1 == p.n)
                skip = i + 1;
        struct chars tail = {last.cp + skip, last.at + skip, last.n - skip};
        if (p.n >= SEGMENT_MIN && chars_eq(&tail, &p)) {
            struct lint_hit h = lint_at(m, t, &c, from, to, 0);
            h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(t->field), STR_ARG(s));
            lint_add(l, &h, "“%.*s”连印了两遍", STR_ARG(s));
        }
        if (p.n)
            last = p;
    }
}

enum err
lint_text_repeated(struct lint *l)
{
    lint_each(l, repeated_in);
    return OK;
}

/* --- never filled in --- */

static void
placeholder_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    for (size_t k = 0; k < l->terms->placeholder_count; k++) {
        struct str mark = l->terms->placeholder[k];
        size_t at = str_find(t->text, mark), i = 0;
        if (at == SIZE_MAX)
            continue;
        while (i < c.n && c.at[i] < at)
            i++;
        struct lint_hit h = lint_at(m, t, &c, i, i + str_utf8_count(mark), 12);
        h.cause = mark;
        lint_add(l, &h, "“%.*s”像是没有填写的空位或排版软件留下的记号", STR_ARG(mark));
    }
}

enum err
lint_placeholder(struct lint *l)
{
    lint_each(l, placeholder_in);
    return OK;
}

/* --- lists of papers left open --- */

static void
open_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    if (!str_eqz(t->field, "办理材料") && !str_eqz(t->field, "办理渠道"))
        return;
    bool papers = str_eqz(t->field, "办理材料"); /* of channels only a list that ends in 等 is open */
    for (size_t k = 0; k < l->terms->open_count; k++) {
        size_t at = str_find(t->text, l->terms->open[k]), i = 0;
        if (at == SIZE_MAX ||
            (!papers && (!str_starts(l->terms->open[k], STR("等")) || str_utf8_count(l->terms->open[k]) > 2)))
            continue;
        while (i < c.n && c.at[i] < at)
            i++;
        struct lint_hit h = lint_at(m, t, &c, i, i + str_utf8_count(l->terms->open[k]), 10);
        h.severity = SEVERITY_INFO;
        h.cause = papers ? l->terms->open[k] : t->field;
        lint_add(l, &h,
                 papers ? "“%.*s”没有写明是哪些材料，申请人无从准备" : "“%.*s”没有列完，申请人不知道还有哪些渠道",
                 STR_ARG(l->terms->open[k]));
        return;
    }
}

enum err
lint_open_list(struct lint *l)
{
    lint_each(l, open_in);
    return OK;
}
