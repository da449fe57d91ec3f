#include "store/encoding.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/stmt.h"

#include <assert.h>
#include <string.h>

bool encoding_save_encoder(struct db *db, struct encoding_encoder *enc, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "INSERT INTO encoder (identity, kind, note, dims, data) VALUES (?1, ?2, ?3, ?4, ?5) "
	    "ON CONFLICT DO UPDATE SET kind = kind RETURNING id",
	    e);
	bool row, ok = s != NULL;
	int64_t id = 0;

	if (ok) {
		stmt_bind_text(s, 1, enc->identity);
		stmt_bind_text(s, 2, enc->kind);
		stmt_bind_text(s, 3, enc->note ? enc->note : "");
		sqlite3_bind_int64(s, 4, (int64_t)enc->dims);
		stmt_bind_blob(s, 5, enc->blob, enc->size);
		ok = stmt_step(db, s, &row, e);
		if (ok && row)
			id = sqlite3_column_int64(s, 0);
		/* The row comes before the statement is done; finish it. */
		ok = ok && stmt_step(db, s, &row, e);
	}
	sqlite3_finalize(s);
	if (ok)
		enc->id = id;
	return ok;
}

/* id, identity, kind, note, dims */
static struct encoding_encoder read_encoder(sqlite3_stmt *s, struct arena *a)
{
	return (struct encoding_encoder){
	    .id = sqlite3_column_int64(s, 0),
	    .identity = stmt_text(s, 1, a),
	    .kind = stmt_text(s, 2, a),
	    .note = stmt_text(s, 3, a),
	    .dims = (size_t)sqlite3_column_int64(s, 4),
	};
}

bool encoding_load_encoder(struct db *db, int64_t id, const char *identity, struct arena *a,
    struct encoding_encoder *out, bool *found, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    id ? "SELECT id, identity, kind, note, dims, data FROM encoder WHERE id = ?1"
	       : "SELECT id, identity, kind, note, dims, data FROM encoder WHERE identity = ?1",
	    e);
	bool row, ok = s != NULL;

	if (ok && id)
		sqlite3_bind_int64(s, 1, id);
	else if (ok)
		stmt_bind_text(s, 1, identity);
	ok = ok && stmt_step(db, s, &row, e);
	if (ok && row) {
		*out = read_encoder(s, a);
		out->blob = stmt_blob(s, 5, a, &out->size);
	}
	if (ok)
		*found = row;
	sqlite3_finalize(s);
	return ok;
}

bool encoding_list_encoders(
    struct db *db, struct arena *a, struct encoding_encoder **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT id, identity, kind, note, dims, length(data) FROM encoder ORDER BY id DESC", e);
	struct encoding_encoder *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count] = read_encoder(s, a);
		v[count++].size = (size_t)sqlite3_column_int64(s, 5);
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}

bool encoding_save(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    const struct mat *rows, struct err *e)
{
	sqlite3_stmt *s;
	bool ok;

	assert(rows->rows == n);
	if (!db_begin(db, e))
		return false;
	s = stmt_new(
	    db, "INSERT INTO encoding VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET data = ?3", e);
	ok = s != NULL;
	for (size_t i = 0; ok && i < n; i++) {
		sqlite3_bind_int64(s, 1, encoder);
		sqlite3_bind_int64(s, 2, q[i].id);
		stmt_bind_blob(s, 3, mat_row(rows, i), rows->cols * sizeof(float));
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return db_end(db, ok, e);
}

bool encoding_have(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    bool *have, size_t *missing, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT question FROM encoding WHERE encoder = ?1 ORDER BY question", e);
	size_t i = 0, found = 0;
	bool row, ok = s != NULL;

	if (ok)
		sqlite3_bind_int64(s, 1, encoder);
	memset(have, 0, n * sizeof(*have));
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t id = sqlite3_column_int64(s, 0);

		while (i < n && q[i].id < id)
			i++;
		if (i < n && q[i].id == id) {
			have[i] = true;
			found++;
		}
	}
	sqlite3_finalize(s);
	if (ok)
		*missing = n - found;
	return ok;
}

bool encoding_load(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    struct mat *rows, bool *have, size_t *missing, struct err *e)
{
	sqlite3_stmt *s = stmt_new(
	    db, "SELECT question, data FROM encoding WHERE encoder = ?1 ORDER BY question", e);
	size_t i = 0, found = 0, size = rows->cols * sizeof(float);
	bool row, ok = s != NULL;

	assert(rows->rows == n);
	if (ok)
		sqlite3_bind_int64(s, 1, encoder);
	memset(have, 0, n * sizeof(*have));
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t id = sqlite3_column_int64(s, 0);

		while (i < n && q[i].id < id)
			i++;
		if (i == n || q[i].id != id)
			continue;
		if ((size_t)sqlite3_column_bytes(s, 1) != size) {
			ok = err_set(e, ERR_DATA, "%s: damaged: an encoding of %d bytes, not %zu",
			    db_path(db), sqlite3_column_bytes(s, 1), size);
			break;
		}
		memcpy(mat_row(rows, i), sqlite3_column_blob(s, 1), size);
		have[i] = true;
		found++;
	}
	for (i = 0; i < n; i++)
		if (!have[i])
			memset(mat_row(rows, i), 0, size);
	sqlite3_finalize(s);
	if (ok)
		*missing = n - found;
	return ok;
}

bool encoding_sample(struct db *db, int64_t encoder, size_t most, struct arena *a,
    struct catalog_question *q, struct mat *rows, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT q.id, q.text, e.data FROM encoding AS e JOIN question AS q "
	    "ON q.id = e.question WHERE e.encoder = ?1 ORDER BY q.id LIMIT ?2",
	    e);
	size_t size = rows->cols * sizeof(float), count = 0;
	bool row, ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, encoder);
		sqlite3_bind_int64(s, 2, (int64_t)most);
	}
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		if ((size_t)sqlite3_column_bytes(s, 2) != size) {
			ok = err_set(e, ERR_DATA, "%s: damaged: an encoding of %d bytes, not %zu",
			    db_path(db), sqlite3_column_bytes(s, 2), size);
			break;
		}
		q[count] = (struct catalog_question){
		    .id = sqlite3_column_int64(s, 0), .text = stmt_text(s, 1, a)};
		q[count].len = strlen(q[count].text);
		memcpy(mat_row(rows, count++), sqlite3_column_blob(s, 2), size);
	}
	sqlite3_finalize(s);
	if (ok)
		*n = count;
	return ok;
}
