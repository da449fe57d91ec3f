#include "task/train_method.h"

#include "base/clock.h"
#include "base/epoch.h"
#include "base/err.h"
#include "base/mem.h"
#include "method/factorise.h"
#include "num/vec.h"
#include "store/catalog.h"
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

/* Where the method has learned from the validation part too, its forecasts of it are those that were
 * made without it, val (n_val, n_models): they take the place of those in z, and are kept. */
static void hold(const struct train_method *t, const float *val, float *z, struct trained *out)
{
	size_t M = t->d->n_models;
	uint32_t *question = dataset_part(t->d, PART_VAL, &out->n_held);

	out->held_question = mem_array(out->n_held + 1, sizeof(*out->held_question));
	out->held = mem_floats(out->n_held * M + 1);
	memcpy(out->held, val, out->n_held * M * sizeof(float));
	for (size_t i = 0; i < out->n_held; i++) {
		out->held_question[i] = t->questions[question[i]].id;
		memcpy(z + question[i] * M, val + i * M, M * sizeof(float));
	}
	mem_free(question);
}

bool train_method(
    const struct train_method *t, struct epoch *judged, struct trained *out, struct err *e)
{
	const struct dataset *d = t->d;
	double start = clock_now();
	float *z = mem_floats(d->n_questions * d->n_models + 1);
	float *val = mem_floats(d->n_questions * d->n_models + 1);
	bool ok;

	out->method = t->method;
	val[0] = NAN;
	ok = t->method->fit(
	    &(struct fit){
		.d = d, .seed = t->seed, .search = t->search, .progress = t->progress, .val = val},
	    &out->params, e);
	if (ok) {
		t->method->logits(&out->params, d->enc, d->n_questions, z);
		if (!isnan(val[0]))
			hold(t, val, z, out);
		judge(d, z, PART_TRAIN, &judged->train_loss, &judged->train_accuracy);
		judge(d, z, PART_VAL, &judged->val_loss, &judged->val_accuracy);
		ok = finish(t, z, out, e);
	}
	judged->epoch = 1;
	judged->best = true;
	judged->seconds = clock_now() - start;
	mem_free(z);
	mem_free(val);
	return ok;
}
