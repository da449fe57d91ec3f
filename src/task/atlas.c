#include "task/atlas.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/baseline.h"
#include "num/vec.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/policy.h"
#include "store/run.h"
#include "store/split.h"
#include "task/encode.h"
#include "task/labels.h"
#include "task/split.h"
#include "task/trained_place.h"
#include "text/encoder.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* Shared between atlases, which may be freed on any thread. */
struct atlas_labels {
	atomic_int atlases;
	struct arena arena;
	struct catalog_question *questions;
	struct dataset data;
};

struct atlas_encodings {
	atomic_int atlases;
	struct arena arena;
	int64_t id; /* of the encoder */
	struct encoder *encoder;
	const char *name;
	struct mat rows;
	bool *have;
	size_t missing;
};

static void drop_labels(struct atlas_labels *l)
{
	if (!l || atomic_fetch_sub(&l->atlases, 1) > 1)
		return;
	arena_clear(&l->arena);
	mem_free(l);
}

static void drop_encodings(struct atlas_encodings *v)
{
	if (!v || atomic_fetch_sub(&v->atlases, 1) > 1)
		return;
	encoder_free(v->encoder);
	arena_clear(&v->arena);
	mem_free(v);
}

/* Questions, their benchmarks and labels. */
static bool load_labels(struct db *db, struct atlas *a, const struct atlas *known, struct err *e)
{
	bool ok = true;

	if (known && catalog_same_labels(&known->catalog, &a->catalog)) {
		a->labels = known->labels;
		atomic_fetch_add(&a->labels->atlases, 1);
	} else {
		a->labels = mem_zero_array(1, sizeof(*a->labels));
		a->labels->atlases = 1;
		ok = labels_load(
		    db, &a->catalog, &a->labels->arena, &a->labels->questions, &a->labels->data, e);
	}
	a->questions = a->labels->questions;
	a->data = a->labels->data;
	return ok;
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

static bool read_encodings(
    struct db *db, const struct atlas *a, struct atlas_encodings *v, struct err *e)
{
	size_t Q = a->data.n_questions, dims;

	v->encoder = encode_open(db, v->id, e);
	if (!v->encoder || !encode_name(db, v->id, &v->arena, &v->name, e))
		return false;
	dims = v->encoder->dims;
	v->rows = mat_view(arena_array(&v->arena, float, Q *dims + 1), Q, dims);
	v->have = arena_array(&v->arena, bool, Q + 1);
	return encode_rows(db, v->id, a->questions, Q, &v->rows, v->have, &v->missing, e);
}

/* Those of the same questions by the same encoder are the same, unless some were missing. */
static bool load_encodings(
    struct db *db, struct atlas *a, const struct run *run, const struct atlas *known, struct err *e)
{
	const struct atlas_encodings *before = known ? known->encodings : NULL;
	struct atlas_encodings *v;
	bool ok = true;

	if (!run->encoder)
		return err_set(e, ERR_DATA, "the encoder of run %lld is gone: train again",
		    (long long)run->id);
	if (before && known->labels == a->labels && before->id == run->encoder &&
	    !before->missing) {
		v = a->encodings = known->encodings;
		atomic_fetch_add(&v->atlases, 1);
	} else {
		v = a->encodings = mem_zero_array(1, sizeof(*v));
		v->atlases = 1;
		v->id = run->encoder;
		ok = read_encodings(db, a, v, e);
	}
	a->encoder = v->encoder;
	a->encoder_name = v->name;
	a->encoded = v->have;
	a->n_unencoded = v->missing;
	a->data.dims = v->rows.cols;
	a->data.enc = v->rows.v;
	return ok;
}

static bool load_vectors(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	size_t M = a->catalog.n_models;
	int64_t *ids = arena_array(&a->arena, int64_t, M + 1);

	for (size_t m = 0; m < M; m++)
		ids[m] = a->catalog.models[m].id;
	return trained_load(
	    db, run->id, run->method, run->calibration, ids, M, a->data.dims, &a->trained, e);
}

static bool load_run(
    struct db *db, struct atlas *a, const struct run *run, const struct atlas *known, struct err *e)
{
	struct baseline rates;
	size_t *placed;
	bool *has;

	trainer_options_default(&a->trainer);
	if (!trainer_options_read(run->settings, &a->trainer, e) ||
	    !load_encodings(db, a, run, known, e) || !load_vectors(db, a, run, e))
		return false;
	a->run = run->id;
	a->run_name = a->trained.method == &method_mf
			  ? arena_printf(&a->arena, "run %lld %s K=%zu", (long long)run->id,
				run->method, a->trainer.dim)
			  : arena_printf(&a->arena, "run %lld %s", (long long)run->id, run->method);
	a->digest = run->data_digest;
	rates = baseline_fit(&a->data);
	a->ability = arena_array(&a->arena, double, a->data.n_models + 1);
	placed = arena_array(&a->arena, size_t, a->data.n_models + 1);
	trained_place(&a->trained, &a->data, a->encoded, placed);
	a->placed = placed;
	has = arena_array(&a->arena, bool, a->data.n_models + 1);
	for (size_t m = 0; m < a->data.n_models; m++)
		has[m] = a->trained.in_run[m] || placed[m];
	a->has_vector = has;
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

static bool load(struct db *db, struct atlas *a, int64_t id, const struct atlas *known,
    const struct progress *p, struct err *e)
{
	struct run run;
	bool found;

	if (!catalog_load(db, &a->arena, &a->catalog, e) ||
	    !find_run(db, &a->arena, id, &run, &found, e) || !load_labels(db, a, known, e))
		return false;
	if (!progress_tick(p, "reading", 1, 2, "steps"))
		return err_set(e, ERR_CANCELLED, "stopped while reading the database");
	return load_parts(db, a, found ? &run : NULL, e) &&
	       (!found || load_run(db, a, &run, known, e));
}

struct atlas *atlas_open(
    struct db *db, int64_t run, const struct atlas *known, const struct progress *p, struct err *e)
{
	struct atlas *a = mem_zero_array(1, sizeof(*a));
	bool ok = db_begin_read(db, e);

	if (ok) {
		ok = load(db, a, run, known, p, e);
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
	trained_clear(&a->trained);
	drop_encodings(a->encodings);
	drop_labels(a->labels);
	arena_clear(&a->arena);
	mem_free(a);
}

/* p (n, n_models) from logits to calibrated probabilities. */
static void calibrate(const struct atlas *a, size_t n, float *p)
{
	size_t M = a->catalog.n_models;
	float scale = (float)a->trained.calibration.a, shift = (float)a->trained.calibration.b;

	for (size_t i = 0; i < n * M; i++)
		p[i] = scale * p[i] + shift;
	vec_sigmoid(n * M, p, p);
	for (size_t m = 0; m < M; m++)
		for (size_t i = 0; i < n && !a->has_vector[m]; i++)
			p[i * M + m] = NAN;
}

void atlas_probability(const struct atlas *a, const float *enc, size_t n, float *p)
{
	trained_logits(&a->trained, enc, n, p);
	calibrate(a, n, p);
}

void atlas_forecasts(const struct atlas *a, const uint32_t *question, size_t n, float *p)
{
	size_t D = a->data.dims;
	float *enc = mem_floats(n * D + 1);

	mat_gather(a->data.enc, D, question, n, enc);
	trained_logits(&a->trained, enc, n, p);
	/* An id may have come to another question since. */
	for (size_t i = 0; i < n; i++)
		if (a->data.part[question[i]] == PART_VAL)
			trained_held(
			    &a->trained, a->questions[question[i]].id, p + i * a->catalog.n_models);
	calibrate(a, n, p);
	mem_free(enc);
}
