/* Conditions of a form over facts and its own fields. */
#include "service/form_int.h"

struct str
form_value(const struct view *values, struct str id)
{
    const struct view *v = values ? view_get(values, id) : NULL;
    if (!v || (view_kind(v) != VIEW_TEXT && view_kind(v) != VIEW_SECRET))
        return STR("");
    return str_trim(view_text(v));
}

bool
form_chosen(const struct form_field *f, struct str value, struct str option)
{
    struct str piece;
    if (!str_eqz(f->type, "多选"))
        return str_eq(value, option);
    while (str_split(&value, '\n', &piece))
        if (str_eq(str_trim(piece), option))
            return true;
    return false;
}

/* Fills the places of F from AT on; the next free one. */
static size_t
state_set(struct ctx *ctx, struct form_state *st, size_t at, const struct form_field *f, struct str value)
{
    if (str_eqz(f->type, "多选")) {
        for (size_t i = 0; i < f->value_count; i++)
            st->value[at++] = value_bool(form_chosen(f, value, f->values[i]));
        return at;
    }
    struct value v = {.kind = VALUE_NULL};
    if (str_empty(value) || !fact_value_parse(ctx->arena, &st->form->dict.fact[at], value, &v) ||
        v.kind == VALUE_UNASKED)
        v = (struct value){.kind = VALUE_NULL};
    st->value[at] = v;
    return at + 1;
}

static void
state_fill(struct ctx *ctx, struct form_state *st, const struct form_section *only, const struct view *values)
{
    size_t at = st->form->fact_count;
    if (st->form->dict.count == 0)
        return; /* not of a catalogue: no condition can name its fields */
    for (size_t i = 0; i < st->form->section_count; i++) {
        const struct form_section *s = &st->form->section[i];
        bool here = only ? s == only : str_empty(s->rows_id);
        for (size_t k = 0; k < s->field_count; k++) {
            const struct form_field *f = &s->field[k];
            if (here || !only)
                at = state_set(ctx, st, at, f, here ? form_value(values, f->id) : STR(""));
            else
                at += str_eqz(f->type, "多选") ? f->value_count : 1;
        }
    }
}

struct form_state
form_state_new(struct ctx *ctx, const struct form *f, const struct facts *facts, const struct view *values)
{
    struct form_state st = {f, ARENA_ARRAY(ctx->arena, f->dict.count + 1, struct value)};
    for (size_t i = 0; facts && i < f->fact_count && i < facts->dict->count; i++)
        st.value[i] = facts->value[i];
    state_fill(ctx, &st, NULL, values);
    return st;
}

struct form_state
form_state_row(struct ctx *ctx, const struct form_state *st, const struct form_section *s, const struct view *row)
{
    struct form_state r = {st->form, ARENA_ARRAY(ctx->arena, st->form->dict.count + 1, struct value)};
    for (size_t i = 0; i < st->form->dict.count; i++)
        r.value[i] = st->value[i];
    state_fill(ctx, &r, s, row);
    return r;
}

bool
form_holds(const struct form_state *st, const struct condition *c, bool unknown)
{
    if (!c->feel)
        return true;
    struct value v = feel_eval(c->feel, st->value, NULL);
    return v.kind == VALUE_BOOL ? v.b : v.kind == VALUE_UNASKED && unknown;
}

bool
form_asks(const struct form_field *f)
{
    return (f->who == FORM_APPLICANT || f->who == FORM_UNIT) && !f->handwritten && !f->automatic.feel;
}

bool
form_section_shown(const struct form_state *st, const struct form_section *s)
{
    return form_holds(st, &s->when, true);
}

bool
form_field_shown(const struct form_state *st, const struct form_field *f)
{
    return form_holds(st, &f->shown_when, true);
}

bool
form_field_required(const struct form_state *st, const struct form_field *f, const struct view *row)
{
    if (!form_field_shown(st, f))
        return false;
    if (f->required || (f->required_when.feel && form_holds(st, &f->required_when, false)) ||
        (f->required_if.feel && form_holds(st, &f->required_if, false)))
        return true;
    for (size_t i = 0; i < f->together_count; i++)
        if (!str_empty(form_value(row, f->together[i])))
            return true;
    if (str_empty(f->required_unless)) //= R138
        return false;
    struct str other = form_value(row, f->required_unless);
    for (size_t i = 0; i < f->unless_count; i++)
        if (str_starts(other, f->unless[i]))
            return false;
    return !str_empty(other);
}

struct str
form_automatic(const struct form_state *st, const struct form_field *f)
{
    if (!f->automatic.feel)
        return STR("");
    struct value v = feel_eval(f->automatic.feel, st->value, NULL);
    return v.kind != VALUE_BOOL ? STR("") : v.b ? STR("是") : STR("否");
}
