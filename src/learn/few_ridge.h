/* few_ridge.h - a mean over many questions from answers to few, by ridge regression on what a pool of
 * models answered to the same ones (Zhang et al., "How benchmark prediction ... misses the mark",
 * 2506.07673). */
#ifndef LEARN_FEW_RIDGE_H
#define LEARN_FEW_RIDGE_H

#include <stddef.h>

/* x (n, M): the pool's answers to the n questions; rest (M): their means over the others; y (n): the
 * model's answers. The penalty is the one by which the pool's models foretell each other best, and
 * *error how far off they then are (root mean square). x is centred on the way. Returns the mean
 * over the others. */
double few_ridge(size_t n, size_t M, double *x, const double *rest, const double *y, double *error);

#endif
