/* Money: fen in int64. Ratios are exact fractions; rounding is named where it happens. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/str.h"

struct money {
    int64_t fen;
};

bool money_add(struct money a, struct money b, struct money *ret_sum); /* false on overflow */
bool money_sub(struct money a, struct money b, struct money *ret_diff);
/* "1234.5", "1,234.50", "1234" in yuan, optional '-', at most two decimals; false otherwise. */
bool money_parse(struct str yuan, struct money *ret_m);
struct str money_text(struct arena *a, struct money m);  /* 1,234.50 */
struct str money_plain(struct arena *a, struct money m); /* 1234.50 */
/* RMB capitals (人民币大写) up to 仟亿 of 万亿, e.g. 壹仟贰佰叁拾肆元伍角整; negative with 负. */
struct str money_capitals(struct arena *a, struct money m); //= R114

#endif
