#include "task/train_method.h"

#include "base/clock.h"
#include "base/epoch.h"
#include "base/err.h"
#include "base/mem.h"
#include "method/factorise.h"
#include "num/vec.h"
#include "task/train_finish.h"

#include <math.h>
#include <string.h>

/* What the method forecasts for the validation questions, which it has not learned from. */
static void judge(
    const struct method *m, const struct params *p, const struct sample *val, struct epoch *out)
{
	float *z = mem_floats(val->n * val->M + 1);
	struct vec_loss sum = {0};

	m->logits(p, val->x, val->n, z);
	vec_logistic(val->n * val->M, z, val->y, val->w, z, &sum);
	out->val_loss = sum.weight > 0 ? sum.loss / sum.weight : NAN;
	out->val_accuracy = sum.weight > 0 ? sum.right / sum.weight : NAN;
	mem_free(z);
}

static bool finish(const struct train_method *t, const float *z, struct trained *out, struct err *e)
{
	struct sample s = sample_new(t->d, PART_TRAIN);
	uint32_t *index = dataset_part(t->d, PART_TRAIN, &s.n);
	float *train = mem_floats(s.n * s.M + 1);
	struct mf mf;
	bool ok;

	mat_gather(z, s.M, index, s.n, train);
	mf = factorise(train, s.n, s.M);
	ok = train_finish(&(struct train_finish){.d = t->d,
			      .mf = &mf,
			      .features = z,
			      .heads = t->heads,
			      .seed = t->seed,
			      .progress = t->progress},
	    out, e);
	mf_free(&mf);
	mem_free(train);
	mem_free(index);
	sample_clear(&s);
	return ok;
}

bool train_method(
    const struct train_method *t, struct epoch *judged, struct trained *out, struct err *e)
{
	const struct dataset *d = t->d;
	struct sample val = sample_new(d, PART_VAL);
	double start = clock_now();
	float *z = mem_floats(d->n_questions * d->n_models + 1);
	bool ok;

	out->method = t->method;
	ok = t->method->fit(
	    &(struct fit){.d = d, .seed = t->seed, .search = t->search, .progress = t->progress},
	    &out->params, e);
	if (ok) {
		judge(t->method, &out->params, &val, judged);
		t->method->logits(&out->params, d->enc, d->n_questions, z);
		ok = finish(t, z, out, e);
	}
	judged->epoch = 1;
	judged->best = true;
	judged->seconds = clock_now() - start;
	sample_clear(&val);
	mem_free(z);
	return ok;
}
