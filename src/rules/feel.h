/* FEEL expressions over the facts dictionary: the subset the catalogue needs, compiled once, with positions in errors.
**
** Grammar:  or := and ("or" and)* ; and := cmp ("and" cmp)* ; cmp := add (("="|"!="|"<"|"<="|">"|">=") add | "in" "("
** list ")" | "between" add "and" add)? ;
** add := mul (("+"|"-") mul)* ; mul := unary (("*"|"/") unary)* ; unary := "-" unary | primary ;
** primary := number | "text" | true | false | null | name | "not" "(" or ")" | "date" "(" text ")" | "(" or ")".
** House rules: full-width punctuation, digits and letters outside quotes are errors that name the half-width remedy;
** names are facts of the dictionary; a literal compared with a fact of allowed values must be among them; operators
** must fit types.
**
** A fact not yet asked is a value of its own (UNASKED), not null: logic is Kleene's, and the evaluation returns the
** facts still
** needed. `false and UNASKED` is false, `true or UNASKED` is true. */
#ifndef RULES_FEEL_H
#define RULES_FEEL_H

#include "base/ctx.h"
#include "base/day.h"
#include "base/decimal.h"

enum fact_type { FACT_CHOICE, FACT_BOOL, FACT_NUMBER, FACT_TEXT, FACT_DATE };

/* One row of the dictionary as the compiler needs it. */
struct fact_def {
    struct str name; /* 中文 */
    struct str id;   /* ascii identifier */
    enum fact_type type;
    const struct str *values; /* allowed values for FACT_CHOICE */
    size_t value_count;
};

struct fact_dict {
    const struct fact_def *fact;
    size_t count;
};

enum { FACT_MAX = 256 }; /* facts in a dictionary: sets are bit sets of this size */

/* Index of the fact called NAME (Chinese name or ascii id), or SIZE_MAX. */
size_t fact_find(const struct fact_dict *d, struct str name);

enum value_kind { VALUE_UNASKED, VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_DATE };

struct value {
    enum value_kind kind;
    bool b;
    struct decimal number;
    struct str text;
    struct day date;
};

struct value value_bool(bool b);
struct value value_text(struct str s);
struct value value_int(int64_t v);
bool value_equal(struct value a, struct value b);

struct fact_set {
    uint64_t bits[FACT_MAX / 64];
};
void fact_set_add(struct fact_set *s, size_t i);
bool fact_set_has(const struct fact_set *s, size_t i);
void fact_set_union(struct fact_set *s, const struct fact_set *other);
bool fact_set_empty(const struct fact_set *s);

struct feel; /* a compiled expression; immutable, shared between threads */

/* Where and why a text is no expression. */
struct feel_error {
    size_t column;     /* 1-based, in characters, inside the expression */
    struct str what;   /* 中文 */
    struct str remedy; /* 中文; may be empty */
};

/* Compiles SRC for DICT into ARENA; must yield a boolean when WANT_BOOL. ERR_EXPRESSION fills *ret_error. */
enum err feel_compile(struct ctx *ctx, struct arena *arena, const struct fact_dict *dict, struct str src,
                      bool want_bool, struct feel **ret_feel, struct feel_error *ret_error) MUST_USE;
/* Evaluates over FACTS (one value per dictionary row). *ret_needed (may be NULL) gains the unasked facts that could
** still change
 ** the result; it gains nothing when the result is known. Pure; never fails: a type mismatch is null. */
struct value feel_eval(const struct feel *f, const struct value *facts, struct fact_set *ret_needed);
/* All facts the expression mentions. */
void feel_mentions(const struct feel *f, struct fact_set *ret_set);
struct str feel_source(const struct feel *f);

/* Reads a fact's value from what a person typed or JSON gave: choice in allowed values, 是/否/true/false, number,
** YYYY-MM-DD.
 ** false: not a legal value. Empty text is UNASKED. */
bool fact_value_parse(struct arena *a, const struct fact_def *def, struct str text, struct value *ret_v);
struct str fact_value_text(struct arena *a, const struct fact_def *def, struct value v);

#endif
