/* A model's rate, whatever is asked: what every method must beat, and a leaderboard's one number. */
#include "method/method.h"

#include "learn/baseline.h"

#include <string.h>

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	struct baseline rates = baseline_fit(in->d);
	struct mat *z = params_add(out, "logit", 1, in->d->n_models);

	(void)e;
	for (size_t m = 0; m < in->d->n_models; m++)
		z->v[m] = (float)method_logit(rates.model[m], 1e-6);
	baseline_free(&rates);
	return true;
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *rate = params_get(p, "logit");

	(void)enc;
	for (size_t i = 0; i < n; i++)
		memcpy(z + i * rate->cols, rate->v, rate->cols * sizeof(float));
}

const struct method method_rates = {
    .name = "rates",
    .about = "each model's share of right answers, whatever is asked: one number a model",
    .control = true,
    .fit = fit,
    .logits = logits,
};
