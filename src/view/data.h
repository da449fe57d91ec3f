/* data.h - the database in memory, as the views share it, and a worker's connection to it.
 *
 * A `struct data` never changes. Views and their jobs hold references, which the UI thread alone
 * takes and drops: a job's is taken when it is submitted and dropped when it is freed, and both
 * happen there. A reload makes a new one.
 */
#ifndef VIEW_DATA_H
#define VIEW_DATA_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "task/atlas.h"

struct db;
struct err;
struct job;
struct progress;

struct data {
	int refs;             /* UI thread only */
	struct catalog early; /* names and accuracies, until the atlas is there; in the arena */
	struct arena arena;
	/* Labels, and the run in use if there is one; NULL = still being read. */
	struct atlas *atlas;
	const char *note; /* session_note */
};

struct data *data_ref(struct data *d);
void data_unref(struct data *d); /* NULL is fine */
const struct catalog *data_catalog(const struct data *d);
/* The atlas where it holds a run, else NULL. */
const struct atlas *data_run(const struct data *d);
/* Index of a model by id, SIZE_MAX where it is gone. */
size_t data_find_model(const struct data *d, int64_t id);

/* A worker's own connection: opened when a job first asks for it, for reading until one writes. */
struct link {
	const char *path;
	pthread_mutex_t lock; /* of db, against link_interrupt */
	struct db *db;
	bool writes;
	unsigned write_jobs; /* calls of link_write */
	int64_t version;     /* of the database when data_read read it through this connection */
};
void link_init(struct link *l, const char *path);
/* On any thread: the statement that runs now fails with ERR_CANCELLED. */
void link_interrupt(struct link *l);
/* On the worker's thread. NULL with `e` set where the file cannot be opened; link_read gives NULL
 * and no error where there is no file yet. */
struct db *link_read(struct link *l, struct err *e);
struct db *link_write(struct link *l, struct err *e);
void link_close(struct link *l);
/* Whether another connection has changed the database since data_read; accept: no, and from now on
 * this counts as the version that was read. */
bool link_changed(struct link *l, bool accept, bool *changed, struct err *e);

/* Read the database. On the worker's thread; *out has one reference. A database that is not there
 * yet is an empty one. data_read_early reads what the first screen shows, in milliseconds. */
bool data_read_early(struct link *l, struct data **out, struct err *e);
bool data_read(struct link *l, const struct progress *p, struct data **out, struct err *e);

#endif
