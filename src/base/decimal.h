/* Exact decimals of 34 significant digits: __int128 coefficient and a power of ten. No binary fractions anywhere. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/str.h"

__extension__ typedef __int128 decimal_coef;

struct decimal {
    decimal_coef coef;
    int32_t exp; /* value = coef × 10^exp */
};

enum decimal_rounding { DECIMAL_HALF_EVEN, DECIMAL_HALF_UP, DECIMAL_DOWN, DECIMAL_UP, DECIMAL_FLOOR, DECIMAL_CEILING };

struct decimal decimal_int(int64_t v);
bool
decimal_parse(struct str s,
              struct decimal *ret_d); /* [-]digits[.digits][e[+-]digits]; ≤ 34 significant digits kept, half even */
struct str decimal_text(struct arena *a, struct decimal d); /* shortest plain notation */
int decimal_cmp(struct decimal a, struct decimal b);
bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret); /* false: exponent out of range */
bool decimal_sub(struct decimal a, struct decimal b, struct decimal *ret);
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *ret);
bool decimal_div(struct decimal a, struct decimal b,
                 struct decimal *ret); /* false also for b = 0; half even at 34 digits */
bool decimal_round(struct decimal a, int scale, enum decimal_rounding how, struct decimal *ret);
bool decimal_to_int(struct decimal d, int64_t *ret_v); /* false unless integral and in range */

#endif
