#include "num/kmeans.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

#define ROUNDS 50
#define BLOCK 1024

void kmeans_assign(const struct mat *centres, const float *x, size_t n, uint32_t *out)
{
	size_t k = centres->rows, d = centres->cols;
	float *cosine = mem_floats(BLOCK * k + 1);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;

		blas_sgemm(false, true, rows, k, d, 1, x + i * d, d, centres->v, d, 0, cosine, k);
		for (size_t r = 0; r < rows; r++) {
			size_t best = 0;

			for (size_t c = 1; c < k; c++)
				if (cosine[r * k + c] > cosine[r * k + best])
					best = c;
			out[i + r] = (uint32_t)best;
		}
	}
	mem_free(cosine);
}

/* Each next centre is a row drawn by its squared distance from those there are. */
static void start(struct mat *centres, const float *x, size_t n, size_t d, struct rng *r)
{
	double *far = mem_array(n, sizeof(*far)), sum;
	size_t at = (size_t)rng_below(r, n);

	for (size_t i = 0; i < n; i++)
		far[i] = INFINITY;
	for (size_t c = 0; c < centres->rows; c++) {
		double draw;

		memcpy(mat_row(centres, c), x + at * d, d * sizeof(float));
		sum = 0;
		for (size_t i = 0; i < n; i++) {
			far[i] =
			    fmin(far[i], (double)vec_distance2(d, x + i * d, mat_row(centres, c)));
			sum += far[i];
		}
		draw = rng_uniform(r) * sum;
		for (at = 0; at + 1 < n && (draw -= far[at]) > 0; at++)
			;
	}
	mem_free(far);
}

struct mat kmeans_fit(const float *x, size_t n, size_t d, size_t k, uint64_t seed)
{
	struct mat centres = mat_new(k < n ? k : n, d);
	uint32_t *of = mem_array(n, sizeof(*of)), *before = mem_zero_array(n, sizeof(*before));
	struct rng r;

	rng_init(&r, seed, 0);
	start(&centres, x, n, d, &r);
	for (int round = 0; round < ROUNDS; round++) {
		kmeans_assign(&centres, x, n, of);
		if (round && !memcmp(of, before, n * sizeof(*of)))
			break;
		memcpy(before, of, n * sizeof(*of));
		for (size_t c = 0; c < centres.rows; c++)
			memset(mat_row(&centres, c), 0, d * sizeof(float));
		for (size_t i = 0; i < n; i++)
			vec_axpby(d, 1, x + i * d, 1, mat_row(&centres, of[i]));
		for (size_t c = 0; c < centres.rows; c++)
			vec_normalise(d, mat_row(&centres, c));
	}
	mem_free(of);
	mem_free(before);
	return centres;
}
