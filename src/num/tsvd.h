/* tsvd.h - leading singular values and right singular vectors of a large matrix that is known only
 * by its products.
 *
 * Randomised subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4, orthonormalised
 * once an iteration; then algorithm 5.1).
 */
#ifndef NUM_TSVD_H
#define NUM_TSVD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct err;
struct progress;

struct tsvd_operator {
	size_t rows, cols;
	void (*times)(void *arg, const struct mat *x, struct mat *y);      /* y (rows, l) = A x */
	void (*transposed)(void *arg, const struct mat *x, struct mat *y); /* y (cols, l) = A' x */
	void *arg;
};

struct tsvd_options {
	size_t k;          /* directions wanted, at least 1 */
	size_t oversample; /* extra random directions */
	size_t iterations; /* more: closer to the exact subspace */
	uint64_t seed;
};

/* *v (cols, r): orthonormal columns by descending singular value; s has room for k values. r is at
 * most k; directions with a singular value under 1e-4 of the first one are left out, so that r can
 * be 0. Each direction's sign makes its largest component positive. False: cancelled, or no
 * convergence in LAPACK. */
bool tsvd(const struct tsvd_operator *a, const struct tsvd_options *o, const struct progress *p,
    struct mat *v, float *s, struct err *e);

#endif
