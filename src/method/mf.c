/* The EmbedLLM factorisation as a method among others: trained to its best validation epoch. */
#include "method/method.h"

#include "base/mem.h"
#include "learn/mf.h"
#include "learn/trainer.h"

#include <string.h>

static void put(struct params *out, const char *name, size_t rows, size_t cols, const float *v)
{
	memcpy(params_add(out, name, rows, cols)->v, v, rows * cols * sizeof(float));
}

/* A view of the parameters as a factorisation: nothing is owned. */
static struct mf view(const struct params *p)
{
	const struct mat *models = params_get(p, "p"), *a = params_get(p, "a");

	return (struct mf){
	    .models = models->rows,
	    .dim = models->cols,
	    .features = a->cols,
	    .p = models->v,
	    .a = a->v,
	    .a0 = params_get(p, "a0")->v,
	    .w = params_get(p, "w")->v,
	    .b = params_get(p, "b")->v,
	};
}

static bool fit_with(
    const struct fit *in, const struct trainer_options *o, struct params *out, struct err *e)
{
	struct trainer *t = trainer_new(in->d, o, e);
	struct epoch at = {0};
	const struct mf *m;
	size_t best = 0;
	bool ok = t != NULL, done = false;

	while (ok && !done) {
		ok = trainer_step(t, in->progress, &at, &done, e);
		if (ok && (at.best || !o->keep_best))
			best = at.epoch;
	}
	if (ok) {
		m = trainer_model(t);
		put(out, "p", m->models, m->dim, m->p);
		put(out, "a", m->dim, m->features, m->a);
		put(out, "a0", 1, m->dim, m->a0);
		put(out, "w", 1, m->dim, m->w);
		put(out, "b", 1, 1, m->b);
		params_set(out, "epochs", (double)(best ? best : at.epoch));
	}
	trainer_free(t);
	return ok;
}

/* Out of fold it trains for as many epochs as were best, without looking at the validation part. */
static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	struct trainer_options o;

	trainer_options_default(&o);
	o.seed = in->seed;
	if (in->like) {
		o.epochs = (size_t)params_number(in->like, "epochs", 20);
		o.keep_best = false;
		o.patience = 0;
	}
	return fit_with(in, &o, out, e);
}

static bool fit_paper(const struct fit *in, struct params *out, struct err *e)
{
	struct trainer_options o;

	trainer_options_paper(&o);
	return fit_with(in, &o, out, e);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	struct mf m = view(p);

	mf_logits(&m, enc, n, z);
}

const struct method method_mf = {
    .name = "mf",
    .about = "the EmbedLLM factorisation, started at the model rates, stopped on validation",
    .source = "Zhuang et al. 2025, arXiv 2410.02223",
    .fit = fit,
    .logits = logits,
};

const struct method method_mf_paper = {
    .name = "mf-paper",
    .about = "the factorisation with the published start and settings, to the letter",
    .source = "Zhuang et al. 2025, arXiv 2410.02223",
    .fit = fit_paper,
    .logits = logits,
};
