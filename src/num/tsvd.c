#include "num/tsvd.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/blas.h"
#include "num/vec.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Shares of the first singular value under which a direction is nothing but rounding: of the
 * matrix, as float products hold no more; and between iterations, where values are squared. */
#define NEGLIGIBLE 1e-4
#define NEGLIGIBLE_SQUARED 1e-6

enum { ROWS = 2048 }; /* worked on at a time */

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool tick(const struct progress *p, size_t done, size_t total, struct err *e)
{
	if (progress_tick(p, "fitting encoder", (double)done, (double)total, "steps"))
		return true;
	return err_set(e, ERR_CANCELLED, "stopped while fitting the encoder");
}

/* Left singular vectors of Y (n, l) in place of its columns, singular values s (l) descending; one
 * under `negligible` of the first, and its vector, become 0. By the eigenvectors of Y'Y: squaring the values halves
 * the digits, but double has more than twice those of the float products that made Y. */
static bool left_vectors(struct mat *y, double negligible, double *s, struct err *e)
{
	size_t l = y->cols;
	double *gram = mem_zero_array(l * l, sizeof(*gram)), *w = mem_array(l, sizeof(*w)),
	       *v = mem_array(l * l, sizeof(*v)), *rows = mem_array(ROWS * l, sizeof(*rows));
	struct mat turn = mat_new(l, l), part = mat_new(ROWS, l);
	bool ok;

	for (size_t i = 0; i < y->rows; i += ROWS) {
		size_t m = min_size(ROWS, y->rows - i);

		for (size_t k = 0; k < m * l; k++)
			rows[k] = mat_row(y, i)[k];
		blas_dgemm(true, false, l, l, m, 1, rows, l, rows, l, 1, gram, l);
	}
	ok = blas_eigh(l, gram, w, v);
	if (!ok)
		err_set(e, ERR_FAILED, "the eigenvectors of the encoder did not converge");
	for (size_t j = 0; ok && j < l; j++) {
		double value = sqrt(fmax(w[l - 1 - j], 0));

		s[j] = value > negligible * sqrt(fmax(w[l - 1], 0)) ? value : 0;
		for (size_t i = 0; s[j] > 0 && i < l; i++)
			mat_row(&turn, i)[j] = (float)(v[(l - 1 - j) * l + i] / s[j]);
	}
	for (size_t i = 0; ok && i < y->rows; i += ROWS) {
		size_t m = min_size(ROWS, y->rows - i);

		memcpy(part.v, mat_row(y, i), m * l * sizeof(float));
		blas_sgemm(false, false, m, l, l, 1, part.v, l, turn.v, l, 0, mat_row(y, i), l);
	}
	mem_free(gram);
	mem_free(w);
	mem_free(v);
	mem_free(rows);
	mat_free(&turn);
	mat_free(&part);
	return ok;
}

/* A vector and its negative are both right; choose, so that equal data give equal vectors. */
static void fix_signs(struct mat *v)
{
	for (size_t j = 0; j < v->cols; j++) {
		float largest = 0;

		for (size_t i = 0; i < v->rows; i++)
			if (fabsf(mat_row(v, i)[j]) > fabsf(largest))
				largest = mat_row(v, i)[j];
		if (largest < 0)
			for (size_t i = 0; i < v->rows; i++)
				mat_row(v, i)[j] = -mat_row(v, i)[j];
	}
}

bool tsvd(const struct tsvd_operator *a, const struct tsvd_options *o, const struct progress *p,
    struct mat *v, float *s, struct err *e)
{
	size_t l = min_size(o->k + o->oversample, min_size(a->rows, a->cols));
	size_t k = min_size(o->k, l), r = 0, done = 0, total = 2 * o->iterations + 3;
	struct mat y = mat_new(a->rows, l), z = mat_new(a->cols, l);
	double *sigma;
	bool ok = false;

	assert(l > 0);
	sigma = mem_array(l, sizeof(*sigma));
	vec_add_noise(z.rows * z.cols, z.v, 1, o->seed, z.v);
	for (size_t i = 0;; i++) {
		a->times(a->arg, &z, &y);
		if (!left_vectors(&y, NEGLIGIBLE_SQUARED, sigma, e) || !tick(p, ++done, total, e))
			goto cleanup;
		a->transposed(a->arg, &y, &z);
		if (!tick(p, ++done, total, e))
			goto cleanup;
		if (i == o->iterations)
			break;
	}
	if (!left_vectors(&z, NEGLIGIBLE, sigma, e))
		goto cleanup;
	while (r < k && sigma[r] > 0)
		r++;
	*v = mat_new(a->cols, r);
	for (size_t i = 0; r && i < v->rows; i++)
		memcpy(mat_row(v, i), mat_row(&z, i), r * sizeof(float));
	fix_signs(v);
	for (size_t j = 0; j < r; j++)
		s[j] = (float)sigma[j];
	ok = tick(p, total, total, e);
	if (!ok)
		mat_free(v);
cleanup:
	mem_free(sigma);
	mat_free(&y);
	mat_free(&z);
	return ok;
}
