#include "task/trained_place.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/place.h"

#include <math.h>
#include <string.h>

#define SAMPLE 512       /* questions that stand for all where abilities are compared */
#define ANSWERS_MAX 4096 /* that are used of a model: with more it is time to train */
#define WIDE 1.0         /* variance added along ability, in squared mean logits */
#define STEPS_MAX 50

/* x (n, K): the projections of n questions. */
static void project(
    const struct trained *t, const struct dataset *d, const uint32_t *question, size_t n, double *x)
{
	size_t K = t->mf.dim;
	float *enc = mem_floats(n * d->dims + 1), *q = mem_floats(n * K + 1);

	mat_gather(d->enc, d->dims, question, n, enc);
	trained_project(t, enc, n, q);
	for (size_t i = 0; i < n * K; i++)
		x[i] = (double)q[i];
	mem_free(enc);
	mem_free(q);
}

/* Evenly spaced, at most `most`, of the n that are there; returns how many are left. */
static size_t thin(uint32_t *v, size_t n, size_t most)
{
	if (n <= most)
		return n;
	for (size_t i = 0; i < most; i++)
		v[i] = v[i * n / most];
	return most;
}

/* g (K): what the vectors are multiplied with, in the mean over questions. */
static void mean_question(
    const struct trained *t, const struct dataset *d, const bool *encoded, double *g)
{
	size_t K = t->mf.dim, n = 0;
	uint32_t *question = mem_array(d->n_questions + 1, sizeof(*question));
	double *x;

	for (size_t j = 0; j < d->n_questions; j++)
		if (encoded[j])
			question[n++] = (uint32_t)j;
	n = thin(question, n, SAMPLE);
	x = mem_array(n * K + 1, sizeof(*x));
	project(t, d, question, n, x);
	memset(g, 0, K * sizeof(*g));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			g[k] += x[i * K + k] / (double)n;
	mem_free(question);
	mem_free(x);
}

/* Mean and covariance of the run's vectors, correlations shrunk by how few they are; then the
 * variance along the covariance's image of g, which is how vectors go with the mean logit. */
static struct place_prior prior_new(const struct trained *t, const double *g)
{
	size_t K = t->mf.dim, n = 0;
	struct place_prior prior = place_prior_new(K);
	double *cov = prior.precision, *along = mem_zero_array(K, sizeof(*along)), total = 0, keep;
	double least = 0;

	for (size_t m = 0; m < t->mf.models; m++)
		n += t->in_run[m];
	keep = (double)n / (double)(n + K);
	for (size_t m = 0; m < t->mf.models; m++)
		for (size_t k = 0; k < K && t->in_run[m]; k++)
			prior.mean[k] += (double)t->mf.p[m * K + k] / (double)n;
	for (size_t m = 0; m < t->mf.models; m++)
		for (size_t k = 0; k < K && t->in_run[m]; k++)
			for (size_t l = 0; l < K; l++)
				cov[k * K + l] += (k == l ? 1 : keep) *
						  ((double)t->mf.p[m * K + k] - prior.mean[k]) *
						  ((double)t->mf.p[m * K + l] - prior.mean[l]) /
						  (double)n;
	for (size_t k = 0; k < K; k++)
		least += 1e-3 * cov[k * K + k] / (double)K;
	for (size_t k = 0; k < K; k++)
		cov[k * K + k] += least + 1e-9;
	for (size_t k = 0; k < K; k++)
		for (size_t l = 0; l < K; l++)
			along[k] += cov[k * K + l] * g[l];
	for (size_t k = 0; k < K; k++)
		total += along[k] * g[k];
	for (size_t k = 0; k < K && total > 0; k++)
		for (size_t l = 0; l < K; l++)
			cov[k * K + l] += WIDE * along[k] * along[l] / (total * total);
	mem_free(along);
	place_invert(K, cov);
	return prior;
}

/* The model's vector, and draws of it: the same normal numbers for every model. */
static void keep(struct trained *t, size_t model, const double *theta, double *cov)
{
	size_t K = t->mf.dim;
	double *z = mem_array(K, sizeof(*z));
	struct rng r;

	for (size_t k = 0; k < K; k++)
		t->mf.p[model * K + k] = (float)theta[k];
	rng_init(&r, 1, 0);
	if (t->n_draws && place_root(K, cov))
		for (size_t b = 0; b < t->n_draws; b++) {
			float *head = mat_row(&t->heads, b * t->mf.models + model);

			for (size_t k = 0; k < K; k++)
				z[k] = rng_normal(&r);
			for (size_t k = 0; k < K; k++) {
				double v = theta[k];

				for (size_t l = 0; l <= k; l++)
					v += cov[k * K + l] * z[l];
				head[k] = (float)v;
			}
		}
	mem_free(z);
}

static size_t place_one(struct trained *t, const struct dataset *d, const bool *encoded,
    const struct place_prior *prior, size_t model, uint32_t *question)
{
	size_t K = t->mf.dim, n = 0;
	double *x, *y, *offset, *theta, *cov;

	for (size_t j = 0; j < d->n_questions; j++) {
		float v = d->score[j * d->n_models + model];

		if (encoded[j] && v == v)
			question[n++] = (uint32_t)j;
	}
	n = thin(question, n, ANSWERS_MAX);
	if (!n)
		return 0;
	x = mem_array(n * K, sizeof(*x));
	y = mem_array(n, sizeof(*y));
	offset = mem_array(n, sizeof(*offset));
	theta = mem_array(K, sizeof(*theta));
	cov = mem_array(K * K, sizeof(*cov));
	project(t, d, question, n, x);
	for (size_t i = 0; i < n; i++) {
		y[i] = (double)d->score[question[i] * d->n_models + model];
		offset[i] = (double)t->mf.b[0];
	}
	memcpy(theta, prior->mean, K * sizeof(*theta));
	place_fit(prior, &(struct place_answers){n, x, offset, y, NULL}, STEPS_MAX, theta, cov);
	keep(t, model, theta, cov);
	mem_free(x);
	mem_free(y);
	mem_free(offset);
	mem_free(theta);
	mem_free(cov);
	return n;
}

void trained_place(struct trained *t, const struct dataset *d, const bool *encoded, size_t *answers)
{
	struct place_prior prior = {0};
	uint32_t *question = mem_array(d->n_questions + 1, sizeof(*question));
	double *g = mem_array(t->mf.dim, sizeof(*g));

	t->placed = 0;
	for (size_t m = 0; m < d->n_models; m++) {
		answers[m] = 0;
		if (t->in_run[m])
			continue;
		if (!prior.K) {
			mean_question(t, d, encoded, g);
			prior = prior_new(t, g);
		}
		answers[m] = place_one(t, d, encoded, &prior, m, question);
		t->placed += answers[m] > 0;
	}
	place_prior_free(&prior);
	mem_free(question);
	mem_free(g);
}
