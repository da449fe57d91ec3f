#include "method/landmarks.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/parallel.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

enum { STREAM_LANDMARKS = 0x6c616e64 };

#define BLOCK 512 /* rows whose kernel is held at a time */

/* Rows of the kernel: from products to exp(-gamma (|x|^2 + |z|^2 - 2 xz)). */
struct kernel {
	float *k; /* (n, L) */
	const float *x, *zz;
	size_t L, D;
	double gamma;
};

static void kernel_rows(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct kernel *k = arg;

	(void)worker;
	for (size_t i = begin; i < end; i++) {
		const float *x = k->x + i * k->D;
		float xx = vec_dot(k->D, x, x), *row = k->k + i * k->L;

		for (size_t j = 0; j < k->L; j++)
			row[j] = expf(-(float)k->gamma * fmaxf(0, xx + k->zz[j] - 2 * row[j]));
	}
}

static void kernel_of(
    const struct mat *z, const float *zz, double gamma, const float *x, size_t n, float *k)
{
	struct kernel w = {k, x, zz, z->rows, z->cols, gamma};

	blas_sgemm(false, true, n, z->rows, z->cols, 1, x, z->cols, z->v, z->cols, 0, k, z->rows);
	parallel_for(n, 16, kernel_rows, &w);
}

/* |z|^2 of every landmark; new array. */
static float *squares(const struct mat *z)
{
	float *zz = mem_floats(z->rows + 1);

	for (size_t j = 0; j < z->rows; j++)
		zz[j] = vec_dot(z->cols, mat_row(z, j), mat_row(z, j));
	return zz;
}

bool landmarks_fit(const float *x, size_t n, size_t D, double gamma, size_t most, size_t rank,
    uint64_t seed, struct mat *z, struct mat *map, struct err *e)
{
	size_t L = n < most ? n : most, K = 0;
	uint32_t *order = mem_array(n + 1, sizeof(*order));
	float *k = mem_floats(L * L + 1), *zz;
	double *a = mem_array(L * L + 1, sizeof(*a)), *v = mem_array(L * L + 1, sizeof(*v));
	double *w = mem_array(L + 1, sizeof(*w));
	struct rng r;
	bool ok;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, seed, STREAM_LANDMARKS);
	rng_shuffle(&r, order, n);
	*z = mat_new(L, D);
	for (size_t j = 0; j < L; j++)
		memcpy(mat_row(z, j), x + order[j] * D, D * sizeof(float));
	zz = squares(z);
	kernel_of(z, zz, gamma, z->v, L, k);
	for (size_t i = 0; i < L * L; i++)
		a[i] = (double)k[i];
	ok = blas_eigh(L, a, w, v) || err_set(e, ERR_FAILED, "an eigenproblem did not converge");
	while (ok && K < L && K < rank && w[L - 1 - K] > 1e-6 * w[L - 1])
		K++;
	*map = mat_new(L, K);
	for (size_t j = 0; j < L && ok; j++)
		for (size_t c = 0; c < K; c++)
			mat_row(map, j)[c] = (float)(v[(L - 1 - c) * L + j] / sqrt(w[L - 1 - c]));
	mem_free(order);
	mem_free(k);
	mem_free(zz);
	mem_free(a);
	mem_free(v);
	mem_free(w);
	if (!ok) {
		mat_free(z);
		mat_free(map);
	}
	return ok;
}

void landmarks_features(
    const struct mat *z, const struct mat *map, double gamma, const float *x, size_t n, float *phi)
{
	float *k = mem_floats((n < BLOCK ? n : BLOCK) * z->rows + 1), *zz = squares(z);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;

		kernel_of(z, zz, gamma, x + i * z->cols, rows, k);
		blas_sgemm(false, false, rows, map->cols, z->rows, 1, k, z->rows, map->v, map->cols,
		    0, phi + i * map->cols, map->cols);
	}
	mem_free(k);
	mem_free(zz);
}
