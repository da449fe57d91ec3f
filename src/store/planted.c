#include "store/planted.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/stmt.h"

#include <math.h>
#include <string.h>

static bool save(struct db *db, const char *kind, const void *key, size_t size, const double *v,
    size_t dims, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "INSERT OR REPLACE INTO planted VALUES (?1, ?2, ?3)", e);
	bool ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, kind);
		stmt_bind_blob(s, 2, key, size);
		stmt_bind_blob(s, 3, v, dims * sizeof(*v));
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool planted_save_model(
    struct db *db, const char *name, const double *v, size_t dims, struct err *e)
{
	return save(db, "model", name, strlen(name), v, dims, e);
}

bool planted_save_question(
    struct db *db, const char *text, size_t len, const double *v, size_t dims, struct err *e)
{
	unsigned char hash[HASH_SIZE];

	hash_of(text, len, hash);
	return save(db, "question", hash, sizeof(hash), v, dims, e);
}

/* The vector under the statement's key into row, or NaN. */
static bool find(struct db *db, sqlite3_stmt *s, const char *kind, const void *key, size_t size,
    double *row, size_t dims, struct err *e)
{
	bool got, ok;

	stmt_bind_text(s, 1, kind);
	stmt_bind_blob(s, 2, key, size);
	ok = stmt_step(db, s, &got, e);
	for (size_t k = 0; ok && k < dims; k++)
		row[k] = NAN;
	if (ok && got && (size_t)sqlite3_column_bytes(s, 0) == dims * sizeof(*row))
		memcpy(row, sqlite3_column_blob(s, 0), dims * sizeof(*row));
	sqlite3_reset(s);
	return ok;
}

bool planted_load(struct db *db, const struct catalog *c, const struct catalog_question *q,
    struct arena *a, size_t *dims, double **models, double **questions, struct err *e)
{
	sqlite3_stmt *s;
	int64_t bytes;
	size_t d;
	bool ok;

	if (!stmt_int(db, "SELECT max(length(data)) FROM planted", 0, 0, 0, &bytes, e))
		return false;
	d = (size_t)bytes / sizeof(double);
	*dims = d;
	*models = *questions = NULL;
	if (!d)
		return true;
	s = stmt_new(db, "SELECT data FROM planted WHERE kind = ?1 AND key = ?2", e);
	ok = s != NULL;
	*models = arena_array(a, double, c->n_models *d + 1);
	*questions = arena_array(a, double, c->n_questions *d + 1);
	for (size_t i = 0; ok && i < c->n_models; i++)
		ok = find(db, s, "model", c->models[i].name, strlen(c->models[i].name),
		    *models + i * d, d, e);
	for (size_t i = 0; ok && i < c->n_questions; i++) {
		unsigned char hash[HASH_SIZE];

		hash_of(q[i].text, q[i].len, hash);
		ok = find(db, s, "question", hash, sizeof(hash), *questions + i * d, d, e);
	}
	sqlite3_finalize(s);
	return ok;
}
