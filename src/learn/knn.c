#include "learn/knn.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/blas.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

float *knn_nearness(const float *x, size_t n, size_t d, size_t sample, uint64_t seed, size_t *k)
{
	enum { BLOCK = 128 };
	uint32_t *order = mem_array(n + 1, sizeof(*order));
	float *near = mem_floats(sample + 1), *some = mem_floats(BLOCK * d);
	float *cosine = mem_floats(BLOCK * n + 1);
	struct rng r;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, seed, 0);
	rng_shuffle(&r, order, n);
	*k = n < 2 ? 0 : n < sample ? n : sample;
	for (size_t i = 0; i < *k; i += BLOCK) {
		size_t rows = *k - i < BLOCK ? *k - i : BLOCK;

		for (size_t j = 0; j < rows; j++)
			memcpy(some + j * d, x + order[i + j] * d, d * sizeof(float));
		blas_sgemm(false, true, rows, n, d, 1, some, d, x, d, 0, cosine, n);
		for (size_t j = 0; j < rows; j++) {
			float best = -1;

			for (size_t q = 0; q < n; q++)
				if (q != order[i + j] && cosine[j * n + q] > best)
					best = cosine[j * n + q];
			near[i + j] = best;
		}
	}
	qsort(near, *k, sizeof(*near), ascending);
	mem_free(order);
	mem_free(some);
	mem_free(cosine);
	return near;
}
