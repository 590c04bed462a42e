#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/ident.h"

static struct arena *a;
static json_t *vectors;
static struct day today;

static int
load(void **state)
{
    (void)state;
    a = arena_new(0);
    const char *root = getenv("JINGBAN_SOURCE");
    json_error_t e;
    vectors = json_load_file(str_fmt(a, "%s/tests/data/identifiers_test_vectors.json", root ? root : ".").p, 0, &e);
    if (!vectors)
        print_error("%s\n", e.text);
    return vectors && day_from_ymd(2026, 11, 21, &today) ? 0 : -1;
}

static int
unload(void **state)
{
    (void)state;
    json_decref(vectors);
    arena_free(a);
    return 0;
}

/* Array at vectors.SECTION.NAME; must not be empty. */
static json_t *
rows(const char *section, const char *name)
{
    json_t *list = json_object_get(json_object_get(vectors, section), name);
    assert_true(json_array_size(list) > 0);
    return list;
}

static const char *
text(const json_t *row, const char *key)
{
    const char *v = json_string_value(json_object_get(row, key));
    assert_non_null(v);
    return v;
}

static bool
has(const json_t *row, const char *part)
{
    return strstr(text(row, "why"), part) != NULL;
}

static bool
person(const char *value, struct ident_person *p, const char **reason)
{
    *reason = NULL;
    bool ok = ident_person(a, str_c(value), p, reason) && ident_birth_by(p->birth, today, reason);
    assert_int_equal(ok, *reason == NULL);
    return ok;
}

static struct ident_person
good_person(const char *value)
{
    struct ident_person p;
    const char *reason;
    if (!person(value, &p, &reason))
        fail_msg("%s: %s", value, reason);
    return p;
}

static void
residents(void **state)
{
    (void)state;
    size_t i;
    json_t *row;
    json_array_foreach(rows("resident_id_gb11643", "valid"), i, row)
    {
        struct ident_person p = good_person(text(row, "value"));
        assert_true(str_eqz(p.value, text(row, "value")));
        assert_string_equal(day_text(a, p.birth).p, text(row, "birth"));
        assert_int_equal(p.sex, strcmp(text(row, "sex"), "男") ? IDENT_SEX_FEMALE : IDENT_SEX_MALE);
        assert_int_equal(p.kind, json_object_get(row, "cert_type") ? IDENT_HMT_RESIDENT : IDENT_RESIDENT);
        assert_true(str_eq(p.area, str_sub(p.value, 0, 6)));
        if (json_object_get(row, "admdvs"))
            assert_true(str_eqz(p.area, text(row, "admdvs")));
    }
    json_array_foreach(rows("resident_id_gb11643", "valid_after_normalisation"), i, row)
        assert_true(str_eqz(good_person(text(row, "value")).value, text(row, "normalised")));
    json_array_foreach(rows("resident_id_gb11643", "convert_15_to_18"), i, row)
        assert_true(str_eqz(good_person(text(row, "from")).value, text(row, "to")));
    /* An area that no table has is a person all the same. */
    assert_int_equal(good_person("429999190001010014").kind, IDENT_RESIDENT);
}

static void
residents_refused(void **state)
{
    (void)state;
    struct ident_person p;
    const char *reason;
    size_t i;
    json_t *row;
    json_array_foreach(rows("resident_id_gb11643", "invalid"), i, row)
    {
        const char *v = text(row, "value");
        if (person(v, &p, &reason))
            fail_msg("taken: %s", v);
        if (strlen(v) == 18 && json_is_true(json_object_get(row, "check_digit_fits")))
            assert_int_equal(ident_gb11643_check(v), v[17]);
        static const char *const WHY[][2] = {{"check digit must be X", "校验码不对，末位应为 X"},
                                             {"month 13", "出生日期不存在"},
                                             {"29 Feb", "出生日期不存在"},
                                             {"not a leap year", "出生日期不存在"},
                                             {"31 April", "出生日期不存在"},
                                             {"in the future", "出生日期晚于今天"},
                                             {"out of plausible range", "出生年份不合常理"},
                                             {"out of range", "出生年份不合常理"},
                                             {"no such province", "省份代码"},
                                             {"last position", "前17位应为数字"},
                                             {"characters", "应为18位"},
                                             {"empty", "未填写"},
                                             {"full-width", "全角"},
                                             {"letter O", "前17位应为数字"},
                                             {"impossible", "出生日期不存在"}};
        bool known = false;
        for (size_t w = 0; w < sizeof WHY / sizeof *WHY && !known; w++)
            if (has(row, WHY[w][0])) {
                known = true;
                if (!strstr(reason, WHY[w][1]))
                    fail_msg("%s: %s, not %s", v, reason, WHY[w][1]);
            }
        if (!known)
            fail_msg("new kind of vector: %s", text(row, "why"));
    }
    json_array_foreach(rows("resident_id_gb11643", "invalid_15"), i, row) if (person(text(row, "value"), &p, &reason))
        fail_msg("taken: %s", text(row, "value"));
}

static const char *
with_check(struct str digits17)
{
    return str_fmt(a, "%.*s%c", STR_ARG(digits17), ident_gb11643_check(digits17.p)).p;
}

static void
provinces(void **state)
{
    (void)state;
    json_t *known = rows("admdvs", "province_prefixes");
    for (int n = 0; n < 90; n++) {
        const char *v = with_check(str_fmt(a, "%02d000019000101001", n));
        bool expect = false;
        size_t i;
        json_t *prefix;
        json_array_foreach(known, i, prefix) expect |= strncmp(json_string_value(prefix), v, 2) == 0;
        struct ident_person p;
        const char *reason;
        assert_int_equal(person(v, &p, &reason), expect);
    }
    const char *code;
    json_t *name;
    json_object_foreach(json_object_get(json_object_get(vectors, "admdvs"), "codes"), code, name)
    {
        const char *v = with_check(str_fmt(a, "%s19000101001", code));
        assert_true(str_eqz(good_person(v).area, code));
    }
}

static void
foreign_cards(void **state)
{
    (void)state;
    static const char *const EDITION[] = {"2017", "2023"};
    json_t *section = json_object_get(vectors, "foreign_permanent_resident");
    for (size_t e = 0; e < 2; e++) {
        json_t *list = json_object_get(section, EDITION[e]), *row;
        assert_true(json_array_size(json_object_get(list, "valid")) > 0);
        size_t i;
        json_array_foreach(json_object_get(list, "valid"), i, row)
        {
            struct ident_person p = good_person(text(row, "value"));
            assert_int_equal(p.kind, e ? IDENT_FOREIGN_2023 : IDENT_FOREIGN_2017);
            assert_true(str_eqz(p.value, text(row, "value")));
            assert_int_equal(p.area.n, 0);
            assert_int_equal(day_is_none(p.birth), e == 0);
            if (e)
                assert_int_equal(p.sex, strcmp(text(row, "sex"), "男") ? IDENT_SEX_FEMALE : IDENT_SEX_MALE);
        }
        json_array_foreach(json_object_get(list, "invalid"), i, row)
        {
            struct ident_person p;
            const char *reason;
            if (person(text(row, "value"), &p, &reason))
                fail_msg("taken: %s", text(row, "value"));
            if (has(row, "should be 7"))
                assert_string_equal(reason, "校验码不对，末位应为 7");
        }
    }
    assert_true(str_eqz(good_person("pak310080010103").value, "PAK310080010103"));
    struct ident_person p;
    const char *reason;
    assert_false(person("PAK310080130103", &p, &reason));
}

static void
units(void **state)
{
    (void)state;
    size_t i;
    json_t *row;
    struct str code;
    const char *reason;
    json_array_foreach(rows("credit_code_gb32100", "valid"), i, row)
    {
        const char *v = text(row, "value");
        if (!ident_uscc(a, str_c(v), &code, &reason))
            fail_msg("%s: %s", v, reason);
        assert_true(str_eqz(code, v));
    }
    json_array_foreach(rows("credit_code_gb32100", "invalid_or_special"), i, row)
    {
        const char *v = text(row, "value");
        bool expect = json_is_true(json_object_get(row, "valid")) || has(row, "then valid");
        reason = NULL;
        if (ident_uscc(a, str_c(v), &code, &reason) != expect)
            fail_msg("%s: %s", v, reason ? reason : "taken");
        assert_int_equal(expect, reason == NULL);
        if (json_is_true(json_object_get(row, "check_fits")))
            assert_int_equal(ident_uscc_check(v), v[17]);
        if (has(row, "(6)"))
            assert_string_equal(reason, "校验码不对，末位应为 6");
        if (has(row, "check is J"))
            assert_string_equal(reason, "校验码不对，末位应为 J");
        if (has(row, "then valid"))
            assert_string_equal(code.p, "91350100M000100Y43");
    }
    assert_false(ident_uscc(a, STR(" "), &code, &reason));
}

static void
mobiles(void **state)
{
    (void)state;
    size_t i;
    json_t *row;
    struct str m;
    const char *reason;
    json_array_foreach(rows("mobile", "valid"), i, row)
    {
        assert_true(ident_mobile(a, str_c(json_string_value(row)), &m, &reason));
        assert_true(str_eqz(m, json_string_value(row)));
    }
    json_array_foreach(rows("mobile", "valid_after_normalisation"), i, row)
    {
        assert_true(ident_mobile(a, str_c(json_string_value(row)), &m, &reason));
        assert_true(str_eqz(m, "13800138000"));
    }
    json_array_foreach(rows("mobile", "invalid"), i, row)
    {
        assert_false(ident_mobile(a, str_c(text(row, "value")), &m, &reason));
        assert_false(ident_phone(a, str_c(text(row, "value")), &m, &reason));
    }
    assert_true(ident_mobile(a, STR("86-138-0013-8000"), &m, &reason) && str_eqz(m, "13800138000"));
    assert_false(ident_mobile(a, STR("１３８００１３８０００"), &m, &reason));
    assert_non_null(strstr(reason, "全角"));
}

static void
phones(void **state)
{
    (void)state;
    size_t i;
    json_t *row;
    struct str got;
    const char *reason;
    json_array_foreach(json_object_get(json_object_get(json_object_get(vectors, "mobile"), "landline"), "valid"), i,
                       row)
    {
        struct str v = str_c(json_string_value(row)), head = v;
        (void)str_split(&v, ' ', &head); /* "12393 (short number)" */
        assert_true(ident_phone(a, head, &got, &reason));
        assert_true(str_eq(got, head));
    }
    assert_int_equal(i, 4);
    static const char *const GOOD[][2] = {
        {"0722-3233281", "0722-3233281"},
        {"07223233281", "0722-3233281"},
        {"（0722）3233281", "0722-3233281"},
        {"0722－3233281转8001", "0722-3233281-8001"},
        {"024 1234 5678", "024-12345678"},
        {"010-12345678", "010-12345678"},
        {"3233281", "3233281"},
        {"12345", "12345"},
        {"120", "120"},
        {"95588", "95588"},
        {"400-810-8888", "4008108888"},
        {"+86 13800138000", "13800138000"},
    };
    for (i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        if (!ident_phone(a, str_c(GOOD[i][0]), &got, &reason))
            fail_msg("%s: %s", GOOD[i][0], reason);
        assert_string_equal(str_z(a, got), GOOD[i][1]);
    }
    static const char *const BAD[] = {"",
                                      "0722",
                                      "0722-",
                                      "0722-323328",
                                      "0722-03233281",
                                      "0722-3233281-",
                                      "电话",
                                      "0722-3233281-1234567",
                                      "1234",
                                      "0722-3233281-80a",
                                      "0072-3233281",
                                      "--",
                                      "３２３３２８１"};
    for (i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (ident_phone(a, str_c(BAD[i]), &got, &reason))
            fail_msg("taken: %s", BAD[i]);
}

static void
bank_cards(void **state)
{
    (void)state;
    size_t i;
    json_t *row;
    struct str card;
    const char *reason;
    bool fits;
    json_array_foreach(rows("bank_card", "valid"), i, row)
    {
        assert_true(ident_bank_card(a, str_c(text(row, "value")), &card, &fits, &reason));
        assert_true(fits && str_eqz(card, text(row, "value")));
    }
    json_array_foreach(rows("bank_card", "invalid"), i, row)
    {
        bool taken = ident_bank_card(a, str_c(text(row, "value")), &card, &fits, &reason);
        assert_int_equal(taken, !has(row, "all zero"));
        if (taken)
            assert_int_equal(fits, has(row, "then valid"));
    }
    assert_false(ident_bank_card(a, STR("1234567"), &card, &fits, &reason));
    assert_false(ident_bank_card(a, STR("1234567890123456789012345678901"), &card, &fits, &reason));
    assert_false(ident_bank_card(a, STR("-12345678"), &card, &fits, &reason));
    assert_false(ident_bank_card(a, STR("　"), &card, &fits, &reason));
}

static void
names(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"张三", "张三"},
        {"　张三 ", "张三"},
        {"欧阳修", "欧阳修"},
        {"𠮷野", "𠮷野"},
        {"㐂〇", "㐂〇"},
        {"买买提•吐尔逊", "买买提·吐尔逊"},
        {"买买提・吐尔逊", "买买提·吐尔逊"},
        {"买买提.吐尔逊", "买买提·吐尔逊"},
        {"John  Smith", "John Smith"},
        {"J. O’Brien-Müller", "J. O'Brien-Müller"},
        {"José García", "José García"},
        {"玛丽·Smith", "玛丽·Smith"},
        {"Smith\xc2\xa0", "Smith"},
    };
    struct str name;
    const char *reason;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        if (!ident_name(a, str_c(GOOD[i][0]), &name, &reason))
            fail_msg("%s: %s", GOOD[i][0], reason);
        assert_string_equal(str_z(a, name), GOOD[i][1]);
    }
    static const char *const BAD[] = {"",
                                      "  ",
                                      "张 三",
                                      "张三2",
                                      "·张三",
                                      "张三·",
                                      "张··三",
                                      "张三（大）",
                                      "张，三",
                                      "<b>张三</b>",
                                      "张三\xee\x80\x80",
                                      "Ｊｏｈｎ",
                                      "张-三",
                                      "张三😀",
                                      "\xc2\xa0张三",
                                      "玛丽· Smith"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (ident_name(a, str_c(BAD[i]), &name, &reason))
            fail_msg("taken: %s", BAD[i]);
    struct buf b;
    buf_init(&b, a, 0);
    for (int i = 0; i < 50; i++)
        buf_addz(&b, "张");
    assert_true(ident_name(a, buf_str(&b), &name, &reason));
    buf_addz(&b, "张");
    assert_false(ident_name(a, buf_str(&b), &name, &reason));
}

static void
masks(void **state)
{
    (void)state;
    /* Contract of ident.h; the convention in the vectors' masking_convention opens more of number and account. */
    assert_string_equal(ident_mask_id(a, STR("421303190001010014")).p, "421***********0014");
    assert_string_equal(ident_mask_id(a, STR("PAK310080010103")).p, "PAK********0103");
    assert_string_equal(ident_mask_id(a, STR("12345678")).p, "********");
    assert_string_equal(ident_mask_id(a, STR("")).p, "");
    static const char *const NAMES[][2] = {
        {"张三", "张*"},        {"张小明", "张*明"}, {"欧阳修", "欧阳*"}, {"欧阳震华", "欧阳**"},
        {"阿卜杜拉", "阿**拉"}, {"张", "*"},         {"𠮷野", "𠮷*"},     {"", ""},
        {"John", "J**n"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        assert_string_equal(ident_mask_name(a, str_c(NAMES[i][0])).p, NAMES[i][1]);
    json_t *examples = json_object_get(json_object_get(vectors, "masking_convention"), "examples");
    assert_string_equal(ident_mask_name(a, STR("张某")).p, text(examples, "姓名 2字"));
    assert_string_equal(ident_mask_name(a, STR("张三丰")).p, text(examples, "姓名 3字"));
    assert_string_equal(ident_mask_name(a, STR("欧阳震华")).p, text(examples, "姓名 4字以上"));
    assert_string_equal(ident_mask_mobile(a, STR("13800138000")).p, text(examples, "手机"));
    assert_string_equal(ident_mask_mobile(a, STR("13812345678")).p, "138****5678");
    assert_string_equal(ident_mask_mobile(a, STR("0722-3233281")).p, "072*****3281");
    assert_string_equal(ident_mask_mobile(a, STR("12393")).p, "**393");
    assert_string_equal(ident_mask_mobile(a, STR("120")).p, "***");
    assert_string_equal(ident_mask_account(a, STR("6228480402561234")).p, "**** **** 1234");
    assert_string_equal(ident_mask_account(a, STR("1234567")).p, "**** ****");
}

/* Whatever comes in, the answer is yes or a reason, and what is said yes to is said yes to again. */
static void
anything_at_all(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"1",  "9",   "0",        "X",    "-",  " ",  "张",  "·",
                                         "　", "PAK", "19000101", "4213", "转", "０", "+86", "𠮷"};
    unsigned long seed = 20261121;
    for (int round = 0; round < 20000; round++) {
        SCOPED_ARENA t = arena_new(0);
        struct buf b;
        buf_init(&b, t, 0);
        int count = (int)((seed >> 33) % 12);
        for (int i = 0; i < count; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_addz(&b, PIECES[(seed >> 40) % (sizeof PIECES / sizeof *PIECES)]);
        }
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        struct str s = buf_str(&b), v, w;
        struct ident_person p, q;
        const char *reason = NULL;
        bool fits;
        if (ident_person(t, s, &p, &reason))
            assert_true(ident_person(t, p.value, &q, &reason) && str_eq(p.value, q.value));
        if (ident_mobile(t, s, &v, &reason))
            assert_true(ident_mobile(t, v, &w, &reason) && str_eq(v, w));
        if (ident_phone(t, s, &v, &reason))
            assert_true(ident_phone(t, v, &w, &reason) && str_eq(v, w));
        if (ident_name(t, s, &v, &reason))
            assert_true(ident_name(t, v, &w, &reason) && str_eq(v, w));
        if (ident_bank_card(t, s, &v, &fits, &reason))
            assert_true(ident_bank_card(t, v, &w, &fits, &reason) && str_eq(v, w));
        (void)ident_uscc(t, s, &v, &reason);
        (void)ident_mask_id(t, s);
        (void)ident_mask_account(t, s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residents),       cmocka_unit_test(residents_refused),
        cmocka_unit_test(provinces),       cmocka_unit_test(foreign_cards),
        cmocka_unit_test(units),           cmocka_unit_test(mobiles),
        cmocka_unit_test(phones),          cmocka_unit_test(bank_cards),
        cmocka_unit_test(names),           cmocka_unit_test(masks),
        cmocka_unit_test(anything_at_all),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
