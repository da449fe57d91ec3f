/* packed_tile.h - private to packed: the kernel written once for vectors of any length. A file
 * includes it once, after defining
 *
 *   TILE_KERNEL     name of the struct packed_kernel that this defines
 *   TILE_NAME       what it is called
 *   TILE_TARGET     attribute of functions that use the instruction set
 *   TILE_LANES      floats in a vector
 *   TILE_ROWS       rows at a time, 2 to 12: TILE_ROWS * PACKED_COLS / TILE_LANES sums in registers
 *   TILE_FMA(a, b, c)  a * b + c of vectors
 *   TILE_ALL(x)     x in every place
 *   TILE_HALF(p)    TILE_LANES half-precision numbers at p as floats
 */
#ifndef NUM_PACKED_TILE_H
#define NUM_PACKED_TILE_H

#include "base/half.h"
#include "num/packed.h"
#include "num/packed_kernel.h"

#ifdef TILE_KERNEL /* else it is only looked at */

enum { VECTORS = PACKED_COLS / TILE_LANES };

typedef float tile_vector
    __attribute__((vector_size(TILE_LANES * sizeof(float)), aligned(4), may_alias));

/* Before a loop whose count is a constant. */
#ifdef __clang__
#define TILE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TILE_UNROLL _Pragma("GCC unroll 12")
#endif
#define TILE_INLINE TILE_TARGET static inline __attribute__((always_inline))

/* All counts but k are constants where this is inlined: the sums stay in registers. */
TILE_INLINE void tile(size_t rows, bool half, size_t k, const float *x, size_t ldx, const void *b,
    const float *start, float *y, size_t ldy, const void *ahead, size_t step)
{
	tile_vector sum[TILE_ROWS][VECTORS], w[VECTORS];
	const float *full = b;
	const uint16_t *halves = b;

	TILE_UNROLL
	for (size_t i = 0; i < rows; i++) {
		const float *from = start ? start : y + i * ldy;

		TILE_UNROLL
		for (size_t v = 0; v < VECTORS; v++)
			sum[i][v] = *(const tile_vector *)(from + v * TILE_LANES);
	}
	for (size_t p = 0; p < k; p++) {
		__builtin_prefetch((const char *)ahead + p * step, 0, 2);
		TILE_UNROLL
		for (size_t v = 0; v < VECTORS; v++) {
			size_t at = p * PACKED_COLS + v * TILE_LANES;

			if (half)
				w[v] = TILE_HALF(halves + at);
			else
				w[v] = *(const tile_vector *)(full + at);
		}
		TILE_UNROLL
		for (size_t i = 0; i < rows; i++) {
			tile_vector xi = TILE_ALL(x[i * ldx + p]);

			TILE_UNROLL
			for (size_t v = 0; v < VECTORS; v++)
				sum[i][v] = TILE_FMA(xi, w[v], sum[i][v]);
		}
	}
	TILE_UNROLL
	for (size_t i = 0; i < rows; i++) {
		TILE_UNROLL
		for (size_t v = 0; v < VECTORS; v++)
			*(tile_vector *)(y + i * ldy + v * TILE_LANES) = sum[i][v];
	}
}

#define TILE_CASE(n)                                                                               \
	case n:                                                                                    \
		if (n <= TILE_ROWS)                                                                \
			tile(n <= TILE_ROWS ? n : 1, half, k, x, ldx, b, start, y, ldy, ahead,     \
			    step);                                                                 \
		break;

TILE_INLINE void any_rows(size_t rows, bool half, size_t k, const float *x, size_t ldx,
    const void *b, const float *start, float *y, size_t ldy, const void *ahead, size_t step)
{
	switch (rows) {
		TILE_CASE(1)
		TILE_CASE(2)
		TILE_CASE(3)
		TILE_CASE(4)
		TILE_CASE(5)
		TILE_CASE(6)
		TILE_CASE(7)
		TILE_CASE(8)
		TILE_CASE(9)
		TILE_CASE(10)
		TILE_CASE(11)
		TILE_CASE(12)
	}
}

TILE_TARGET static void rows_full(size_t rows, size_t k, const float *x, size_t ldx, const float *b,
    const float *start, float *y, size_t ldy, const void *ahead, size_t step)
{
	any_rows(rows, false, k, x, ldx, b, start, y, ldy, ahead, step);
}

TILE_TARGET static void rows_half(size_t rows, size_t k, const float *x, size_t ldx,
    const uint16_t *b, const float *start, float *y, size_t ldy, const void *ahead, size_t step)
{
	any_rows(rows, true, k, x, ldx, b, start, y, ldy, ahead, step);
}

TILE_TARGET static void from_half(size_t n, const uint16_t *in, float *out)
{
	size_t i = 0;

	for (; i + TILE_LANES <= n; i += TILE_LANES)
		*(tile_vector *)(out + i) = TILE_HALF(in + i);
	for (; i < n; i++)
		out[i] = half_value(in[i]);
}

const struct packed_kernel TILE_KERNEL = {TILE_NAME, TILE_ROWS, rows_full, rows_half, from_half};

#endif
#endif
