#include "method/near.h"

#include "base/mem.h"
#include "num/blas.h"
#include "num/parallel.h"
#include "num/topk.h"

#include <string.h>

#define BLOCK 512 /* rows, on either side */
#define WIDE 8    /* blocks of x at a time for rows of another matrix */

/* One block of products, (rows, cols) or its transpose, offered to the heaps of its rows. */
struct offer {
	struct topk *top;     /* of the first row */
	const float *product; /* of row r and column c: product[r * row_step + c * col_step] */
	size_t row_step, col_step, cols;
	uint32_t first; /* index of the first column */
	float below;    /* better scores are none */
};

static void offer_rows(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct offer *o = arg;

	(void)worker;
	for (size_t r = begin; r < end; r++) {
		const float *product = o->product + r * o->row_step;
		struct topk *top = &o->top[r];

		for (size_t c = 0; c < o->cols; c++) {
			float s = product[c * o->col_step];

			if ((top->n < top->k || s > top->score[0]) && s < o->below)
				topk_add(top, s, o->first + (uint32_t)c);
		}
	}
}

static struct topk *heaps(size_t n, size_t k)
{
	struct topk *top = mem_array(n + 1, sizeof(*top));

	for (size_t i = 0; i < n; i++)
		topk_init(&top[i], k);
	return top;
}

/* From row `first` on; the heaps are freed. */
static void collect(struct near *v, size_t first, struct topk *top, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		topk_sort(&top[i]);
		v->found[first + i] = top[i].n;
		memcpy(
		    v->index + (first + i) * v->k, top[i].index, top[i].n * sizeof(*top[i].index));
		memcpy(
		    v->score + (first + i) * v->k, top[i].score, top[i].n * sizeof(*top[i].score));
		topk_clear(&top[i]);
	}
	mem_free(top);
}

static struct near near_new(size_t n, size_t k)
{
	return (struct near){.n = n,
	    .k = k,
	    .index = mem_array(n * k + 1, sizeof(uint32_t)),
	    .score = mem_floats(n * k + 1),
	    .found = mem_array(n + 1, sizeof(size_t))};
}

void near_clear(struct near *v)
{
	mem_free(v->index);
	mem_free(v->score);
	mem_free(v->found);
	*v = (struct near){0};
}

struct near near_each(const struct mat *x, size_t k)
{
	size_t n = x->rows, D = x->cols;
	struct near v = near_new(n, k);
	struct topk *top = heaps(n, k);
	float *product = mem_floats(BLOCK * BLOCK);

	for (size_t i = 0; i < n; i += BLOCK)
		for (size_t j = i; j < n; j += BLOCK) {
			size_t rows = n - i < BLOCK ? n - i : BLOCK;
			size_t cols = n - j < BLOCK ? n - j : BLOCK;
			struct offer there = {
			    top + i, product, cols, 1, cols, (uint32_t)j, NEAR_SAME};
			struct offer back = {
			    top + j, product, 1, cols, rows, (uint32_t)i, NEAR_SAME};

			blas_sgemm(false, true, rows, cols, D, 1, mat_row(x, i), D, mat_row(x, j),
			    D, 0, product, cols);
			parallel_for(rows, 32, offer_rows, &there);
			if (j > i)
				parallel_for(cols, 32, offer_rows, &back);
		}
	mem_free(product);
	collect(&v, 0, top, n);
	return v;
}

struct near near_rows(const struct mat *x, const float *q, size_t n, size_t k, float below)
{
	size_t D = x->cols;
	struct near v = near_new(n, k);
	float *product = mem_floats((n < BLOCK ? n : BLOCK) * BLOCK * WIDE + 1);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;
		struct topk *top = heaps(rows, k);

		for (size_t j = 0; j < x->rows; j += BLOCK * WIDE) {
			size_t cols = x->rows - j < BLOCK * WIDE ? x->rows - j : BLOCK * WIDE;
			struct offer o = {top, product, cols, 1, cols, (uint32_t)j, below};

			blas_sgemm(false, true, rows, cols, D, 1, q + i * D, D, mat_row(x, j), D, 0,
			    product, cols);
			parallel_for(rows, 8, offer_rows, &o);
		}
		collect(&v, i, top, rows);
	}
	mem_free(product);
	return v;
}
