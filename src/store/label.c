#include "store/label.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/answer.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/policy.h"
#include "store/stmt.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool label_resolve(struct db *db, const struct policy *policy, struct err *e)
{
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = policy_set(db, policy, e) && answer_rebuild(db, "SELECT id FROM question", 0, e) &&
	     answer_summarise(db, e);
	return db_end(db, ok, e);
}

/* Column of each model id - 1 in the catalog, UINT32_MAX where it has none. */
static uint32_t *columns(const struct catalog *c, size_t *n)
{
	uint32_t *col;

	*n = 0;
	for (size_t i = 0; i < c->n_models; i++)
		if (c->models[i].id <= ANSWER_MODELS_MAX && (size_t)c->models[i].id > *n)
			*n = (size_t)c->models[i].id;
	col = mem_array(*n + 1, sizeof(*col));
	memset(col, 0xff, (*n + 1) * sizeof(*col));
	for (size_t i = 0; i < c->n_models; i++)
		if (c->models[i].id > 0 && (size_t)c->models[i].id <= *n)
			col[c->models[i].id - 1] = (uint32_t)i;
	return col;
}

static void scatter(const void *blob, size_t bytes, const uint32_t *col, size_t n_col, float *row)
{
	size_t n = bytes / sizeof(float);
	float v;

	for (size_t i = 0; i < n && i < n_col; i++) {
		memcpy(&v, (const char *)blob + i * sizeof(v), sizeof(v));
		if (col[i] != UINT32_MAX)
			row[col[i]] = v;
	}
}

bool label_load(struct db *db, const struct catalog *c, const struct catalog_question *q,
    float *score, float *weight, bool *weighted, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT question, scores, weights FROM answer ORDER BY question", e);
	size_t n = c->n_questions * c->n_models, n_col, at = 0;
	uint32_t *col = columns(c, &n_col);
	bool row, ok = s != NULL;

	*weighted = false;
	for (size_t i = 0; i < n; i++)
		score[i] = NAN;
	for (size_t i = 0; weight && i < n; i++)
		weight[i] = 1;
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t id = sqlite3_column_int64(s, 0);

		while (at < c->n_questions && q[at].id < id)
			at++;
		if (at == c->n_questions || q[at].id != id)
			continue;
		scatter(sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1), col, n_col,
		    score + at * c->n_models);
		if (sqlite3_column_type(s, 2) == SQLITE_NULL)
			continue;
		*weighted = true;
		if (weight)
			scatter(sqlite3_column_blob(s, 2), (size_t)sqlite3_column_bytes(s, 2), col,
			    n_col, weight + at * c->n_models);
	}
	mem_free(col);
	sqlite3_finalize(s);
	return ok;
}

bool label_rows(struct db *db, const struct catalog *c, const struct catalog_question *q,
    const uint32_t *which, size_t n, float *rows, float *right, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT r.model, count(r.score), total(r.score >= ?2) FROM item i "
	    "JOIN response r ON r.item = i.id WHERE i.question = ?1 GROUP BY r.model",
	    e);
	size_t n_col;
	uint32_t *col = columns(c, &n_col);
	bool row, ok = s != NULL;

	memset(rows, 0, n * c->n_models * sizeof(*rows));
	memset(right, 0, n * c->n_models * sizeof(*right));
	for (size_t i = 0; ok && i < n; i++) {
		sqlite3_bind_int64(s, 1, q[which[i]].id);
		sqlite3_bind_double(s, 2, c->policy.threshold);
		while ((ok = stmt_step(db, s, &row, e)) && row) {
			int64_t model = sqlite3_column_int64(s, 0);
			size_t at = i * c->n_models;

			if (model < 1 || (size_t)model > n_col || col[model - 1] == UINT32_MAX)
				continue;
			rows[at + col[model - 1]] = (float)sqlite3_column_int64(s, 1);
			right[at + col[model - 1]] = (float)sqlite3_column_double(s, 2);
		}
		sqlite3_reset(s);
	}
	mem_free(col);
	sqlite3_finalize(s);
	return ok;
}

/* The questions in the order of their hashes, which does not depend on ids; each with its position
 * in id order. */
static bool hash_questions(struct db *db, const struct catalog *c, const float *score,
    const float *weight, struct hash_state *h, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT q.hash, b.name, q.place FROM "
	    "(SELECT hash, benchmark, row_number() OVER (ORDER BY id) - 1 "
	    "AS place FROM question) q "
	    "JOIN benchmark b ON b.id = q.benchmark ORDER BY q.hash, b.name",
	    e);
	size_t place, n = c->n_models;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		place = (size_t)sqlite3_column_int64(s, 2);
		hash_add(h, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
		hash_add(h, sqlite3_column_text(s, 1), (size_t)sqlite3_column_bytes(s, 1) + 1);
		if (n && place < c->n_questions) {
			hash_add(h, score + place * n, n * sizeof(*score));
			hash_add(h, weight + place * n, n * sizeof(*weight));
		}
	}
	sqlite3_finalize(s);
	return ok;
}

bool label_digest(struct db *db, char out[65], struct err *e)
{
	unsigned char sum[HASH_SIZE];
	struct policy policy;
	struct arena a = ARENA_INIT;
	struct catalog_question *q;
	struct hash_state h;
	struct catalog c;
	char text[64];
	float *score = NULL, *weight = NULL;
	bool set, weighted, ok;

	if (!db_begin_read(db, e))
		return false;
	ok = policy_get(db, &policy, &set, e) && catalog_load(db, &a, &c, e) &&
	     catalog_load_questions(db, &c, &a, &q, e);
	if (ok) {
		score = mem_floats(c.n_models * c.n_questions + 1);
		weight = mem_floats(c.n_models * c.n_questions + 1);
		ok = label_load(db, &c, q, score, weight, &weighted, e);
	}
	if (ok) {
		/* NaNs differ in bits from source to source; ours are one. */
		for (size_t i = 0; i < c.n_models * c.n_questions; i++)
			if (isnan(score[i]))
				score[i] = -1;
		hash_init(&h);
		snprintf(text, sizeof(text), "%s %.17g", policy_rule_name(policy.rule),
		    policy.threshold);
		hash_add(&h, text, strlen(text) + 1);
		for (size_t i = 0; i < c.n_models; i++)
			hash_add(&h, c.models[i].name, strlen(c.models[i].name) + 1);
		ok = hash_questions(db, &c, score, weight, &h, e);
	}
	if (ok) {
		hash_final(&h, sum);
		hash_hex(sum, out);
	}
	mem_free(score);
	mem_free(weight);
	arena_clear(&a);
	return db_end(db, ok, e);
}
