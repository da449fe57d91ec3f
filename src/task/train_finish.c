#include "task/train_finish.h"

#include "base/mem.h"
#include "learn/calibrate.h"
#include "learn/head.h"
#include "learn/interval.h"
#include "learn/knn.h"
#include "num/mat.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

#define DRAWS 32         /* bootstrap refits for the intervals */
#define NEAR_SAMPLE 1000 /* training questions whose nearest one is looked up */

/* Rows of a (questions, cols) table for the questions of a part. */
static float *rows_of(
    const struct dataset *d, const float *table, size_t cols, enum part part, size_t *n)
{
	uint32_t *index = dataset_part(d, part, n);
	float *rows = mem_floats(*n * cols + 1);

	mat_gather(table, cols, index, *n, rows);
	mem_free(index);
	return rows;
}

/* How many questions of one model a tenth of the test part holds; without one, a fifth of the
 * validation part, which is usually half as large. */
static double interval_cell(const struct dataset *d)
{
	double labels[PART_COUNT] = {0}, cell;

	for (size_t q = 0; q < d->n_questions; q++)
		for (size_t m = 0; m < d->n_models; m++)
			labels[d->part[q]] += !isnan(d->score[q * d->n_models + m]);
	cell = labels[PART_TEST] > 0 ? labels[PART_TEST] / 10 : labels[PART_VAL] / 5;
	return fmax(1, cell / (double)d->n_models);
}

/* p (n, M) on the validation part becomes probabilities, and the interval's scale what holds there. */
static void fit_interval(const struct train_finish *f, struct trained *out, const float *val,
    size_t n, const float *label, float *p)
{
	size_t M = f->d->n_models;
	float *q = mem_floats(n * out->mf.dim + 1), *spread = mem_floats(n * M + 1);

	mf_project(&out->mf, val, n, q);
	head_spread(&out->heads, out->draws, out->mf.b[0], M, q, n, spread);
	for (size_t i = 0; i < n * M; i++)
		p[i] = (float)(out->calibration.a * (double)p[i] + out->calibration.b);
	vec_sigmoid(n * M, p, p);
	out->interval = interval_fit(out->interval.cell, n, M, p, spread, label);
	mem_free(q);
	mem_free(spread);
}

static bool bootstrap(const struct train_finish *f, struct trained *out, struct err *e)
{
	struct dataset d = *f->d;

	if (f->features) {
		d.enc = f->features;
		d.dims = f->mf->features;
	}
	return head_bootstrap(&d, &out->mf, DRAWS, f->seed, f->progress, &out->heads, e);
}

/* The models that had a training label; new array. */
static bool *seen_models(const struct dataset *d)
{
	size_t M = d->n_models;
	bool *in_run = mem_zero_array(M + 1, sizeof(*in_run));

	for (size_t i = 0; i < d->n_questions; i++)
		for (size_t m = 0; m < M; m++)
			if (d->part[i] == PART_TRAIN && !isnan(d->score[i * M + m]))
				in_run[m] = true;
	return in_run;
}

bool train_finish(const struct train_finish *f, struct trained *out, struct err *e)
{
	const struct dataset *d = f->d;
	size_t M = d->n_models, D = f->mf->features, n_train, n_val;
	const float *x = f->features ? f->features : d->enc;
	float *train = rows_of(d, x, D, PART_TRAIN, &n_train);
	float *val = rows_of(d, x, D, PART_VAL, &n_val);
	float *near = rows_of(d, d->enc, d->dims, PART_TRAIN, &n_train);
	float *label = rows_of(d, d->score, M, PART_VAL, &n_val);
	float *weight = d->weight ? rows_of(d, d->weight, M, PART_VAL, &n_val) : NULL;
	float *p = mem_floats(n_val * M + 1);
	bool ok = true;

	out->mf = mf_new(M, f->mf->dim, D);
	memcpy(out->mf.block, f->mf->block, f->mf->n * sizeof(float));
	mf_canonical(&out->mf, train, n_train);
	out->in_run = seen_models(d);
	if (f->features)
		memcpy(p, val, n_val * M * sizeof(float));
	else
		mf_logits(&out->mf, val, n_val, p);
	out->calibration = f->features ? calibrate_if_better(n_val, M, p, label, weight)
				       : calibrate_fit(n_val * M, p, label, weight);
	out->interval = (struct interval){1, interval_cell(d)};
	out->near = knn_nearness(near, n_train, d->dims, NEAR_SAMPLE, f->seed, &out->n_near);
	if (f->heads) {
		out->n_draws = DRAWS;
		out->draws = mem_array(DRAWS, sizeof(*out->draws));
		calibrate_bootstrap(
		    &out->calibration, n_val, M, p, label, weight, f->seed, DRAWS, out->draws);
		ok = bootstrap(f, out, e);
	}
	if (ok && f->heads)
		fit_interval(f, out, val, n_val, label, p);
	mem_free(train);
	mem_free(val);
	mem_free(near);
	mem_free(label);
	mem_free(weight);
	mem_free(p);
	return ok;
}
