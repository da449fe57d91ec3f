/* connection.h - a worker's own connection to the database: opened when a job first asks for it, for
 * reading until one writes. */
#ifndef VIEW_CONNECTION_H
#define VIEW_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct db;
struct err;

struct connection {
	const char *path;
	pthread_mutex_t lock; /* of db, against connection_interrupt */
	struct db *db;
	bool writes;
	unsigned write_jobs; /* calls of connection_write */
	int64_t version;     /* of the database when data_read read it through this connection */
};
void connection_init(struct connection *c, const char *path);
/* On any thread: the statement that runs now fails with ERR_CANCELLED. */
void connection_interrupt(struct connection *c);
/* On the worker's thread. NULL with `e` set where the file cannot be opened; connection_read gives NULL
 * and no error where there is no file yet. */
struct db *connection_read(struct connection *c, struct err *e);
struct db *connection_write(struct connection *c, struct err *e);
void connection_close(struct connection *c);
/* Whether another connection has changed the database since data_read; accept: no, and from now on
 * this counts as the version that was read. */
bool connection_changed(struct connection *c, bool accept, bool *changed, struct err *e);

#endif
