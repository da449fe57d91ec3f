#include "num/kernel.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/blas.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A matrix in both precisions, inside a wider array, so that leading dimensions are tested too. */
struct both {
	size_t rows, cols, ld;
	float *f;
	double *d;
};

enum { PAD = 3 };

static struct both both_random(struct rng *r, size_t rows, size_t cols)
{
	struct both m = {rows, cols, cols + PAD, NULL, NULL};
	size_t n = rows * m.ld;

	m.f = mem_array(n, sizeof(float));
	m.d = mem_array(n, sizeof(double));
	for (size_t i = 0; i < n; i++) {
		m.f[i] = (float)(2 * rng_uniform(r) - 1);
		m.d[i] = (double)m.f[i];
	}
	return m;
}

static void both_free(struct both *m)
{
	mem_free(m->f);
	mem_free(m->d);
}

static double element(const struct both *m, bool transposed, size_t i, size_t j)
{
	return transposed ? m->d[j * m->ld + i] : m->d[i * m->ld + j];
}

/* |got - want| within what rounding k products of numbers up to 1 can explain. */
static bool near(double got, double want, size_t k, double epsilon)
{
	return fabs(got - want) <= epsilon * (double)(k + 8);
}

/* C = 0.5 op(A) op(B) - 2 C in both precisions against the sums written out. */
static bool product_right(struct rng *r, bool ta, bool tb, size_t m, size_t n, size_t k)
{
	struct both a = both_random(r, ta ? k : m, ta ? m : k);
	struct both b = both_random(r, tb ? n : k, tb ? k : n);
	struct both c = both_random(r, m, n), old = both_random(r, m, n);
	bool ok = true;

	memcpy(old.f, c.f, m * c.ld * sizeof(float));
	memcpy(old.d, c.d, m * c.ld * sizeof(double));
	blas_sgemm(ta, tb, m, n, k, 0.5f, a.f, a.ld, b.f, b.ld, -2, c.f, c.ld);
	blas_dgemm(ta, tb, m, n, k, 0.5, a.d, a.ld, b.d, b.ld, -2, c.d, c.ld);
	for (size_t i = 0; i < m; i++) {
		for (size_t j = 0; j < n; j++) {
			double sum = 0;

			for (size_t l = 0; l < k; l++)
				sum += element(&a, ta, i, l) * element(&b, tb, l, j);
			sum = 0.5 * sum - 2 * old.d[i * c.ld + j];
			ok = ok && near((double)c.f[i * c.ld + j], sum, k, 1e-7);
			ok = ok && near(c.d[i * c.ld + j], sum, k, 1e-15);
		}
		for (size_t j = n; j < c.ld; j++) /* what is not C stays */
			ok = ok && c.f[i * c.ld + j] == old.f[i * c.ld + j] &&
			     c.d[i * c.ld + j] == old.d[i * c.ld + j];
	}
	both_free(&old);
	both_free(&c);
	both_free(&b);
	both_free(&a);
	return ok;
}

/* A product large enough for blocking and threads, by Freivalds' check: (A B) x = A (B x). */
static bool large_product_right(struct rng *r, bool ta, bool tb, size_t m, size_t n, size_t k)
{
	struct both a = both_random(r, ta ? k : m, ta ? m : k);
	struct both b = both_random(r, tb ? n : k, tb ? k : n);
	struct both c = both_random(r, m, n), x = both_random(r, n, 1);
	double *bx = mem_zero_array(k, sizeof(*bx));
	bool ok = true;

	blas_sgemm(ta, tb, m, n, k, 1, a.f, a.ld, b.f, b.ld, 0, c.f, c.ld);
	blas_dgemm(ta, tb, m, n, k, 1, a.d, a.ld, b.d, b.ld, 0, c.d, c.ld);
	for (size_t l = 0; l < k; l++)
		for (size_t j = 0; j < n; j++)
			bx[l] += element(&b, tb, l, j) * x.d[j * x.ld];
	for (size_t i = 0; i < m; i++) {
		double want = 0, single = 0, twice = 0;

		for (size_t l = 0; l < k; l++)
			want += element(&a, ta, i, l) * bx[l];
		for (size_t j = 0; j < n; j++) {
			single += (double)c.f[i * c.ld + j] * x.d[j * x.ld];
			twice += c.d[i * c.ld + j] * x.d[j * x.ld];
		}
		ok = ok && near(single, want, k, 1e-5) && near(twice, want, k, 1e-13);
	}
	mem_free(bx);
	both_free(&x);
	both_free(&c);
	both_free(&b);
	both_free(&a);
	return ok;
}

/* A = M M' + n I, factored and multiplied out again; then solved against a known solution. */
static bool cholesky_right(struct rng *r, size_t n)
{
	struct both m = both_random(r, n, n);
	double *a = mem_array(n * n, sizeof(*a)), *l = mem_array(n * n, sizeof(*l));
	double *b = mem_zero_array(n, sizeof(*b));
	bool ok;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = i == j ? (double)n : 0;

			for (size_t k = 0; k < n; k++)
				sum += element(&m, false, i, k) * element(&m, false, j, k);
			a[i * n + j] = sum;
		}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			b[i] += a[i * n + j] * (double)(j + 1);
	memcpy(l, a, n * n * sizeof(*l));
	ok = blas_chol(n, l);
	if (ok)
		blas_chol_solve(n, l, 1, b);
	for (size_t i = 0; ok && i < n; i++) {
		ok = near(b[i], (double)(i + 1), n * n, 1e-13);
		for (size_t j = 0; j <= i; j++) {
			double sum = 0;

			for (size_t k = 0; k <= j; k++)
				sum += l[i * n + k] * l[j * n + k];
			ok = ok && near(sum, a[i * n + j], n, 1e-13);
		}
	}
	mem_free(b);
	mem_free(l);
	mem_free(a);
	both_free(&m);
	return ok;
}

static bool svd_right(struct rng *r, size_t m, size_t n)
{
	size_t rank = m < n ? m : n;
	double *a = mem_array(m * n, sizeof(*a)), *copy = mem_array(m * n, sizeof(*copy));
	double *u = mem_array(m * rank, sizeof(*u)), *vt = mem_array(rank * n, sizeof(*vt));
	double *s = mem_array(rank, sizeof(*s));
	bool ok;

	for (size_t i = 0; i < m * n; i++)
		a[i] = copy[i] = 2 * rng_uniform(r) - 1;
	ok = blas_svd(m, n, copy, u, s, vt);
	for (size_t i = 0; ok && i < m; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = 0;

			for (size_t k = 0; k < rank; k++)
				sum += u[i * rank + k] * s[k] * vt[k * n + j];
			ok = ok && near(sum, a[i * n + j], rank, 1e-13);
		}
	for (size_t k = 1; ok && k < rank; k++)
		ok = s[k] <= s[k - 1];
	mem_free(s);
	mem_free(vt);
	mem_free(u);
	mem_free(copy);
	mem_free(a);
	return ok;
}

bool kernel_check(void)
{
	static const size_t size[][3] = {{1, 1, 1}, {3, 5, 2}, {17, 1, 9}, {1, 31, 13},
	    {33, 17, 65}, {64, 48, 96}, {127, 65, 31}, {70, 131, 129}};
	struct rng r;
	bool ok = true;

	rng_init(&r, 1, 0);
	for (int t = 0; t < 4; t++) {
		bool ta = t & 1, tb = t & 2;

		for (size_t i = 0; i < sizeof(size) / sizeof(*size); i++)
			ok = ok && product_right(&r, ta, tb, size[i][0], size[i][1], size[i][2]);
		ok = ok && large_product_right(&r, ta, tb, 257, 391, 323);
	}
	ok = ok && cholesky_right(&r, 5) && cholesky_right(&r, 77) && cholesky_right(&r, 160);
	return ok && svd_right(&r, 7, 4) && svd_right(&r, 61, 83) && svd_right(&r, 120, 90);
}

/* The best of a few products, the first of which only wakes the threads. */
void kernel_measure(struct kernel_speed *s)
{
	enum { N = 512, RUNS = 6 };
	const double flops = 2.0 * N * N * N;
	struct rng r;
	struct both a, b, c;
	double best[2] = {INFINITY, INFINITY};

	rng_init(&r, 1, 0);
	a = both_random(&r, N, N);
	b = both_random(&r, N, N);
	c = both_random(&r, N, N);
	for (int i = 0; i < RUNS; i++) {
		double t0 = clock_now(), t1, t2;

		blas_sgemm(false, true, N, N, N, 1, a.f, a.ld, b.f, b.ld, 0, c.f, c.ld);
		t1 = clock_now();
		blas_dgemm(false, true, N, N, N, 1, a.d, a.ld, b.d, b.ld, 0, c.d, c.ld);
		t2 = clock_now();
		best[0] = fmin(best[0], t1 - t0);
		best[1] = fmin(best[1], t2 - t1);
	}
	both_free(&c);
	both_free(&b);
	both_free(&a);
	s->sgemm = flops / best[0] / 1e9;
	s->dgemm = flops / best[1] / 1e9;
	snprintf(s->name, sizeof(s->name), "%s", blas_kernel());
}
