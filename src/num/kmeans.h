/* kmeans.h - clusters of rows of unit length (spherical k-means, Dhillon and Modha 2001), started
 * as k-means++ does (Arthur and Vassilvitskii 2007). */
#ifndef NUM_KMEANS_H
#define NUM_KMEANS_H

#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

/* Centres (k, d) of unit length for the rows of x (n, d), k at most n; mat_free. The same for any
 * number of threads. */
struct mat kmeans_fit(const float *x, size_t n, size_t d, size_t k, uint64_t seed);

/* The nearest centre of each row, out (n). */
void kmeans_assign(const struct mat *centres, const float *x, size_t n, uint32_t *out);

#endif
