/* db.h - the SQLite file: open, transactions, settings, backup, checks.
 *
 * src/store is the only layer that knows SQLite. It may include base/ and num/mat.h; the others
 * see plain structs, and no sqlite3 type is in a header they include (handle.h, stmt.h and answer.h are private).
 *
 * A connection belongs to one thread at a time; only db_interrupt may be called from another.
 * Every function here that changes data is one transaction, or part of the caller's (db_begin).
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct progress;
struct db;

enum db_mode {
	DB_READ,   /* must exist; nothing is written but what brings it to the newest schema */
	DB_WRITE,  /* must exist; brought to the newest schema */
	DB_CREATE, /* made, with its folder, where it does not exist */
};

/* NULL with an error (ERR_DATA) that names the file: missing, not a database, another program's
 * database, made by a newer embedllm, locked. ":memory:" is a private database in memory. */
struct db *db_open(const char *path, enum db_mode mode, struct err *e);
void db_close(struct db *db); /* NULL is fine; an open transaction is rolled back */
const char *db_path(const struct db *db);
/* What is out of the ordinary about the file, in a sentence for the user, or NULL: it is read-only,
 * or its file system knows no write-ahead log. Static. */
const char *db_note(const struct db *db);

/* Makes the statement running on another thread fail with ERR_CANCELLED. The connection must stay
 * open meanwhile. */
void db_interrupt(struct db *db);

/* A number that changes when another connection, of this process or not, commits a change. */
bool db_version(struct db *db, int64_t *out, struct err *e);

/* Transactions nest: only the outermost begin and commit reach SQLite; a rollback undoes all. The
 * outermost begin takes the write lock at once (waiting up to 10 s for another process). */
bool db_begin(struct db *db, struct err *e);
/* One state of the database for all that is read until the matching db_end; no writes within. */
bool db_begin_read(struct db *db, struct err *e);
/* Begin like db_begin, with foreign keys not enforced row by row: SQLite would look up two parents
 * for each of millions of responses and scan them all for every model that goes. The schema still
 * declares the keys and the caller keeps them. db_end turns enforcement on again. Within another
 * transaction the enforcement cannot change and stays. */
bool db_begin_bulk(struct db *db, struct err *e);
/* End a transaction by the outcome: commit if ok, else roll back and keep `e`. Returns success. */
bool db_end(struct db *db, bool ok, struct err *e);

/* Settings of the database (table meta): "rule", "threshold", "split", "run". *value is in the
 * arena, or NULL where the key is absent. db_meta_set with NULL removes it. */
bool db_meta_get(
    struct db *db, const char *key, struct arena *a, const char **value, struct err *e);
bool db_meta_set(struct db *db, const char *key, const char *value, struct err *e);

/* The SQL that brings schema i to i + 1, comments included; NULL past the last. */
const char *db_migration(size_t i);

/* A consistent copy, through a temporary that is fsynced and renamed over `path`. */
bool db_backup(struct db *db, const char *path, const struct progress *p, struct err *e);

#endif
