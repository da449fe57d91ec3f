#include "learn/additive.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

#define ROUNDS 8 /* of sd; within one, the two sides are fitted in turns */
#define TURNS 20

struct cells {
	size_t M, B;
	double *logit, *noise, *weight; /* (M, B); noise: variance of counting; weight 0 = a hole */
};

/* Haldane's half keeps rates of 0 and 1 finite. */
static struct cells cells_new(size_t M, size_t B, const double *right, const double *seen)
{
	struct cells c = {M, B, mem_array(M * B + 1, sizeof(double)),
	    mem_array(M * B + 1, sizeof(double)), mem_zero_array(M * B + 1, sizeof(double))};

	for (size_t i = 0; i < M * B; i++) {
		double n = seen[i] + 1, p = (right[i] + 0.5) / n;

		c.logit[i] = log(p / (1 - p));
		c.noise[i] = 1 / (n * p * (1 - p));
		c.weight[i] = seen[i] > 0 ? 1 / c.noise[i] : 0;
	}
	return c;
}

static void cells_free(struct cells *c)
{
	mem_free(c->logit);
	mem_free(c->noise);
	mem_free(c->weight);
}

/* One side given the other: weighted means of what the other leaves over. */
static void fit_side(size_t n, size_t n_step, size_t k, size_t k_step, const struct cells *c,
    const double *other, double *side)
{
	for (size_t i = 0; i < n; i++) {
		double sum = 0, weight = 0;

		for (size_t j = 0; j < k; j++) {
			size_t at = i * n_step + j * k_step;

			if (c->weight[at] > 0 && !isnan(other[j])) {
				sum += c->weight[at] * (c->logit[at] - other[j]);
				weight += c->weight[at];
			}
		}
		side[i] = weight > 0 ? sum / weight : NAN;
	}
}

/* Variance of the residuals beyond that of counting, by the method of moments. */
static double excess(const struct additive *a, const struct cells *c)
{
	double sum = 0, cells = 0, models = 0, benchmarks = 0;

	for (size_t i = 0; i < c->M * c->B; i++) {
		double e = c->logit[i] - a->ability[i / c->B] - a->ease[i % c->B];

		if (c->weight[i] <= 0)
			continue;
		cells++;
		sum += e * e - c->noise[i];
	}
	for (size_t m = 0; m < c->M; m++)
		models += !isnan(a->ability[m]);
	for (size_t b = 0; b < c->B; b++)
		benchmarks += !isnan(a->ease[b]);
	cells -= models + benchmarks - 1;
	return cells > 0 ? fmax(sum / cells, 0) : NAN;
}

static void fit(struct additive *a, const struct cells *c)
{
	for (size_t b = 0; b < c->B; b++)
		a->ease[b] = 0;
	for (int turn = 0; turn < TURNS; turn++) {
		fit_side(c->M, c->B, c->B, 1, c, a->ease, a->ability);
		fit_side(c->B, 1, c->M, c->B, c, a->ability, a->ease);
	}
}

struct additive additive_fit(
    size_t models, size_t benchmarks, const double *right, const double *seen)
{
	struct cells c = cells_new(models, benchmarks, right, seen);
	struct additive a = {.models = models,
	    .benchmarks = benchmarks,
	    .ability = mem_array(models + 1, sizeof(double)),
	    .ease = mem_array(benchmarks + 1, sizeof(double)),
	    .weight = mem_zero_array(models + 1, sizeof(double))};
	double variance = 0;

	for (int round = 0; round < ROUNDS; round++) {
		fit(&a, &c);
		variance = excess(&a, &c);
		for (size_t i = 0; i < models * benchmarks; i++)
			if (c.weight[i] > 0)
				c.weight[i] = 1 / (c.noise[i] + (isnan(variance) ? 0 : variance));
	}
	fit(&a, &c);
	a.sd = sqrt(variance);
	for (size_t i = 0; i < models * benchmarks; i++)
		a.weight[i / benchmarks] += c.weight[i];
	cells_free(&c);
	return a;
}

void additive_free(struct additive *a)
{
	mem_free(a->ability);
	mem_free(a->ease);
	mem_free(a->weight);
	*a = (struct additive){0};
}

double additive_logit(const struct additive *a, size_t model, size_t benchmark)
{
	return a->ability[model] + a->ease[benchmark];
}
