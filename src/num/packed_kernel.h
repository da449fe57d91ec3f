/* packed_kernel.h - private to packed: the innermost products, one file an instruction set. */
#ifndef NUM_PACKED_KERNEL_H
#define NUM_PACKED_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* y (rows, PACKED_COLS) = x (rows, k) b + start, with b (k, PACKED_COLS) a panel or some of its
 * columns and start (PACKED_COLS); NULL: y itself, so that a long k is done in pieces. rows is at
 * most those of the kernel. At `ahead` lies what is wanted next, `step` bytes for each of the k: it is
 * fetched meanwhile. */
struct packed_kernel {
	const char *name;
	size_t rows;
	void (*full)(size_t rows, size_t k, const float *x, size_t ldx, const float *b,
	    const float *start, float *y, size_t ldy, const void *ahead, size_t step);
	void (*half)(size_t rows, size_t k, const float *x, size_t ldx, const uint16_t *b,
	    const float *start, float *y, size_t ldy, const void *ahead, size_t step);
	void (*from_half)(size_t n, const uint16_t *in, float *out);
};

extern const struct packed_kernel packed_generic;
#if defined(__x86_64__) && defined(__GNUC__)
extern const struct packed_kernel packed_avx2, packed_avx512;
#endif

#endif
