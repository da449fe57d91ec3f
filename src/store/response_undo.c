/* Taking an import out again. */
#include "store/response.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/answer.h"
#include "store/db.h"
#include "store/label.h"
#include "store/split.h"
#include "store/stmt.h"
#include "store/usage.h"

#include <string.h>

/* Foreign keys are not enforced meanwhile (db_begin_bulk), so every table that refers to what
 * goes is cleaned here. */
static const char *const remove_rows[] = {
    "CREATE TEMP TABLE touched AS SELECT DISTINCT question FROM item WHERE import = ?1",
    "DELETE FROM usage WHERE item IN (SELECT id FROM item WHERE import = ?1)",
    "DELETE FROM response WHERE item IN (SELECT id FROM item WHERE import = ?1)",
    "DELETE FROM item WHERE import = ?1",
    "DELETE FROM source_model WHERE import = ?1",
    "DELETE FROM setting WHERE import = ?1",
    "DELETE FROM remark WHERE import = ?1",
    "DELETE FROM claim WHERE import = ?1",
    "DELETE FROM import WHERE id = ?1",
};

static const char remove_orphans[] =
    "CREATE TEMP TABLE gone_question AS SELECT question AS id FROM touched "
    "WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.question = touched.question);"
    "CREATE TEMP TABLE gone_model AS SELECT id FROM model WHERE price_in IS NULL AND "
    "price_out IS NULL AND NOT EXISTS (SELECT 1 FROM source_model WHERE model = model.id) "
    "AND NOT EXISTS (SELECT 1 FROM model_tag WHERE model = model.id);"
    "DELETE FROM answer WHERE question IN (SELECT id FROM gone_question);"
    "DELETE FROM split_part WHERE question IN (SELECT id FROM gone_question);"
    "DELETE FROM encoding WHERE question IN (SELECT id FROM gone_question);"
    "DELETE FROM question WHERE id IN (SELECT id FROM gone_question);"
    "DELETE FROM accuracy WHERE model IN (SELECT id FROM gone_model);"
    "DELETE FROM vector WHERE model IN (SELECT id FROM gone_model);"
    "DELETE FROM model_usage WHERE model IN (SELECT id FROM gone_model);"
    "DELETE FROM model WHERE id IN (SELECT id FROM gone_model);";

static const char remove_rest[] =
    "DELETE FROM accuracy WHERE benchmark NOT IN (SELECT benchmark FROM question);"
    "DELETE FROM benchmark WHERE id NOT IN (SELECT benchmark FROM question);"
    /* The rule came with the first import and goes with the last. */
    "DELETE FROM meta WHERE key IN ('rule', 'threshold') AND NOT EXISTS (SELECT 1 FROM import);"
    "DROP TABLE touched; DROP TABLE gone_question; DROP TABLE gone_model";

static bool remove_import(struct db *db, int64_t import, struct response_undone *u, struct err *e)
{
	int64_t rows, questions, models;
	size_t leaks;
	bool ok = stmt_int(db, "SELECT rows FROM import WHERE id = ?1", import, 0, 0, &rows, e);

	for (size_t i = 0; ok && i < sizeof(remove_rows) / sizeof(remove_rows[0]); i++)
		ok = stmt_run(db, remove_rows[i], import, 0, e);
	ok =
	    ok && stmt_exec(db, remove_orphans, e) &&
	    stmt_int(db, "SELECT count(*) FROM gone_question", 0, 0, 0, &questions, e) &&
	    stmt_int(db, "SELECT count(*) FROM gone_model", 0, 0, 0, &models, e) &&
	    answer_rebuild(db,
		"SELECT question FROM touched WHERE question IN (SELECT id FROM question)", 0, e) &&
	    stmt_exec(db, remove_rest, e) && answer_summarise(db, e) && usage_summarise(db, e) &&
	    split_follow_imports(db, &leaks, e);
	if (ok)
		*u = (struct response_undone){(uint64_t)rows, (size_t)questions, (size_t)models, 0};
	return ok;
}

/* How many runs were trained on labels that are not those of now. */
static bool count_stale_runs(struct db *db, size_t *n, struct err *e)
{
	sqlite3_stmt *s;
	char digest[65];
	int64_t runs;
	bool row, ok;

	*n = 0;
	if (!stmt_int(db, "SELECT count(*) FROM run", 0, 0, 0, &runs, e))
		return false;
	if (!runs)
		return true;
	if (!label_digest(db, digest, e))
		return false;
	s = stmt_new(db, "SELECT count(*) FROM run WHERE data_digest <> ?1", e);
	if (!s)
		return false;
	stmt_bind_text(s, 1, digest);
	ok = stmt_step(db, s, &row, e);
	if (ok && row)
		*n = (size_t)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return ok;
}

bool response_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e)
{
	struct response_undone u = {0};
	int64_t there;
	bool ok;

	if (!db_begin_bulk(db, e))
		return false;
	ok = stmt_int(db, "SELECT count(*) FROM import WHERE id = ?1", import, 0, 0, &there, e);
	if (ok && !there)
		ok = err_set(e, ERR_USAGE, "no import %lld; 'embedllm import --list' lists them",
		    (long long)import);
	ok = ok && remove_import(db, import, &u, e) && count_stale_runs(db, &u.runs, e);
	ok = db_end(db, ok, e);
	if (ok)
		*out = u;
	return ok;
}
