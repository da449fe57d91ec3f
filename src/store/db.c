/* Opening, in order: what kind of file is it -> busy timeout -> foreign keys -> WAL -> migrate. */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/guard.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/handle.h"
#include "store/schema.h"
#include "store/stmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x454c4c4d /* "ELLM" */
#define BUSY_MILLISECONDS 10000

static const char *const migrations[] = {SCHEMA_0001, SCHEMA_0002, SCHEMA_0003};
#define SCHEMA_VERSION ((int64_t)(sizeof(migrations) / sizeof(migrations[0])))

const char *db_migration(size_t i)
{
	return i < (size_t)SCHEMA_VERSION ? migrations[i] : NULL;
}

const char *db_path(const struct db *db)
{
	return db->path;
}

const char *db_note(const struct db *db)
{
	return db->note;
}

void db_interrupt(struct db *db)
{
	sqlite3_interrupt(db->handle);
}

/* A database on a read-only medium cannot have the shared memory that WAL wants; nobody can be
 * writing to it either, so that SQLite may take it as immutable. */
static bool may_be_immutable(const struct db *db)
{
	char *wal = mem_printf("%s-wal", db->path);
	bool none = access(wal, F_OK) != 0;

	mem_free(wal);
	return none;
}

static int open_immutable(struct db *db)
{
	char *uri = stamp_immutable_uri(db->path);
	int rc;

	sqlite3_close(db->handle);
	rc = sqlite3_open_v2(uri, &db->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	mem_free(uri);
	db->note = "the database is read-only here: nothing in it can be changed";
	return rc;
}

/* Refuse what is there but is not ours, before anything is written to it. *empty: a new file; *older:
 * it lacks a migration. */
static bool check_kind(struct db *db, enum db_mode mode, bool *empty, bool *older, struct err *e)
{
	int64_t id, version, objects;
	int rc = sqlite3_exec(db->handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);

	if (mode == DB_READ && ((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY) &&
	    may_be_immutable(db))
		rc = open_immutable(db);
	if (rc != SQLITE_OK)
		return stmt_error(db, e);
	if (!stmt_int(db, "SELECT count(*) FROM sqlite_schema", 0, 0, 0, &objects, e) ||
	    !stmt_int(db, "PRAGMA application_id", 0, 0, 0, &id, e) ||
	    !stmt_int(db, "PRAGMA user_version", 0, 0, 0, &version, e))
		return false;
	*empty = objects == 0 && id == 0;
	if (*empty && mode == DB_CREATE)
		return true;
	if (*empty)
		return err_set(e, ERR_DATA,
		    "%s: an empty database; fill it with 'embedllm import FILE'", db->path);
	if (id != APPLICATION_ID)
		return err_set(e, ERR_DATA, "%s: a SQLite database of another program", db->path);
	if (version < 1)
		return err_set(
		    e, ERR_DATA, "%s: damaged: schema %lld", db->path, (long long)version);
	if (version > SCHEMA_VERSION)
		return err_set(e, ERR_DATA,
		    "%s: made by a newer embedllm (schema %lld, this one knows %lld); "
		    "install that one",
		    db->path, (long long)version, (long long)SCHEMA_VERSION);
	*older = version < SCHEMA_VERSION;
	return true;
}

static bool migrate(struct db *db, struct err *e)
{
	char pragma[96];
	int64_t version;
	bool ok = true;

	/* Another process may be at it too: look again under the write lock. */
	if (!db_begin(db, e))
		return false;
	if (!stmt_int(db, "PRAGMA user_version", 0, 0, 0, &version, e))
		return db_end(db, false, e);
	if (!db_end(db, true, e))
		return false;
	for (int64_t v = version; ok && v < SCHEMA_VERSION; v++) {
		snprintf(pragma, sizeof(pragma),
		    "PRAGMA application_id = %d; PRAGMA user_version = %lld", APPLICATION_ID,
		    (long long)v + 1);
		ok = db_begin(db, e) && stmt_int(db, "PRAGMA user_version", 0, 0, 0, &version, e);
		if (ok && version == v)
			ok = stmt_exec(db, migrations[v], e) && stmt_exec(db, pragma, e);
		ok = db_end(db, ok, e);
	}
	return ok;
}

/* Where WAL cannot work (some network file systems) SQLite answers with the mode that stays, and
 * everything but reading while another process writes is the same. Where another process opens the
 * same new file, the change is refused at once, whatever the busy timeout: ask again. */
static bool use_wal(struct db *db, struct err *e)
{
	enum { PAUSE = 10 };
	sqlite3_stmt *s = stmt_new(db, "PRAGMA journal_mode = WAL", e);
	int rc = SQLITE_BUSY;
	bool ok;

	if (!s)
		return false;
	for (int waited = 0; rc == SQLITE_BUSY && waited <= BUSY_MILLISECONDS; waited += PAUSE) {
		if (waited)
			sqlite3_sleep(PAUSE);
		sqlite3_reset(s);
		rc = sqlite3_step(s);
	}
	ok = rc == SQLITE_ROW || rc == SQLITE_DONE || stmt_error(db, e);
	if (rc == SQLITE_ROW && !strcmp((const char *)sqlite3_column_text(s, 0), "delete"))
		db->note = "this file system has no write-ahead log (journal mode DELETE): "
			   "readers wait while something is written";
	sqlite3_finalize(s);
	return ok;
}

/* A log with pages in it, beside an older copy of the database that is put back by name or another one,
 * would be replayed onto that. SQLite empties it when the last connection closes, but only where that
 * one may write: so it is emptied after every transaction. Who reads just now is waited for so long;
 * what then stays goes with the next. */
static void empty_log(struct db *db, int milliseconds)
{
	sqlite3_busy_timeout(db->handle, milliseconds);
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
}

/* Identity and count of changes, which a database has from the first that writes to it. */
static bool count_changes(struct db *db, struct err *e)
{
	int64_t n;

	if (!stmt_int(db, "SELECT count(*) FROM meta WHERE key IN ('identity', 'changes')", 0, 0, 0,
		&n, e) ||
	    (n < 2 && !stmt_exec(db,
			  "INSERT OR IGNORE INTO meta VALUES "
			  "('identity', lower(hex(randomblob(16)))), ('changes', '0')",
			  e)))
		return false;
	if (n < 2)
		empty_log(db, 0);
	db->counts = true;
	return true;
}

static bool prepare_to_write(struct db *db, struct err *e)
{
	return use_wal(db, e) &&
	       stmt_exec(db,
		   "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
		   "PRAGMA journal_size_limit = 67108864",
		   e) &&
	       migrate(db, e) && count_changes(db, e);
}

static bool make_folder(const char *path, struct err *e)
{
	char *dir = file_dir(path);
	bool ok = file_mkdirs(dir, e);

	mem_free(dir);
	return ok;
}

/* `rc` of the copy `to`, in words. Returns false. */
static bool copy_error(sqlite3 *to, int rc, const char *path, struct err *e)
{
	int system = sqlite3_system_errno(to);

	if (rc == SQLITE_NOMEM)
		die("out of memory");
	return err_set(e, ERR_FAILED, "%s: %s%s%s", path, sqlite3_errstr(rc), system ? ": " : "",
	    system ? strerror(system) : "");
}

/* Copy into `to`, a database of its own, in steps of about 16 MB. */
static bool copy_pages(
    struct db *db, sqlite3 *to, const char *path, const struct progress *p, struct err *e)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", db->handle, "main");
	int rc = SQLITE_OK, total, left;
	bool go_on = true;

	if (!b)
		return copy_error(to, sqlite3_errcode(to), path, e);
	while (go_on && (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)) {
		rc = sqlite3_backup_step(b, 4096);
		if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			sqlite3_sleep(50);
		total = sqlite3_backup_pagecount(b);
		left = sqlite3_backup_remaining(b);
		go_on = progress_tick(p, "copying", total - left, total, "pages");
	}
	rc = sqlite3_backup_finish(b);
	if (!go_on)
		return err_set(e, ERR_CANCELLED, "%s: stopped, no backup was made", path);
	if (rc != SQLITE_OK)
		return copy_error(to, rc, path, e);
	return true;
}

/* What is only to be read, by an older schema: brought up to date where it may be written, else read
 * through a copy in memory that is. */
static bool read_older(struct db *db, struct err *e)
{
	struct err no = ERR_INIT;
	struct db *writer = db_open(db->path, DB_WRITE, &no);
	sqlite3 *copy = NULL;

	if (writer) {
		db_close(writer);
		return true;
	}
	if (sqlite3_open_v2(":memory:", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
		SQLITE_OK ||
	    !copy_pages(db, copy, db->path, NULL, e)) {
		sqlite3_close(copy);
		return false;
	}
	sqlite3_close(db->handle);
	db->handle = copy;
	return migrate(db, e);
}

struct db *db_open(const char *path, enum db_mode mode, struct err *e)
{
	static const int flags[] = {
	    [DB_READ] = SQLITE_OPEN_READONLY,
	    [DB_WRITE] = SQLITE_OPEN_READWRITE,
	    [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	bool in_memory = !strcmp(path, ":memory:"), empty, older = false;
	struct db *db;
	struct stat st;

	if (!in_memory && mode == DB_CREATE && !make_folder(path, e))
		return NULL;
	if (!in_memory && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(e, ERR_DATA, "%s: is a directory, not a database", path);
		return NULL;
	}
	if (!in_memory && mode != DB_CREATE && access(path, F_OK)) {
		err_set(e, ERR_DATA,
		    "%s: no such database; 'embedllm import FILE' makes one, or name one with -d",
		    path);
		return NULL;
	}
	db = mem_zero_array(1, sizeof(*db));
	db->path = mem_strdup(path);
	guard_add(db->path);
	/* NOMUTEX: one thread at a time is our rule; interrupting needs no mutex. */
	if (sqlite3_open_v2(path, &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK) {
		stmt_error(db, e);
		goto fail;
	}
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
	if (!check_kind(db, mode, &empty, &older, e))
		goto fail;
	if (mode == DB_READ ? older && !read_older(db, e) : !prepare_to_write(db, e))
		goto fail;
	stamp_look(path, &db->stamp);
	return db;
fail:
	db_close(db);
	return NULL;
}

static void transaction_over(struct db *db)
{
	db->depth = 0;
	if (db->bulk) {
		db->bulk = false;
		sqlite3_exec(db->handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	}
}

static void roll_back(struct db *db)
{
	/* After a full disk SQLite may have rolled back by itself. */
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	transaction_over(db);
}

static bool has_moved(struct db *db)
{
	int moved = 0;

	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved;
}

/* Whether the file at the path is still that of the connection. */
static bool is_in_place(struct db *db, struct err *e)
{
	struct stamp now = db->stamp;

	if (!db->stamp.there)
		return true;
	stamp_look(db->path, &now);
	if (!stamp_is_same(db->path, &db->stamp, &now, e))
		return false;
	if (has_moved(db)) /* before we had a look at it */
		return err_set(
		    e, ERR_DATA, "%s: was replaced by another file since it was opened", db->path);
	db->stamp = now;
	return true;
}

/* A file that was moved away is still ours, and its log goes into it; one with other bytes than it had
 * must not get them. */
static void close_log(struct db *db)
{
	if (has_moved(db) || is_in_place(db, NULL))
		empty_log(db, 500);
	else
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	if (db->depth)
		roll_back(db);
	if (db->handle && !sqlite3_db_readonly(db->handle, "main"))
		close_log(db);
	sqlite3_close(db->handle);
	guard_drop(db->path);
	mem_free(db->path);
	mem_free(db);
}

bool db_version(struct db *db, int64_t *out, struct err *e)
{
	return stmt_int(db, "PRAGMA data_version", 0, 0, 0, out, e);
}

bool db_begin(struct db *db, struct err *e)
{
	if (db->depth == 0) {
		if (!stmt_exec(db, "BEGIN IMMEDIATE", e))
			return false;
		if (!is_in_place(db, e)) {
			roll_back(db);
			return err_wrap(e, "nothing was written");
		}
		db->changed = sqlite3_total_changes(db->handle);
	}
	db->depth++;
	return true;
}

bool db_begin_read(struct db *db, struct err *e)
{
	if (db->depth == 0 && !stmt_exec(db, "BEGIN", e))
		return false;
	if (db->depth == 0)
		db->changed = sqlite3_total_changes(db->handle);
	db->depth++;
	return true;
}

bool db_begin_bulk(struct db *db, struct err *e)
{
	if (db->depth == 0) {
		if (!stmt_exec(db, "PRAGMA foreign_keys = OFF", e))
			return false;
		db->bulk = true;
	}
	if (db_begin(db, e))
		return true;
	if (db->depth == 0 && db->bulk) {
		db->bulk = false;
		stmt_exec(db, "PRAGMA foreign_keys = ON", NULL);
	}
	return false;
}

static bool count_change(struct db *db, struct err *e)
{
	return !db->counts || sqlite3_total_changes(db->handle) == db->changed ||
	       stmt_exec(db,
		   "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'changes'", e);
}

static bool commit(struct db *db, struct err *e)
{
	if (db->depth == 0) /* an inner rollback undid it all */
		return err_set(e, ERR_FAILED, "%s: the transaction was rolled back", db->path);
	if (db->depth > 1) {
		db->depth--;
		return true;
	}
	if (!count_change(db, e) || !stmt_exec(db, "COMMIT", e)) {
		roll_back(db);
		return false;
	}
	if (sqlite3_total_changes(db->handle) != db->changed)
		empty_log(db, 0);
	transaction_over(db);
	return true;
}

bool db_end(struct db *db, bool ok, struct err *e)
{
	if (ok)
		return commit(db, e);
	if (db->depth)
		roll_back(db);
	return false;
}

bool db_meta_get(struct db *db, const char *key, struct arena *a, const char **value, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT value FROM meta WHERE key = ?1", e);
	bool row, ok;

	if (!s)
		return false;
	stmt_bind_text(s, 1, key);
	ok = stmt_step(db, s, &row, e);
	if (ok)
		*value = row ? stmt_text(s, 0, a) : NULL;
	sqlite3_finalize(s);
	return ok;
}

bool db_meta_set(struct db *db, const char *key, const char *value, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    value ? "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2"
		  : "DELETE FROM meta WHERE key = ?1",
	    e);
	bool ok;

	if (!s)
		return false;
	stmt_bind_text(s, 1, key);
	if (value)
		stmt_bind_text(s, 2, value);
	ok = stmt_done(db, s, e);
	sqlite3_finalize(s);
	return ok;
}

/* The copy is no database with a write-ahead log until it is written to, so that whoever reads it
 * leaves nothing beside it: https://sqlite.org/fileformat.html#file_format_version_numbers */
static bool without_wal(int fd, const char *path, struct err *e)
{
	static const unsigned char legacy[2] = {1, 1};

	return pwrite(fd, legacy, 2, 18) == 2 || err_errno(e, ERR_FAILED, "%s", path);
}

static bool copy_into(
    struct db *db, struct file_out *o, const char *path, const struct progress *p, struct err *e)
{
	sqlite3 *to = NULL;
	/* A copy that ends early is thrown away: it needs no journal beside it. */
	bool ok = sqlite3_open_v2(o->tmp, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		  sqlite3_exec(to, "PRAGMA journal_mode = OFF", NULL, NULL, NULL) == SQLITE_OK;

	ok = ok ? copy_pages(db, to, path, p, e) : copy_error(to, sqlite3_errcode(to), path, e);
	/* Before our own descriptor of the file: closing that would end SQLite's locks. */
	sqlite3_close(to);
	return ok && without_wal(fileno(o->f), path, e);
}

/* Whether a process holds the database `path`, whose log would be replayed onto our pages. A log that
 * nobody holds is brought into the file that we are to replace, and goes. */
static bool in_use(const char *path)
{
	static const char *const beside[] = {"-wal", "-journal"};
	char *real = realpath(path, NULL); /* SQLite's files lie where a link leads to */
	sqlite3 *old = NULL;
	bool left = false;

	for (int round = 0; round < 2; round++) {
		left = false;
		for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
			char *name = mem_printf("%s%s", real ? real : path, beside[i]);

			left = left || access(name, F_OK) == 0;
			mem_free(name);
		}
		if (!left || round)
			break;
		if (sqlite3_open_v2(path, &old, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
			sqlite3_exec(old,
			    "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", NULL, NULL,
			    NULL);
		sqlite3_close(old);
	}
	mem_free(real);
	return left;
}

bool db_backup(struct db *db, const char *path, const struct progress *p, struct err *e)
{
	struct file_out o;

	if (!guard_check(path, e))
		return false;
	if (in_use(path))
		return err_set(e, ERR_USAGE, "%s: a database in use; name another file", path);
	if (!file_create(&o, path, e))
		return false;
	if (!o.tmp) {
		file_abandon(&o);
		return err_set(e, ERR_USAGE, "%s: is no file; name one", path);
	}
	if (copy_into(db, &o, path, p, e))
		return file_commit(&o, e);
	file_abandon(&o);
	return false;
}
