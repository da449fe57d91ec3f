/* A logistic regression for each model, all at once: logit = b_m + w_m' e, started at the model's
 * rate. */
#include "method/method.h"

#include "learn/baseline.h"
#include "method/glm.h"
#include "num/vec.h"

static void residual(void *arg, float *z)
{
	const struct sample *s = arg;
	struct vec_loss sum = {0};

	vec_logistic(s->n * s->M, z, s->y, s->w, z, &sum);
	for (size_t i = 0; i < s->n * s->M; i++)
		z[i] = -z[i];
}

static bool fit_with(const struct fit *in, const struct grid *g, const struct sample *train,
    const double *setting, struct params *out, struct err *e)
{
	struct sample s = *train;
	struct baseline rates = baseline_fit(in->d);
	struct mat *w = params_add(out, "weights", s.M, s.D + 1);
	const struct glm glm = {
	    .n = s.n,
	    .D = s.D,
	    .x = s.x,
	    .bound = 0.25,
	    .penalty = setting[0],
	    .steps = 40,
	    .residual = residual,
	    .arg = &s,
	};

	(void)g;
	for (size_t m = 0; m < s.M; m++)
		mat_row(w, m)[s.D] = (float)method_logit(rates.model[m], 1e-6);
	baseline_free(&rates);
	return glm_fit(&glm, in->progress, w, e);
}

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{1e-3}, {1e-4}, {3e-4}, {3e-3}};
	static const struct grid grid = {{"penalty"}, sizeof(v) / sizeof(*v), v, NULL};

	return method_fit_grid(&method_logistic, &grid, in, fit_with, out, e);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	glm_scores(params_get(p, "weights"), enc, n, z);
}

const struct method method_logistic = {
    .name = "logistic",
    .about = "a logistic regression for each model, all by one factorisation",
    .source = "Boehning 1992",
    .fit = fit,
    .logits = logits,
};
