/* near.h - nearest neighbours by cosine, many at once: products in blocks, each used for both its
 * sides. */
#ifndef METHOD_NEAR_H
#define METHOD_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

/* Neighbours of n rows, best first. */
struct near {
	size_t n, k;
	uint32_t *index; /* (n, k) */
	float *score;    /* (n, k) */
	size_t *found;   /* (n) how many of the k there are */
};
void near_clear(struct near *v);

/* A cosine from which on two rows are the same but for rounding: one text in two benchmarks. */
#define NEAR_SAME (1 - 1e-5f)

/* Of every row of x (n, D) the k nearest that are not the same. */
struct near near_each(const struct mat *x, size_t k);
/* Of every row of q (n, x->cols) the k nearest rows of x with a cosine below `below`. */
struct near near_rows(const struct mat *x, const float *q, size_t n, size_t k, float below);

#endif
