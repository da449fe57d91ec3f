#include "task/refit.h"

#include "base/mem.h"
#include "method/factorise.h"
#include "num/mat.h"

#include <string.h>

/* The factorisation trained as the run was, on other questions. */
static bool train_mf(const struct atlas *a, const struct dataset *d, const struct progress *p,
    struct mf *out, struct err *e)
{
	struct trainer *t = trainer_new(d, &a->trainer, e);
	struct epoch at;
	bool done = false, ok = t != NULL;

	while (ok && !done)
		ok = trainer_step(t, p, &at, &done, e);
	if (ok) {
		size_t n;
		uint32_t *train = dataset_part(d, PART_TRAIN, &n);
		float *enc = mem_floats((n + 1) * d->dims);

		mat_gather(d->enc, d->dims, train, n, enc);
		*out = mf_new(d->n_models, a->trainer.dim, d->dims);
		memcpy(out->block, trainer_model(t)->block, out->n * sizeof(float));
		mf_canonical(out, enc, n);
		mem_free(enc);
		mem_free(train);
	}
	trainer_free(t);
	return ok;
}

/* The run's method with its hyper-parameters, fitted on other questions. */
static bool fit_method(const struct atlas *a, const struct dataset *d, const struct progress *p,
    struct mf *out, struct err *e)
{
	const struct method *m = a->trained.method;
	struct sample s = sample_new(d, PART_TRAIN);
	float *z = mem_floats(s.n * s.M + 1);
	struct params params = {0};
	bool ok = m->fit(
	    &(struct fit){
		.d = d, .seed = a->trainer.seed, .like = &a->trained.params, .progress = p},
	    &params, e);

	if (ok) {
		m->logits(&params, s.x, s.n, z);
		*out = factorise(z, s.n, s.M);
	}
	params_clear(&params);
	mem_free(z);
	sample_clear(&s);
	return ok;
}

bool refit_vectors(const struct atlas *a, const struct dataset *d, const struct progress *p,
    struct mf *out, struct err *e)
{
	return a->trained.method == &method_mf ? train_mf(a, d, p, out, e)
					       : fit_method(a, d, p, out, e);
}
