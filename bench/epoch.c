/* epoch - one epoch of training at the published scale against its five bare matrix products, at
 * the same batch, on the same threads and kernel, alternating in one run.
 *
 * usage: epoch [batch [dim]]     prints "epoch SECONDS  products SECONDS  ratio R" as name-value lines */
#include "base/err.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/trainer.h"
#include "num/blas.h"
#include "num/kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODELS = 112, QUESTIONS = 29673, DIMS = 768, ROUNDS = 7 };

static void fill(float *v, size_t n, struct rng *r)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (float)(rng_uniform(r) - 0.5);
}

/* The products of one epoch in the shapes that training uses. */
static double products(size_t batch, size_t dim, float *x, float *a, float *p, float *q, float *z,
    float *dq, float *dp, float *da)
{
	double start = clock_now();

	for (size_t i = 0; i < QUESTIONS; i += batch) {
		size_t n = QUESTIONS - i < batch ? QUESTIONS - i : batch;

		blas_sgemm(false, true, n, dim, DIMS, 1, x, DIMS, a, DIMS, 0, q, dim);
		blas_sgemm(false, true, n, MODELS, dim, 1, q, dim, p, dim, 0, z, MODELS);
		blas_sgemm(true, false, MODELS, dim, n, 1, z, MODELS, q, dim, 0, dp, dim);
		blas_sgemm(false, false, n, dim, MODELS, 1, z, MODELS, p, dim, 0, dq, dim);
		blas_sgemm(true, false, dim, DIMS, n, 1, dq, dim, x, DIMS, 0, da, DIMS);
	}
	return clock_now() - start;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	size_t batch = argc > 1 ? (size_t)atoi(argv[1]) : 128,
	       dim = argc > 2 ? (size_t)atoi(argv[2]) : 232;
	float *score = mem_floats((size_t)QUESTIONS * MODELS),
	      *enc = mem_floats((size_t)QUESTIONS * DIMS);
	uint8_t *part = mem_array(QUESTIONS, 1);
	uint32_t *benchmark = mem_zero_array(QUESTIONS, sizeof(*benchmark));
	struct dataset d = {.n_models = MODELS,
	    .n_questions = QUESTIONS,
	    .n_benchmarks = 1,
	    .dims = DIMS,
	    .score = score,
	    .enc = enc,
	    .part = part,
	    .benchmark = benchmark};
	struct trainer_options o;
	struct epoch t;
	struct trainer *trainer;
	struct err e = ERR_INIT;
	struct rng r;
	double epoch[ROUNDS], bare[ROUNDS], ratio[ROUNDS], before = 0;
	bool done;

	kernel_choose(argv);
	blas_set_threads(0);
	rng_init(&r, 1, 0);
	fill(enc, (size_t)QUESTIONS * DIMS, &r);
	for (size_t i = 0; i < (size_t)QUESTIONS * MODELS; i++)
		score[i] = rng_uniform(&r) < 0.5;
	memset(part, PART_TRAIN, QUESTIONS);
	trainer_options_default(&o);
	o.batch = batch;
	o.dim = dim;
	o.epochs = ROUNDS + 2;
	trainer = trainer_new(&d, &o, &e);
	float *a = mem_floats(dim * DIMS), *p = mem_floats(MODELS * dim),
	      *q = mem_floats(batch * dim);
	float *z = mem_floats(batch * MODELS), *dq = mem_floats(batch * dim);
	float *dp = mem_floats(MODELS * dim), *da = mem_floats(dim * DIMS);
	fill(a, dim * DIMS, &r);
	fill(p, MODELS * dim, &r);
	for (int i = -1; i < ROUNDS; i++) {
		double b = products(batch, dim, enc, a, p, q, z, dq, dp, da);

		if (!trainer || !trainer_step(trainer, NULL, &t, &done, &e)) {
			fprintf(stderr, "%s\n", e.msg);
			return 1;
		}
		if (i >= 0) {
			bare[i] = b;
			epoch[i] = t.seconds - before;
			ratio[i] = epoch[i] / b;
		}
		before = t.seconds;
	}
	qsort(epoch, ROUNDS, sizeof(double), ascending);
	qsort(bare, ROUNDS, sizeof(double), ascending);
	qsort(ratio, ROUNDS, sizeof(double), ascending);
	printf("kernel %s\nthreads %d\nbatch %zu\nepoch_seconds %.4f\nproducts_seconds %.4f\nratio "
	       "%.3f\n",
	    blas_kernel(), blas_threads(), batch, epoch[ROUNDS / 2], bare[ROUNDS / 2],
	    ratio[ROUNDS / 2]);
	return 0;
}
