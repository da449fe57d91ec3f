#include "num/packed.h"

#include "base/mem.h"
#include "num/packed_kernel.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a panel that are worked on at a time: as floats they and some of x fit into a
 * first-level cache of 32 kB. */
#define BLOCK 192
/* From so many times the kernel's rows on it pays to widen halves once instead of at every use. */
#define WIDEN 3

static const struct packed_kernel *kernel = &packed_generic;
static pthread_once_t chosen = PTHREAD_ONCE_INIT;

/* EMBEDLLM_PACKED names one that is less than the processor has: for tests and comparisons. */
static void choose(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
	const char *ask = getenv("EMBEDLLM_PACKED");
	/* Every processor with AVX2 converts halves (F16C), which clang 14 cannot ask for. */
	bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");

	if (ask && !strcmp(ask, packed_generic.name))
		return;
	if (avx2)
		kernel = &packed_avx2;
	if (ask && !strcmp(ask, packed_avx2.name))
		return;
	if (avx2 && __builtin_cpu_supports("avx512f"))
		kernel = &packed_avx512;
#endif
}

static const struct packed_kernel *the_kernel(void)
{
	pthread_once(&chosen, choose);
	return kernel;
}

struct packed packed_new(size_t n, size_t k, bool half)
{
	struct packed w = {.n = n, .k = k};
	size_t count;

	if (__builtin_mul_overflow(packed_panels(&w) * PACKED_COLS, k, &count))
		die("out of memory: a matrix of %zu by %zu asked for", n, k);
	if (half) {
		w.half = (uint16_t *)(void *)mem_floats((count + 1) / 2);
		memset(w.half, 0, count * sizeof(*w.half));
	} else {
		w.full = mem_floats(count);
		memset(w.full, 0, count * sizeof(*w.full));
	}
	return w;
}

void packed_free(struct packed *w)
{
	mem_free(w->full);
	mem_free(w->half);
	*w = (struct packed){0};
}

void packed_set(struct packed *w, size_t first, size_t rows, const float *from)
{
	assert(w->full && first + rows <= w->n);
	for (size_t i = 0; i < rows; i++) {
		size_t at = first + i;
		float *to = w->full + at / PACKED_COLS * w->k * PACKED_COLS + at % PACKED_COLS;

		for (size_t j = 0; j < w->k; j++)
			to[j * PACKED_COLS] = from[i * w->k + j];
	}
}

void packed_set_half(struct packed *w, size_t first, size_t rows, const uint16_t *from)
{
	assert(w->half && first + rows <= w->n);
	for (size_t i = 0; i < rows; i++) {
		size_t at = first + i;
		uint16_t *to = w->half + at / PACKED_COLS * w->k * PACKED_COLS + at % PACKED_COLS;

		for (size_t j = 0; j < w->k; j++)
			to[j * PACKED_COLS] = from[i * w->k + j];
	}
}

/* Rows of the next tile where `left` remain: as equal as they come. */
static size_t next_rows(size_t left, size_t most)
{
	size_t tiles = (left + most - 1) / most;

	return (left + tiles - 1) / tiles;
}

/* The next block of W, which is fetched while the first rows go through this one. */
struct ahead {
	const void *p;
	size_t step; /* bytes a column */
};

static void block_full(size_t m, size_t k, const float *x, size_t ldx, const float *b,
    const float *start, float *y, size_t ldy, struct ahead next)
{
	const struct packed_kernel *use = the_kernel();

	for (size_t i = 0, rows; i < m; i += rows, next.step = 0) {
		rows = next_rows(m - i, use->rows);
		use->full(rows, k, x + i * ldx, ldx, b, start, y + i * ldy, ldy, next.p, next.step);
	}
}

static void block_half(size_t m, size_t k, const float *x, size_t ldx, const uint16_t *b,
    const float *start, float *y, size_t ldy, struct ahead next)
{
	const struct packed_kernel *use = the_kernel();
	_Alignas(64) float wide[BLOCK * PACKED_COLS];

	if (m >= WIDEN * use->rows) {
		use->from_half(k * PACKED_COLS, b, wide);
		block_full(m, k, x, ldx, wide, start, y, ldy, next);
		return;
	}
	for (size_t i = 0, rows; i < m; i += rows, next.step = 0) {
		rows = next_rows(m - i, use->rows);
		use->half(rows, k, x + i * ldx, ldx, b, start, y + i * ldy, ldy, next.p, next.step);
	}
}

static const float zeros[PACKED_COLS];

void packed_product(const struct packed *w, size_t begin, size_t end, size_t m, const float *x,
    size_t ldx, const float *bias, float *y, size_t ldy)
{
	assert(end <= packed_panels(w));
	for (size_t j = begin; j < end; j++) {
		const float *start = bias ? bias + j * PACKED_COLS : zeros;
		size_t at = j * w->k * PACKED_COLS;

		for (size_t p = 0; p < w->k; p += BLOCK) {
			size_t k = w->k - p < BLOCK ? w->k - p : BLOCK;
			size_t from = at + p * PACKED_COLS, to = from + k * PACKED_COLS;
			float *out = y + j * PACKED_COLS;

			if (w->half)
				block_half(m, k, x + p, ldx, w->half + from, start, out, ldy,
				    (struct ahead){w->half + to, sizeof(*w->half) * PACKED_COLS});
			else
				block_full(m, k, x + p, ldx, w->full + from, start, out, ldy,
				    (struct ahead){w->full + to, sizeof(*w->full) * PACKED_COLS});
			start = NULL;
		}
	}
}

void packed_panel(
    size_t m, size_t k, const float *x, size_t ldx, const float *b, float *y, size_t ldy)
{
	const float *start = zeros;

	for (size_t p = 0; p < k; p += BLOCK) {
		block_full(m, k - p < BLOCK ? k - p : BLOCK, x + p, ldx, b + p * PACKED_COLS, start,
		    y, ldy, (struct ahead){b, 0});
		start = NULL;
	}
}

void packed_from_half(size_t n, const uint16_t *in, float *out)
{
	the_kernel()->from_half(n, in, out);
}

void packed_from_bfloat(size_t n, const uint16_t *in, float *out)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t u = (uint32_t)in[i] << 16;

		memcpy(&out[i], &u, sizeof(u));
	}
}
