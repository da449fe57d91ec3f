#include "store/split.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/handle.h"
#include "store/stmt.h"

#include <string.h>

bool split_follow_imports(struct db *db, size_t *leaks, struct err *e)
{
	int64_t split, moved = 0;
	bool ok;

	ok = stmt_exec(db,
		 "CREATE TEMP TABLE came AS SELECT i.question, q.hash, "
		 "CASE i.part WHEN 'test' THEN 3 WHEN 'val' THEN 2 ELSE 1 END AS part "
		 "FROM item i JOIN question q ON q.id = i.question WHERE i.part IS NOT NULL;"
		 "INSERT INTO split (name, source) SELECT 'imported', 'imported' "
		 "WHERE EXISTS (SELECT 1 FROM came) ON CONFLICT DO NOTHING",
		 e) &&
	     stmt_int(db, "SELECT id FROM split WHERE source = 'imported'", 0, 0, 0, &split, e);
	if (ok && split) {
		ok = stmt_run(db, "DELETE FROM split_part WHERE split = ?1", split, 0, e) &&
		     stmt_run(db,
			 "INSERT INTO split_part SELECT ?1, c.question, "
			 "CASE max(h.part) WHEN 3 THEN 'test' WHEN 2 THEN 'val' ELSE 'train' END "
			 "FROM (SELECT DISTINCT question, hash FROM came) c "
			 "JOIN (SELECT hash, max(part) AS part FROM came GROUP BY hash) h USING "
			 "(hash) "
			 "GROUP BY c.question",
			 split, 0, e) &&
		     stmt_int(db,
			 "SELECT count(*) FROM (SELECT 1 FROM came GROUP BY hash HAVING "
			 "min(part) < max(part))",
			 0, 0, 0, &moved, e) &&
		     stmt_exec(db,
			 "DELETE FROM split WHERE source = 'imported' AND NOT EXISTS "
			 "(SELECT 1 FROM split_part WHERE split = split.id)",
			 e);
	}
	*leaks = (size_t)moved;
	return ok && stmt_exec(db, "DROP TABLE came", e);
}

/* Columns of split and its counts, for read_split. */
#define SPLIT_COLUMNS                                                                              \
	"s.id, s.name, s.source = 'imported', s.seed, s.test, s.val, "                             \
	"(SELECT count(*) FROM split_part p WHERE p.split = s.id AND part = 'train'), "            \
	"(SELECT count(*) FROM split_part p WHERE p.split = s.id AND part = 'val'), "              \
	"(SELECT count(*) FROM split_part p WHERE p.split = s.id AND part = 'test'), "             \
	"(SELECT count(*) FROM question)"

static struct split read_split(sqlite3_stmt *s, struct arena *a)
{
	struct split v = {
	    .id = sqlite3_column_int64(s, 0),
	    .name = stmt_text(s, 1, a),
	    .imported = sqlite3_column_int(s, 2),
	    .seed = (uint64_t)sqlite3_column_int64(s, 3),
	    .test = sqlite3_column_double(s, 4),
	    .val = sqlite3_column_double(s, 5),
	};
	int64_t in_a_part = 0;

	for (int p = PART_TRAIN; p < PART_COUNT; p++) {
		v.count[p] = (size_t)sqlite3_column_int64(s, 5 + p);
		in_a_part += sqlite3_column_int64(s, 5 + p);
	}
	v.count[PART_NONE] = (size_t)(sqlite3_column_int64(s, 9) - in_a_part);
	return v;
}

bool split_list(struct db *db, struct arena *a, struct split **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT " SPLIT_COLUMNS " FROM split s ORDER BY s.id", e);
	struct split *v = NULL;
	size_t count = 0, cap = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, count + 1, sizeof(*v));
		v[count++] = read_split(s, a);
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_copy(a, v, count, sizeof(*v));
		*n = count;
	}
	mem_free(v);
	return ok;
}

bool split_find(
    struct db *db, struct arena *a, const char *name, struct split *out, bool *found, struct err *e)
{
	/* Without a name: the one in use, else the imported one. */
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT " SPLIT_COLUMNS " FROM split s WHERE s.name = ?1 OR (?1 IS NULL AND "
	    "(s.source = 'imported' OR s.name = (SELECT value FROM meta WHERE key = 'split'))) "
	    "ORDER BY s.name = (SELECT value FROM meta WHERE key = 'split') DESC LIMIT 1",
	    e);
	bool row, ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, name);
		ok = stmt_step(db, s, &row, e);
	}
	if (ok) {
		*found = row;
		if (row)
			*out = read_split(s, a);
	}
	sqlite3_finalize(s);
	return ok;
}

bool split_load(struct db *db, int64_t split, const struct catalog_question *q, size_t n,
    uint8_t *part, struct err *e)
{
	sqlite3_stmt *s = stmt_new(
	    db, "SELECT question, part FROM split_part WHERE split = ?1 ORDER BY question", e);
	bool row, ok = s != NULL;
	enum part p;
	size_t i = 0;

	if (ok)
		sqlite3_bind_int64(s, 1, split);
	memset(part, PART_NONE, n);
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		int64_t id = sqlite3_column_int64(s, 0);

		while (i < n && q[i].id < id)
			i++;
		if (i < n && q[i].id == id &&
		    part_parse((const char *)sqlite3_column_text(s, 1), &p))
			part[i] = (uint8_t)p;
	}
	sqlite3_finalize(s);
	return ok;
}

static bool add_split(struct db *db, struct split *v, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "INSERT INTO split (name, source, seed, test, val) VALUES (?1, 'drawn', ?2, ?3, ?4)",
	    e);
	bool ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, v->name);
		sqlite3_bind_int64(s, 2, (int64_t)v->seed);
		sqlite3_bind_double(s, 3, v->test);
		sqlite3_bind_double(s, 4, v->val);
		ok = stmt_done(db, s, e);
		v->id = sqlite3_last_insert_rowid(db->handle);
	}
	sqlite3_finalize(s);
	return ok;
}

static bool add_parts(struct db *db, struct split *v, const struct catalog_question *q, size_t n,
    const uint8_t *part, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "INSERT INTO split_part VALUES (?1, ?2, ?3)", e);
	bool ok = s != NULL;

	memset(v->count, 0, sizeof(v->count));
	for (size_t i = 0; ok && i < n; i++) {
		v->count[part[i]]++;
		if (part[i] == PART_NONE)
			continue;
		sqlite3_bind_int64(s, 1, v->id);
		sqlite3_bind_int64(s, 2, q[i].id);
		stmt_bind_text(s, 3, part_name(part[i]));
		ok = stmt_done(db, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool split_save(struct db *db, struct split *v, const struct catalog_question *q, size_t n,
    const uint8_t *part, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct split saved = *v, old;
	bool found, ok;

	if (!strcmp(v->name, SPLIT_IMPORTED))
		return err_set(e, ERR_USAGE,
		    "the name \"%s\" is kept for the parts that the files came with", v->name);
	if (!db_begin(db, e))
		return false;
	ok = split_find(db, &a, v->name, &old, &found, e);
	if (ok && found)
		ok = err_set(e, ERR_USAGE, "there is a split \"%s\" already", v->name);
	ok = ok && add_split(db, &saved, e) && add_parts(db, &saved, q, n, part, e) &&
	     db_meta_set(db, "split", v->name, e);
	ok = db_end(db, ok, e);
	if (ok)
		*v = saved;
	arena_clear(&a);
	return ok;
}

static bool require(struct db *db, const char *name, struct split *out, struct err *e)
{
	struct arena a = ARENA_INIT;
	bool found, ok = split_find(db, &a, name, out, &found, e);

	if (ok && !found)
		ok = err_set(
		    e, ERR_USAGE, "no split \"%s\"; 'embedllm split --list' lists them", name);
	arena_clear(&a);
	return ok;
}

bool split_use(struct db *db, const char *name, struct err *e)
{
	struct split v;

	return require(db, name, &v, e) && db_meta_set(db, "split", name, e);
}

static bool no_run_needs(struct db *db, const struct split *v, const char *name, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT group_concat(id, ', ') FROM run WHERE split = ?1", e);
	bool row, ok = s != NULL;
	const char *runs;

	if (ok) {
		sqlite3_bind_int64(s, 1, v->id);
		ok = stmt_step(db, s, &row, e);
	}
	runs = ok ? (const char *)sqlite3_column_text(s, 0) : NULL;
	if (runs)
		ok = err_set(e, ERR_USAGE,
		    "split \"%s\": runs were trained on it and are judged by its test part; "
		    "delete them first, 'embedllm runs delete': %s",
		    name, runs);
	sqlite3_finalize(s);
	return ok;
}

bool split_delete(struct db *db, const char *name, struct err *e)
{
	struct split v;
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = require(db, name, &v, e) && no_run_needs(db, &v, name, e) &&
	     stmt_run(db, "DELETE FROM split WHERE id = ?1", v.id, 0, e) &&
	     stmt_run(db,
		 "DELETE FROM meta WHERE key = 'split' AND NOT EXISTS "
		 "(SELECT 1 FROM split WHERE name = meta.value)",
		 0, 0, e);
	return db_end(db, ok, e);
}
