#include "method/glm.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/blas.h"

#include <string.h>

#define FAINT 1e-6 /* pull on an intercept, so that the factor exists */

/* x (n, D) with a column of ones; new array. */
static float *with_ones(const float *x, size_t n, size_t D)
{
	float *f = mem_floats(n * (D + 1) + 1);

	for (size_t i = 0; i < n; i++) {
		memcpy(f + i * (D + 1), x + i * D, D * sizeof(float));
		f[i * (D + 1) + D] = 1;
	}
	return f;
}

static double pull(const struct glm *g, size_t feature)
{
	return (feature < g->D ? g->penalty : FAINT) * (double)g->n;
}

/* Cholesky factor of bound * F'F + the penalties, or NULL. */
static double *factor(const struct glm *g, const float *f)
{
	size_t K = g->D + 1;
	float *gram = mem_floats(K * K);
	double *h = mem_array(K * K, sizeof(*h));

	blas_sgemm(true, false, K, K, g->n, (float)g->bound, f, K, f, K, 0, gram, K);
	for (size_t i = 0; i < K * K; i++)
		h[i] = (double)gram[i];
	for (size_t k = 0; k < K; k++)
		h[k * K + k] += pull(g, k) + 1e-5 * (double)g->n;
	mem_free(gram);
	if (blas_chol(K, h))
		return h;
	mem_free(h);
	return NULL;
}

bool glm_fit(const struct glm *g, const struct progress *p, struct mat *w, struct err *e)
{
	size_t K = g->D + 1, C = w->rows, size = C * K;
	float *f = with_ones(g->x, g->n, g->D), *ahead = mem_floats(size + 1);
	float *grad = mem_floats(size + 1), *z = mem_floats(g->n * C + 1);
	double *h = factor(g, f), *step = mem_array(size + 1, sizeof(*step));
	bool ok = h || err_set(e, ERR_FAILED, "the encodings are not numbers");

	memcpy(ahead, w->v, size * sizeof(float));
	for (size_t s = 0; s < g->steps && ok; s++) {
		float momentum = (float)s / (float)(s + 3);

		ok = progress_tick(p, "fitting", (double)s, (double)g->steps, "steps") ||
		     err_set(e, ERR_CANCELLED, "stopped while fitting");
		blas_sgemm(false, true, g->n, C, K, 1, f, K, ahead, K, 0, z, C);
		g->residual(g->arg, z);
		blas_sgemm(true, false, C, K, g->n, 1, z, C, f, K, 0, grad, K);
		for (size_t i = 0; i < size; i++)
			step[i] = (double)grad[i] - pull(g, i % K) * (double)ahead[i];
		blas_chol_solve(K, h, C, step);
		for (size_t i = 0; i < size; i++) {
			float next = ahead[i] + (float)step[i];

			ahead[i] = next + momentum * (next - w->v[i]);
			w->v[i] = next;
		}
	}
	mem_free(f);
	mem_free(ahead);
	mem_free(grad);
	mem_free(z);
	mem_free(h);
	mem_free(step);
	return ok;
}

void glm_scores(const struct mat *w, const float *x, size_t n, float *z)
{
	size_t C = w->rows, K = w->cols;

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < C; c++)
			z[i * C + c] = mat_row(w, c)[K - 1];
	blas_sgemm(false, true, n, C, K - 1, 1, x, K - 1, w->v, K, 1, z, C);
}
