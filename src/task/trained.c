#include "task/trained.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The name of the list of ids among a method's params. */
#define MODEL_IDS "model ids"

void trained_clear(struct trained *t)
{
	params_clear(&t->params);
	mem_free(t->column);
	mf_free(&t->mf);
	mem_free(t->in_run);
	mem_free(t->draws);
	mat_free(&t->heads);
	mem_free(t->near);
	mem_free(t->held_question);
	mem_free(t->held);
	*t = (struct trained){0};
}

/* Logits as the method gives them, (n, columns); new array. */
static float *method_logits(const struct trained *t, const float *enc, size_t n)
{
	float *z = mem_floats(n * t->columns + 1);

	t->method->logits(&t->params, enc, n, z);
	return z;
}

/* z (mf.models) from a row of the method's logits, of the models that it has. */
static void own_columns(const struct trained *t, const float *all, float *z)
{
	for (size_t m = 0; m < t->mf.models; m++)
		if (t->column[m] < t->columns)
			z[m] = all[t->column[m]];
}

void trained_logits(const struct trained *t, const float *enc, size_t n, float *z)
{
	size_t M = t->mf.models;
	float *all;

	if (t->method == &method_mf) {
		mf_logits(&t->mf, enc, n, z);
		return;
	}
	all = method_logits(t, enc, n);
	if (t->placed)
		mf_logits(&t->mf, all, n, z);
	else
		memset(z, 0, n * M * sizeof(*z));
	for (size_t i = 0; i < n; i++)
		own_columns(t, all + i * t->columns, z + i * M);
	mem_free(all);
}

bool trained_held(const struct trained *t, int64_t question, float *z)
{
	size_t from = 0, to = t->n_held;

	while (from < to) {
		size_t at = from + (to - from) / 2;

		if (t->held_question[at] == question) {
			own_columns(t, t->held + at * t->columns, z);
			return true;
		}
		if (t->held_question[at] < question)
			from = at + 1;
		else
			to = at;
	}
	return false;
}

void trained_project(const struct trained *t, const float *enc, size_t n, float *q)
{
	float *z;

	if (t->method == &method_mf) {
		mf_project(&t->mf, enc, n, q);
		return;
	}
	z = method_logits(t, enc, n);
	mf_project(&t->mf, z, n, q);
	mem_free(z);
}

/* The params with the ids of the models they are of, in the order of their columns. */
static bool save_method(
    struct db *db, int64_t run, const struct trained *t, const int64_t *ids, struct err *e)
{
	struct params with = t->params;
	struct mat *models = params_add(&with, MODEL_IDS, 1, t->mf.models);
	struct buf b = BUF_INIT;
	bool ok;

	for (size_t m = 0; m < t->mf.models; m++)
		models->v[m] = (float)ids[m];
	ok = params_save(&with, &b) ||
	     err_set(e, ERR_FAILED, "method %s has learned more than can be stored, over %zu bytes",
		 t->method->name, b.max);
	ok = ok && run_save_vector(db, run, "method", 0, (const float *)(const void *)b.s,
		       b.len / sizeof(float), e);
	mat_free(models);
	buf_clear(&b);
	return ok;
}

static bool save_question_side(struct db *db, int64_t run, const struct mf *m, struct err *e)
{
	size_t na = m->dim * m->features, n = na + m->dim + 1;
	float *v = mem_floats(n);
	bool ok;

	memcpy(v, m->a, na * sizeof(float));
	memcpy(v + na, m->a0, m->dim * sizeof(float));
	v[n - 1] = m->b[0];
	ok = run_save_vector(db, run, "question", 0, v, n, e);
	mem_free(v);
	return ok;
}

static bool save_heads(
    struct db *db, int64_t run, const struct trained *t, size_t model, int64_t id, struct err *e)
{
	size_t K = t->mf.dim;
	float *v = mem_floats(t->n_draws * K);
	bool ok;

	for (size_t b = 0; b < t->n_draws; b++)
		memcpy(v + b * K, mat_row(&t->heads, b * t->mf.models + model), K * sizeof(float));
	ok = run_save_vector(db, run, "head", id, v, t->n_draws * K, e);
	mem_free(v);
	return ok;
}

bool trained_save(
    struct db *db, int64_t run, const struct trained *t, const int64_t *ids, struct err *e)
{
	bool ok = save_question_side(db, run, &t->mf, e) &&
		  (t->method == &method_mf || save_method(db, run, t, ids, e));

	for (size_t m = 0; m < t->mf.models && ok; m++) {
		if (!t->in_run[m])
			continue;
		ok = run_save_vector(
		    db, run, "model", ids[m], t->mf.p + m * t->mf.dim, t->mf.dim, e);
		if (ok && t->n_draws)
			ok = save_heads(db, run, t, m, ids[m], e);
	}
	for (size_t i = 0; i < t->n_held && ok; i++)
		ok = run_save_vector(db, run, "held", t->held_question[i],
		    t->held + i * t->mf.models, t->mf.models, e);
	return ok && (!t->n_near || run_save_vector(db, run, "near", 0, t->near, t->n_near, e));
}

char *trained_calibration_write(const struct trained *t)
{
	json_t *draws = json_array(), *v;
	char *text;

	for (size_t b = 0; b < t->n_draws; b++)
		json_array_append_new(draws, json_pack("[f,f]", t->draws[b].a, t->draws[b].b));
	v = json_pack("{s:f,s:f,s:{s:f,s:f},s:o}", "a", t->calibration.a, "b", t->calibration.b,
	    "interval", "scale", t->interval.scale, "cell", t->interval.cell, "draws", draws);
	text = json_compact(v);
	json_decref(v);
	return text;
}

static bool calibration_read(const char *text, struct trained *t, struct err *e)
{
	json_t *v = json_read(text, strlen(text), "calibration of the run", e), *draws, *interval;
	bool ok;

	if (!v)
		return false;
	draws = json_object_get(v, "draws");
	interval = json_object_get(v, "interval");
	t->n_draws = json_array_size(draws);
	t->draws = mem_array(t->n_draws + 1, sizeof(*t->draws));
	ok = json_get_number(v, "a", &t->calibration.a) &&
	     json_get_number(v, "b", &t->calibration.b) &&
	     json_get_number(interval, "scale", &t->interval.scale) &&
	     json_get_number(interval, "cell", &t->interval.cell) && t->interval.cell > 0;
	for (size_t b = 0; b < t->n_draws && ok; b++)
		ok =
		    !json_unpack(json_array_get(draws, b), "[F,F]", &t->draws[b].a, &t->draws[b].b);
	json_decref(v);
	return ok || err_set(e, ERR_DATA, "the calibration of the run is not as it was written");
}

static int by_id(const void *a, const void *b)
{
	const int64_t *const *x = a, *const *y = b;

	return (**x > **y) - (**x < **y);
}

/* Both lists are ascending by model id: at(i) is where the i-th stored vector belongs, SIZE_MAX for
 * a model that is not asked for. */
static size_t *places(const struct run_vector *v, size_t n_v, const int64_t *ids, size_t n)
{
	const int64_t **sorted = mem_array(n + 1, sizeof(*sorted));
	size_t *at = mem_array(n_v + 1, sizeof(*at)), j = 0;

	for (size_t i = 0; i < n; i++)
		sorted[i] = &ids[i];
	qsort(sorted, n, sizeof(*sorted), by_id);
	for (size_t i = 0; i < n_v; i++) {
		while (j < n && *sorted[j] < v[i].owner)
			j++;
		at[i] = j < n && *sorted[j] == v[i].owner ? (size_t)(sorted[j] - ids) : SIZE_MAX;
	}
	mem_free(sorted);
	return at;
}

static bool bad_length(
    struct db *db, int64_t run, const char *what, size_t has, size_t wants, struct err *e)
{
	return err_set(e, ERR_DATA,
	    "%s: run %lld is damaged: %s has %zu numbers, not %zu: delete the run and train again",
	    db_path(db), (long long)run, what, has, wants);
}

static bool load_models(struct db *db, int64_t run, struct arena *a, const int64_t *ids, size_t n,
    size_t features, struct trained *t, struct err *e)
{
	struct run_vector *v, *q;
	size_t n_v, n_q, K, wants;
	size_t *at;

	if (!run_load_vectors(db, run, "model", a, &v, &n_v, e) ||
	    !run_load_vectors(db, run, "question", a, &q, &n_q, e))
		return false;
	K = n_v ? v[0].n : 0;
	for (size_t i = 0; i < n_v; i++)
		if (!v[i].n || v[i].n != K)
			return bad_length(db, run, "a model vector", v[i].n, K, e);
	if (!K)
		return err_set(e, ERR_DATA, "%s: run %lld has no model vector left: train again",
		    db_path(db), (long long)run);
	wants = K * features + K + 1;
	if (n_q != 1 || q[0].n != wants)
		return bad_length(db, run, "its question side", n_q ? q[0].n : 0, wants, e);
	t->mf = mf_new(n, K, features);
	memcpy(t->mf.a, q[0].v, K * features * sizeof(float));
	memcpy(t->mf.a0, q[0].v + K * features, K * sizeof(float));
	t->mf.b[0] = q[0].v[wants - 1];
	for (size_t k = 0; k < K; k++)
		t->mf.w[k] = 1;
	t->in_run = mem_zero_array(n + 1, sizeof(*t->in_run));
	at = places(v, n_v, ids, n);
	for (size_t i = 0; i < n_v; i++)
		if (at[i] != SIZE_MAX) {
			memcpy(t->mf.p + at[i] * K, v[i].v, K * sizeof(float));
			t->in_run[at[i]] = true;
		}
	mem_free(at);
	return true;
}

static bool load_heads(struct db *db, int64_t run, struct arena *a, const int64_t *ids, size_t n,
    struct trained *t, struct err *e)
{
	size_t K = t->mf.dim, n_v, *at;
	struct run_vector *v;
	bool ok = true;

	if (!t->n_draws)
		return true;
	if (!run_load_vectors(db, run, "head", a, &v, &n_v, e))
		return false;
	t->heads = mat_new(t->n_draws * n, K);
	at = places(v, n_v, ids, n);
	for (size_t i = 0; i < n_v && ok; i++) {
		if (v[i].n != t->n_draws * K)
			ok = bad_length(db, run, "a head", v[i].n, t->n_draws * K, e);
		for (size_t b = 0; b < t->n_draws && ok && at[i] != SIZE_MAX; b++)
			memcpy(
			    mat_row(&t->heads, b * n + at[i]), v[i].v + b * K, K * sizeof(float));
	}
	mem_free(at);
	return ok;
}

static bool load_near(struct db *db, int64_t run, struct arena *a, struct trained *t, struct err *e)
{
	struct run_vector *v;
	size_t n;

	if (!run_load_vectors(db, run, "near", a, &v, &n, e))
		return false;
	t->n_near = n ? v[0].n : 0;
	t->near = mem_floats(t->n_near + 1);
	if (t->n_near)
		memcpy(t->near, v[0].v, t->n_near * sizeof(float));
	return true;
}

static bool load_held(struct db *db, int64_t run, struct arena *a, struct trained *t, struct err *e)
{
	struct run_vector *v;
	size_t n;

	if (!run_load_vectors(db, run, "held", a, &v, &n, e))
		return false;
	t->held_question = mem_array(n + 1, sizeof(*t->held_question));
	t->held = mem_floats(n * t->columns + 1);
	for (size_t i = 0; i < n; i++) {
		if (v[i].n != t->columns)
			return bad_length(db, run, "a held forecast", v[i].n, t->columns, e);
		t->held_question[i] = v[i].owner;
		memcpy(t->held + i * t->columns, v[i].v, t->columns * sizeof(float));
	}
	t->n_held = n;
	return true;
}

/* Another method's params, and which column of its logits each of the models ids[0..n) has. */
static bool load_method(struct db *db, int64_t run, struct arena *a, const int64_t *ids, size_t n,
    struct trained *t, struct err *e)
{
	const struct mat *models;
	struct run_vector *v;
	size_t n_v;

	if (!run_load_vectors(db, run, "method", a, &v, &n_v, e))
		return false;
	if (n_v != 1)
		return bad_length(db, run, "its method", n_v, 1, e);
	if (!params_load(&t->params, v[0].v, v[0].n * sizeof(float), e))
		return false;
	models = params_find(&t->params, MODEL_IDS);
	if (!models)
		return bad_length(db, run, "the list of its models", 0, 1, e);
	t->columns = models->cols;
	t->column = mem_array(n + 1, sizeof(*t->column));
	/* Mostly in the same order: the search begins where the last one ended. */
	for (size_t m = 0, c = 0; m < n; m++) {
		size_t tried = 0;

		while (tried < t->columns && (int64_t)models->v[c] != ids[m]) {
			c = (c + 1) % t->columns;
			tried++;
		}
		t->column[m] = tried < t->columns ? c : SIZE_MAX;
	}
	return true;
}

bool trained_load(struct db *db, int64_t run, const char *method, const char *calibration,
    const int64_t *ids, size_t n, size_t features, struct trained *out, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct trained t = {
	    .method = method_find(method), .calibration = {1, 0}, .interval = {1, 1}};
	bool ok;

	if (!t.method)
		return err_set(e, ERR_DATA,
		    "%s: run %lld is of method %s, which this program does not know: use another "
		    "run (embedllm runs) or train again",
		    db_path(db), (long long)run, method);
	ok = (!calibration || calibration_read(calibration, &t, e)) &&
	     (t.method == &method_mf || load_method(db, run, &a, ids, n, &t, e));
	if (ok && t.method != &method_mf)
		features = t.columns;
	ok = ok && load_models(db, run, &a, ids, n, features, &t, e) &&
	     load_heads(db, run, &a, ids, n, &t, e) && load_near(db, run, &a, &t, e) &&
	     load_held(db, run, &a, &t, e);
	arena_clear(&a);
	if (ok)
		*out = t;
	else
		trained_clear(&t);
	return ok;
}
