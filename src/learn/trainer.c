/* Random numbers are a function of (seed, purpose, epoch, step), never a running state, so that a
 * checkpoint after an epoch needs to hold none and the continuation repeats them exactly. */
#include "learn/trainer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "learn/adam.h"
#include "learn/baseline.h"
#include "num/mat.h"
#include "num/parallel.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

/* Minibatches fetched at a time, each by one thread: starting those pays for several; but no more
 * questions than this, for the memory. */
#define AHEAD 8
#define AHEAD_QUESTIONS 4096
#define PAPER_ROWS 2048 /* (question, model) pairs a step, as published */

enum { STREAM_INIT = 1, STREAM_SHUFFLE = 1 << 20, STREAM_NOISE = 1 << 24 };

struct trainer {
	const struct dataset *data;
	struct trainer_options o;
	uint32_t *train, *val, *order; /* question indexes */
	size_t n_train, n_val;
	float *val_enc, *val_y, *val_w, *val_z; /* gathered once */
	struct mf mf, grad, best;
	struct adam adam;
	/* `ahead` questions of some minibatches: noisy encodings (ahead, D), labels (ahead, M), repeats
	 * (ahead, M) or NULL */
	float *x, *y, *weight;
	size_t ahead;
	struct mf_work work;
	size_t epoch, best_epoch;
	double best_loss, seconds;
};

static void start_parameters(struct trainer *t)
{
	struct rng r;

	rng_init(&r, t->o.seed, STREAM_INIT);
	if (t->o.start_at_rates) {
		struct baseline rates = baseline_fit(t->data);

		mf_init_rates(&t->mf, rates.model, &r);
		baseline_free(&rates);
	} else {
		mf_init_paper(&t->mf, &r);
	}
}

static bool has_label(const struct dataset *d, const uint32_t *index, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < d->n_models; m++)
			if (!isnan(d->score[(size_t)index[i] * d->n_models + m]))
				return true;
	return false;
}

struct trainer *trainer_new(const struct dataset *d, const struct trainer_options *o, struct err *e)
{
	struct trainer *t = mem_zero_array(1, sizeof(*t));
	size_t M = d->n_models, D = d->dims, V;

	t->data = d;
	t->o = *o;
	t->best_loss = INFINITY;
	t->train = dataset_part(d, PART_TRAIN, &t->n_train);
	t->val = dataset_part(d, PART_VAL, &t->n_val);
	if (!d->enc || !has_label(d, t->train, t->n_train)) {
		err_set(e, ERR_DATA,
		    d->enc ? "the training part holds no label" : "the questions are not encoded");
		trainer_free(t);
		return NULL;
	}
	V = has_label(d, t->val, t->n_val) ? t->n_val : (t->n_val = 0);
	t->order = mem_array(t->n_train, sizeof(*t->order));
	if (V) {
		t->val_enc = mem_floats(V * D);
		t->val_y = mem_floats(V * M);
		t->val_w = d->weight ? mem_floats(V * M) : NULL;
		t->val_z = mem_floats(V * M);
		mat_gather(d->enc, D, t->val, V, t->val_enc);
		mat_gather(d->score, M, t->val, V, t->val_y);
		if (d->weight)
			mat_gather(d->weight, M, t->val, V, t->val_w);
	}
	t->mf = mf_new(M, o->dim, D);
	t->grad = mf_new(M, o->dim, D);
	t->best = mf_new(M, o->dim, D);
	t->adam = adam_new(t->mf.n, o->lr, o->weight_decay);
	if (!t->o.batch)
		t->o.batch = M < PAPER_ROWS ? PAPER_ROWS / M : 1;
	if (t->o.batch > t->n_train)
		t->o.batch = t->n_train;
	t->ahead = t->o.batch * (t->o.batch * AHEAD <= AHEAD_QUESTIONS ? AHEAD : 1);
	t->x = mem_floats(t->ahead * D);
	t->y = mem_floats(t->ahead * M);
	t->weight = d->weight ? mem_floats(t->ahead * M) : NULL;
	t->work = mf_work_new(&t->mf, t->o.batch);
	start_parameters(t);
	return t;
}

void trainer_free(struct trainer *t)
{
	if (!t)
		return;
	mem_free(t->train);
	mem_free(t->val);
	mem_free(t->order);
	mem_free(t->val_enc);
	mem_free(t->val_y);
	mem_free(t->val_w);
	mem_free(t->val_z);
	mf_free(&t->mf);
	mf_free(&t->grad);
	mf_free(&t->best);
	adam_free(&t->adam);
	mem_free(t->x);
	mem_free(t->y);
	mem_free(t->weight);
	mf_work_free(&t->work);
	mem_free(t);
}

const struct mf *trainer_model(const struct trainer *t)
{
	return t->o.keep_best && t->best_epoch ? &t->best : &t->mf;
}

/* Questions of the epoch's order: from `start`, the minibatches begin..end. */
struct fetch {
	struct trainer *t;
	size_t start, n;
	uint64_t key; /* of the epoch's noise */
};

static void fetch_batches(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct fetch *f = arg;
	struct trainer *t = f->t;
	const struct dataset *d = t->data;

	(void)worker;
	for (size_t k = begin; k < end; k++) {
		size_t at = k * t->o.batch, n = f->n - at < t->o.batch ? f->n - at : t->o.batch;
		const uint32_t *index = t->order + f->start + at;
		float *x = t->x + at * d->dims;

		mat_gather(d->enc, d->dims, index, n, x);
		mat_gather(d->score, d->n_models, index, n, t->y + at * d->n_models);
		if (d->weight)
			mat_gather(d->weight, d->n_models, index, n, t->weight + at * d->n_models);
		if (t->o.sigma > 0)
			vec_add_noise(n * d->dims, x, (float)t->o.sigma, f->key + f->start + at, x);
	}
}

/* The next `ahead` questions, or as many as are left. */
static void fetch(struct trainer *t, size_t start)
{
	struct fetch f = {.t = t, .start = start, .n = t->n_train - start};
	struct rng r;

	if (f.n > t->ahead)
		f.n = t->ahead;
	rng_init(&r, t->o.seed, STREAM_NOISE + t->epoch);
	f.key = rng_next(&r);
	parallel_for((f.n + t->o.batch - 1) / t->o.batch, 1, fetch_batches, &f);
}

static void validate(struct trainer *t, struct epoch *out)
{
	struct vec_loss v = {0};

	out->val_loss = out->val_accuracy = NAN;
	if (!t->n_val)
		return;
	mf_logits(&t->mf, t->val_enc, t->n_val, t->val_z);
	vec_logistic(t->n_val * t->mf.models, t->val_z, t->val_y, t->val_w, t->val_z, &v);
	out->val_loss = v.loss / v.weight;
	out->val_accuracy = v.right / v.weight;
}

bool trainer_step(
    struct trainer *t, const struct progress *p, struct epoch *out, bool *done, struct err *e)
{
	struct vec_loss sum = {0};
	double start = clock_now();

	memcpy(t->order, t->train, t->n_train * sizeof(*t->order));
	if (t->o.shuffle) {
		struct rng r;

		rng_init(&r, t->o.seed, STREAM_SHUFFLE + t->epoch);
		rng_shuffle(&r, t->order, t->n_train);
	}
	for (size_t i = 0; i < t->n_train; i += t->o.batch) {
		size_t n = t->n_train - i < t->o.batch ? t->n_train - i : t->o.batch, at_x;
		double at = (double)t->epoch + (double)i / (double)t->n_train;

		if (!progress_tick(p, "training", at, (double)t->o.epochs, "epochs"))
			return err_set(
			    e, ERR_CANCELLED, "training stopped after epoch %zu", t->epoch);
		at_x = i % t->ahead;
		if (at_x == 0)
			fetch(t, i);
		mf_gradient(&t->mf, t->x + at_x * t->data->dims, t->y + at_x * t->data->n_models,
		    t->weight ? t->weight + at_x * t->data->n_models : NULL, n, &t->work, &t->grad,
		    &sum);
		adam_step(&t->adam, t->mf.block, t->grad.block);
	}
	if (!isfinite(sum.loss))
		return err_set(e, ERR_FAILED,
		    "training diverged in epoch %zu (the loss is not a number): use a smaller lr "
		    "than %g",
		    t->epoch + 1, t->o.lr);
	t->epoch++;
	out->epoch = t->epoch;
	out->train_loss = sum.loss / sum.weight;
	out->train_accuracy = sum.right / sum.weight;
	validate(t, out);
	out->best = out->val_loss < t->best_loss;
	if (out->best) {
		t->best_loss = out->val_loss;
		t->best_epoch = t->epoch;
		memcpy(t->best.block, t->mf.block, t->mf.n * sizeof(float));
	}
	t->seconds += clock_now() - start;
	out->seconds = t->seconds;
	*done = trainer_done(t);
	return true;
}

bool trainer_done(const struct trainer *t)
{
	return t->epoch >= t->o.epochs ||
	       (t->o.patience && t->n_val && t->epoch - t->best_epoch >= t->o.patience);
}

/* Checkpoint: a head, then parameters, Adam's moments, best parameters, as they lie in memory (one
 * machine, so no byte order). */
struct checkpoint_head {
	char magic[8];
	uint64_t models, dim, features, n, epoch, best_epoch, adam_step;
	double best_loss, seconds;
};
static const char checkpoint_magic[8] = "EMBLCP1";

static struct checkpoint_head head_of(const struct trainer *t)
{
	struct checkpoint_head h = {
	    .models = t->mf.models,
	    .dim = t->mf.dim,
	    .features = t->mf.features,
	    .n = t->mf.n,
	    .epoch = t->epoch,
	    .best_epoch = t->best_epoch,
	    .adam_step = t->adam.step,
	    .best_loss = t->best_loss,
	    .seconds = t->seconds,
	};

	memcpy(h.magic, checkpoint_magic, sizeof(h.magic));
	return h;
}

bool trainer_save(const struct trainer *t, struct buf *out)
{
	struct checkpoint_head h = head_of(t);
	size_t bytes = t->mf.n * sizeof(float);

	return buf_add(out, &h, sizeof(h)) && buf_add(out, t->mf.block, bytes) &&
	       buf_add(out, t->adam.m, bytes) && buf_add(out, t->adam.v, bytes) &&
	       buf_add(out, t->best.block, bytes);
}

bool trainer_restore(struct trainer *t, const void *p, size_t n, struct err *e)
{
	struct checkpoint_head h, mine = head_of(t);
	size_t bytes = t->mf.n * sizeof(float);
	const char *s = p;

	if (n != sizeof(h) + 4 * bytes)
		return err_set(e, ERR_DATA, "the checkpoint has %zu bytes where %zu belong", n,
		    sizeof(h) + 4 * bytes);
	memcpy(&h, s, sizeof(h));
	if (memcmp(h.magic, mine.magic, sizeof(h.magic)) || h.models != mine.models ||
	    h.dim != mine.dim || h.features != mine.features || h.n != mine.n)
		return err_set(e, ERR_DATA, "the checkpoint belongs to other data or settings");
	s += sizeof(h);
	memcpy(t->mf.block, s, bytes);
	memcpy(t->adam.m, s + bytes, bytes);
	memcpy(t->adam.v, s + 2 * bytes, bytes);
	memcpy(t->best.block, s + 3 * bytes, bytes);
	t->epoch = h.epoch;
	t->best_epoch = h.best_epoch;
	t->adam.step = h.adam_step;
	t->best_loss = h.best_loss;
	t->seconds = h.seconds;
	return true;
}
