/* query.h - SQL that a user has typed, run so that it can only read.
 *
 * The connection is its own, opened by query_open and closed by db_close: read-only, and locked
 * down besides. SQLite's authorizer refuses whatever is not reading (ATTACH and load_extension
 * among it), and limits hold for the length of a value and of the statement. The caller decides
 * how many rows are kept.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct db;
struct err;
struct progress;

enum query_type { QUERY_NULL, QUERY_INT, QUERY_REAL, QUERY_TEXT, QUERY_BLOB };

struct query_value {
	enum query_type type;
	size_t len; /* bytes of a text or a BLOB */
	union {
		int64_t i;
		double real;
		const char *text; /* of the file: any bytes, NUL included; a NUL follows */
	};
};

struct query_rows {
	struct arena arena;   /* holds the texts */
	const char **columns; /* (n_columns) as SQLite names them */
	size_t n_columns, n, cap;
	struct query_value *v; /* (n, n_columns) */
	bool cut;              /* there is more: at the limit of rows, or of QUERY_BYTES */
};
void query_rows_clear(struct query_rows *r);

/* What a result may take in memory. */
#define QUERY_BYTES ((size_t)128 << 20)

/* NULL with an error that names the file. */
struct db *query_open(const char *path, struct err *e);
/* One statement; at most `limit` rows are kept (0 = no limit). Its progress says how many there are
 * and can stop it. Where the text is at fault, `e` is ERR_USAGE and *at the byte offset of the
 * fault, or SIZE_MAX where SQLite does not say; `e` then holds line and column. */
bool query_run(struct db *db, const char *sql, size_t limit, const struct progress *p,
    struct query_rows *out, size_t *at, struct err *e);

struct query_column {
	const char *name, *type;
};
struct query_table {
	const char *name, *note; /* what it holds, "" where that is not known */
	bool view;
	struct query_column *columns;
	size_t n_columns;
};
/* Views, then tables, by name: views are what one asks. All in the arena. */
bool query_schema(
    struct db *db, struct arena *a, struct query_table **out, size_t *n, struct err *e);

#endif
