/* Phones: their length, and whether the region's matters agree about them. */
#include <string.h>

#include "catalog/lint/lint_text_int.h"

enum { NUMBERS_MAX = 600, AREAS_MAX = 512, DIGITS_MAX = 24, PARTS_MAX = 4 };

struct number {
    size_t from, to; /* characters of the text */
    char digit[DIGITS_MAX + 1];
    size_t digits, area;           /* area: digits of the area code, 0 without one */
    size_t part[PARTS_MAX], parts; /* digits between hyphens */
};

static bool
hyphen(uint32_t cp)
{
    return cp_plain(cp) == '-';
}

/* The next run of digits with single hyphens inside from *at on; (0722)3233281 counts as hyphened. */
static bool
next_number(const struct chars *c, size_t *at, struct number *ret_n)
{
    size_t i = *at;
    while (i < c->n && !cp_digit(c->cp[i]))
        i++;
    if (i == c->n)
        return false;
    struct number n = {.from = i, .parts = 1};
    for (; i < c->n && n.parts <= PARTS_MAX; i++) {
        if (cp_digit(c->cp[i])) {
            if (n.digits < DIGITS_MAX)
                n.digit[n.digits++] = (char)cp_plain(c->cp[i]);
            n.part[n.parts - 1]++;
        } else if (n.parts < PARTS_MAX && i + 1 < c->n && cp_digit(c->cp[i + 1]) &&
                   (hyphen(c->cp[i]) || (cp_plain(c->cp[i]) == ')' && n.digit[0] == '0' && n.parts == 1))) {
            n.parts++;
        } else {
            break;
        }
    }
    n.to = i;
    if (n.digit[0] == '0') /* 010 and 02x are the short area codes */
        n.area = n.digit[1] == '1' || n.digit[1] == '2' ? 3 : 4;
    *at = i;
    *ret_n = n;
    return true;
}

static bool
letter_beside(const struct chars *c, const struct number *n)
{
    return (n->from && (cp_letter(c->cp[n->from - 1]) || cp_plain(c->cp[n->from - 1]) == '.')) ||
           (n->to < c->n && cp_letter(c->cp[n->to]));
}

/* Is this run meant as a phone? In a phone's own field every long run is; elsewhere only what has the shape of one. */
static bool
is_phone(const struct chars *c, const struct number *n, bool own_field)
{
    if (letter_beside(c, n) || n->digits < 5)
        return false;
    if (n->parts >= 2 && n->digit[0] == '0' && n->part[0] >= 3 && n->part[0] <= 4)
        return true;
    if (n->parts == 1 && n->digits == 11 && n->digit[0] == '1' && n->digit[1] >= '3')
        return true;
    return own_field && n->digits >= 6;
}

static bool
phone_field(struct str field)
{
    return str_eqz(field, "咨询方式") || str_eqz(field, "监督电话");
}

/* --- the usual length behind each area code, over all guides --- */

struct areas {
    struct {
        char code[5];
        unsigned count[DIGITS_MAX + 1];
    } area[AREAS_MAX];
    size_t n;
};

static unsigned *
area_counts(struct areas *as, const struct number *n, bool add)
{
    char code[5] = "";
    memcpy(code, n->digit, n->area);
    for (size_t i = 0; i < as->n; i++)
        if (strcmp(as->area[i].code, code) == 0)
            return as->area[i].count;
    if (!add || as->n == AREAS_MAX)
        return NULL;
    memcpy(as->area[as->n].code, code, sizeof code);
    return as->area[as->n++].count;
}

static void
count_areas(struct lint *l, struct areas *as, struct str text)
{
    struct chars c = chars_of(l->a, text);
    struct number n;
    for (size_t at = 0; next_number(&c, &at, &n);)
        if (n.area && n.digits > n.area && is_phone(&c, &n, true)) {
            unsigned *count = area_counts(as, &n, true);
            if (count)
                count[n.digits - n.area]++;
        }
}

static struct areas *
all_areas(struct lint *l)
{
    struct areas *as = ARENA_NEW(l->a, struct areas);
    for (size_t i = 0; i < catalog_region_count(l->c); i++) {
        const struct region *r = catalog_region_at(l->c, i);
        for (size_t k = 0; k < r->matter_count; k++) {
            count_areas(l, as, r->matter[k].consult_text);
            count_areas(l, as, r->matter[k].supervision_text);
            count_areas(l, as, r->matter[k].channels_text);
        }
    }
    return as;
}

/* The length all others have behind this area code; 0 when there is none. */
static size_t
usual_length(struct areas *as, const struct number *n)
{
    unsigned *count = area_counts(as, n, false), most = 0;
    size_t best = 0;
    for (size_t i = 5; count && i <= 10; i++)
        if (count[i] > most) {
            most = count[i];
            best = i;
        }
    size_t own = n->digits - n->area;
    return count && best != own && most >= 4 && count[own] * 4 <= most ? best : 0;
}

static bool
service_number(struct lint *l, const struct number *n)
{
    for (size_t i = 0; i < l->terms->service_count; i++)
        if (str_eqz(l->terms->service[i], n->digit))
            return true;
    return strncmp(n->digit, "400", 3) == 0 || strncmp(n->digit, "800", 3) == 0 ? n->digits == 10
                                                                                : n->digits == 5 && n->digit[0] == '9';
}

/* What is wrong with its length, as a sentence; empty when nothing is. */
static struct str
wrong_length(struct lint *l, struct areas *as, const struct number *n)
{
    if (service_number(l, n))
        return STR("");
    if (n->area && n->parts >= 2 && n->part[0] != n->area)
        return str_fmt(l->a, "区号是 %zu 位，应为 %zu 位", n->part[0], n->area);
    if (n->area) {
        size_t local = n->parts >= 3 ? n->part[1] : n->digits - n->area;
        if (n->digits <= n->area || local < 7 || local > 8)
            return str_fmt(l->a, "区号之后有 %zu 位，固定电话应为 7 位或 8 位", local);
        size_t usual = n->parts >= 3 ? 0 : usual_length(as, n);
        return usual ? str_fmt(l->a, "区号之后有 %zu 位，同区号的其他号码都是 %zu 位", local, usual) : STR("");
    }
    if (n->digit[0] == '1')
        return n->digits == 11 && n->digit[1] >= '3' ? STR("")
                                                     : str_fmt(l->a, "有 %zu 位，手机号码应为 11 位", n->digits);
    size_t local = n->part[0];
    return local == 7 || local == 8 ? STR("") : str_fmt(l->a, "有 %zu 位，固定电话应为 7 位或 8 位", local);
}

enum err
lint_phone_length(struct lint *l)
{
    struct areas *as = all_areas(l);
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->matter[i].text_count; k++) {
            const struct lint_text *t = &l->matter[i].text[k];
            struct chars c = chars_of(l->a, t->text);
            struct number n;
            for (size_t at = 0; next_number(&c, &at, &n);) {
                if (!is_phone(&c, &n, phone_field(t->field)))
                    continue;
                struct str wrong = wrong_length(l, as, &n);
                if (str_empty(wrong))
                    continue;
                struct lint_hit h = lint_at(&l->matter[i], t, &c, n.from, n.to, 0);
                h.severity = SEVERITY_ERROR;
                h.cause = str_fmt(l->a, "%s", n.digit);
                lint_add(l, &h, "号码“%.*s”%.*s", STR_ARG(h.evidence), STR_ARG(wrong));
            }
        }
    return OK;
}

/* --- the region's numbers --- */

struct used_number {
    char digit[DIGITS_MAX + 1];
    size_t count;
    bool *in;            /* matters that print it */
    struct lint_hit hit; /* its first place */
};
struct used {
    struct used_number *number;
    size_t n;
};

static struct used
used_numbers(struct lint *l)
{
    struct used u = {ARENA_ARRAY(l->a, NUMBERS_MAX, struct used_number), 0};
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->matter[i].text_count; k++) {
            const struct lint_text *t = &l->matter[i].text[k];
            struct chars c = chars_of(l->a, t->text);
            struct number n;
            for (size_t at = 0; next_number(&c, &at, &n);) {
                if (!is_phone(&c, &n, phone_field(t->field)))
                    continue;
                size_t x = 0;
                while (x < u.n && strcmp(u.number[x].digit, n.digit) != 0)
                    x++;
                if (x == NUMBERS_MAX)
                    continue;
                if (x == u.n) {
                    u.number[x].in = ARENA_ARRAY(l->a, l->n, bool);
                    memcpy(u.number[x].digit, n.digit, sizeof n.digit);
                    u.number[u.n++].hit = lint_at(&l->matter[i], t, &c, n.from, n.to, 0);
                }
                u.number[x].count++;
                u.number[x].in[i] = true;
            }
        }
    return u;
}

/* One digit other, not the last (neighbouring offices differ there), or two neighbours exchanged. */
static bool
slip(const char *a, const char *b)
{
    size_t n = strlen(a), differ = 0, first = 0;
    if (n != strlen(b) || n < 7)
        return false;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i] && differ++ == 0)
            first = i;
    return (differ == 1 && first + 1 < n) ||
           (differ == 2 && first + 1 < n && a[first] == b[first + 1] && a[first + 1] == b[first]);
}

/* The last digit other, but printed once only, against a number nearly every matter has. */
static bool
lone_slip(const struct used_number *a, const struct used_number *b)
{
    enum { NEARLY_ALL = 10 };
    size_t n = strlen(a->digit), rare = a->count < b->count ? a->count : b->count, usual = a->count + b->count - rare;
    return n == strlen(b->digit) && n >= 7 && rare == 1 && usual >= NEARLY_ALL &&
           memcmp(a->digit, b->digit, n - 1) == 0;
}

enum err
lint_phone_near(struct lint *l)
{
    struct used u = used_numbers(l);
    for (size_t i = 0; i < u.n; i++)
        for (size_t k = i + 1; k < u.n; k++) {
            bool lone = lone_slip(&u.number[i], &u.number[k]);
            if (!lone && !slip(u.number[i].digit, u.number[k].digit))
                continue;
            struct used_number *rare = u.number[i].count < u.number[k].count ? &u.number[i] : &u.number[k];
            struct used_number *usual = rare == &u.number[i] ? &u.number[k] : &u.number[i];
            struct lint_hit h = rare->hit;
            if (lint_told(l, "phone-outlier", h.matter, h.field, 0))
                continue;
            h.severity = usual->count >= 4 * rare->count && !lone ? SEVERITY_WARN : SEVERITY_INFO;
            h.cause = str_fmt(l->a, "%s", rare->digit);
            for (size_t m = 0; m < l->n; m++) {
                h.matter = l->matter[m].m;
                if (rare->in[m])
                    lint_add(l, &h, "“%.*s”（%zu 处）与“%.*s”（%zu 处）只差一位", STR_ARG(h.evidence), rare->count,
                             STR_ARG(usual->hit.evidence), usual->count);
            }
        }
    return OK;
}

/* --- agreement --- */

/* The numbers of a field joined, for comparing; empty when it has none. */
static struct str
numbers_of(struct lint *l, const struct lint_text *t, struct str *ret_first)
{
    struct buf b;
    buf_init(&b, l->a, 64);
    if (!t)
        return STR("");
    struct chars c = chars_of(l->a, t->text);
    struct number n;
    for (size_t at = 0; next_number(&c, &at, &n);)
        if (is_phone(&c, &n, phone_field(t->field)) && b.n < 400) {
            if (b.n == 0 && ret_first)
                *ret_first = chars_text(t->text, &c, n.from, n.to);
            buf_fmt(&b, "%s ", n.digit);
        }
    return buf_str(&b);
}

enum err
lint_phone_outlier(struct lint *l)
{
    struct str *own = ARENA_ARRAY(l->a, l->n, struct str), usual = STR("");
    size_t have = 0, most = 0;
    struct areas *as = all_areas(l);
    for (size_t i = 0; i < l->n; i++) {
        own[i] = numbers_of(l, lint_text_of(&l->matter[i], "监督电话"), NULL);
        have += !str_empty(own[i]);
    }
    for (size_t i = 0; i < l->n; i++) {
        size_t same = 0;
        for (size_t k = 0; k < l->n; k++)
            same += !str_empty(own[i]) && str_eq(own[i], own[k]);
        if (same > most) {
            most = same;
            usual = own[i];
        }
    }
    for (size_t i = 0; i < l->n && have >= 5 && most * 5 >= have * 4; i++) {
        const struct lint_text *t = lint_text_of(&l->matter[i], "监督电话");
        if (str_empty(own[i]) || str_eq(own[i], usual))
            continue;
        struct chars c = chars_of(l->a, t->text);
        struct number n;
        size_t at = 0;
        if (!next_number(&c, &at, &n) || !str_empty(wrong_length(l, as, &n)))
            continue; /* that is told already, by its length */
        struct lint_hit h = lint_at(&l->matter[i], t, &c, n.from, n.to, 0);
        h.cause = own[i];
        lint_add(l, &h, "监督电话与其他 %zu 项（%.*s）不同", most, STR_ARG(str_trim(usual)));
    }
    return OK;
}

static bool
contains_number(struct str list, struct str number)
{
    struct str piece;
    while (str_split(&list, ' ', &piece))
        if (!str_empty(piece) && str_eq(piece, number))
            return true;
    return false;
}

/* Numbers to ask at that the channels do not print: worth a look where the other matters print the same in both. */
enum err
lint_phone_disagree(struct lint *l)
{
    size_t both = 0, agree = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < l->n; i++) {
            const struct lint_text *t = lint_text_of(&l->matter[i], "咨询方式");
            struct str asked = numbers_of(l, t, NULL), piece, rest;
            struct str channel = numbers_of(l, lint_text_of(&l->matter[i], "办理渠道"), NULL);
            if (str_empty(asked) || str_empty(channel))
                continue;
            bool known = true;
            for (rest = asked; str_split(&rest, ' ', &piece);)
                known = known && (str_empty(piece) || contains_number(channel, piece));
            if (pass == 0) {
                both++;
                agree += known;
                continue;
            }
            if (known || both < 5 || agree * 10 < both * 7)
                continue;
            for (rest = asked; str_split(&rest, ' ', &piece);)
                if (!str_empty(piece) && !contains_number(channel, piece) &&
                    !lint_told(l, "phone-near", l->matter[i].m, t->field, 0) &&
                    !lint_told(l, "phone-length", l->matter[i].m, t->field, 0) &&
                    !lint_told(l, "phone-length", l->matter[i].m, STR("办理渠道"), 0) &&
                    !lint_told(l, "phone-near", l->matter[i].m, STR("办理渠道"), 0)) {
                    struct chars c = chars_of(l->a, t->text);
                    struct lint_hit h = lint_at(&l->matter[i], t, &c, 0, c.n, 0);
                    h.severity = SEVERITY_INFO;
                    h.cause = piece;
                    lint_add(l, &h, "咨询电话 %.*s 没有印在本项的办理渠道里，其他 %zu 项两处一致", STR_ARG(piece),
                             agree);
                }
        }
    return OK;
}

/* --- a phone announced, and none printed --- */

static void
missing_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    if (!phone_field(t->field) && !str_eqz(t->field, "办理渠道"))
        return;
    for (size_t i = 0; i + 1 < c.n; i++) {
        if (!cp_in(c.cp[i], "电") || !cp_in(c.cp[i + 1], "话"))
            continue;
        size_t next = i + 2;
        while (next < c.n && (cp_blank(c.cp[next]) || cp_in(c.cp[next], "：:")))
            next++;
        if (next < c.n && c.cp[next] != '\n' && !cp_in(c.cp[next], "。；;，,）)"))
            continue;
        size_t from = i;
        while (from > 0 && i - from < 16 && c.cp[from - 1] != '\n' && !cp_in(c.cp[from - 1], "。；;，,：:"))
            from--;
        struct lint_hit h = lint_at(m, t, &c, from, i + 2, 0);
        if (str_find(h.evidence, STR("公布")) != SIZE_MAX)
            continue; /* a promise to publish one: the rules about structure look after it */
        h.severity = SEVERITY_INFO;
        h.cause = lint_plain(l, chars_text(t->text, &c, i > from + 4 ? i - 4 : from, i)); /* what is to be called */
        lint_add(l, &h, "只写“%.*s”，没有印号码", STR_ARG(h.evidence));
    }
}

enum err
lint_phone_missing(struct lint *l)
{
    lint_each(l, missing_in);
    return OK;
}
