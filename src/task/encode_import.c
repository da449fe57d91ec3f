/* encode_import.c - encodings that were made elsewhere. */
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/plural.h"
#include "base/progress.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "ingest/csv.h"
#include "ingest/tensor.h"
#include "num/mat.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "task/encode.h"
#include "task/encode_kinds.h"
#include "text/installed.h"

#include <stdio.h>
#include <string.h>

#define BATCH 1024 /* questions a transaction */
#define NO_ROW SIZE_MAX

/* The order file: which row each question's text has. */
struct order {
	const char *path;
	struct hashtable *rows; /* text to row */
	size_t column, n;       /* of the text; rows so far */
	bool headed;
};

static bool order_row(void *arg, const struct csv_row *row, struct err *e)
{
	static const char *const names[] = {"prompt", "question", "text"};
	struct order *o = arg;

	if (!o->headed) {
		for (size_t k = 0; k < 3 && !o->headed; k++)
			for (size_t i = 0; i < row->n && !o->headed; i++)
				if (!strcmp(row->v[i].p, names[k])) {
					o->column = i;
					o->headed = true;
				}
		return o->headed ||
		       err_set(e, ERR_DATA, "%s: no column \"prompt\" with the questions' texts",
			   o->path);
	}
	if (o->column >= row->n)
		return err_set(e, ERR_DATA, "%s:%llu: no field %zu, the question's text", o->path,
		    (unsigned long long)row->line, o->column + 1);
	/* A text that is there twice keeps its first row. */
	if (hashtable_get(o->rows, row->v[o->column].p, row->v[o->column].n) == HASHTABLE_NONE)
		hashtable_put(o->rows, row->v[o->column].p, row->v[o->column].n, o->n);
	o->n++;
	return true;
}

/* A row left out would shift all that follow. */
static bool order_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	const struct order *o = arg;

	return err_set(e, ERR_DATA, "%s:%llu: field %zu: %s", o->path, (unsigned long long)line,
	    column + 1, reason);
}

static bool read_order(struct order *o, const struct progress *p, struct err *e)
{
	const struct csv_reader reader = {order_row, order_bad, o};
	struct stream *s = stream_open(o->path, e);
	bool ok;

	if (s)
		stream_as_text(s);
	ok = s && csv_read(s, &reader, p, e);

	stream_close(s);
	if (ok && !o->headed)
		return err_set(e, ERR_DATA, "%s: it is empty", o->path);
	return ok;
}

/* row[i] of the file for question i, or NO_ROW. */
static bool match_rows(const struct encode_import *o, const struct catalog_question *q, size_t n,
    const struct tensor *t, size_t *row, struct encode_imported *r, const struct progress *p,
    struct err *e)
{
	struct order order = {.path = o->order};
	bool ok;

	if (!o->order) {
		for (size_t i = 0; i < n; i++)
			row[i] = i;
		r->matched = n;
		return t->rows == n ||
		       err_set(e, ERR_DATA,
			   "%s: it has %zu row%s, the database %zu question%s; say with --order "
			   "FILE.csv which question each row is of",
			   o->file, t->rows, plural(t->rows), n, plural(n));
	}
	order.rows = hashtable_new();
	ok = read_order(&order, p, e);
	if (ok && order.n != t->rows)
		ok = err_set(e, ERR_DATA, "%s has %zu row%s, but %s names %zu question%s", o->file,
		    t->rows, plural(t->rows), o->order, order.n, plural(order.n));
	for (size_t i = 0; i < n && ok; i++) {
		uint64_t at = hashtable_get(order.rows, q[i].text, q[i].len);

		row[i] = at == HASHTABLE_NONE ? NO_ROW : (size_t)at;
		r->matched += at != HASHTABLE_NONE;
	}
	r->missing = n - r->matched;
	if (ok && !r->matched)
		ok = err_set(e, ERR_DATA, "%s: none of its questions is in the database", o->order);
	if (ok) {
		bool *used = mem_zero_array(t->rows, sizeof(*used));

		r->unknown = hashtable_count(order.rows);
		for (size_t i = 0; i < n; i++) {
			if (row[i] == NO_ROW || used[row[i]])
				continue;
			used[row[i]] = true;
			r->unknown--;
		}
		mem_free(used);
	}
	hashtable_free(order.rows);
	return ok;
}

static bool save_rows(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    const struct tensor *t, const size_t *row, const struct progress *p, struct err *e)
{
	struct mat rows = mat_new(BATCH, t->cols);
	struct catalog_question *batch = mem_array(BATCH, sizeof(*batch));
	bool ok = true;

	for (size_t i = 0; i < n && ok;) {
		size_t m = 0;

		for (; i < n && m < BATCH; i++)
			if (row[i] != NO_ROW) {
				batch[m] = q[i];
				memcpy(mat_row(&rows, m++), t->v + row[i] * t->cols,
				    t->cols * sizeof(float));
			}
		rows.rows = m;
		ok = !m || encoding_save(db, encoder, batch, m, &rows, e);
		if (ok && !progress_tick(p, "storing", (double)i, (double)n, "questions"))
			ok = err_set(e, ERR_CANCELLED, "stopped while storing; nothing was kept");
	}
	mem_free(batch);
	mat_free(&rows);
	return ok;
}

/* The identity is of the numbers and whose they are. */
static bool store(struct db *db, const struct encode_import *o, const struct catalog_question *q,
    size_t n, const struct tensor *t, const size_t *row, const struct progress *p,
    struct encode_imported *r, struct err *e)
{
	const char *name = o->encoder ? o->encoder : "";
	uint64_t h = hash_fast(name, strlen(name), t->cols);
	struct encoding_encoder stored = {.kind = ENCODE_IMPORTED, .dims = t->cols};
	bool ok;

	for (size_t i = 0; i < n; i++)
		if (row[i] != NO_ROW)
			h = hash_fast(t->v + row[i] * t->cols, t->cols * sizeof(float),
			    hash_fast(q[i].text, q[i].len, h));
	snprintf(
	    r->identity, sizeof(r->identity), ENCODE_IMPORTED ":%016llx", (unsigned long long)h);
	stored.identity = r->identity;
	stored.blob = name;
	stored.size = strlen(name);
	stored.note = file_base(o->file);
	if (!db_begin(db, e))
		return false;
	ok = encoding_save_encoder(db, &stored, e) && save_rows(db, stored.id, q, n, t, row, p, e);
	r->encoder = stored.id;
	return db_end(db, ok, e);
}

bool task_encode_import(struct db *db, const struct encode_import *o, const struct progress *p,
    struct encode_imported *out, struct err *e)
{
	struct encode_imported r = {0};
	struct arena a = ARENA_INIT;
	struct tensor t = {0, 0, NULL};
	struct catalog_question *q;
	struct catalog c;
	char *dir = NULL;
	size_t *row;
	bool ok;

	if (o->encoder && !(dir = installed_dir(o->encoder, e)))
		return false;
	mem_free(dir);
	ok = catalog_load(db, &a, &c, e) && catalog_load_questions(db, &c, &a, &q, e);
	if (ok && !c.n_questions)
		ok = err_set(e, ERR_DATA, "%s: no questions; import labels first", db_path(db));
	ok = ok && tensor_read(o->file, &t, e);
	if (ok) {
		row = arena_array(&a, size_t, c.n_questions + 1);
		r.rows = t.rows;
		r.dims = t.cols;
		ok = match_rows(o, q, c.n_questions, &t, row, &r, p, e) &&
		     store(db, o, q, c.n_questions, &t, row, p, &r, e);
	}
	mem_free(t.v);
	arena_clear(&a);
	if (ok)
		*out = r;
	return ok;
}
