/* significance.h - how likely a difference as large is by chance, and of many the ones that stand. */
#ifndef NUM_SIGNIFICANCE_H
#define NUM_SIGNIFICANCE_H

#include <stddef.h>

/* Two-sided p-value of a difference being 0, from its bootstrap draws (column `column` of draws (n,
 * stride)): twice the share of draws on the lesser side of 0, the sample counted as one of them
 * (Davison and Hinkley 1997, 4.4). NaN where fewer than 20 draws are defined. */
double significance_of_draws(const double *draws, size_t n, size_t stride, size_t column);

/* McNemar's test, exact: of the things on which two differ, `b` are the first's and `c` the second's;
 * twice the binomial tail at one half, at most 1. */
double significance_mcnemar(size_t b, size_t c);

/* Holm's step-down correction (1979) of the p-values among p (n) that are not NaN: with all of them
 * under a level, no false one is found with at least that level's certainty. out may be p. */
void significance_holm(size_t n, const double *p, double *out);

#endif
