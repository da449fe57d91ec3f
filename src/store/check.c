/* Is the database sound? SQLite's own checks, and ours: do the packed labels and the summary say
 * what the responses say? */
#include "store/check.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/answer.h"
#include "store/db.h"
#include "store/stmt.h"

#include <math.h>
#include <string.h>

#define PROBLEMS_MAX 100

struct checker {
	struct db *db;
	struct arena *a;
	const char **v;
	size_t n, cap;
};

static void complain(struct checker *c, const char *text)
{
	if (c->n == PROBLEMS_MAX)
		return;
	c->v = mem_grow(c->v, &c->cap, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = text;
}

/* SQLite knows no CHECK of a database that it may not write to: asked on a connection that may, where
 * there can be one. */
static bool check_integrity(struct checker *c, struct err *e)
{
	struct err read_only = ERR_INIT;
	struct db *writer = db_open(db_path(c->db), DB_WRITE, &read_only);
	struct db *db = writer ? writer : c->db;
	sqlite3_stmt *s = stmt_new(db, "PRAGMA integrity_check", e);
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		const char *text = stmt_text(s, 0, c->a);

		if (strcmp(text, "ok"))
			complain(c, arena_printf(c->a, "integrity: %s", text));
	}
	sqlite3_finalize(s);
	db_close(writer);
	return ok;
}

static bool check_foreign_keys(struct checker *c, struct err *e)
{
	sqlite3_stmt *s = stmt_new(c->db, "PRAGMA foreign_key_check", e);
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(c->db, s, &row, e)) && row)
		complain(c, arena_printf(c->a, "foreign key: a row of %s refers to a missing %s",
				sqlite3_column_text(s, 0), sqlite3_column_text(s, 2)));
	sqlite3_finalize(s);
	return ok;
}

/* One question's packed labels against the view's rows for it. */
static bool compare_question(
    struct checker *c, sqlite3_stmt *packed, sqlite3_stmt *rows, bool *row, struct err *e)
{
	int64_t question = sqlite3_column_int64(packed, 0);
	const char *scores = sqlite3_column_blob(packed, 1),
		   *weights = sqlite3_column_blob(packed, 2);
	size_t n = (size_t)sqlite3_column_bytes(packed, 1) / sizeof(float), labels = 0, seen = 0;
	bool agree = true;
	float v, w;

	for (size_t m = 0; m < n; m++) {
		memcpy(&v, scores + m * sizeof(v), sizeof(v));
		labels += isnan(v) ? 0 : 1;
	}
	while (*row && sqlite3_column_int64(rows, 0) == question) {
		int64_t m = sqlite3_column_int64(rows, 1) - 1;

		if (m >= 0 && (size_t)m < n) {
			w = 1;
			memcpy(&v, scores + (size_t)m * sizeof(v), sizeof(v));
			if (weights)
				memcpy(&w, weights + (size_t)m * sizeof(w), sizeof(w));
			agree = agree && fabs((double)v - sqlite3_column_double(rows, 2)) < 1e-6 &&
				fabs((double)w - sqlite3_column_double(rows, 3)) < 1e-6;
		} else {
			agree = false;
		}
		seen++;
		if (!stmt_step(c->db, rows, row, e))
			return false;
	}
	if (!agree || seen != labels)
		complain(c, arena_printf(c->a,
				"labels of question %lld are not what its responses say; "
				"'embedllm resolve' sets them right",
				(long long)question));
	return true;
}

static bool check_labels(struct checker *c, struct err *e)
{
	sqlite3_stmt *packed =
	    stmt_new(c->db, "SELECT question, scores, weights FROM answer ORDER BY question", e);
	sqlite3_stmt *rows = stmt_new(c->db,
	    "SELECT question, model, score, weight FROM label WHERE score IS NOT NULL "
	    "ORDER BY question, model",
	    e);
	bool more, row, ok = packed && rows && stmt_step(c->db, rows, &row, e);

	while (ok && (ok = stmt_step(c->db, packed, &more, e)) && more) {
		while (
		    ok && row && sqlite3_column_int64(rows, 0) < sqlite3_column_int64(packed, 0)) {
			complain(c, arena_printf(c->a, "question %lld has responses but no labels",
					(long long)sqlite3_column_int64(rows, 0)));
			ok = stmt_step(c->db, rows, &row, e);
		}
		ok = ok && compare_question(c, packed, rows, &row, e);
	}
	if (ok && row)
		complain(c, "questions at the end have responses but no labels");
	sqlite3_finalize(packed);
	sqlite3_finalize(rows);
	return ok;
}

/* The summary against the packed labels, which were compared with the responses before. */
static bool check_summary(struct checker *c, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(c->db, "SELECT model, benchmark, labels, seen, correct FROM accuracy", e);
	struct answer_sums sums = {0};
	bool row, ok = s && answer_sum_up(c->db, &sums, e);
	size_t differ = 0;

	while (ok && (ok = stmt_step(c->db, s, &row, e)) && row) {
		int64_t m = sqlite3_column_int64(s, 0) - 1, b = sqlite3_column_int64(s, 1);
		struct answer_sum *v;

		if (m < 0 || b < 0 || (size_t)m >= sums.models || (size_t)b >= sums.benchmarks) {
			differ++;
			continue;
		}
		v = &sums.v[(size_t)m * sums.benchmarks + (size_t)b];
		differ += v->labels != sqlite3_column_int64(s, 2) ||
			  fabs(v->seen - sqlite3_column_double(s, 3)) > 1e-6 ||
			  fabs(v->correct - sqlite3_column_double(s, 4)) > 1e-6;
		*v = (struct answer_sum){0}; /* accounted for */
	}
	for (size_t i = 0; ok && i < sums.models * sums.benchmarks; i++)
		differ += sums.v[i].labels != 0;
	if (differ)
		complain(c, arena_printf(c->a,
				"accuracy summary: %zu rows are not what the labels say; 'embedllm "
				"resolve' sets them right",
				differ));
	mem_free(sums.v);
	sqlite3_finalize(s);
	return ok;
}

bool check_database(
    struct db *db, struct arena *a, const char ***problems, size_t *n, struct err *e)
{
	struct checker c = {.db = db, .a = a};
	bool ok;

	if (!db_begin_read(db, e))
		return false;
	ok = check_integrity(&c, e);
	/* A file with broken pages is not asked further. */
	if (ok && !c.n)
		ok = check_foreign_keys(&c, e) && check_labels(&c, e) && check_summary(&c, e);
	ok = db_end(db, ok, e);
	if (ok) {
		*problems = arena_array(a, const char *, c.n + 1);
		if (c.n)
			memcpy(*problems, c.v, c.n * sizeof(*c.v));
		*n = c.n;
	}
	mem_free(c.v);
	return ok;
}
