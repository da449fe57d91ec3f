#include "store/model.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/answer.h"
#include "store/db.h"
#include "store/stmt.h"
#include "store/usage.h"

#include <math.h>
#include <string.h>

/* The id of a model, 0 where there is none. */
static bool find(struct db *db, const char *name, int64_t *id, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT id FROM model WHERE name = ?1", e);
	bool row, ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, name);
		ok = stmt_step(db, s, &row, e);
	}
	if (ok)
		*id = row ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_finalize(s);
	return ok;
}

static bool set_prices(struct db *db, int64_t model, double in, double out, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "UPDATE model SET price_in = coalesce(?2, price_in), "
	    "price_out = coalesce(?3, price_out) WHERE id = ?1",
	    e);
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, model);
		stmt_bind_real(s, 2, in);
		stmt_bind_real(s, 3, out);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

static bool set_tag(struct db *db, int64_t model, const struct catalog_tag *tag, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    tag->value
		? "INSERT INTO model_tag VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3"
		: "DELETE FROM model_tag WHERE model = ?1 AND key = ?2",
	    e);
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, model);
		stmt_bind_text(s, 2, tag->key);
		if (tag->value)
			stmt_bind_text(s, 3, tag->value);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool model_set(struct db *db, const char *name, const struct catalog_tag *tags, size_t n_tags,
    double price_in, double price_out, bool *found, struct err *e)
{
	int64_t id = 0;
	bool ok;

	if (price_in < 0 || price_out < 0 || isinf(price_in) || isinf(price_out))
		return err_set(
		    e, ERR_USAGE, "a price must be 0 or more dollars per million tokens");
	for (size_t i = 0; i < n_tags; i++)
		if (!tags[i].key[0])
			return err_set(e, ERR_USAGE, "a tag must have a name: KEY=VALUE");
	if (!db_begin(db, e))
		return false;
	ok = find(db, name, &id, e);
	if (ok && id)
		ok = set_prices(db, id, price_in, price_out, e);
	for (size_t i = 0; ok && id && i < n_tags; i++)
		ok = set_tag(db, id, &tags[i], e);
	ok = db_end(db, ok, e);
	if (ok)
		*found = id != 0;
	return ok;
}

static bool set_name(struct db *db, int64_t model, const char *name, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "UPDATE model SET name = ?2 WHERE id = ?1", e);
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, model);
		stmt_bind_text(s, 2, name);
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool model_rename(struct db *db, const char *from, const char *to, bool *found, struct err *e)
{
	int64_t id, taken;
	bool ok;

	if (!to[0])
		return err_set(e, ERR_USAGE, "a model's name cannot be empty");
	if (!db_begin(db, e))
		return false;
	ok = find(db, from, &id, e) && find(db, to, &taken, e);
	if (ok && id && taken && taken != id)
		ok = err_set(e, ERR_USAGE,
		    "there is a model %s already; 'embedllm models merge' joins the two", to);
	if (ok && id)
		ok = set_name(db, id, to, e);
	ok = db_end(db, ok, e);
	if (ok)
		*found = id != 0;
	return ok;
}

/* Run each statement with ?1 = a, ?2 = b. */
static bool run_all(
    struct db *db, const char *const *sql, size_t n, int64_t a, int64_t b, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!stmt_run(db, sql[i], a, b, e))
			return false;
	return true;
}

/* What goes with a model, besides its responses and with the keys not enforced. */
static const char *const forget[] = {
    "DELETE FROM source_model WHERE model = ?1",
    "DELETE FROM model_tag WHERE model = ?1",
    "DELETE FROM setting WHERE model = ?1",
    "DELETE FROM claim WHERE model = ?1",
    "DELETE FROM model_usage WHERE model = ?1",
    "DELETE FROM accuracy WHERE model = ?1",
    "DELETE FROM vector WHERE model = ?1",
    "DELETE FROM model WHERE id = ?1",
};
#define FORGET_COUNT (sizeof(forget) / sizeof(forget[0]))

/* The questions at stake are kept in a temporary table, since the rows that tell them go. */
static const char list_questions[] =
    "CREATE TEMP TABLE touched AS SELECT DISTINCT i.question FROM response r "
    "JOIN item i ON i.id = r.item WHERE r.model = ?1";

static bool relabel(struct db *db, struct err *e)
{
	return answer_rebuild(db, "SELECT question FROM touched", 0, e) &&
	       answer_summarise(db, e) && usage_summarise(db, e) &&
	       stmt_exec(db, "DROP TABLE touched", e);
}

bool model_delete(struct db *db, const char *name, bool *found, struct err *e)
{
	int64_t id = 0;
	bool ok;

	if (!db_begin_bulk(db, e))
		return false;
	ok = find(db, name, &id, e);
	if (ok && id)
		ok = stmt_run(db, list_questions, id, 0, e) &&
		     stmt_run(db, "DELETE FROM usage WHERE model = ?1", id, 0, e) &&
		     stmt_run(db, "DELETE FROM response WHERE model = ?1", id, 0, e) &&
		     run_all(db, forget, FORGET_COUNT, id, 0, e) && relabel(db, e);
	ok = db_end(db, ok, e);
	if (ok)
		*found = id != 0;
	return ok;
}

/* ?1 = from, ?2 = into. Within a question and an import the rows of `from` are numbered on from the
 * last of `into`. */
static const char *const move[] = {
    "CREATE TEMP TABLE last AS SELECT i.import, i.question, max(r.n) AS n FROM response r "
    "JOIN item i ON i.id = r.item WHERE r.model = ?2 AND i.question IN "
    "(SELECT question FROM touched) GROUP BY i.import, i.question",
    "CREATE INDEX temp.last_question ON last (question, import)",
    "CREATE TEMP TABLE moved AS SELECT r.item, r.n AS old, r.n + coalesce(l.n, 0) AS n, r.score "
    "FROM response r JOIN item i ON i.id = r.item "
    "LEFT JOIN last l ON l.question = i.question AND l.import = i.import WHERE r.model = ?1",
    "CREATE TEMP TABLE spent AS SELECT u.*, m.n AS new FROM usage u JOIN moved m ON "
    "m.item = u.item AND m.old = u.n WHERE u.model = ?1",
    "DELETE FROM usage WHERE model = ?1",
    "DELETE FROM response WHERE model = ?1",
    "INSERT INTO response SELECT item, ?2, n, score FROM moved",
    ("INSERT INTO usage SELECT item, ?2, new, trials, cost, tokens_in, tokens_out, seconds "
     "FROM spent"),
    ("INSERT INTO setting SELECT import, ?2, run + (SELECT coalesce(max(run), 0) FROM setting s "
     "WHERE s.import = setting.import AND s.model = ?2), category, key, value FROM setting "
     "WHERE model = ?1"),
    "UPDATE claim SET model = ?2 WHERE model = ?1",
    ("INSERT INTO source_model SELECT import, ?2, key FROM source_model WHERE model = ?1 "
     "ON CONFLICT DO NOTHING"),
    "DROP TABLE last",
    "DROP TABLE moved",
    "DROP TABLE spent",
};

bool model_merge(struct db *db, const char *from, const char *into, bool *found, struct err *e)
{
	int64_t id = 0, to = 0;
	bool ok;

	if (!db_begin_bulk(db, e))
		return false;
	ok = find(db, from, &id, e) && find(db, into, &to, e);
	if (ok && id && !to)
		ok = err_set(
		    e, ERR_USAGE, "no model %s to merge into; 'embedllm models' lists them", into);
	if (ok && id && id == to)
		ok = err_set(e, ERR_USAGE, "%s cannot be merged into itself", from);
	if (ok && id)
		ok = stmt_run(db, list_questions, id, 0, e) &&
		     run_all(db, move, sizeof(move) / sizeof(move[0]), id, to, e) &&
		     run_all(db, forget, FORGET_COUNT, id, 0, e) && relabel(db, e);
	ok = db_end(db, ok, e);
	if (ok)
		*found = id != 0;
	return ok;
}
