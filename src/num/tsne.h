/* tsne.h - exact t-SNE on the plane (van der Maaten and Hinton, JMLR 9, 2008). */
#ifndef NUM_TSNE_H
#define NUM_TSNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct err;
struct progress;

struct tsne_options {
	double perplexity; /* see tsne_perplexity */
	size_t iterations;
	double exaggeration;  /* of the attraction in the first iterations, 12 */
	size_t exaggerated;   /* how many those are, 250; momentum .5 in them, .8 after */
	double learning_rate; /* 0 = max(n / exaggeration / 4, 50) (Belkina et al. 2019) */
	uint64_t seed;        /* of the start, N(0, 1e-4^2) */
	int threads;          /* 0 = as many as BLAS; the result does not depend on it */
};

void tsne_options_default(struct tsne_options *o);

/* The perplexity used for n points when `wanted` is asked for: at most (n - 1) / 3, at least 1. */
double tsne_perplexity(size_t n, double wanted);

/* y (n, 2) <- a map of the rows of x (n, d), centred; *kl <- the Kullback-Leibler divergence
 * reached, in nats. Time O(n^2 iterations), memory 4 n^2 bytes. Stopped by progress: false, with
 * ERR_CANCELLED. */
bool tsne(const struct mat *x, const struct tsne_options *o, const struct progress *p, float *y,
    double *kl, struct err *e);

#endif
