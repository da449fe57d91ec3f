/* queue.h - a queue of jobs between two threads.
 *
 * src/work may include base/ only: it moves jobs and knows nothing of what they compute.
 */
#ifndef WORK_QUEUE_H
#define WORK_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

struct worker;
struct job;

struct job_ops {
	const char *name;                          /* for the status line: "map", "route", ... */
	bool (*run)(struct job *j, struct err *e); /* on the worker's thread; NULL: a message */
	/* On the submitter's thread: hand the result, or why there is none, to who asked for it. May
	 * be NULL. */
	void (*done)(void *owner, struct job *j);
	void (*free)(struct job *j);
};

/* First member of every job's own struct. A job owns its input and its result; whoever holds the
 * job owns both: the submitter, then the worker, then the submitter again. */
struct job {
	const struct job_ops
	    *ops; /* its kind: a newer waiting job of the same replaces the older */
	bool ok;  /* outcome */
	struct err err;
	struct worker *worker; /* that runs it; for worker_context and worker_post */
	struct job *next;
};

void job_free(struct job *j); /* NULL is fine */

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct job *head, **tail;
	bool closed;
};

void queue_init(struct queue *q);
void queue_clear(struct queue *q); /* frees what is left in it */
void queue_add(struct queue *q, struct job *j);
/* Like queue_add, but first frees waiting jobs of the same kind; returns how many. */
unsigned queue_replace(struct queue *q, struct job *j);
/* The oldest, or NULL: at once where `wait` is false, else only once the queue was closed. */
struct job *queue_take(struct queue *q, bool wait);
/* Frees the waiting jobs of a kind, or all where ops is NULL; returns how many. */
unsigned queue_drop(struct queue *q, const struct job_ops *ops);
void queue_close(struct queue *q);

#endif
