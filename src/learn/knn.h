/* knn.h - nearest rows by cosine, for rows of unit length. */
#ifndef LEARN_KNN_H
#define LEARN_KNN_H

#include <stddef.h>
#include <stdint.h>

/* How near the rows of x (n, d) lie to each other: the cosine of each of at most `sample` rows
 * (drawn by seed) to the nearest other row, ascending, *k of them. New array, mem_free. */
float *knn_nearness(const float *x, size_t n, size_t d, size_t sample, uint64_t seed, size_t *k);

#endif
