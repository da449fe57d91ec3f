/* With A = X'X + alpha I, the regression of model m on all others has the coefficients
 * -B[k][m] / B[m][m], B the inverse of A. So its error about a mean that lies d = rest - mean(x) away
 * is (B d)[m] / B[m][m], and one factorisation leaves every model out in turn. With fewer questions
 * than models the n by n system gives B d and the diagonal of B by Woodbury's identity. */
#include "learn/few_ridge.h"

#include "base/mem.h"
#include "num/blas.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double alphas[] = {.3, 1, 3, 10, 30, 100};
#define N_ALPHAS (sizeof(alphas) / sizeof(*alphas))

struct problem {
	size_t n, M, size; /* size of the system: the smaller of the two */
	bool dual;
	const double *x; /* (n, M) centred */
	double *y;       /* (n) centred */
	double *d;       /* (M) */
	double *gram;    /* (size, size) */
	double *chol;    /* (size, size) */
	double *side;    /* (M + 1, size) */
	double *error;   /* (M) of every model from the others */
};

/* Right sides: every model's column (or unit vector), then d; solved. */
static void set_sides(struct problem *p)
{
	size_t M = p->M, n = p->size;
	double *last = p->side + M * n;

	memset(p->side, 0, (M + 1) * n * sizeof(*p->side));
	for (size_t m = 0; m < M; m++) {
		if (!p->dual) {
			p->side[m * n + m] = 1;
			last[m] = p->d[m];
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			p->side[m * n + i] = p->x[i * M + m];
			last[i] += p->x[i * M + m] * p->d[m];
		}
	}
	blas_chol_solve(n, p->chol, M + 1, p->side);
}

/* How far the model's mean lies from that of its answers; p->error. */
static double solve(struct problem *p)
{
	size_t M = p->M, n = p->n;
	double far = 0;
	const double *last = p->side + M * p->size;

	set_sides(p);
	for (size_t m = 0; m < M; m++) {
		double bd = 0, b = 0;

		if (!p->dual) {
			p->error[m] = last[m] / p->side[m * M + m];
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			bd += p->x[i * M + m] * last[i];
			b += p->x[i * M + m] * p->side[m * n + i];
		}
		p->error[m] = (p->d[m] - bd) / (1 - b);
	}
	for (size_t i = 0; i < n; i++) {
		double xd = 0;

		for (size_t m = 0; m < M && !p->dual; m++)
			xd += p->x[i * M + m] * last[m];
		far += (p->dual ? last[i] : xd) * p->y[i];
	}
	return far;
}

static double centre(struct problem *p, double *x, const double *rest, const double *y)
{
	size_t n = p->n, M = p->M;
	double mean = 0;

	for (size_t i = 0; i < n; i++)
		mean += y[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		p->y[i] = y[i] - mean;
	for (size_t m = 0; m < M; m++) {
		double own = 0;

		for (size_t i = 0; i < n; i++)
			own += x[i * M + m] / (double)n;
		for (size_t i = 0; i < n; i++)
			x[i * M + m] -= own;
		p->d[m] = rest[m] - own;
	}
	return mean;
}

double few_ridge(size_t n, size_t M, double *x, const double *rest, const double *y, double *error)
{
	struct problem p = {.n = n, .M = M, .size = n < M ? n : M, .dual = n < M, .x = x};
	double best = INFINITY, far = 0, mean;

	p.y = mem_array(n, sizeof(double));
	p.d = mem_array(M, sizeof(double));
	p.gram = mem_array(p.size * p.size, sizeof(double));
	p.chol = mem_array(p.size * p.size, sizeof(double));
	p.side = mem_array((M + 1) * p.size, sizeof(double));
	p.error = mem_array(M, sizeof(double));
	mean = centre(&p, x, rest, y);
	if (p.dual)
		blas_dgemm(false, true, n, n, M, 1, x, M, x, M, 0, p.gram, n);
	else
		blas_dgemm(true, false, M, M, n, 1, x, M, x, M, 0, p.gram, M);
	for (size_t t = 0; t < N_ALPHAS; t++) {
		double squares = 0, there;

		memcpy(p.chol, p.gram, p.size * p.size * sizeof(double));
		for (size_t s = 0; s < p.size; s++)
			p.chol[s * p.size + s] += alphas[t];
		if (!blas_chol(p.size, p.chol))
			continue;
		there = solve(&p);
		for (size_t m = 0; m < M; m++)
			squares += p.error[m] * p.error[m] / (double)M;
		if (squares < best) {
			best = squares;
			far = there;
		}
	}
	*error = sqrt(best);
	mem_free(p.y);
	mem_free(p.d);
	mem_free(p.gram);
	mem_free(p.chol);
	mem_free(p.side);
	mem_free(p.error);
	return fmax(0, fmin(1, mean + far));
}
