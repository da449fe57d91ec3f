/* stmt.h - private to src/store: SQLite statements with our errors. It, handle.h and
 * answer.h are the only headers that show sqlite3 types; nobody else includes them. */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db;
struct err;

/* What SQLite said last, as our error; returns false. */
bool stmt_error(struct db *db, struct err *e);

/* NULL with an error where it does not compile. Finish with sqlite3_finalize (NULL is fine). */
sqlite3_stmt *stmt_new(struct db *db, const char *sql, struct err *e);
/* Step: *row tells whether there is one. After false the statement is reset. */
bool stmt_step(struct db *db, sqlite3_stmt *s, bool *row, struct err *e);
/* Step to the end, ignoring rows, and reset. */
bool stmt_done(struct db *db, sqlite3_stmt *s, struct err *e);

/* Statements without results; several, separated by semicolons. */
bool stmt_exec(struct db *db, const char *sql, struct err *e);
/* The same for one statement whose parameters are integers: ?1 = a, ?2 = b, as far as used. */
bool stmt_run(struct db *db, const char *sql, int64_t a, int64_t b, struct err *e);
/* The first column of the first row, `none` where there is no row or it is NULL. */
bool stmt_int(struct db *db, const char *sql, int64_t a, int64_t b, int64_t none, int64_t *out,
    struct err *e);

void stmt_bind_text(
    sqlite3_stmt *s, int i, const char *text); /* NULL is NULL; borrowed until reset */
void stmt_bind_blob(sqlite3_stmt *s, int i, const void *p, size_t n); /* borrowed */
void stmt_bind_real(sqlite3_stmt *s, int i, double v);                /* NaN is NULL */
char *stmt_text(sqlite3_stmt *s, int col, struct arena *a);           /* NULL is NULL */
double stmt_real(sqlite3_stmt *s, int col);                           /* NULL is NaN */
/* Copies the column's BLOB to the arena. */
const void *stmt_blob(sqlite3_stmt *s, int col, struct arena *a, size_t *n);

/* Now, ISO 8601 UTC with seconds. */
char *stmt_now(struct arena *a);

#endif
