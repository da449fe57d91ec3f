/* connection.h - a worker's own connection to the database: opened when a job first asks for it, for
 * reading until one writes.
 *
 * All of them are to the file that what is on screen was read from, which one struct database says for
 * them together: where it was replaced, removed or put back to an earlier state, no job gets it, until
 * it is read again (connection_begin).
 */
#ifndef VIEW_CONNECTION_H
#define VIEW_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "task/session.h"

struct err;

struct database {
	const char *path;
	pthread_mutex_t lock; /* of what follows */
	struct stamp read;    /* the file that was read */
	unsigned others;      /* times that it was another one than before */
};

struct connection {
	const char *path;
	struct database *database;
	bool keep;            /* open between jobs, as long as none writes */
	pthread_mutex_t lock; /* of db, against connection_interrupt */
	struct db *db;
	bool writes, held;
	unsigned others;     /* of the database when it was opened */
	unsigned write_jobs; /* calls of connection_write */
	int64_t version;     /* of the database when data_read read it through this connection */
};
void database_init(struct database *d, const char *path);
void connection_init(struct connection *c, struct database *d, bool keep);
/* On any thread: the statement that runs now fails with ERR_CANCELLED. */
void connection_interrupt(struct connection *c);
/* On the worker's thread, all that follows. */
/* Whether the file is still the one that was read; an error says what came about, and the remedy. */
bool connection_is_same(struct connection *c, struct err *e);
/* NULL with `e` set where the file cannot be opened, or is another one; connection_read gives NULL and
 * no error where there is no file yet. */
struct db *connection_read(struct connection *c, struct err *e);
struct db *connection_write(struct connection *c, struct err *e);
/* Like connection_read, but of whatever file is there now, which from here on is the one that counts.
 * *other: it is another one than before, or an earlier state of it, which is read only where the user
 * has asked for it. */
struct db *connection_begin(struct connection *c, bool asked, bool *other, struct err *e);
/* It holds what is in no file, and stays open between jobs. */
void connection_hold(struct connection *c);
/* After a job: what may write is closed, so that the file is whole by itself. */
void connection_rest(struct connection *c);
void connection_close(struct connection *c);
/* Whether another connection has changed the database since data_read; accept: no, and from now on
 * this counts as the version that was read. */
bool connection_changed(struct connection *c, bool accept, bool *changed, struct err *e);

#endif
