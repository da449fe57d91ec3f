/* packed.h - products with a matrix that stays the same: y = x W', W packed once.
 *
 * W (n, k) is kept in panels of PACKED_COLS of its rows, column after column, so that a product
 * reads it in order, with as many rows of x at a time as the processor's registers hold sums for.
 * A product of few rows, where a general one is bound by packing, runs near the speed of a large
 * one. W of half-precision numbers stays so: half the memory traffic and the same result, since
 * every such number is a float.
 *
 * Each number of y is one sum in the order of k, whatever the other rows and whoever computes it:
 * the same x gives the same y alone or among others, on one thread or several. Processors differ
 * in the last bits (a fused multiply-add or not).
 */
#ifndef NUM_PACKED_H
#define NUM_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKED_COLS 32 /* rows of W, hence columns of y, in a panel */

struct packed {
	size_t n, k;
	float *full;    /* (panels, k, PACKED_COLS), zeros behind the last row; or else */
	uint16_t *half; /* the same as IEEE binary16 */
};

/* Room for W (n, k), zeroed; packed_free. */
struct packed packed_new(size_t n, size_t k, bool half);
void packed_free(struct packed *w);
/* Rows first..first + rows of W from row-major numbers, of the kind that it was made for. */
void packed_set(struct packed *w, size_t first, size_t rows, const float *from);
void packed_set_half(struct packed *w, size_t first, size_t rows, const uint16_t *from);

static inline size_t packed_panels(const struct packed *w)
{
	return (w->n + PACKED_COLS - 1) / PACKED_COLS;
}

/* Columns of the panels begin..end of y (m, n) = x (m, k) W' + bias (n, or NULL for none); rows of
 * x are ldx apart, of y ldy >= PACKED_COLS * panels: whole panels are written, as is bias read. */
void packed_product(const struct packed *w, size_t begin, size_t end, size_t m, const float *x,
    size_t ldx, const float *bias, float *y, size_t ldy);
/* The same with one panel that is at hand, b (k, PACKED_COLS), without bias. */
void packed_panel(
    size_t m, size_t k, const float *x, size_t ldx, const float *b, float *y, size_t ldy);

/* IEEE binary16, and the upper half of binary32 ("bfloat16"), to floats: exactly. */
void packed_from_half(size_t n, const uint16_t *in, float *out);
void packed_from_bfloat(size_t n, const uint16_t *in, float *out);

#endif
