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

/* Mean log-loss and accuracy of the logits z (n_questions, n_models) on a part; NaN where that holds no
 * label. */
static void judge(
    const struct dataset *d, const float *z, enum part part, double *mean_loss, double *accuracy)
{
	size_t M = d->n_models;
	float *grad = mem_floats(M + 1);
	struct vec_loss sum = {0};

	for (size_t q = 0; q < d->n_questions; q++)
		if (d->part[q] == part)
			vec_logistic(M, z + q * M, d->score + q * M,
			    d->weight ? d->weight + q * M : NULL, grad, &sum);
	*mean_loss = sum.weight > 0 ? sum.loss / sum.weight : NAN;
	*accuracy = sum.weight > 0 ? sum.right / sum.weight : NAN;
	mem_free(grad);
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
	double start = clock_now();
	float *z = mem_floats(d->n_questions * d->n_models + 1);
	bool ok;

	out->method = t->method;
	ok = t->method->fit(
	    &(struct fit){.d = d, .seed = t->seed, .search = t->search, .progress = t->progress},
	    &out->params, e);
	if (ok) {
		t->method->logits(&out->params, d->enc, d->n_questions, z);
		judge(d, z, PART_TRAIN, &judged->train_loss, &judged->train_accuracy);
		judge(d, z, PART_VAL, &judged->val_loss, &judged->val_accuracy);
		ok = finish(t, z, out, e);
	}
	judged->epoch = 1;
	judged->best = true;
	judged->seconds = clock_now() - start;
	mem_free(z);
	return ok;
}
