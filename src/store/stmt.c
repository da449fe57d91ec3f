#include "store/stmt.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/handle.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* SQLite forgets the system's reason where it rolled back. */
static bool io_error(const char *path, int code, int system, struct err *e)
{
	bool reading = code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ;

	return err_set(e, ERR_FAILED, "%s: cannot be %s: %s", path, reading ? "read" : "written",
	    system    ? strerror(system)
	    : reading ? "a fault of the disk"
		      : "a fault of the disk, its quota, or File too large (ulimit -f)");
}

bool stmt_error(struct db *db, struct err *e)
{
	sqlite3 *h = db->handle;
	int code = sqlite3_extended_errcode(h), system = sqlite3_system_errno(h);
	const char *path = db->path;

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		die("out of memory");
	case SQLITE_INTERRUPT:
		return err_set(e, ERR_CANCELLED, "%s: stopped", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_FAILED,
		    "%s: another process is writing to it; try again when it is done", path);
	case SQLITE_FULL:
		return err_set(e, ERR_FAILED, "%s: the disk is full; nothing was changed", path);
	case SQLITE_READONLY:
		return err_set(e, ERR_FAILED, "%s: may not be written", path);
	case SQLITE_CANTOPEN:
		return err_set(e, ERR_DATA, "%s: cannot be opened: %s", path,
		    system ? strerror(system) : sqlite3_errmsg(h));
	case SQLITE_NOTADB:
		return err_set(e, ERR_DATA,
		    "%s: not a database; label files are brought in with 'embedllm import FILE'",
		    path);
	case SQLITE_CORRUPT:
		return err_set(e, ERR_DATA,
		    "%s: damaged (%s); go back to a backup, or save what is left with the sqlite3 "
		    "shell's .recover",
		    path, sqlite3_errmsg(h));
	case SQLITE_TOOBIG:
		return err_set(e, ERR_DATA, "%s: a value is too large for SQLite", path);
	case SQLITE_IOERR:
		return io_error(path, code, system, e);
	default:
		return err_set(e, ERR_FAILED, "%s: %s", path, sqlite3_errmsg(h));
	}
}

sqlite3_stmt *stmt_new(struct db *db, const char *sql, struct err *e)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db->handle, sql, -1, &s, NULL) != SQLITE_OK)
		stmt_error(db, e);
	return s;
}

bool stmt_step(struct db *db, sqlite3_stmt *s, bool *row, struct err *e)
{
	int rc = sqlite3_step(s);

	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return true;
	stmt_error(db, e);
	sqlite3_reset(s);
	return false;
}

bool stmt_done(struct db *db, sqlite3_stmt *s, struct err *e)
{
	bool row = true;

	while (row)
		if (!stmt_step(db, s, &row, e))
			return false;
	sqlite3_reset(s);
	return true;
}

bool stmt_exec(struct db *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || stmt_error(db, e);
}

static void bind_pair(sqlite3_stmt *s, int64_t a, int64_t b)
{
	int n = sqlite3_bind_parameter_count(s);

	if (n > 0)
		sqlite3_bind_int64(s, 1, a);
	if (n > 1)
		sqlite3_bind_int64(s, 2, b);
}

bool stmt_run(struct db *db, const char *sql, int64_t a, int64_t b, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, sql, e);
	bool ok;

	if (!s)
		return false;
	bind_pair(s, a, b);
	ok = stmt_done(db, s, e);
	sqlite3_finalize(s);
	return ok;
}

bool stmt_int(
    struct db *db, const char *sql, int64_t a, int64_t b, int64_t none, int64_t *out, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, sql, e);
	bool row, ok;

	if (!s)
		return false;
	bind_pair(s, a, b);
	ok = stmt_step(db, s, &row, e);
	if (ok)
		*out = row && sqlite3_column_type(s, 0) != SQLITE_NULL ? sqlite3_column_int64(s, 0)
								       : none;
	sqlite3_finalize(s);
	return ok;
}

void stmt_bind_text(sqlite3_stmt *s, int i, const char *text)
{
	sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

void stmt_bind_blob(sqlite3_stmt *s, int i, const void *p, size_t n)
{
	/* A NULL pointer would bind NULL; an empty BLOB is meant. */
	sqlite3_bind_blob64(s, i, n ? p : "", n, SQLITE_STATIC);
}

void stmt_bind_real(sqlite3_stmt *s, int i, double v)
{
	if (isnan(v))
		sqlite3_bind_null(s, i);
	else
		sqlite3_bind_double(s, i, v);
}

char *stmt_text(sqlite3_stmt *s, int col, struct arena *a)
{
	const char *text = (const char *)sqlite3_column_text(s, col);

	return text ? arena_strndup(a, text, (size_t)sqlite3_column_bytes(s, col)) : NULL;
}

double stmt_real(sqlite3_stmt *s, int col)
{
	return sqlite3_column_type(s, col) == SQLITE_NULL ? NAN : sqlite3_column_double(s, col);
}

const void *stmt_blob(sqlite3_stmt *s, int col, struct arena *a, size_t *n)
{
	const void *p = sqlite3_column_blob(s, col);
	char *copy;

	*n = (size_t)sqlite3_column_bytes(s, col);
	copy = arena_alloc(a, *n + 1, 1);
	if (*n)
		memcpy(copy, p, *n);
	return copy;
}

char *stmt_now(struct arena *a)
{
	char text[32];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strdup(a, text);
}
