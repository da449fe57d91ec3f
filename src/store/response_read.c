/* The raw rows again, as they came. */
#include "store/response.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/staging.h"
#include "store/stmt.h"

#include <string.h>

static void bind_part(sqlite3_stmt *s, int i, enum part part)
{
	stmt_bind_text(s, i, part ? part_name(part) : NULL);
}

/* The rows of one question in one import: the n-th of each model before the n+1-th of any. */
static bool read_question(struct db *db, sqlite3_stmt *rows, struct response_line *l,
    bool (*line)(void *arg, const struct response_line *l, struct err *e), void *arg, struct err *e)
{
	const char *part;
	bool row, ok;

	while ((ok = stmt_step(db, rows, &row, e)) && row) {
		l->prompt_key = (const char *)sqlite3_column_text(rows, 0);
		l->category = (const char *)sqlite3_column_text(rows, 1);
		part = (const char *)sqlite3_column_text(rows, 2);
		l->part = PART_NONE;
		if (part)
			part_parse(part, &l->part);
		l->model = sqlite3_column_int64(rows, 3);
		l->model_name = (const char *)sqlite3_column_text(rows, 4);
		l->model_key = (const char *)sqlite3_column_text(rows, 5);
		l->score = stmt_real(rows, 6);
		l->usage.trials = (uint32_t)sqlite3_column_int64(rows, 7);
		l->usage.cost = stmt_real(rows, 8);
		l->usage.tokens_in = stmt_real(rows, 9);
		l->usage.tokens_out = stmt_real(rows, 10);
		l->usage.seconds = stmt_real(rows, 11);
		if (!line(arg, l, e)) {
			ok = false;
			break;
		}
	}
	sqlite3_reset(rows);
	return ok;
}

bool response_read(struct db *db, enum part part,
    bool (*line)(void *arg, const struct response_line *l, struct err *e), void *arg, struct err *e)
{
	sqlite3_stmt *questions, *rows;
	struct response_line l;
	bool row, ok;

	if (!db_begin_read(db, e))
		return false;
	questions = stmt_new(db,
	    "SELECT i.import, i.question, q.text, b.name FROM item i "
	    "JOIN question q ON q.id = i.question JOIN benchmark b ON b.id = q.benchmark "
	    "WHERE ?1 IS NULL OR i.part = ?1 GROUP BY i.import, i.question ORDER BY min(i.id)",
	    e);
	rows = stmt_new(db,
	    "SELECT i.key, i.category, i.part, r.model, m.name, s.key, r.score, u.trials, u.cost, "
	    "u.tokens_in, u.tokens_out, u.seconds "
	    "FROM item i JOIN response r ON r.item = i.id JOIN model m ON m.id = r.model "
	    "LEFT JOIN source_model s ON s.import = i.import AND s.model = r.model "
	    "LEFT JOIN usage u ON u.item = r.item AND u.model = r.model AND u.n = r.n "
	    "WHERE i.question = ?2 AND i.import = ?1 AND (?3 IS NULL OR i.part = ?3) "
	    "ORDER BY r.n, r.model",
	    e);
	ok = questions && rows;
	if (ok)
		bind_part(questions, 1, part);
	while (ok && (ok = stmt_step(db, questions, &row, e)) && row) {
		l.question = sqlite3_column_int64(questions, 1);
		l.text = (const char *)sqlite3_column_text(questions, 2);
		l.text_len = (size_t)sqlite3_column_bytes(questions, 2);
		l.benchmark = (const char *)sqlite3_column_text(questions, 3);
		sqlite3_bind_int64(rows, 1, sqlite3_column_int64(questions, 0));
		sqlite3_bind_int64(rows, 2, l.question);
		bind_part(rows, 3, part);
		ok = read_question(db, rows, &l, line, arg, e);
	}
	sqlite3_finalize(questions);
	sqlite3_finalize(rows);
	return db_end(db, ok, e);
}

static bool any(struct db *db, const char *sql, enum part part, bool *found, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, sql, e);
	bool ok = s != NULL;

	if (ok) {
		bind_part(s, 1, part);
		ok = stmt_step(db, s, found, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool response_check_ids(struct db *db, enum part part, bool *prompts, bool *models, struct err *e)
{
	bool lacking, clash, model_lacking, model_clash;

	if (!any(db, "SELECT 1 FROM item WHERE key IS NULL AND (?1 IS NULL OR part = ?1) LIMIT 1",
		part, &lacking, e) ||
	    !any(db,
		"SELECT 1 FROM item i JOIN question q ON q.id = i.question "
		"WHERE ?1 IS NULL OR i.part = ?1 GROUP BY i.key HAVING count(DISTINCT q.hash) > 1 "
		"LIMIT 1",
		part, &clash, e) ||
	    !any(db,
		"SELECT 1 FROM source_model WHERE key IS NULL AND (?1 IS NULL OR import IN "
		"(SELECT import FROM item WHERE part = ?1)) LIMIT 1",
		part, &model_lacking, e) ||
	    !any(db,
		"SELECT 1 FROM source_model WHERE ?1 IS NULL OR import IN "
		"(SELECT import FROM item WHERE part = ?1) GROUP BY key HAVING count(DISTINCT "
		"model) > 1 "
		"LIMIT 1",
		part, &model_clash, e))
		return false;
	*prompts = !lacking && !clash;
	*models = !model_lacking && !model_clash;
	return true;
}

/* The statement's run, category, key and value, a row each. Takes s. */
static bool read_settings(struct db *db, sqlite3_stmt *s, struct arena *a,
    struct staging_setting **out, size_t *n, struct err *e)
{
	struct staging_setting *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = true;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count++] = (struct staging_setting){
		    .run = (uint32_t)sqlite3_column_int64(s, 0),
		    .category = stmt_text(s, 1, a),
		    .key = stmt_text(s, 2, a),
		    .value = stmt_text(s, 3, a),
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

bool response_read_settings(struct db *db, const char *model, struct arena *a,
    struct staging_setting **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT run, category, key, value FROM setting WHERE model = (SELECT id FROM model "
	    "WHERE name = ?1) ORDER BY category, key, import, run",
	    e);

	if (!s)
		return false;
	stmt_bind_text(s, 1, model);
	return read_settings(db, s, a, out, n, e);
}

bool response_read_choices(
    struct db *db, struct arena *a, struct staging_setting **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT run, category, key, value FROM (SELECT *, max(import) FROM setting "
	    "WHERE key IN ('metric', 'filter') GROUP BY category, key)",
	    e);

	return s && read_settings(db, s, a, out, n, e);
}

bool response_has_usage(struct db *db, bool *has, struct err *e)
{
	int64_t any;

	if (!stmt_int(db, "SELECT count(*) FROM (SELECT 1 FROM usage LIMIT 1)", 0, 0, 0, &any, e))
		return false;
	*has = any > 0;
	return true;
}
