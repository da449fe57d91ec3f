#include "num/sparse.h"

#include "base/mem.h"
#include "num/parallel.h"
#include "num/vec.h"

#include <assert.h>
#include <string.h>

void sparse_free(struct sparse *a)
{
	mem_free(a->start);
	mem_free(a->entry);
	*a = (struct sparse){0, 0, NULL, NULL};
}

struct sparse sparse_transpose(const struct sparse *a)
{
	size_t n = a->start[a->rows];
	struct sparse t = {a->cols, a->rows, mem_zero_array(a->cols + 2, sizeof(*t.start)),
	    mem_array(n ? n : 1, sizeof(*t.entry))};
	size_t *at = t.start + 1; /* at[j]: where row j's next entry goes, in the end its end */

	assert(a->rows <= SPARSE_MAX_COLS);
	for (size_t k = 0; k < n; k++)
		at[sparse_col(a->entry[k]) + 1]++;
	for (size_t j = 0; j < a->cols; j++)
		at[j + 1] += at[j];
	for (size_t i = 0; i < a->rows; i++)
		for (size_t k = a->start[i]; k < a->start[i + 1]; k++)
			t.entry[at[sparse_col(a->entry[k])]++] =
			    sparse_entry(i, sparse_count(a->entry[k]));
	return t;
}

/* out (n) = sum of weight[count] * B[col] over the entries. Four at a time, so that out is read
 * and written once for four rows of B. */
NUM_VECTOR
static void add_rows(const uint32_t *entry, size_t n_entries, const float *weight, const float *b,
    size_t n, float *restrict out)
{
	size_t k = 0;

	memset(out, 0, n * sizeof(*out));
	for (; k + 4 <= n_entries; k += 4) {
		const uint32_t *x = entry + k;
		float w0 = weight[sparse_count(x[0])], w1 = weight[sparse_count(x[1])];
		float w2 = weight[sparse_count(x[2])], w3 = weight[sparse_count(x[3])];
		const float *b0 = b + sparse_col(x[0]) * n, *b1 = b + sparse_col(x[1]) * n;
		const float *b2 = b + sparse_col(x[2]) * n, *b3 = b + sparse_col(x[3]) * n;

		for (size_t j = 0; j < n; j++)
			out[j] += w0 * b0[j] + w1 * b1[j] + (w2 * b2[j] + w3 * b3[j]);
	}
	for (; k < n_entries; k++) {
		float w = weight[sparse_count(entry[k])];
		const float *row = b + sparse_col(entry[k]) * n;

		for (size_t j = 0; j < n; j++)
			out[j] += w * row[j];
	}
}

struct product {
	const struct sparse *a;
	const float *weight;
	const struct mat *b;
	struct mat *c;
};

static void multiply_block(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct product *p = arg;

	(void)worker;
	for (size_t i = begin; i < end; i++)
		add_rows(p->a->entry + p->a->start[i], p->a->start[i + 1] - p->a->start[i],
		    p->weight, p->b->v, p->b->cols, mat_row(p->c, i));
}

void sparse_multiply(const struct sparse *a, const float weight[SPARSE_MAX_COUNT + 1],
    const struct mat *b, struct mat *c)
{
	struct product p = {a, weight, b, c};

	assert(a->cols == b->rows && a->rows == c->rows && b->cols == c->cols);
	parallel_for(a->rows, 64, multiply_block, &p);
}
