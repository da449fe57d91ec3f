#include "method/prior.h"

#include "base/mem.h"
#include "learn/baseline.h"
#include "num/vec.h"

#include <string.h>

#define FOLDS 5

static void rates_fit(const struct fit *in, struct params *out, float *p)
{
	size_t M = in->d->n_models, n;
	float *rate = params_add(out, "rates", 1, M)->v;
	struct baseline rates = baseline_fit(in->d);

	for (size_t m = 0; m < M; m++)
		rate[m] = (float)rates.model[m];
	baseline_free(&rates);
	mem_free(dataset_part(in->d, PART_TRAIN, &n));
	for (size_t i = 0; i < n; i++)
		memcpy(p + i * M, rate, M * sizeof(float));
}

static bool posterior_fit(const struct fit *in, struct params *out, float *p, struct err *e)
{
	struct params own = {0}, like;
	struct fit one = *in;
	size_t n;
	bool ok = true;

	mem_free(dataset_part(in->d, PART_TRAIN, &n));
	one.held = NULL;
	if (in->like) {
		like = params_view(in->like, "prior");
		one.like = &like;
	}
	if (in->posterior) {
		params_embed(out, "prior", in->posterior->params);
		memcpy(p, in->posterior->held, n * in->d->n_models * sizeof(float));
	} else {
		ok = method_posterior.fit(&one, &own, e) &&
		     method_out_of_fold(&method_posterior, &one, &own, FOLDS, p, e);
		if (ok)
			params_embed(out, "prior", &own);
	}
	if (ok)
		vec_sigmoid(n * in->d->n_models, p, p);
	params_clear(&own);
	return ok;
}

bool prior_fit(
    enum prior_kind kind, const struct fit *in, struct params *out, float *p, struct err *e)
{
	if (kind == PRIOR_POSTERIOR)
		return posterior_fit(in, out, p, e);
	rates_fit(in, out, p);
	return true;
}

/* M */
static size_t prior_models(const struct params *params)
{
	const struct mat *rate = params_find(params, "rates");

	return rate ? rate->cols : params_get(params, "prior/table")->cols;
}

void prior_at(const struct params *params, const float *enc, size_t n, float *p)
{
	const struct mat *rate = params_find(params, "rates");
	struct params posterior;

	if (rate) {
		for (size_t i = 0; i < n; i++)
			memcpy(p + i * rate->cols, rate->v, rate->cols * sizeof(float));
		return;
	}
	posterior = params_view(params, "prior");
	method_posterior.logits(&posterior, enc, n, p);
	vec_sigmoid(n * prior_models(params), p, p);
}
