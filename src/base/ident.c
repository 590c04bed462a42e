#include "base/ident.h"

#include <string.h>

static bool
refuse(const char **ret_reason, const char *reason)
{
    *ret_reason = reason;
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

static bool
all_same(struct str s, char c)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != c)
            return false;
    return true;
}

static int
number(struct str s, size_t from, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s.p[from + i] - '0');
    return v;
}

/* Full-width digits and letters look right on the screen and fit nothing: named, so that they can be retyped. */
static bool
has_full_width(struct str s)
{
    uint32_t cp;
    for (size_t at = 0; (cp = str_utf8_next(s, &at));)
        if (cp >= 0xff01 && cp <= 0xff5e)
            return true;
    return false;
}

/* Trimmed copy with letters in upper case. */
static struct str
upper(struct arena *a, struct str s)
{
    s = str_trim(s);
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    return (struct str){p, s.n};
}

/* --- identity numbers ------------------------------------------------------------------------------------------- */

/* Older than any person an agency may still meet (heirs claim for people long dead), younger than a slip of the pen. */
enum { BIRTH_YEAR_MIN = 1880 };

char
ident_gb11643_check(const char digits17[17])
{
    static const int WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits17[i] - '0') * WEIGHT[i];
    return "10X98765432"[sum % 11];
}

/* Area codes come and go and people keep the one of their birth: only the province, the first two digits, is a reason
 * to refuse. */
static bool
province_known(const char *two)
{
    static const char KNOWN[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                "50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";
    for (const char *k = KNOWN; *k; k += 3)
        if (k[0] == two[0] && k[1] == two[1])
            return true;
    return false;
}

static bool
refuse_check(const char **ret_reason, char should)
{
    static const char *const REASON[] = {"校验码不对，末位应为 0", "校验码不对，末位应为 1", "校验码不对，末位应为 2",
                                         "校验码不对，末位应为 3", "校验码不对，末位应为 4", "校验码不对，末位应为 5",
                                         "校验码不对，末位应为 6", "校验码不对，末位应为 7", "校验码不对，末位应为 8",
                                         "校验码不对，末位应为 9", "校验码不对，末位应为 X"};
    return refuse(ret_reason, REASON[should == 'X' ? 10 : should - '0']);
}

/* The 18 characters shared by resident, Hong Kong–Macao–Taiwan resident and 2023 foreign cards. */
static bool
person_18(struct str s, struct ident_person *p, const char **ret_reason)
{
    if (!all_digits(str_sub(s, 0, 17)) || (!is_digit(s.p[17]) && s.p[17] != 'X'))
        return refuse(ret_reason, "前17位应为数字，末位应为数字或 X");
    bool foreign = s.p[0] == '9';
    if (!province_known(s.p + (foreign ? 1 : 0)))
        return refuse(ret_reason, foreign ? "第2、3位不是省份代码" : "前两位不是省份代码");
    int year = number(s, 6, 4);
    struct day birth;
    if (!day_from_ymd(year, number(s, 10, 2), number(s, 12, 2), &birth))
        return refuse(ret_reason, "出生日期不存在");
    if (year < BIRTH_YEAR_MIN)
        return refuse(ret_reason, "出生年份不合常理");
    char check = ident_gb11643_check(s.p);
    if (s.p[17] != check)
        return refuse_check(ret_reason, check);
    struct str area = str_sub(s, 0, 6);
    bool hmt = str_eqz(area, "810000") || str_eqz(area, "820000") || str_eqz(area, "830000");
    p->kind = foreign ? IDENT_FOREIGN_2023 : hmt ? IDENT_HMT_RESIDENT : IDENT_RESIDENT;
    p->value = s;
    p->birth = birth;
    p->sex = (s.p[16] - '0') % 2 ? IDENT_SEX_MALE : IDENT_SEX_FEMALE;
    p->area = foreign ? STR("") : area;
    return true;
}

/* The cards of before 1999: two-digit year of the nineteen-hundreds, no check digit. */
static bool
person_15(struct arena *a, struct str s, struct ident_person *p, const char **ret_reason)
{
    if (!all_digits(s))
        return refuse(ret_reason, "15位号码应全为数字");
    if (s.p[0] == '9') /* the foreign card of 2023 never had 15 digits */
        return refuse(ret_reason, "前两位不是省份代码");
    char *v = arena_alloc(a, 19);
    memcpy(v, s.p, 6);
    memcpy(v + 6, "19", 2);
    memcpy(v + 8, s.p + 6, 9);
    v[17] = ident_gb11643_check(v);
    return person_18((struct str){v, 18}, p, ret_reason);
}

/* Three letters of nationality, four digits of place, YYMMDD, sequence, check. The check rule is not published with
** certainty and the century is not told: the shape is checked, the birth left open. */
static bool
person_foreign_2017(struct str s, struct ident_person *p, const char **ret_reason)
{
    for (size_t i = 0; i < 3; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return refuse(ret_reason, "永久居留证（2017版）前3位应为国籍字母，后12位应为数字");
    if (!all_digits(str_sub(s, 3, 12)))
        return refuse(ret_reason, "永久居留证（2017版）前3位应为国籍字母，后12位应为数字");
    int yy = number(s, 7, 2), month = number(s, 9, 2), day = number(s, 11, 2);
    struct day any;
    if (!day_from_ymd(1900 + yy, month, day, &any) && !day_from_ymd(2000 + yy, month, day, &any))
        return refuse(ret_reason, "出生日期不存在");
    *p = (struct ident_person){IDENT_FOREIGN_2017, s, DAY_NONE, IDENT_SEX_UNKNOWN, STR("")};
    return true;
}

bool
ident_person(struct arena *a, struct str s, struct ident_person *ret_p, const char **ret_reason)
{
    s = upper(a, s);
    if (s.n == 0)
        return refuse(ret_reason, "证件号码未填写");
    if (has_full_width(s))
        return refuse(ret_reason, "证件号码含全角字符，请改用半角");
    if (s.n == 18)
        return person_18(s, ret_p, ret_reason);
    if (s.n != 15)
        return refuse(ret_reason, "证件号码应为18位（旧证15位）");
    return is_digit(s.p[0]) ? person_15(a, s, ret_p, ret_reason) : person_foreign_2017(s, ret_p, ret_reason);
}

bool
ident_birth_by(struct day birth, struct day today, const char **ret_reason)
{
    if (day_is_none(birth) || birth.n <= today.n)
        return true;
    return refuse(ret_reason, "出生日期晚于今天");
}

/* --- units ------------------------------------------------------------------------------------------------------ */

static const char USCC_ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int
uscc_value(char c)
{
    const char *hit = c ? strchr(USCC_ALPHABET, c) : NULL;
    return hit ? (int)(hit - USCC_ALPHABET) : -1;
}

char
ident_uscc_check(const char code17[17])
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += uscc_value(code17[i]) * weight;
    return USCC_ALPHABET[(31 - sum % 31) % 31];
}

/* Registering department and category. Categories are told for the three departments the agencies meet; the others'
** tables grow, so that any category of a known department passes. */
static bool
uscc_category_known(char department, char category)
{
    switch (department) {
    case '1':
    case '5':
        return strchr("1239", category) != NULL;
    case '9':
        return strchr("123", category) != NULL;
    default:
        return strchr("234678ANY", department) != NULL;
    }
}

static bool
refuse_uscc_check(const char **ret_reason, char should)
{
#define C(x) "校验码不对，末位应为 " #x
    static const char *const REASON[] = {
        C(0),
        C(1),
        C(2),
        C(3),
        C(4),
        C(5),
        C(6),
        C(7),
        C(8),
        C(9),
        C(A),
        C(B),
        C(C),
        C(D),
        C(E),
        C(F),
        C(G),
        C(H),
        C(J),
        C(K),
        C(L),
        C(M),
        C(N),
        C(P),
        C(Q),
        C(R),
        C(T),
        C(U),
        C(W),
        C(X),
        C(Y)
    };
#undef C
    return refuse(ret_reason, REASON[uscc_value(should)]);
}

bool
ident_uscc(struct arena *a, struct str s, struct str *ret_code, const char **ret_reason)
{
    s = upper(a, s);
    if (s.n == 0)
        return refuse(ret_reason, "统一社会信用代码未填写");
    if (has_full_width(s))
        return refuse(ret_reason, "统一社会信用代码含全角字符，请改用半角");
    if (s.n != 18)
        return refuse(ret_reason, "统一社会信用代码应为18位");
    for (size_t i = 0; i < s.n; i++)
        if (uscc_value(s.p[i]) < 0)
            return refuse(ret_reason, "统一社会信用代码只用数字和大写字母，且不用 I、O、S、V、Z");
    if (!all_digits(str_sub(s, 2, 6)))
        return refuse(ret_reason, "第3至8位应为登记机关的行政区划数字");
    if (!uscc_category_known(s.p[0], s.p[1]))
        return refuse(ret_reason, "前两位不是登记管理部门和机构类别代码");
    /* The organisation code inside (9 to 17) has a check of its own, left alone: the outer one finds every slip of one
    ** character, and a unit whose inner code was issued wrong must still be served. */
    char check = ident_uscc_check(s.p);
    if (s.p[17] != check)
        return refuse_uscc_check(ret_reason, check);
    *ret_code = s;
    return true;
}

/* --- phones and accounts ---------------------------------------------------------------------------------------- */

static bool
is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xa0 || cp == 0x3000;
}

static struct str
without_blanks(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n);
    uint32_t cp;
    for (size_t at = 0; (cp = str_utf8_next(s, &at));)
        if (!is_blank(cp))
            buf_cp(&b, cp);
    return buf_str(&b);
}

/* What people put between the parts of a telephone number: any dash, bracket, or 转 before the extension. */
static bool
is_joint(uint32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xff0d || cp == '(' || cp == ')' ||
           cp == 0xff08 || cp == 0xff09 || cp == 0x8f6c;
}

/* Copy without blanks; joints become one '-' between the parts, or nothing. */
static struct str
squeeze(struct arena *a, struct str s, bool dashes)
{
    struct buf b;
    buf_init(&b, a, s.n);
    uint32_t cp;
    for (size_t at = 0; (cp = str_utf8_next(s, &at));)
        if (is_joint(cp)) {
            if (dashes && b.n && b.p[b.n - 1] != '-')
                buf_byte(&b, '-');
        } else if (!is_blank(cp)) {
            buf_cp(&b, cp);
        }
    return buf_str(&b);
}

bool
ident_mobile(struct arena *a, struct str s, struct str *ret_mobile, const char **ret_reason)
{
    s = squeeze(a, s, false);
    if (s.n == 0)
        return refuse(ret_reason, "手机号码未填写");
    if (has_full_width(s))
        return refuse(ret_reason, "手机号码含全角字符，请改用半角");
    static const char *const PREFIX[] = {"+86", "0086", "86"};
    for (size_t i = 0; i < sizeof PREFIX / sizeof *PREFIX; i++)
        if (s.n > 11 && s.n == 11 + strlen(PREFIX[i]) && str_starts(s, str_c(PREFIX[i])))
            s = str_sub(s, strlen(PREFIX[i]), 11);
    if (!all_digits(s))
        return refuse(ret_reason, "手机号码只能是数字");
    if (s.n != 11)
        return refuse(ret_reason, "手机号码应为11位");
    /* Second digits 3 to 9 and no finer: number segments are opened faster than lists of them are kept. */
    if (s.p[0] != '1' || s.p[1] < '3')
        return refuse(ret_reason, "手机号码应以 13 至 19 开头");
    *ret_mobile = s;
    return true;
}

/* 110, 12393, 12345, 95588, 96111…: special services without an area code. */
static bool
is_short_number(struct str s)
{
    if (s.n < 3 || s.n > 6 || !all_digits(s))
        return false;
    if (s.n == 3)
        return str_starts(s, STR("11")) || str_starts(s, STR("12"));
    if (s.n == 5 && (str_starts(s, STR("12")) || str_starts(s, STR("11")) || str_starts(s, STR("10"))))
        return true;
    return s.n >= 5 && (str_starts(s, STR("95")) || str_starts(s, STR("96")));
}

/* Digits of the area code at the head of S: 010 and 02x have three, all others four; 0 without one. */
static size_t
area_code(struct str s)
{
    if (s.n < 4 || s.p[0] != '0' || s.p[1] == '0')
        return 0;
    return s.p[1] == '1' || s.p[1] == '2' ? 3 : 4;
}

bool
ident_phone(struct arena *a, struct str s, struct str *ret_phone, const char **ret_reason)
{
    const char *ignored;
    if (ident_mobile(a, s, ret_phone, &ignored))
        return true;
    s = squeeze(a, s, true);
    if (s.n == 0)
        return refuse(ret_reason, "联系电话未填写");
    if (has_full_width(s))
        return refuse(ret_reason, "联系电话含全角字符，请改用半角");
    *ret_phone = s;
    if (is_short_number(s))
        return true;
    struct str piece, area = STR(""), rest = s, extension = STR("");
    size_t code = area_code(s);
    if (code) {
        area = str_sub(s, 0, code);
        rest = str_sub(s, code, s.n);
        if (str_starts(rest, STR("-")))
            rest = str_sub(rest, 1, rest.n);
    } else if (str_starts(s, STR("400")) || str_starts(s, STR("800"))) {
        struct str digits = squeeze(a, s, false);
        if (digits.n == 10 && all_digits(digits)) {
            *ret_phone = digits;
            return true;
        }
    }
    (void)str_split(&rest, '-', &piece);
    if (rest.p)
        extension = rest;
    bool number_fits = (piece.n == 7 || piece.n == 8) && all_digits(piece) && piece.p[0] != '0';
    bool extension_fits = !rest.p || (extension.n >= 1 && extension.n <= 6 && all_digits(extension));
    if (!all_digits(area) || !number_fits || !extension_fits)
        return refuse(ret_reason, "电话号码不对，应为11位手机号码，或区号加固定电话，如 0722-3233281");
    *ret_phone = str_fmt(a, "%.*s%s%.*s%s%.*s", STR_ARG(area), area.n ? "-" : "", STR_ARG(piece),
                         extension.n ? "-" : "", STR_ARG(extension));
    return true;
}

static bool
luhn(struct str digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int d = digits.p[digits.n - 1 - i] - '0';
        if (i % 2)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

bool
ident_bank_card(struct arena *a, struct str s, struct str *ret_card, bool *ret_luhn, const char **ret_reason)
{
    s = without_blanks(a, s);
    if (s.n == 0)
        return refuse(ret_reason, "银行账号未填写");
    if (has_full_width(s))
        return refuse(ret_reason, "银行账号含全角字符，请改用半角");
    if (!all_digits(s))
        return refuse(ret_reason, "银行账号只能是数字");
    if (s.n < 8 || s.n > 30)
        return refuse(ret_reason, "银行账号应为8至30位");
    if (all_same(s, '0'))
        return refuse(ret_reason, "银行账号不能全为 0");
    *ret_card = s;
    *ret_luhn = luhn(s);
    return true;
}

/* --- names ------------------------------------------------------------------------------------------------------ */

enum name_part { NAME_OTHER, NAME_HAN, NAME_LETTER, NAME_DOT, NAME_BLANK, NAME_MARK, NAME_PRIVATE };

/* Every dot that input methods offer between the parts of a name. */
static bool
is_dot(uint32_t cp)
{
    return cp == 0xb7 || cp == 0x2022 || cp == 0x2027 || cp == 0x2219 || cp == 0x22c5 || cp == 0x30fb || cp == 0xff65 ||
           cp == 0xff0e || cp == 0x2024 || cp == 0x2e31 || cp == 0x387;
}

static enum name_part
name_part(uint32_t cp)
{
    if ((cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) || (cp >= 0xf900 && cp <= 0xfaff) ||
        (cp >= 0x20000 && cp <= 0x3fffd) || cp == 0x3007)
        return NAME_HAN;
    if ((cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
        (cp >= 0xc0 && cp <= 0x24f && cp != 0xd7 && cp != 0xf7) || (cp >= 0x1e00 && cp <= 0x1eff))
        return NAME_LETTER;
    if (is_dot(cp))
        return NAME_DOT;
    if (is_blank(cp))
        return NAME_BLANK;
    if (cp == '-' || cp == '\'' || cp == 0x2019 || cp == '.')
        return NAME_MARK;
    if ((cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xf0000)
        return NAME_PRIVATE;
    return NAME_OTHER;
}

/* The reason why NOW may not follow BEFORE, or NULL. */
static const char *
name_joint(enum name_part before, enum name_part now)
{
    switch (now) {
    case NAME_HAN:
        return before == NAME_BLANK || before == NAME_MARK ? "汉字之间不能有空格或标点" : NULL;
    case NAME_LETTER:
        return NULL;
    case NAME_DOT:
        return before == NAME_HAN || before == NAME_LETTER ? NULL : "间隔号“·”应在姓名的两部分之间";
    case NAME_BLANK:
        return before == NAME_LETTER || before == NAME_MARK ? NULL : "汉字之间不能有空格或标点";
    case NAME_MARK: /* O'Brien, Anne-Marie, J. Smith */
        return before == NAME_LETTER ? NULL : "姓名含不能使用的字符";
    case NAME_PRIVATE:
        return "姓名含自造字，请用输入法重新输入该字";
    default:
        return "姓名含不能使用的字符";
    }
}

bool
ident_name(struct arena *a, struct str s, struct str *ret_name, const char **ret_reason)
{
    s = str_trim(s);
    if (s.n == 0)
        return refuse(ret_reason, "姓名未填写");
    struct buf b;
    buf_init(&b, a, s.n);
    enum name_part before = NAME_OTHER;
    uint32_t cp;
    for (size_t at = 0; (cp = str_utf8_next(s, &at));) {
        enum name_part now = name_part(cp);
        if (now == NAME_MARK && cp == '.' && before == NAME_HAN) /* 买买提.吐尔逊, typed without the dot at hand */
            now = NAME_DOT;
        if (now == NAME_BLANK && before == NAME_BLANK)
            continue;
        const char *reason = name_joint(before, now);
        if (reason)
            return refuse(ret_reason, reason);
        buf_cp(&b, now == NAME_DOT ? 0xb7 : now == NAME_BLANK ? ' ' : cp == 0x2019 ? '\'' : cp);
        before = now;
    }
    if (before == NAME_BLANK) /* a no-break space at the end: not of those that trimming takes */
        b.n--;
    if (before == NAME_DOT)
        return refuse(ret_reason, "间隔号“·”应在姓名的两部分之间");
    struct str name = buf_str(&b);
    if (str_utf8_count(name) > 50)
        return refuse(ret_reason, "姓名超过50个字");
    *ret_name = name;
    return true;
}

/* --- masks ------------------------------------------------------------------------------------------------------ */

/* HEAD and TAIL characters open, the others a star each. */
static struct str
stars(struct arena *a, struct str s, size_t head, size_t tail)
{
    size_t count = str_utf8_count(s), i = 0;
    struct buf b;
    buf_init(&b, a, s.n);
    uint32_t cp;
    for (size_t at = 0; (cp = str_utf8_next(s, &at)); i++)
        if (i < head || i + tail >= count)
            buf_cp(&b, cp);
        else
            buf_byte(&b, '*');
    return buf_str(&b);
}

/* The same; what is too short to hide anything that way is hidden whole. */
static struct str
mask(struct arena *a, struct str s, size_t head, size_t tail)
{
    return str_utf8_count(s) < head + tail + 2 ? stars(a, s, 0, 0) : stars(a, s, head, tail);
}

struct str
ident_mask_id(struct arena *a, struct str id)
{
    return mask(a, id, 3, 4);
}

/* Surnames of two characters: with the first alone hidden names would read like another family's. */
static bool
compound_surname(struct str name)
{
    static const char SURNAMES[] = "欧阳司马诸葛上官皇甫令狐东方夏侯尉迟公孙慕容长孙宇文司徒司空端木轩辕"
                                   "南宫独孤闻人澹台淳于单于申屠钟离万俟赫连太叔公羊濮阳呼延西门百里拓跋";
    for (size_t i = 0; i + 6 < sizeof SURNAMES; i += 6)
        if (str_starts(name, (struct str){SURNAMES + i, 6}))
            return true;
    return false;
}

struct str
ident_mask_name(struct arena *a, struct str name)
{
    size_t count = str_utf8_count(name);
    size_t head = count > 2 && compound_surname(name) ? 2 : count > 1 ? 1 : 0;
    return stars(a, name, head, count > 2 && head == 1 ? 1 : 0);
}

struct str
ident_mask_mobile(struct arena *a, struct str m)
{
    return m.n >= 9 ? mask(a, m, 3, 4) : mask(a, m, 0, 3);
}

struct str
ident_mask_account(struct arena *a, struct str acc)
{
    if (acc.n < 8 || !all_digits(str_sub(acc, acc.n - 4, 4)))
        return acc.n ? STR("**** ****") : STR("");
    return str_fmt(a, "**** **** %.*s", STR_ARG(str_sub(acc, acc.n - 4, 4)));
}
