/* run_bin.h - deleting a run so that it can come back: its rows move to temporary tables, which go
 * with the connection. */
#ifndef STORE_RUN_BIN_H
#define STORE_RUN_BIN_H

#include <stdbool.h>
#include <stdint.h>

struct db;
struct err;

/* run_delete that keeps the rows; *ticket brings them back, on this connection only. */
bool run_bin_put(struct db *db, int64_t run, int64_t *ticket, struct err *e);
/* The run as it was, in use if it was chosen for that. Its number is *run: the old one, or the next
 * free where a newer run has that. What it refers to and is gone by now, is gone from it, too: the
 * split, the encoder, vectors of deleted models. */
bool run_bin_restore(struct db *db, int64_t ticket, int64_t *run, struct err *e);

#endif
