#include "store/answer.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/stmt.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* BLOBs hold the machine's own floats, and are said to be little-endian. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte order");

bool answer_open(struct answer_writer *w, struct db *db, const struct policy *policy, struct err *e)
{
	*w = (struct answer_writer){.db = db, .policy = *policy};
	w->read = stmt_new(db,
	    "SELECT r.model, i.import, r.n, r.score FROM item i JOIN response r ON r.item = i.id "
	    "WHERE i.question = ?1 ORDER BY i.id, r.model, r.n",
	    e);
	w->write = stmt_new(db,
	    "INSERT INTO answer VALUES (?1, ?2, ?3) "
	    "ON CONFLICT DO UPDATE SET scores = ?2, weights = ?3",
	    e);
	w->erase = stmt_new(db, "DELETE FROM answer WHERE question = ?1", e);
	return w->read && w->write && w->erase;
}

void answer_close(struct answer_writer *w)
{
	sqlite3_finalize(w->read);
	sqlite3_finalize(w->write);
	sqlite3_finalize(w->erase);
	mem_free(w->tally);
	mem_free(w->touched);
	mem_free(w->scores);
	mem_free(w->weights);
	*w = (struct answer_writer){0};
}

static void make_room(struct answer_writer *w, size_t models)
{
	size_t old = w->cap, cap = 0;

	if (models <= old)
		return;
	w->tally = mem_grow(w->tally, &w->cap, models, sizeof(*w->tally));
	memset(w->tally + old, 0, (w->cap - old) * sizeof(*w->tally));
	cap = w->cap;
	w->touched = mem_resize_array(w->touched, cap, sizeof(*w->touched));
	w->scores = mem_resize_array(w->scores, cap, sizeof(*w->scores));
	w->weights = mem_resize_array(w->weights, cap, sizeof(*w->weights));
}

void answer_add(
    struct answer_writer *w, int64_t model, int64_t import, int64_t n, double score, bool fresh)
{
	uint64_t at = (uint64_t)import << 32 | (uint64_t)n;
	struct answer_tally *t;

	assert(model > 0 && model <= ANSWER_MODELS_MAX);
	make_room(w, (size_t)model);
	if ((size_t)model > w->models)
		w->models = (size_t)model;
	t = &w->tally[model - 1];
	if (!t->rows)
		w->touched[w->n_touched++] = (uint32_t)(model - 1);
	t->rows++;
	t->fresh += fresh;
	if (isnan(score))
		return;
	if (!t->scored || at < t->first_at) {
		t->first_at = at;
		t->first = score;
	}
	if (!t->scored || at > t->last_at) {
		t->last_at = at;
		t->last = score;
	}
	t->min = t->scored ? fmin(t->min, score) : score;
	t->max = t->scored ? fmax(t->max, score) : score;
	t->sum += score;
	t->right += score >= w->policy.threshold;
	t->scored++;
}

bool answer_load(struct answer_writer *w, int64_t question, struct err *e)
{
	int64_t model;
	bool row, ok;

	sqlite3_bind_int64(w->read, 1, question);
	while ((ok = stmt_step(w->db, w->read, &row, e)) && row) {
		model = sqlite3_column_int64(w->read, 0);
		if (model < 1 || model > ANSWER_MODELS_MAX) {
			sqlite3_reset(w->read);
			return err_set(e, ERR_DATA, "%s: damaged: a response of model %lld",
			    db_path(w->db), (long long)model);
		}
		answer_add(w, model, sqlite3_column_int64(w->read, 1),
		    sqlite3_column_int64(w->read, 2), stmt_real(w->read, 3), false);
	}
	sqlite3_reset(w->read);
	return ok;
}

static float resolve(const struct answer_writer *w, const struct answer_tally *t)
{
	double threshold = w->policy.threshold;

	if (!t->scored)
		return NAN;
	switch (w->policy.rule) {
	case POLICY_MAJORITY:
		return 2 * t->right == t->scored ? NAN : 2 * t->right > t->scored;
	case POLICY_MAX:
		return t->right > 0;
	case POLICY_FIRST:
		return t->first >= threshold;
	case POLICY_LAST:
		return t->last >= threshold;
	case POLICY_ROWS:
	case POLICY_MEAN:
	default:
		return (float)(t->sum / t->scored);
	}
}

static void count_outcome(const struct answer_writer *w, const struct answer_tally *t, float label,
    struct answer_outcome *o)
{
	bool real = w->policy.rule == POLICY_ROWS || w->policy.rule == POLICY_MEAN;

	if (!t->fresh)
		return;
	o->repeats += t->rows > t->fresh ? t->fresh : t->fresh - 1;
	if (!t->scored || (real ? t->min == t->max : t->right == 0 || t->right == t->scored))
		return;
	o->conflicts++;
	if (isnan(label))
		o->to_missing++;
	else if (label >= (float)w->policy.threshold)
		o->to_right++;
	else
		o->to_wrong++;
}

bool answer_put(struct answer_writer *w, int64_t question, struct answer_outcome *o, struct err *e)
{
	bool weighted = false;
	size_t n = 0; /* up to the last model with a label */
	sqlite3_stmt *s;

	for (size_t i = 0; i < w->models; i++) {
		w->scores[i] = NAN;
		w->weights[i] = 1;
	}
	for (size_t i = 0; i < w->n_touched; i++) {
		size_t m = w->touched[i];
		struct answer_tally *t = &w->tally[m];

		w->scores[m] = resolve(w, t);
		if (o)
			count_outcome(w, t, w->scores[m], o);
		if (w->policy.rule == POLICY_ROWS && t->scored > 1) {
			w->weights[m] = (float)t->scored;
			weighted = true;
		}
		if (!isnan(w->scores[m]) && m >= n)
			n = m + 1;
		*t = (struct answer_tally){0};
	}
	w->n_touched = 0;
	w->models = 0;
	s = n ? w->write : w->erase;
	sqlite3_bind_int64(s, 1, question);
	if (n)
		stmt_bind_blob(s, 2, w->scores, n * sizeof(float));
	if (n && weighted)
		stmt_bind_blob(s, 3, w->weights, n * sizeof(float));
	else if (n)
		sqlite3_bind_null(s, 3);
	return stmt_done(w->db, s, e);
}

bool answer_rebuild(struct db *db, const char *questions, int64_t a, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, questions, e);
	struct answer_writer w = {0};
	struct policy policy;
	bool row, set, ok;

	ok = s && policy_get(db, &policy, &set, e) && answer_open(&w, db, &policy, e);
	if (ok && sqlite3_bind_parameter_count(s))
		sqlite3_bind_int64(s, 1, a);
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t question = sqlite3_column_int64(s, 0);

		ok = answer_load(&w, question, e) && answer_put(&w, question, NULL, e);
	}
	answer_close(&w);
	sqlite3_finalize(s);
	return ok;
}

static bool write_sums(struct db *db, const struct answer_sums *sums, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "INSERT INTO accuracy VALUES (?1, ?2, ?3, ?4, ?5)", e);
	bool ok = s && stmt_exec(db, "DELETE FROM accuracy", e);

	for (size_t m = 0; ok && m < sums->models; m++) {
		for (size_t b = 0; ok && b < sums->benchmarks; b++) {
			const struct answer_sum *v = &sums->v[m * sums->benchmarks + b];

			if (!v->labels)
				continue;
			sqlite3_bind_int64(s, 1, (int64_t)m + 1);
			sqlite3_bind_int64(s, 2, (int64_t)b);
			sqlite3_bind_int64(s, 3, v->labels);
			sqlite3_bind_double(s, 4, v->seen);
			sqlite3_bind_double(s, 5, v->correct);
			ok = stmt_done(db, s, e);
		}
	}
	sqlite3_finalize(s);
	return ok;
}

/* Add the labels of one question, packed in the statement's columns 1 and 2. */
static void add_labels(const struct answer_sums *sums, sqlite3_stmt *s, size_t benchmark)
{
	const char *score = sqlite3_column_blob(s, 1), *weight = sqlite3_column_blob(s, 2);
	size_t n = (size_t)sqlite3_column_bytes(s, 1) / sizeof(float);
	size_t n_weights = (size_t)sqlite3_column_bytes(s, 2) / sizeof(float);

	for (size_t m = 0; m < n && m < sums->models; m++) {
		struct answer_sum *v = &sums->v[m * sums->benchmarks + benchmark];
		float x, y = 1;

		memcpy(&x, score + m * sizeof(x), sizeof(x));
		if (isnan(x))
			continue;
		if (m < n_weights)
			memcpy(&y, weight + m * sizeof(y), sizeof(y));
		v->labels++;
		v->seen += (double)y;
		v->correct += (double)y * (double)x;
	}
}

bool answer_sum_up(struct db *db, struct answer_sums *out, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT q.benchmark, a.scores, a.weights FROM answer a "
	    "JOIN question q ON q.id = a.question ORDER BY a.question",
	    e);
	int64_t models = 0, benchmarks = 0;
	struct answer_sums sums = {0};
	bool row, ok;

	ok = s && stmt_int(db, "SELECT max(id) FROM model", 0, 0, 0, &models, e) &&
	     stmt_int(db, "SELECT max(id) + 1 FROM benchmark", 0, 0, 0, &benchmarks, e);
	/* A damaged file's ids are no reason to ask for all memory there is. */
	if (ok && (models < 0 || benchmarks < 0 || models > ANSWER_MODELS_MAX ||
		      benchmarks > ANSWER_PAIRS_MAX / (models + 1)))
		ok = err_set(e, ERR_DATA, "%s: damaged: %lld models, %lld benchmarks", db_path(db),
		    (long long)models, (long long)benchmarks);
	if (ok) {
		sums = (struct answer_sums){
		    .models = (size_t)models, .benchmarks = (size_t)benchmarks};
		sums.v = mem_zero_array(sums.models * sums.benchmarks + 1, sizeof(*sums.v));
	}
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t b = sqlite3_column_int64(s, 0);

		if (b >= 0 && b < benchmarks)
			add_labels(&sums, s, (size_t)b);
	}
	sqlite3_finalize(s);
	if (ok)
		*out = sums;
	else
		mem_free(sums.v);
	return ok;
}

bool answer_summarise(struct db *db, struct err *e)
{
	struct answer_sums sums;
	bool ok;

	if (!answer_sum_up(db, &sums, e))
		return false;
	ok = write_sums(db, &sums, e);
	mem_free(sums.v);
	return ok;
}
