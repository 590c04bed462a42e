/* libFuzzer target: any text as an identifier of every kind. Refused with a reason, or normalised to a form that is
** accepted again unchanged; masks show no more than they promise. */
#include <assert.h>

#include "base/crypto.h"
#include "base/ident.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
said_why(const char *reason)
{
    assert(reason && *reason && str_utf8_valid(str_c(reason)));
}

static void
person(struct arena *a, struct str s)
{
    struct ident_person p, q;
    const char *why = NULL;
    if (!ident_person(a, s, &p, &why)) {
        said_why(why);
        return;
    }
    assert(p.value.n == (p.kind == IDENT_FOREIGN_2017 ? 15u : 18u));
    assert(ident_person(a, p.value, &q, &why));
    assert(str_eq(p.value, q.value) && p.kind == q.kind && p.birth.n == q.birth.n && p.sex == q.sex &&
           str_eq(p.area, q.area));
    struct str masked = ident_mask_id(a, p.value);
    assert(str_utf8_valid(masked) && !str_eq(masked, p.value) && str_find(masked, STR("****")) != SIZE_MAX);
}

static void
unit(struct arena *a, struct str s)
{
    struct str code, again;
    const char *why = NULL;
    if (!ident_uscc(a, s, &code, &why)) {
        said_why(why);
        return;
    }
    assert(code.n == 18 && code.p[17] == ident_uscc_check(code.p));
    assert(ident_uscc(a, code, &again, &why) && str_eq(code, again));
}

static void
phones_and_accounts(struct arena *a, struct str s)
{
    struct str one, again;
    const char *why = NULL;
    bool luhn, luhn_again;
    if (ident_mobile(a, s, &one, &why)) {
        assert(one.n == 11 && ident_mobile(a, one, &again, &why) && str_eq(one, again));
        assert(str_find(ident_mask_mobile(a, one), STR("****")) == 3);
        assert(ident_phone(a, one, &again, &why)); /* a mobile number is a phone number */
    } else {
        said_why(why);
    }
    why = NULL;
    if (ident_phone(a, s, &one, &why))
        assert(ident_phone(a, one, &again, &why) && str_eq(one, again));
    else
        said_why(why);
    why = NULL;
    if (ident_bank_card(a, s, &one, &luhn, &why)) {
        assert(one.n >= 8 && one.n <= 30);
        assert(ident_bank_card(a, one, &again, &luhn_again, &why) && str_eq(one, again) && luhn == luhn_again);
        assert(str_eq(str_sub(ident_mask_account(a, one), ident_mask_account(a, one).n - 4, 4),
                      str_sub(one, one.n - 4, 4)));
    } else {
        said_why(why);
    }
}

static void
names_and_codes(struct arena *a, struct str s)
{
    struct str name, again;
    const char *why = NULL;
    if (ident_name(a, s, &name, &why)) {
        assert(str_utf8_valid(name) && str_utf8_count(name) >= 1 && str_utf8_count(name) <= 50);
        assert(ident_name(a, name, &again, &why) && str_eq(name, again));
    } else {
        said_why(why);
    }
    /* masks take whatever a field held */
    assert(str_utf8_valid(ident_mask_name(a, s)));
    assert(str_utf8_valid(ident_mask_id(a, s)));
    assert(str_utf8_valid(ident_mask_mobile(a, s)));
    assert(str_utf8_valid(ident_mask_account(a, s)));
    struct str code = crypto_code_normalise(a, s);
    assert(str_eq(code, crypto_code_normalise(a, code)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    if (!str_utf8_valid(s)) /* proved at the edge */
        return -1;
    struct arena *a = arena_new((size_t)64 << 20);
    person(a, s);
    unit(a, s);
    phones_and_accounts(a, s);
    names_and_codes(a, s);
    arena_free(a);
    return 0;
}
