/* guard.h - databases that are open, which no output file may replace. */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>

struct err;

/* The file at `path`, which need not be there yet, and what SQLite keeps beside it (-wal, -shm,
 * -journal) are not to be written to until guard_drop is called as often. From any thread. */
void guard_add(const char *path);
void guard_drop(const char *path);

/* False, ERR_USAGE, where `path` is a guarded file by whatever name: another spelling, a link. */
bool guard_check(const char *path, struct err *e);

#endif
