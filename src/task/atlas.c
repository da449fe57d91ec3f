#include "task/atlas.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "base/progress.h"
#include "learn/baseline.h"
#include "num/vec.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/run.h"
#include "store/split.h"
#include "store/staging.h"
#include "task/encode.h"
#include "task/runs.h"
#include "task/split.h"
#include "task/trained.h"
#include "text/encoder.h"

#include <math.h>
#include <string.h>

#define NAMED 8 /* models an ambiguous name lists */

static void copy_models(struct roster *r, const struct catalog *c)
{
	r->models = arena_array(&r->arena, struct atlas_model, c->n_models + 1);
	for (size_t m = 0; m < c->n_models; m++) {
		const struct catalog_model *from = &c->models[m];
		struct atlas_tag *tags = arena_array(&r->arena, struct atlas_tag, from->n_tags + 1);

		for (size_t t = 0; t < from->n_tags; t++)
			tags[t] = (struct atlas_tag){from->tags[t].key, from->tags[t].value};
		r->models[m] = (struct atlas_model){
		    .id = from->id,
		    .name = from->name,
		    .price_in = from->price_in,
		    .price_out = from->price_out,
		    .tags = tags,
		    .n_tags = from->n_tags,
		};
		for (size_t b = 0; b < c->n_benchmarks; b++) {
			size_t i = m * c->n_benchmarks + b;

			r->models[m].seen += c->seen[i];
			r->models[m].right += c->right[i];
			r->n_labels += c->labels[i];
		}
	}
}

/* The roster, and the catalog it is made of, in its arena. */
static bool load_roster(struct db *db, struct roster *r, struct catalog *c, struct err *e)
{
	struct policy policy;
	struct run used;
	bool set, found;

	if (!catalog_load(db, &r->arena, c, e) || !policy_get(db, &policy, &set, e) ||
	    !run_find(db, 0, &r->arena, &used, &found, e))
		return false;
	r->n_models = c->n_models;
	r->n_benchmarks = c->n_benchmarks;
	r->n_questions = c->n_questions;
	r->seen = c->seen;
	r->right = c->right;
	r->run = found ? used.id : 0;
	r->dup_rule = policy_rule_name(policy.rule);
	copy_models(r, c);
	r->benchmarks = arena_array(&r->arena, struct atlas_benchmark, c->n_benchmarks + 1);
	for (size_t b = 0; b < c->n_benchmarks; b++)
		r->benchmarks[b] = (struct atlas_benchmark){
		    c->benchmarks[b].id, c->benchmarks[b].name, c->benchmarks[b].n_questions};
	return true;
}

bool roster_load(struct db *db, struct roster *out, struct err *e)
{
	struct roster r = {0};
	struct catalog c;
	bool ok;

	if (!db_begin_read(db, e))
		return false;
	ok = load_roster(db, &r, &c, e);
	ok = db_end(db, ok, e);
	if (ok)
		*out = r;
	else
		roster_clear(&r);
	return ok;
}

void roster_clear(struct roster *r)
{
	arena_clear(&r->arena);
	*r = (struct roster){0};
}

static size_t no_such_model(const struct roster *r, const char *name, struct err *e)
{
	const char **names = mem_array(r->n_models + 1, sizeof(*names)), *near;

	for (size_t m = 0; m < r->n_models; m++)
		names[m] = r->models[m].name;
	near = near_find(name, names, r->n_models);
	if (near)
		err_set(e, ERR_USAGE, "there is no model %s; did you mean %s?", name, near);
	else
		err_set(e, ERR_USAGE, "there is no model %s; 'embedllm models' lists them", name);
	mem_free(names);
	return SIZE_MAX;
}

static size_t ambiguous(
    const struct roster *r, const char *name, const size_t *match, size_t n, struct err *e)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < n && i < NAMED; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", r->models[match[i]].name);
	if (n > NAMED)
		buf_printf(&list, " and %zu more", n - NAMED);
	err_set(e, ERR_USAGE, "%s may be any of %zu models: %s", name, n, buf_str(&list));
	buf_clear(&list);
	return SIZE_MAX;
}

/* SIZE_MAX where there is none. */
static size_t find_exact(const struct roster *r, const char *name)
{
	struct arena a = ARENA_INIT;
	const char *stored = staging_model_name(&a, name, strlen(name));
	size_t found = SIZE_MAX;

	for (size_t m = 0; m < r->n_models; m++) {
		if (!strcmp(r->models[m].name, name)) {
			found = m;
			break;
		}
		if (!strcmp(r->models[m].name, stored))
			found = m;
	}
	arena_clear(&a);
	return found;
}

size_t roster_find_exact_model(const struct roster *r, const char *name, struct err *e)
{
	size_t found = find_exact(r, name);

	return found < SIZE_MAX ? found : no_such_model(r, name, e);
}

size_t roster_find_model(const struct roster *r, const char *name, struct err *e)
{
	size_t *match, n = 0, only = find_exact(r, name);

	if (only < SIZE_MAX)
		return only;
	match = mem_array(r->n_models + 1, sizeof(*match));
	for (size_t m = 0; m < r->n_models && *name; m++)
		if (strcasestr(r->models[m].name, name))
			match[n++] = m;
	only = n == 1 ? match[0] : n ? ambiguous(r, name, match, n, e) : no_such_model(r, name, e);
	mem_free(match);
	return only;
}

double atlas_model_accuracy(const struct atlas_model *m)
{
	return m->seen > 0 ? m->right / m->seen : NAN;
}

double share_half_width(double right, double seen)
{
	double z = 1.959964, p = right / seen;

	return z / (1 + z * z / seen) * sqrt(p * (1 - p) / seen + z * z / (4 * seen * seen));
}

const char *atlas_model_tag(const struct atlas_model *m, const char *key)
{
	for (size_t t = 0; t < m->n_tags; t++)
		if (!strcmp(m->tags[t].key, key))
			return m->tags[t].value;
	return NULL;
}

/* Questions, their benchmarks and labels. */
static bool load_labels(struct db *db, struct atlas *a, const struct catalog *c,
    struct catalog_question **questions, struct err *e)
{
	size_t Q = c->n_questions, cells = Q * c->n_models + 1;
	bool by_rows = !strcmp(a->roster.dup_rule, policy_rule_name(POLICY_ROWS)), weighted;
	float *score = arena_array(&a->arena, float, cells);
	float *weight = by_rows ? arena_array(&a->arena, float, cells) : NULL;
	uint32_t *benchmark = arena_array(&a->arena, uint32_t, Q + 1);

	if (!catalog_load_questions(db, c, &a->arena, questions, e) ||
	    !label_load(db, c, *questions, score, weight, &weighted, e))
		return false;
	a->questions = arena_array(&a->arena, struct atlas_question, Q + 1);
	for (size_t i = 0; i < Q; i++) {
		const struct catalog_question *q = &(*questions)[i];

		a->questions[i] = (struct atlas_question){q->id, q->benchmark, q->text, q->len};
		benchmark[i] = q->benchmark;
	}
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
static bool load_parts(struct db *db, struct atlas *a, const struct run *run,
    const struct catalog_question *q, struct err *e)
{
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

static bool load_encodings(struct db *db, struct atlas *a, const struct run *run,
    const struct catalog_question *q, struct err *e)
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
	return encode_rows(db, run->encoder, q, Q, &rows, a->encoded, &a->n_unencoded, e);
}

static bool load_vectors(struct db *db, struct atlas *a, const struct run *run, struct err *e)
{
	size_t M = a->roster.n_models;
	int64_t *ids = arena_array(&a->arena, int64_t, M + 1);
	struct trained t;

	for (size_t m = 0; m < M; m++)
		ids[m] = a->roster.models[m].id;
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

static bool load_run(struct db *db, struct atlas *a, const struct run *run,
    const struct catalog_question *q, struct err *e)
{
	struct rates rates;

	trainer_options_default(&a->trainer);
	if (!runs_settings_read(run->settings, &a->trainer, e) ||
	    !load_encodings(db, a, run, q, e) || !load_vectors(db, a, run, e))
		return false;
	a->run = run->id;
	a->run_name = arena_printf(
	    &a->arena, "run %lld %s K=%zu", (long long)run->id, run->method, a->trainer.dim);
	a->digest = run->data_digest;
	rates = rates_fit(&a->data);
	a->ability = arena_array(&a->arena, double, a->data.n_models + 1);
	memcpy(a->ability, rates.ability, a->data.n_models * sizeof(*a->ability));
	rates_free(&rates);
	return true;
}

/* *found false: no run is asked for and there is none. */
static bool find_run(
    struct db *db, struct arena *a, int64_t id, struct run *run, bool *found, struct err *e)
{
	if (!id)
		return run_find(db, 0, a, run, found, e);
	*found = true;
	if (!runs_require(db, id, run, a, e))
		return false;
	return run->state == RUN_DONE ||
	       err_set(e, ERR_USAGE,
		   "run %lld is %s: finish it first: embedllm train --resume %lld", (long long)id,
		   run_state_name(run->state), (long long)id);
}

static bool load(
    struct db *db, struct atlas *a, int64_t id, const struct progress *p, struct err *e)
{
	struct catalog_question *q;
	struct catalog c;
	struct run run;
	bool found;

	if (!load_roster(db, &a->roster, &c, e) || !find_run(db, &a->arena, id, &run, &found, e) ||
	    !load_labels(db, a, &c, &q, e))
		return false;
	if (!progress_tick(p, "reading", 1, 2, "steps"))
		return err_set(e, ERR_CANCELLED, "stopped while reading the database");
	return load_parts(db, a, found ? &run : NULL, q, e) &&
	       (!found || load_run(db, a, &run, q, e));
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
	roster_clear(&a->roster);
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
	size_t M = a->roster.n_models;
	float scale = (float)a->calibration.a, shift = (float)a->calibration.b;

	mf_logits(&a->mf, enc, n, p);
	for (size_t i = 0; i < n * M; i++)
		p[i] = scale * p[i] + shift;
	vec_sigmoid(n * M, p, p);
	for (size_t m = 0; m < M; m++)
		for (size_t i = 0; i < n && !a->in_run[m]; i++)
			p[i * M + m] = NAN;
}
