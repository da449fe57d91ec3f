#include "task/atlas.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/baseline.h"
#include "num/vec.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/policy.h"
#include "store/run.h"
#include "store/split.h"
#include "task/encode.h"
#include "task/runs.h"
#include "task/split.h"
#include "task/trained.h"
#include "text/encoder.h"

#include <math.h>
#include <string.h>

/* Questions, their benchmarks and labels. */
static bool load_labels(struct db *db, struct atlas *a, struct err *e)
{
	const struct catalog *c = &a->catalog;
	size_t Q = c->n_questions, cells = Q * c->n_models + 1;
	float *score = arena_array(&a->arena, float, cells);
	float *weight = c->rule == POLICY_ROWS ? arena_array(&a->arena, float, cells) : NULL;
	uint32_t *benchmark = arena_array(&a->arena, uint32_t, Q + 1);
	bool weighted;

	if (!catalog_load_questions(db, c, &a->arena, &a->questions, e) ||
	    !label_load(db, c, a->questions, score, weight, &weighted, e))
		return false;
	for (size_t i = 0; i < Q; i++)
		benchmark[i] = a->questions[i].benchmark;
	a->data = (struct dataset){
	    .n_models = c->n_models,
	    .n_questions = Q,
	    .n_benchmarks = c->n_benchmarks,
	    .score = score,
	    .weight = weighted ? weight : NULL,
	    .benchmark = benchmark,
	};
	return true;
}

/* The run's split, else the one in use: the run's with the validation part that training made. */
static bool load_parts(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	const struct catalog_question *q = a->questions;
	size_t Q = a->data.n_questions;
	uint8_t *part = arena_array(&a->arena, uint8_t, Q + 1);
	struct split split = {0};
	bool found;

	a->data.part = part; /* PART_NONE */
	if (run) {
		found = run->split != 0;
		split.id = run->split;
		split.name = run->split_name;
	} else if (!split_find(db, &a->arena, NULL, &split, &found, e)) {
		return false;
	}
	if (!found)
		return true;
	a->split = split.name;
	if (!split_load(db, split.id, q, Q, part, e))
		return false;
	if (run && !memchr(part, PART_VAL, Q))
		a->set_aside = split_set_aside(q, Q, SPLIT_ASIDE, run->seed, part) > 0;
	return true;
}

static bool load_encodings(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	size_t Q = a->data.n_questions, dims;
	struct mat rows;

	if (!run->encoder)
		return err_set(e, ERR_DATA, "the encoder of run %lld is gone: train again",
		    (long long)run->id);
	a->encoder = encode_open(db, run->encoder, e);
	if (!a->encoder || !encode_name(db, run->encoder, &a->arena, &a->encoder_name, e))
		return false;
	dims = a->data.dims = a->encoder->dims;
	rows = mat_view(arena_array(&a->arena, float, Q *dims + 1), Q, dims);
	a->encoded = arena_array(&a->arena, bool, Q + 1);
	a->data.enc = rows.v;
	return encode_rows(
	    db, run->encoder, a->questions, Q, &rows, a->encoded, &a->n_unencoded, e);
}

static bool load_vectors(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	size_t M = a->catalog.n_models;
	int64_t *ids = arena_array(&a->arena, int64_t, M + 1);
	struct trained t;

	for (size_t m = 0; m < M; m++)
		ids[m] = a->catalog.models[m].id;
	if (!trained_load(db, run->id, run->calibration, ids, M, a->data.dims, &t, e))
		return false;
	a->mf = t.mf;
	a->in_run = t.in_run;
	a->calibration = t.calibration;
	a->heads = t.heads;
	a->draws = t.draws;
	a->n_draws = t.n_draws;
	a->interval = t.interval;
	a->near = t.near;
	a->n_near = t.n_near;
	return true;
}

static bool load_run(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	struct baseline rates;

	trainer_options_default(&a->trainer);
	if (!trainer_options_read(run->settings, &a->trainer, e) ||
	    !load_encodings(db, a, run, e) || !load_vectors(db, a, run, e))
		return false;
	a->run = run->id;
	a->run_name = arena_printf(
	    &a->arena, "run %lld %s K=%zu", (long long)run->id, run->method, a->trainer.dim);
	a->digest = run->data_digest;
	rates = baseline_fit(&a->data);
	a->ability = arena_array(&a->arena, double, a->data.n_models + 1);
	memcpy(a->ability, rates.ability, a->data.n_models * sizeof(*a->ability));
	baseline_free(&rates);
	return true;
}

/* *found false: no run is asked for and there is none. */
static bool find_run(
    struct db *db, struct arena *a, int64_t id, struct run *run, bool *found, struct err *e)
{
	if (!id)
		return run_find(db, 0, a, run, found, e);
	*found = true;
	if (!run_require(db, id, run, a, e))
		return false;
	return run->state == RUN_DONE ||
	       err_set(e, ERR_USAGE,
		   "run %lld is %s: finish it first: embedllm train --resume %lld", (long long)id,
		   run_state_name(run->state), (long long)id);
}

static bool load(
    struct db *db, struct atlas *a, int64_t id, const struct progress *p, struct err *e)
{
	struct run run;
	bool found;

	if (!catalog_load(db, &a->arena, &a->catalog, e) ||
	    !find_run(db, &a->arena, id, &run, &found, e) || !load_labels(db, a, e))
		return false;
	if (!progress_tick(p, "reading", 1, 2, "steps"))
		return err_set(e, ERR_CANCELLED, "stopped while reading the database");
	return load_parts(db, a, found ? &run : NULL, e) && (!found || load_run(db, a, &run, e));
}

struct atlas *atlas_open(struct db *db, int64_t run, const struct progress *p, struct err *e)
{
	struct atlas *a = mem_zero_array(1, sizeof(*a));
	bool ok = db_begin_read(db, e);

	if (ok) {
		ok = load(db, a, run, p, e);
		ok = db_end(db, ok, e);
	}
	if (!ok) {
		atlas_free(a);
		return NULL;
	}
	return a;
}

bool atlas_prepare(const struct atlas *a, struct err *e)
{
	return !a->encoder || encoder_prepare(a->encoder, e);
}

void atlas_free(struct atlas *a)
{
	if (!a)
		return;
	arena_clear(&a->arena);
	mf_free(&a->mf);
	mem_free(a->in_run);
	mat_free(&a->heads);
	mem_free(a->draws);
	mem_free(a->near);
	encoder_free(a->encoder);
	mem_free(a);
}

void atlas_probability(const struct atlas *a, const float *enc, size_t n, float *p)
{
	size_t M = a->catalog.n_models;
	float scale = (float)a->calibration.a, shift = (float)a->calibration.b;

	mf_logits(&a->mf, enc, n, p);
	for (size_t i = 0; i < n * M; i++)
		p[i] = scale * p[i] + shift;
	vec_sigmoid(n * M, p, p);
	for (size_t m = 0; m < M; m++)
		for (size_t i = 0; i < n && !a->in_run[m]; i++)
			p[i * M + m] = NAN;
}
