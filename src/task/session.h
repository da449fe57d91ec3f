/* session.h - the database, for the layers above the tasks: where it is, open, stop, close.
 *
 * cli/ and ui/ never include store/; they hold a `struct db *` from here and hand it to the tasks.
 */
#ifndef TASK_SESSION_H
#define TASK_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "store/stamp.h"

struct db;
struct err;
struct progress;

enum session_mode {
	SESSION_READ,   /* must exist; nothing is written */
	SESSION_WRITE,  /* must exist */
	SESSION_CREATE, /* made, with its folder, where it does not exist */
};

/* Where the database is: `given`, else $EMBEDLLM_DB, else default.db in the user's XDG data folder
 * (in the working folder for a user without a home). New string, mem_free. */
char *session_path(const char *given);
/* demo.db beside the default. New string, mem_free. */
char *session_demo_path(void);

/* NULL with an error that names the file and, where there is none, how to make one. */
struct db *session_open(const char *path, enum session_mode mode, struct err *e);
void session_close(struct db *db);
/* What is out of the ordinary about the file (read-only, no write-ahead log), or NULL. Static. */
const char *session_note(const struct db *db);
/* From another thread: the statement that runs now fails with ERR_CANCELLED. */
void session_interrupt(struct db *db);
/* Which file is there, and whether it is the one of before: store/stamp.h. */
void session_look(const char *path, struct stamp *s);
bool session_is_same(
    const char *path, const struct stamp *then, const struct stamp *now, struct err *e);
/* A number that changes when another connection commits a change. */
bool session_version(struct db *db, int64_t *out, struct err *e);
/* A consistent copy of the database, even while another process writes to it. An existing file is
 * replaced, whole or not at all. */
bool session_backup(struct db *db, const char *path, const struct progress *p, struct err *e);

#endif
