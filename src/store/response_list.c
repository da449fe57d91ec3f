/* The imports there are, with what each had to say: remarks and claims come by import, as the rows do. */
#include "store/response.h"

#include "base/arena.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/stmt.h"

#include <string.h>

static const char *const kinds[REMARK_KINDS] = {
    [REMARK_CHOICE] = "choice",
    [REMARK_LEFT_OUT] = "left out",
    [REMARK_RUNS] = "runs",
    [REMARK_CHECK] = "check",
    [REMARK_NAMES] = "names",
};

static const char *const verdicts[CLAIM_VERDICTS] = {
    [CLAIM_MATCH] = "match",
    [CLAIM_PART] = "part of a run",
    [CLAIM_MISMATCH] = "mismatch",
};

const char *remark_kind_name(enum remark_kind kind)
{
	return kinds[kind];
}

const char *claim_verdict_name(enum claim_verdict verdict)
{
	return verdicts[verdict];
}

/* Which of the names it is; the first where none, as in a hostile database. */
static int parse(const char *const *names, int n, const char *name)
{
	for (int i = 0; name && i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	return 0;
}

/* The import of the statement's row (column 0), from *i on; n where it is none that is listed. */
static size_t import_of(const struct response_import_row *v, size_t n, sqlite3_stmt *s, size_t *i)
{
	int64_t id = sqlite3_column_int64(s, 0);

	while (*i < n && v[*i].id < id)
		++*i;
	return *i < n && v[*i].id == id ? *i : n;
}

static bool load_remarks(
    struct db *db, struct arena *a, struct response_import_row *v, size_t n, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT import, kind, text FROM remark ORDER BY import, n", e);
	struct response_remark *all = NULL, *kept;
	size_t count = 0, cap = 0, i = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		if (import_of(v, n, s, &i) == n)
			continue;
		all = mem_grow(all, &cap, count + 1, sizeof(*all));
		all[count++] =
		    (struct response_remark){(enum remark_kind)parse(kinds, REMARK_KINDS,
						 (const char *)sqlite3_column_text(s, 1)),
			stmt_text(s, 2, a)};
		v[i].n_remarks++;
	}
	sqlite3_finalize(s);
	kept = arena_copy(a, all, count, sizeof(*all));
	for (i = 0; i < n; kept += v[i++].n_remarks)
		v[i].remarks = kept;
	mem_free(all);
	return ok;
}

static bool load_claims(
    struct db *db, struct arena *a, struct response_import_row *v, size_t n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT c.import, m.name, c.task, c.metric, c.source, c.claimed_rows, c.claimed_mean, "
	    "c.rows, c.mean, c.verdict FROM claim c JOIN model m ON m.id = c.model "
	    "ORDER BY c.import, c.n",
	    e);
	struct response_claim *all = NULL, *kept;
	size_t count = 0, cap = 0, i = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		if (import_of(v, n, s, &i) == n)
			continue;
		all = mem_grow(all, &cap, count + 1, sizeof(*all));
		all[count++] = (struct response_claim){
		    .model = stmt_text(s, 1, a),
		    .task = stmt_text(s, 2, a),
		    .metric = stmt_text(s, 3, a),
		    .source = stmt_text(s, 4, a),
		    .claimed_rows = stmt_real(s, 5),
		    .claimed_mean = stmt_real(s, 6),
		    .rows = (uint64_t)sqlite3_column_int64(s, 7),
		    .mean = stmt_real(s, 8),
		    .verdict = (enum claim_verdict)parse(
			verdicts, CLAIM_VERDICTS, (const char *)sqlite3_column_text(s, 9)),
		};
		v[i].n_claims++;
	}
	sqlite3_finalize(s);
	kept = arena_copy(a, all, count, sizeof(*all));
	for (i = 0; i < n; kept += v[i++].n_claims)
		v[i].claims = kept;
	mem_free(all);
	return ok;
}

bool response_list_imports(
    struct db *db, struct arena *a, struct response_import_row **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT id, created, file, format, part, rows, missing, repeats, conflicts, skipped, "
	    "(SELECT count(*) FROM source_model WHERE import = import.id), "
	    "(SELECT count(DISTINCT question) FROM item WHERE import = import.id), "
	    "EXISTS (SELECT 1 FROM item WHERE import = import.id AND part IS NOT NULL) "
	    "FROM import ORDER BY id",
	    e);
	struct response_import_row *v = NULL;
	size_t count = 0, cap = 0;
	const char *part;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count] = (struct response_import_row){
		    .id = sqlite3_column_int64(s, 0),
		    .when = stmt_text(s, 1, a),
		    .file = stmt_text(s, 2, a),
		    .format = stmt_text(s, 3, a),
		    .rows = (uint64_t)sqlite3_column_int64(s, 5),
		    .missing = (uint64_t)sqlite3_column_int64(s, 6),
		    .repeats = (uint64_t)sqlite3_column_int64(s, 7),
		    .conflicts = (uint64_t)sqlite3_column_int64(s, 8),
		    .skipped = (uint64_t)sqlite3_column_int64(s, 9),
		    .models = (size_t)sqlite3_column_int64(s, 10),
		    .questions = (size_t)sqlite3_column_int64(s, 11),
		    .has_parts = sqlite3_column_int(s, 12),
		};
		part = (const char *)sqlite3_column_text(s, 4);
		if (part)
			part_parse(part, &v[count].part);
		count++;
	}
	sqlite3_finalize(s);
	ok = ok && load_remarks(db, a, v, count, e) && load_claims(db, a, v, count, e);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}
