#include "learn/calibrate.h"

#include "base/mem.h"
#include "base/rng.h"

#include <math.h>

#define PULL 1.0 /* labels that the identity is worth */
#define FOLDS 5

/* Gradient and Hessian of the log-loss in (a, b). */
struct newton {
	double ga, gb, haa, hab, hbb;
};

static void newton_add(struct newton *s, const struct calibration *c, size_t n, const float *logit,
    const float *label, const float *weight)
{
	for (size_t i = 0; i < n; i++) {
		double z = (double)logit[i], w = weight ? (double)weight[i] : 1, p, g, h;

		if (isnan(label[i]))
			continue;
		p = 1 / (1 + exp(-(c->a * z + c->b)));
		g = w * (p - (double)label[i]);
		h = w * p * (1 - p);
		s->ga += g * z;
		s->gb += g;
		s->haa += h * z * z;
		s->hab += h * z;
		s->hbb += h;
	}
}

/* *c one step on, with the pull; the length of the step, NaN if there is none. */
static double newton_step(const struct newton *s, struct calibration *c)
{
	double ga = s->ga + PULL * (c->a - 1), gb = s->gb + PULL * c->b;
	double haa = s->haa + PULL, hbb = s->hbb + PULL, hab = s->hab;
	double det = haa * hbb - hab * hab, da = (hbb * ga - hab * gb) / det,
	       db = (haa * gb - hab * ga) / det;

	c->a -= da;
	c->b -= db;
	return det > 0 ? fabs(da) + fabs(db) : NAN;
}

struct calibration calibrate_fit(
    size_t n, const float *logit, const float *label, const float *weight)
{
	const struct calibration identity = {1, 0};
	struct calibration c = identity;

	for (int i = 0; i < 50; i++) {
		struct newton s = {0};
		double step;

		newton_add(&s, &c, n, logit, label, weight);
		step = newton_step(&s, &c);
		if (!(step < 1e3))
			break;
		if (step < 1e-9)
			return c.a > 0 ? c : identity;
	}
	return identity;
}

/* Log-loss of one question's labels under c minus that as they are. */
static double loss_change(const struct calibration *c, size_t n, const float *logit,
    const float *label, const float *weight)
{
	double change = 0;

	for (size_t i = 0; i < n; i++) {
		double z = (double)logit[i], y = (double)label[i],
		       w = weight ? (double)weight[i] : 1;
		double to = c->a * z + c->b;

		if (!isnan(y))
			change += w * (log1p(exp(-fabs(to))) + fmax(to, 0) - y * to -
					  log1p(exp(-fabs(z))) - fmax(z, 0) + y * z);
	}
	return change;
}

struct calibration calibrate_if_better(size_t n_questions, size_t n_models, const float *logit,
    const float *label, const float *weight)
{
	const struct calibration identity = {1, 0};
	size_t M = n_models, n = n_questions;
	float *seen = mem_floats(n * M + 1);
	double sum = 0, square = 0, mean;

	for (size_t k = 0; k < FOLDS; k++) {
		struct calibration c;

		for (size_t i = 0; i < n * M; i++)
			seen[i] = i / M % FOLDS == k ? NAN : label[i];
		c = calibrate_fit(n * M, logit, seen, weight);
		for (size_t q = k; q < n; q += FOLDS) {
			double d = loss_change(
			    &c, M, logit + q * M, label + q * M, weight ? weight + q * M : NULL);

			sum += d;
			square += d * d;
		}
	}
	mem_free(seen);
	mean = n ? sum / (double)n : 0;
	if (n < FOLDS || !(mean < -sqrt((square / (double)n - mean * mean) / (double)n)))
		return identity;
	return calibrate_fit(n * M, logit, label, weight);
}

void calibrate_bootstrap(const struct calibration *c, size_t n_questions, size_t n_models,
    const float *logit, const float *label, const float *weight, uint64_t seed, size_t n_draws,
    struct calibration *draws)
{
	struct newton *each = mem_zero_array(n_questions + 1, sizeof(*each));
	struct rng r;

	for (size_t q = 0; q < n_questions; q++)
		newton_add(&each[q], c, n_models, logit + q * n_models, label + q * n_models,
		    weight ? weight + q * n_models : NULL);
	rng_init(&r, seed, 0);
	for (size_t b = 0; b < n_draws; b++) {
		struct newton sum = {0};

		for (size_t q = 0; q < n_questions; q++) {
			double k = rng_poisson1(&r);

			sum.ga += k * each[q].ga;
			sum.gb += k * each[q].gb;
			sum.haa += k * each[q].haa;
			sum.hab += k * each[q].hab;
			sum.hbb += k * each[q].hbb;
		}
		draws[b] = *c;
		newton_step(&sum, &draws[b]);
	}
	mem_free(each);
}
