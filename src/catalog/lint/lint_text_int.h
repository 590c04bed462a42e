/* Inside the rules about the words only: texts as characters, and the rules themselves, one function each. */
#ifndef CATALOG_LINT_TEXT_INT_H
#define CATALOG_LINT_TEXT_INT_H

#include "catalog/lint/lint_int.h"

/* A text as code points, each with the byte where it stands; at[n] = the text's length. */
struct chars {
    uint32_t *cp, *at;
    size_t n;
};
struct chars chars_of(struct arena *a, struct str s);
/* Blanks dropped, full width folded to half, Chinese punctuation to ASCII; AT still points into S. */
struct chars chars_plain(struct arena *a, struct str s);
struct str chars_text(struct str s, const struct chars *c, size_t from,
                      size_t to); /* the bytes of S between two characters */
bool chars_eq(const struct chars *a, const struct chars *b);
bool cp_han(uint32_t cp);
bool cp_blank(uint32_t cp); /* blanks, tabs, U+00A0, U+3000; no line ends */
bool cp_digit(uint32_t cp);
bool cp_letter(uint32_t cp);
bool cp_in(uint32_t cp, const char *set); /* one of the characters of SET */
uint32_t cp_plain(uint32_t cp);           /* 0 for what is dropped */

/* How A becomes B by one cut: what both begin with, what both end with. */
struct delta {
    size_t head, tail;     /* characters in common */
    size_t a_rest, b_rest; /* between head and tail */
};
struct delta chars_delta(const struct chars *a, const struct chars *b);

void chars_drop_tail(struct chars *c);                               /* a plain text's final stops */
bool chars_marks_only(const struct chars *c, size_t from, size_t n); /* no Han, letter or digit among them */
/* N characters from FROM as a text, in l->a. */
struct str lint_cut(struct lint *l, const struct chars *c, size_t from, size_t n);
/* A and B are a pair that makes two names: 入 and 出. */
bool lint_opposites(struct lint *l, struct str a, struct str b);
bool lint_has_number(struct str s); /* a digit, a letter or a Chinese numeral */

/* Up to this many characters of context on each side, for evidence. */
struct str chars_around(struct str s, const struct chars *c, size_t from, size_t to, size_t context);

/* A word of the dictionary in its characters. */
struct term {
    struct str text;
    struct chars c;
};
struct lint_terms {
    struct term *term; /* 词语 */
    size_t n;
    struct str *variant; /* 变体: near a term and right all the same */
    size_t variant_count;
    struct str *antonym; /* 对举: pairs like 入出, 内外: names that differ by one of them are two names */
    size_t antonym_count;
    struct str *number_mark; /* 文号字头 of provinces: 豫 */
    size_t number_mark_count;
    struct str *placeholder; /* 占位 */
    size_t placeholder_count;
    struct str *service; /* 服务号码: 12393 … */
    size_t service_count;
    struct str *doubled; /* 叠词: repeated on purpose */
    size_t doubled_count;
    struct term *tail; /* 尾字: words whose last character is often lost */
    size_t tail_count;
    struct str *open; /* 兜底: phrases that leave a list of papers open */
    size_t open_count;
    struct term *slip; /* 易错: slips everybody knows, with what is meant */
    struct str *meant;
    size_t slip_count;
};

/* Every text of every matter, one after the other. */
typedef void lint_each_fn(struct lint *l, const struct lint_matter *m, const struct lint_text *t);
void lint_each(struct lint *l, lint_each_fn *f);
/* RULE (NULL: any) has found something in this field of M already, on that line (0: any). One cause is told once. */
bool lint_told(const struct lint *l, const char *rule, const struct matter *m, struct str field, int line);
static inline bool
lint_told_line(const struct lint *l, const struct matter *m, struct str field, int line)
{
    return lint_told(l, NULL, m, field, line);
}
/* A hit at characters [from, to) of T; its cause is its evidence, wherever in the region that stands. */
struct lint_hit lint_at(const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t from,
                        size_t to, size_t context);

/* lint_text_phone.c */
enum err lint_phone_length(struct lint *l) MUST_USE;
enum err lint_phone_near(struct lint *l) MUST_USE;
enum err lint_phone_disagree(struct lint *l) MUST_USE;
enum err lint_phone_outlier(struct lint *l) MUST_USE;
enum err lint_phone_missing(struct lint *l) MUST_USE;
/* lint_text_place.c */
enum err lint_unit_place(struct lint *l) MUST_USE;
enum err lint_place_foreign(struct lint *l) MUST_USE;
enum err lint_basis_organ(struct lint *l) MUST_USE;
/* lint_text_words.c */
enum err lint_term_near(struct lint *l) MUST_USE;
enum err lint_word_torn(struct lint *l) MUST_USE;
enum err lint_word_doubled(struct lint *l) MUST_USE;
enum err lint_text_repeated(struct lint *l) MUST_USE;
enum err lint_placeholder(struct lint *l) MUST_USE;
enum err lint_open_list(struct lint *l) MUST_USE;
/* lint_text_marks.c */
enum err lint_brackets(struct lint *l) MUST_USE;
enum err lint_punctuation(struct lint *l) MUST_USE;
enum err lint_truncated(struct lint *l) MUST_USE;
enum err lint_dash(struct lint *l) MUST_USE;
enum err lint_date(struct lint *l) MUST_USE;
enum err lint_width_mixed(struct lint *l) MUST_USE;
/* lint_text_number.c */
enum err lint_numbering(struct lint *l) MUST_USE;
enum err lint_numbering_style(struct lint *l) MUST_USE;
enum err lint_serial(struct lint *l) MUST_USE;
/* lint_text_same.c */
enum err lint_boilerplate(struct lint *l) MUST_USE;
enum err lint_sentence_near(struct lint *l) MUST_USE;
enum err lint_marks_differ(struct lint *l) MUST_USE;
enum err lint_final_stop(struct lint *l) MUST_USE;
enum err lint_missing_field(struct lint *l) MUST_USE;
/* lint_text_near.c */
enum err lint_context_near(struct lint *l) MUST_USE;
/* lint_text_name.c */
enum err lint_name_variant(struct lint *l) MUST_USE;
enum err lint_caption(struct lint *l) MUST_USE;
enum err lint_title(struct lint *l) MUST_USE;

#endif
