#include "store/query.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/db.h"
#include "store/handle.h"
#include "store/stmt.h"

#include <string.h>

#define VALUE_BYTES (64 << 20)
#define SQL_BYTES (1 << 20)
#define TICK_OPCODES 10000 /* of SQLite's machine: well under a millisecond */

/* The authorizer */

struct guard {
	const char *refused; /* what the statement wanted, NULL = nothing yet */
};

static bool one_of(const char *s, const char *const *names)
{
	while (*names && sqlite3_stricmp(s, *names))
		names++;
	return *names != NULL;
}

static bool may_pragma(const char *name, const char *argument)
{
	/* These report on what their argument names. */
	static const char *const about[] = {"table_info", "table_xinfo", "table_list", "index_list",
	    "index_info", "index_xinfo", "foreign_key_list", "foreign_key_check", "integrity_check",
	    "quick_check", NULL};
	/* With an argument these would set something. */
	static const char *const plain[] = {"database_list", "collation_list", "function_list",
	    "pragma_list", "compile_options", "user_version", "application_id", "schema_version",
	    "data_version", "encoding", "page_count", "page_size", "freelist_count", "journal_mode",
	    NULL};

	return one_of(name, about) || (!argument && one_of(name, plain));
}

static const char *action_name(int action, const char *object)
{
	/* What CREATE and DROP come to. */
	if (object && !sqlite3_strnicmp(object, "sqlite_", 7))
		action = 0;
	switch (action) {
	case SQLITE_ATTACH:
		return "ATTACH";
	case SQLITE_DETACH:
		return "DETACH";
	case SQLITE_INSERT:
		return "INSERT";
	case SQLITE_UPDATE:
		return "UPDATE";
	case SQLITE_DELETE:
		return "DELETE";
	case SQLITE_PRAGMA:
		return "this PRAGMA";
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return "a transaction";
	case SQLITE_FUNCTION:
		return "this function";
	case SQLITE_ANALYZE:
	case SQLITE_REINDEX:
	case SQLITE_ALTER_TABLE:
		return "changing the database";
	default:
		return "creating or dropping anything";
	}
}

static int authorize(
    void *arg, int action, const char *a, const char *b, const char *schema, const char *within)
{
	static const char *const functions[] = {"load_extension", "fts3_tokenizer", NULL};
	struct guard *g = arg;
	bool may;

	(void)schema;
	(void)within;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		may = true;
		break;
	case SQLITE_FUNCTION:
		may = !one_of(b, functions);
		break;
	case SQLITE_PRAGMA:
		may = may_pragma(a, b);
		break;
	case SQLITE_UPDATE:
		/* SQLite says so while it declares a table-valued function such as json_each. A
		 * statement that means it is not compiled (DEFENSIVE), nor would it run. */
		may = !sqlite3_stricmp(a, "sqlite_master");
		break;
	default:
		may = false;
		break;
	}
	if (may)
		return SQLITE_OK;
	if (!g->refused)
		g->refused = action_name(action, a);
	return SQLITE_DENY;
}

static void lock_down(sqlite3 *h)
{
	sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, NULL);
	sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(h, SQLITE_LIMIT_LENGTH, VALUE_BYTES);
	sqlite3_limit(h, SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES);
	sqlite3_limit(h, SQLITE_LIMIT_WORKER_THREADS, 0);
}

struct db *query_open(const char *path, struct err *e)
{
	struct db *db = db_open(path, DB_READ, e);

	if (db && !stmt_exec(db, "PRAGMA query_only = 1", e)) {
		db_close(db);
		return NULL;
	}
	if (db)
		lock_down(db->handle);
	return db;
}

/* Errors */

static bool fault(const char *sql, size_t offset, const char *what, size_t *at, struct err *e)
{
	size_t line = 1, start = 0, column = 1;

	*at = offset;
	if (offset == SIZE_MAX)
		return err_set(e, ERR_USAGE, "%s", what);
	for (size_t i = 0; i < offset && sql[i]; i++) {
		if (sql[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	for (size_t i = start; i < offset && sql[i]; i++)
		column += ((unsigned char)sql[i] & 0xc0) != 0x80;
	return err_set(e, ERR_USAGE, "line %zu, column %zu: %s", line, column, what);
}

static bool sqlite_fault(
    struct db *db, const struct guard *g, const char *sql, size_t *at, struct err *e)
{
	sqlite3 *h = db->handle;
	int offset = -1, code = sqlite3_extended_errcode(h) & 0xff;
	char *refusal;

	if (g->refused) {
		refusal =
		    mem_printf("only reading is allowed here, and %s is not that", g->refused);
		fault(sql, SIZE_MAX, refusal, at, e);
		mem_free(refusal);
		return false;
	}
	if (code != SQLITE_ERROR && code != SQLITE_AUTH && code != SQLITE_TOOBIG &&
	    code != SQLITE_MISMATCH)
		return stmt_error(db, e);
#if SQLITE_VERSION_NUMBER >= 3038000
	offset = sqlite3_error_offset(h);
#endif
	return fault(sql, offset < 0 ? SIZE_MAX : (size_t)offset, sqlite3_errmsg(h), at, e);
}

static sqlite3_stmt *compile(
    struct db *db, const struct guard *g, const char *sql, size_t *at, struct err *e)
{
	sqlite3 *h = db->handle;
	sqlite3_stmt *s = NULL, *second = NULL;
	const char *tail = sql, *end;

	if (sqlite3_prepare_v2(h, sql, -1, &s, &tail) != SQLITE_OK) {
		sqlite_fault(db, g, sql, at, e);
		return NULL;
	}
	if (!s) {
		fault(sql, SIZE_MAX, "there is no statement", at, e);
		return NULL;
	}
	/* Blanks and comments may follow. */
	if (sqlite3_prepare_v2(h, tail, -1, &second, &end) != SQLITE_OK || second) {
		fault(sql, (size_t)(tail - sql) + strspn(tail, " \t\r\n;"),
		    "one statement at a time; this is a second one", at, e);
		goto refuse;
	}
	if (!sqlite3_stmt_readonly(s)) {
		fault(sql, SIZE_MAX, "only reading is allowed here", at, e);
		goto refuse;
	}
	if (!sqlite3_column_count(s)) {
		fault(sql, SIZE_MAX, "this has no result", at, e);
		goto refuse;
	}
	if (sqlite3_bind_parameter_count(s)) {
		fault(sql, SIZE_MAX,
		    "parameters (?, :name) have no value here; write the value itself", at, e);
		goto refuse;
	}
	return s;
refuse:
	sqlite3_finalize(second);
	sqlite3_finalize(s);
	return NULL;
}

/* Rows */

void query_rows_clear(struct query_rows *r)
{
	arena_clear(&r->arena);
	mem_free(r->v);
	*r = (struct query_rows){.n = 0};
}

/* NUL bytes in it are kept. */
static const char *copy_text(struct arena *a, const char *text, size_t n)
{
	char *copy = arena_alloc(a, n + 1, 1);

	if (n)
		memcpy(copy, text, n);
	return copy;
}

static struct query_value read_value(sqlite3_stmt *s, int column, struct arena *a)
{
	struct query_value v = {QUERY_NULL, 0, {0}};

	switch (sqlite3_column_type(s, column)) {
	case SQLITE_INTEGER:
		v.type = QUERY_INT;
		v.i = sqlite3_column_int64(s, column);
		break;
	case SQLITE_FLOAT:
		v.type = QUERY_REAL;
		v.real = sqlite3_column_double(s, column);
		break;
	case SQLITE_TEXT:
		v.type = QUERY_TEXT;
		v.text = (const char *)sqlite3_column_text(s, column);
		v.len = (size_t)sqlite3_column_bytes(s, column);
		v.text = copy_text(a, v.text, v.len);
		break;
	case SQLITE_BLOB:
		v.type = QUERY_BLOB;
		v.len = (size_t)sqlite3_column_bytes(s, column);
		break;
	default:
		break;
	}
	return v;
}

struct watch {
	const struct progress *progress;
	const struct query_rows *rows;
};

static int stop_asked(void *arg)
{
	const struct watch *w = arg;

	return !progress_tick(w->progress, "reading", (double)w->rows->n, 0, "rows");
}

static bool read_rows(sqlite3_stmt *s, size_t limit, struct query_rows *r)
{
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		size_t bytes = r->arena.used + r->n * r->n_columns * sizeof(*r->v);

		r->cut = (limit && r->n == limit) || bytes > QUERY_BYTES;
		if (r->cut)
			return true;
		r->v = mem_grow(r->v, &r->cap, (r->n + 1) * r->n_columns, sizeof(*r->v));
		for (size_t i = 0; i < r->n_columns; i++)
			r->v[r->n * r->n_columns + i] = read_value(s, (int)i, &r->arena);
		r->n++;
	}
	return rc == SQLITE_DONE;
}

bool query_run(struct db *db, const char *sql, size_t limit, const struct progress *p,
    struct query_rows *out, size_t *at, struct err *e)
{
	sqlite3 *h = db->handle;
	struct guard g = {NULL};
	struct query_rows r = {.n = 0};
	struct watch w = {p, &r};
	sqlite3_stmt *s;
	bool ok;

	*at = SIZE_MAX;
	sqlite3_set_authorizer(h, authorize, &g);
	sqlite3_progress_handler(h, TICK_OPCODES, stop_asked, &w);
	s = compile(db, &g, sql, at, e);
	ok = s != NULL;
	if (s) {
		r.n_columns = (size_t)sqlite3_column_count(s);
		r.columns = arena_array(&r.arena, const char *, r.n_columns + 1);
		for (size_t i = 0; i < r.n_columns; i++) {
			const char *name = sqlite3_column_name(s, (int)i);

			r.columns[i] = arena_strdup(&r.arena, name ? name : "");
		}
		ok = read_rows(s, limit, &r) || sqlite_fault(db, &g, sql, at, e);
	}
	sqlite3_finalize(s);
	sqlite3_progress_handler(h, 0, NULL, NULL);
	sqlite3_set_authorizer(h, NULL, NULL);
	if (ok)
		*out = r;
	else
		query_rows_clear(&r);
	return ok;
}
