/* Identifiers of people, units, phones, bank cards. Each check says why it refuses, in Chinese, as a field error wants
** it.
 ** An unknown area code or a failing Luhn digit is a warning, never a refusal. */
#ifndef BASE_IDENT_H
#define BASE_IDENT_H

#include "base/day.h"

enum ident_sex { IDENT_SEX_UNKNOWN, IDENT_SEX_MALE, IDENT_SEX_FEMALE };

enum ident_person_kind {
    IDENT_RESIDENT,     /* GB 11643, 18 digits, or 15 converted; 居民身份证 */
    IDENT_HMT_RESIDENT, /* 810000/820000/830000: 港澳台居民居住证 */
    IDENT_FOREIGN_2017, /* 3 letters + 12 digits */
    IDENT_FOREIGN_2023, /* 18 digits beginning with 9 */
};

struct ident_person {
    enum ident_person_kind kind;
    struct str value; /* normalised, 18 characters (15 for FOREIGN_2017), in the arena */
    struct day birth; /* DAY_NONE if the number does not tell */
    enum ident_sex sex;
    struct str area; /* first six digits; empty for foreign cards */
};

/* Reads an identity number of any kind above: trims, upper-cases x, converts 15 digits. false: *ret_reason (Chinese,
 * static). */
bool ident_person(struct arena *a, struct str s, struct ident_person *ret_p, const char **ret_reason);
/* The number alone cannot know today: whoever takes one in asks this too. false: BIRTH lies after TODAY. DAY_NONE
 * passes. */
bool ident_birth_by(struct day birth, struct day today, const char **ret_reason);
char ident_gb11643_check(const char digits17[17]);
/* GB 32100 unified social credit code: normalised (upper case, 18) into *ret_code. */
bool ident_uscc(struct arena *a, struct str s, struct str *ret_code, const char **ret_reason);
char ident_uscc_check(const char code17[17]);
/* Mainland mobile number: 11 digits, optional +86/86 prefix and blanks or '-' removed. */
bool ident_mobile(struct arena *a, struct str s, struct str *ret_mobile, const char **ret_reason);
/* Landline or mobile as people write it (0722-3233281, 0722-3233281-8001, 12393). */
bool ident_phone(struct arena *a, struct str s, struct str *ret_phone, const char **ret_reason);
/* Bank card or account: 8–30 digits (blanks removed); *ret_luhn = whether the check digit fits (warn only). */
bool ident_bank_card(struct arena *a, struct str s, struct str *ret_card, bool *ret_luhn, const char **ret_reason);
/* Person's name: 1–50 characters, Han (any plane), letters, '·' between parts, blanks inside Latin names; variants of
 * the dot are normalised to U+00B7. */
bool ident_name(struct arena *a, struct str s, struct str *ret_name, const char **ret_reason);

/* Masked forms for every screen, log, export and print unless a granted view opens them. */
struct str ident_mask_id(struct arena *a, struct str id);       /* 420***********0014 */
struct str ident_mask_name(struct arena *a, struct str name);   /* 张*、欧阳* , 张*明 */
struct str ident_mask_mobile(struct arena *a, struct str m);    /* 138****5678 */
struct str ident_mask_account(struct arena *a, struct str acc); /* **** **** 1234 */

#endif
