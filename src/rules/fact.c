/* Facts and their values: the dictionary's rows, sets of facts, reading and writing values. */
#include <assert.h>

#include "rules/feel.h"

size_t
fact_find(const struct fact_dict *d, struct str name)
{
    for (size_t i = 0; i < d->count; i++)
        if (str_eq(d->fact[i].name, name) || (d->fact[i].id.n && str_eq(d->fact[i].id, name)))
            return i;
    return SIZE_MAX;
}

struct value
value_bool(bool b)
{
    return (struct value){.kind = VALUE_BOOL, .b = b};
}

struct value
value_text(struct str s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s};
}

struct value
value_int(int64_t v)
{
    return (struct value){.kind = VALUE_NUMBER, .number = decimal_int(v)};
}

bool
value_equal(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_BOOL:
        return a.b == b.b;
    case VALUE_NUMBER:
        return decimal_cmp(a.number, b.number) == 0;
    case VALUE_TEXT:
        return str_eq(a.text, b.text);
    case VALUE_DATE:
        return a.date.n == b.date.n;
    case VALUE_UNASKED:
    case VALUE_NULL:
        break;
    }
    return true;
}

void
fact_set_add(struct fact_set *s, size_t i)
{
    assert(i < FACT_MAX);
    s->bits[i / 64] |= UINT64_C(1) << i % 64;
}

bool
fact_set_has(const struct fact_set *s, size_t i)
{
    return i < FACT_MAX && (s->bits[i / 64] >> i % 64 & 1);
}

void
fact_set_union(struct fact_set *s, const struct fact_set *other)
{
    for (size_t i = 0; i < FACT_MAX / 64; i++)
        s->bits[i] |= other->bits[i];
}

bool
fact_set_empty(const struct fact_set *s)
{
    for (size_t i = 0; i < FACT_MAX / 64; i++)
        if (s->bits[i])
            return false;
    return true;
}

static bool
choice_parse(const struct fact_def *def, struct str text, struct value *ret_v)
{
    for (size_t i = 0; i < def->value_count; i++)
        if (str_eq(def->values[i], text)) {
            *ret_v = value_text(def->values[i]);
            return true;
        }
    return false;
}

static bool
bool_parse(struct str text, struct value *ret_v)
{
    if (str_eqz(text, "是") || str_eqz(text, "true"))
        *ret_v = value_bool(true);
    else if (str_eqz(text, "否") || str_eqz(text, "false"))
        *ret_v = value_bool(false);
    else
        return false;
    return true;
}

bool
fact_value_parse(struct arena *a, const struct fact_def *def, struct str text, struct value *ret_v)
{
    *ret_v = (struct value){.kind = VALUE_UNASKED};
    text = str_trim(text);
    if (str_empty(text))
        return true;
    struct value v = {0};
    switch (def->type) {
    case FACT_CHOICE:
        return choice_parse(def, text, ret_v);
    case FACT_BOOL:
        return bool_parse(text, ret_v);
    case FACT_NUMBER:
        v.kind = VALUE_NUMBER;
        if (!decimal_parse(text, &v.number))
            return false;
        break;
    case FACT_TEXT:
        v = value_text(str_dup(a, text));
        break;
    case FACT_DATE:
        v.kind = VALUE_DATE;
        if (!day_parse(text, &v.date))
            return false;
        break;
    }
    *ret_v = v;
    return true;
}

struct str
fact_value_text(struct arena *a, const struct fact_def *def, struct value v)
{
    (void)def; /* units and value labels will want it */
    switch (v.kind) {
    case VALUE_BOOL:
        return v.b ? STR("是") : STR("否");
    case VALUE_NUMBER:
        return decimal_text(a, v.number);
    case VALUE_TEXT:
        return v.text;
    case VALUE_DATE:
        return day_text(a, v.date);
    case VALUE_UNASKED:
    case VALUE_NULL:
        break;
    }
    return STR("");
}
