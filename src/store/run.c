#include "store/run.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/handle.h"
#include "store/stmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[RUN_STATE_COUNT] = {
    [RUN_RUNNING] = "running",
    [RUN_STOPPED] = "stopped",
    [RUN_DONE] = "done",
    [RUN_FAILED] = "failed",
};
static const char *const blob_names[RUN_BLOB_COUNT] = {[RUN_LAST] = "last", [RUN_BEST] = "best"};

const char *run_state_name(enum run_state s)
{
	return state_names[s];
}

static void bind_id(sqlite3_stmt *s, int i, int64_t id)
{
	if (id)
		sqlite3_bind_int64(s, i, id);
	else
		sqlite3_bind_null(s, i);
}

bool run_create(struct db *db, struct run *r, struct arena *a, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "INSERT INTO run (created, method, split, encoder, split_name, settings, seed, "
	    "threads, "
	    "kernel, data_digest, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	    e);
	char *created = stmt_now(a);
	bool ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, created);
		stmt_bind_text(s, 2, r->method);
		bind_id(s, 3, r->split);
		bind_id(s, 4, r->encoder);
		stmt_bind_text(s, 5, r->split_name ? r->split_name : "");
		stmt_bind_text(s, 6, r->settings);
		sqlite3_bind_int64(s, 7, (int64_t)r->seed);
		sqlite3_bind_int(s, 8, r->threads);
		stmt_bind_text(s, 9, r->kernel);
		stmt_bind_text(s, 10, r->data_digest);
		stmt_bind_text(s, 11, state_names[r->state]);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	if (ok) {
		r->id = sqlite3_last_insert_rowid(db->handle);
		r->created = created;
	}
	return ok;
}

static bool save_checkpoint(struct db *db, int64_t run, enum run_blob which, size_t epoch,
    const void *p, size_t n, struct err *e)
{
	sqlite3_stmt *s;
	bool ok;

	if (!p)
		return true;
	s = stmt_new(db,
	    "INSERT INTO checkpoint VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT DO UPDATE SET epoch = ?3, data = ?4",
	    e);
	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, run);
	stmt_bind_text(s, 2, blob_names[which]);
	sqlite3_bind_int64(s, 3, (int64_t)epoch);
	stmt_bind_blob(s, 4, p, n);
	ok = stmt_done(db, s, e);
	sqlite3_finalize(s);
	return ok;
}

/* Within a transaction: someone may have deleted the run while it was trained. */
static bool still_there(struct db *db, int64_t run, struct err *e)
{
	int64_t n;

	return stmt_int(db, "SELECT count(*) FROM run WHERE id = ?1", run, 0, 0, &n, e) &&
	       (n || err_set(e, ERR_FAILED,
			 "run %lld was deleted while it was trained; nothing of it is kept",
			 (long long)run));
}

bool run_save_epoch(struct db *db, int64_t run, const struct epoch *t, const void *last,
    size_t n_last, const void *best, size_t n_best, struct err *e)
{
	sqlite3_stmt *s;
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = still_there(db, run, e);
	s = ok ? stmt_new(db, "INSERT OR REPLACE INTO curve VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", e)
	       : NULL;
	ok = s != NULL;
	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		sqlite3_bind_int64(s, 2, (int64_t)t->epoch);
		stmt_bind_real(s, 3, t->train_loss);
		stmt_bind_real(s, 4, t->train_accuracy);
		stmt_bind_real(s, 5, t->val_loss);
		stmt_bind_real(s, 6, t->val_accuracy);
		stmt_bind_real(s, 7, t->seconds);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	ok = ok && save_checkpoint(db, run, RUN_LAST, t->epoch, last, n_last, e) &&
	     save_checkpoint(db, run, RUN_BEST, t->epoch, best, n_best, e) &&
	     stmt_run(db, "UPDATE run SET epochs = ?2 WHERE id = ?1", run, (int64_t)t->epoch, e);
	return db_end(db, ok, e);
}

bool run_load_checkpoint(struct db *db, int64_t run, enum run_blob which, struct arena *a,
    const void **p, size_t *n, size_t *epoch, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT data, epoch FROM checkpoint WHERE run = ?1 AND kind = ?2", e);
	bool row, ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		stmt_bind_text(s, 2, blob_names[which]);
		ok = stmt_step(db, s, &row, e);
	}
	if (ok) {
		*n = 0;
		*epoch = row ? (size_t)sqlite3_column_int64(s, 1) : 0;
		*p = row ? stmt_blob(s, 0, a, n) : NULL;
	}
	sqlite3_finalize(s);
	return ok;
}

bool run_reopen(struct db *db, int64_t run, size_t epoch, struct err *e)
{
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok =
	    stmt_run(db, "UPDATE run SET state = 'running', epochs = ?2 WHERE id = ?1", run,
		(int64_t)epoch, e) &&
	    stmt_run(db, "DELETE FROM curve WHERE run = ?1 AND epoch > ?2", run, (int64_t)epoch, e);
	return db_end(db, ok, e);
}

bool run_finish(struct db *db, const struct run *r, struct err *e)
{
	sqlite3_stmt *s;
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = still_there(db, r->id, e);
	s = ok ? stmt_new(db,
		     "UPDATE run SET state = ?2, epochs = ?3, best_epoch = ?4, seconds = ?5, "
		     "summary = ?6, calibration = ?7 WHERE id = ?1",
		     e)
	       : NULL;
	ok = s != NULL;
	if (ok) {
		sqlite3_bind_int64(s, 1, r->id);
		stmt_bind_text(s, 2, state_names[r->state]);
		sqlite3_bind_int64(s, 3, (int64_t)r->epochs);
		sqlite3_bind_int64(s, 4, (int64_t)r->best_epoch);
		sqlite3_bind_double(s, 5, r->seconds);
		stmt_bind_text(s, 6, r->summary);
		stmt_bind_text(s, 7, r->calibration);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	if (ok && r->state == RUN_DONE)
		ok = stmt_run(db, "DELETE FROM checkpoint WHERE run = ?1", r->id, 0, e);
	return db_end(db, ok, e);
}

#define RUN_COLUMNS                                                                                \
	"id, created, method, split, encoder, split_name, settings, seed, threads, kernel, "       \
	"data_digest, state, epochs, best_epoch, seconds, summary, calibration"

static struct run read_run(sqlite3_stmt *s, struct arena *a)
{
	struct run r = {
	    .id = sqlite3_column_int64(s, 0),
	    .created = stmt_text(s, 1, a),
	    .method = stmt_text(s, 2, a),
	    .split = sqlite3_column_int64(s, 3),
	    .encoder = sqlite3_column_int64(s, 4),
	    .split_name = stmt_text(s, 5, a),
	    .settings = stmt_text(s, 6, a),
	    .seed = (uint64_t)sqlite3_column_int64(s, 7),
	    .threads = sqlite3_column_int(s, 8),
	    .kernel = stmt_text(s, 9, a),
	    .data_digest = stmt_text(s, 10, a),
	    .state = RUN_FAILED,
	    .epochs = (size_t)sqlite3_column_int64(s, 12),
	    .best_epoch = (size_t)sqlite3_column_int64(s, 13),
	    .seconds = sqlite3_column_double(s, 14),
	    .summary = stmt_text(s, 15, a),
	    .calibration = stmt_text(s, 16, a),
	};
	const char *state = (const char *)sqlite3_column_text(s, 11);

	for (int i = 0; i < RUN_STATE_COUNT; i++)
		if (state && !strcmp(state, state_names[i]))
			r.state = (enum run_state)i;
	return r;
}

bool run_list(struct db *db, struct arena *a, struct run **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT " RUN_COLUMNS " FROM run ORDER BY id DESC", e);
	struct run *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count++] = read_run(s, a);
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}

bool run_find(
    struct db *db, int64_t id, struct arena *a, struct run *out, bool *found, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    id ? "SELECT " RUN_COLUMNS " FROM run WHERE id = ?1"
	       : "SELECT " RUN_COLUMNS " FROM run WHERE state = 'done' ORDER BY "
		 "id = CAST((SELECT value FROM meta WHERE key = 'run') AS INTEGER) DESC, "
		 "id DESC LIMIT 1",
	    e);
	bool row, ok = s != NULL;

	if (ok && id)
		sqlite3_bind_int64(s, 1, id);
	ok = ok && stmt_step(db, s, &row, e);
	if (ok && row)
		*out = read_run(s, a);
	if (ok)
		*found = row;
	sqlite3_finalize(s);
	return ok;
}

bool run_load_curve(
    struct db *db, int64_t run, struct arena *a, struct epoch **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT epoch, train_loss, train_accuracy, val_loss, val_accuracy, seconds FROM curve "
	    "WHERE run = ?1 ORDER BY epoch",
	    e);
	struct epoch *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = s != NULL;

	if (ok)
		sqlite3_bind_int64(s, 1, run);
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count++] = (struct epoch){
		    .epoch = (size_t)sqlite3_column_int64(s, 0),
		    .train_loss = stmt_real(s, 1),
		    .train_accuracy = stmt_real(s, 2),
		    .val_loss = stmt_real(s, 3),
		    .val_accuracy = stmt_real(s, 4),
		    .seconds = stmt_real(s, 5),
		};
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}

static bool require(struct db *db, int64_t run, struct err *e)
{
	int64_t there;

	return stmt_int(db, "SELECT count(*) FROM run WHERE id = ?1", run, 0, 0, &there, e) &&
	       (there || err_set(e, ERR_USAGE, "no run %lld; 'embedllm runs' lists them",
			     (long long)run));
}

bool run_use(struct db *db, int64_t run, struct err *e)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)run);
	return require(db, run, e) && db_meta_set(db, "run", text, e);
}

bool run_delete(struct db *db, int64_t run, struct err *e)
{
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = require(db, run, e) && stmt_run(db, "DELETE FROM run WHERE id = ?1", run, 0, e) &&
	     stmt_run(db, "DELETE FROM meta WHERE key = 'run' AND CAST(value AS INTEGER) = ?1", run,
		 0, e);
	return db_end(db, ok, e);
}

bool run_save_vector(struct db *db, int64_t run, const char *kind, int64_t owner, const float *v,
    size_t n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "INSERT INTO vector (run, kind, owner, data) VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT DO UPDATE SET data = ?4",
	    e);
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		stmt_bind_text(s, 2, kind);
		sqlite3_bind_int64(s, 3, owner);
		stmt_bind_blob(s, 4, v, n * sizeof(*v));
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool run_load_vectors(struct db *db, int64_t run, const char *kind, struct arena *a,
    struct run_vector **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(
	    db, "SELECT owner, data FROM vector WHERE run = ?1 AND kind = ?2 ORDER BY owner", e);
	struct run_vector *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		stmt_bind_text(s, 2, kind);
	}
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		size_t len = (size_t)sqlite3_column_bytes(s, 1) / sizeof(float);
		float *copy = arena_alloc(a, len * sizeof(float) + 64, 1);

		if (len)
			memcpy(copy, sqlite3_column_blob(s, 1), len * sizeof(float));
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count++] = (struct run_vector){sqlite3_column_int64(s, 0), copy, len};
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}

bool run_cache_get(
    struct db *db, int64_t run, const char *key, struct arena *a, const char **value, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT value FROM cache WHERE run = ?1 AND key = ?2", e);
	bool row, ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		stmt_bind_text(s, 2, key);
		ok = stmt_step(db, s, &row, e);
	}
	if (ok)
		*value = row ? stmt_text(s, 0, a) : NULL;
	sqlite3_finalize(s);
	return ok;
}

bool run_cache_set(struct db *db, int64_t run, const char *key, const char *value, struct err *e)
{
	sqlite3_stmt *s = stmt_new(
	    db, "INSERT INTO cache VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3", e);
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, run);
		stmt_bind_text(s, 2, key);
		stmt_bind_text(s, 3, value);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool run_require(struct db *db, int64_t id, struct run *run, struct arena *a, struct err *e)
{
	struct buf names = BUF_INIT;
	struct run *list;
	bool found;
	size_t n;

	if (!run_find(db, id, a, run, &found, e))
		return false;
	if (found)
		return true;
	if (!run_list(db, a, &list, &n, e))
		return false;
	for (size_t i = n; i-- > 0;)
		buf_printf(&names, "%s%lld", names.len ? ", " : "", (long long)list[i].id);
	err_set(e, ERR_USAGE, n ? "there is no run %lld; there are: %s" : "there is no run %lld%s",
	    (long long)id, n ? buf_str(&names) : ": train first: embedllm train");
	buf_clear(&names);
	return false;
}
