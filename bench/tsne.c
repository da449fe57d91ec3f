/* tsne - exact t-SNE of planted points against the same descent written out in doubles, in one run.
 *
 * usage: tsne [POINTS [ITERATIONS]]     prints name-value lines:
 *   seconds        the map of POINTS (2000) points, perplexity 30, ITERATIONS (1000) steps
 *   naive_seconds  the reference of tests/ref/naive.h, its affinities not counted
 *   kl_ratio       divergence reached, as a multiple of the reference's */
#include "base/err.h"
#include "base/clock.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/tsne.h"
#include "../tests/ref/naive.h"

#include <stdio.h>
#include <stdlib.h>

enum { DIMS = 64, GROUPS = 40 };

/* Groups that overlap, as model vectors do. */
static struct mat planted(size_t n)
{
	struct mat x = mat_new(n, DIMS), centre = mat_new(GROUPS, DIMS);
	struct rng r;

	rng_init(&r, 1, 0);
	for (size_t i = 0; i < GROUPS * DIMS; i++)
		centre.v[i] = (float)rng_normal(&r);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < DIMS; j++)
			mat_row(&x, i)[j] = mat_row(&centre, i % GROUPS)[j] + (float)rng_normal(&r);
	mat_free(&centre);
	return x;
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? (size_t)atoi(argv[1]) : 2000;
	struct tsne_options o;
	struct mat x = planted(n);
	double *p = calloc(n * n, sizeof(*p)), *at = calloc(2 * n, sizeof(*at));
	float *y = calloc(2 * n, sizeof(*y));
	double start, seconds, naive, kl, rate;
	struct err e = ERR_INIT;
	struct rng r;

	blas_set_threads(0);
	tsne_options_default(&o);
	o.iterations = argc > 2 ? (size_t)atoi(argv[2]) : o.iterations;
	start = clock_now();
	if (!tsne(&x, &o, NULL, y, &kl, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	seconds = clock_now() - start;
	naive_affinities(n, DIMS, x.v, tsne_perplexity(n, o.perplexity), p);
	rng_init(&r, 77, 0);
	for (size_t i = 0; i < 2 * n; i++)
		at[i] = 1e-4 * rng_normal(&r);
	rate = fmax((double)n / o.exaggeration / 4, 50);
	start = clock_now();
	naive_tsne(n, p, o.iterations, o.exaggeration, rate, at);
	naive = clock_now() - start;
	printf("points %zu\niterations %zu\nthreads %d\nseconds %.2f\nnaive_seconds %.2f\nkl %.4f\n"
	       "kl_ratio %.4f\n",
	    n, o.iterations, blas_threads(), seconds, naive, kl, kl / naive_kl(n, p, at));
	free(p);
	free(at);
	free(y);
	mat_free(&x);
	return 0;
}
