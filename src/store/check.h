/* check.h - whether a database is sound. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct db;
struct err;

/* For doctor: integrity_check, foreign_key_check, and stored summaries against the responses.
 * `problems` gets one line each, in the arena; *n == 0 is a healthy database. */
bool check_database(
    struct db *db, struct arena *a, const char ***problems, size_t *n, struct err *e);

#endif
