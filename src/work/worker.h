/* worker.h - a thread that runs one job at a time.
 *
 * The submitter's thread calls worker_submit and, whenever the pipe given to worker_start becomes
 * readable, worker_take until it returns NULL. A job runs on the worker's thread, where it may use
 * what is marked "for jobs" below. The thread blocks all signals but those of its own faults, so
 * that they reach the handlers of the main thread.
 */
#ifndef WORK_WORKER_H
#define WORK_WORKER_H

#include <stdbool.h>

#include "base/progress.h"
#include "work/queue.h"

struct worker;

/* What the worker's thread has for itself, e.g. a database connection. */
struct worker_context {
	void *arg;
	void (*interrupt)(
	    void *arg);          /* on the submitter's thread: hurry the job that runs to its end */
	void (*rest)(void *arg); /* on the worker's thread, after every job */
	void (*close)(void *arg); /* on the worker's thread, last */
};

struct worker *worker_start(const char *name, int notify_fd, struct worker_context c);
/* Cancels, waits for the thread, frees waiting jobs and untaken results. */
void worker_stop(struct worker *w);

/* Takes the job. A waiting job of the same kind is freed; one that runs goes on. */
void worker_submit(struct worker *w, struct job *j);
/* Drops waiting jobs of the kind (NULL: of every kind) and asks a running one to stop; its result
 * still arrives. Returns whether there was anything to cancel. */
bool worker_cancel(struct worker *w, const struct job_ops *ops);
/* The next finished job or posted message, the caller's now; NULL if none. */
struct job *worker_take(struct worker *w);

struct worker_status {
	bool busy;                 /* a job waits or runs */
	const struct job_ops *ops; /* of the running one, NULL if none */
	double started;            /* clock_now when it began */
	struct tick tick;          /* latest; total 0 until the first */
};
void worker_status(struct worker *w, struct worker_status *out);

/* For jobs. worker_progress ticks into the latest-value slot and says stop once cancelled. */
const struct progress *worker_progress(struct worker *w);
bool worker_cancelled(struct worker *w);
void *worker_arg(struct worker *w);
/* Send a message ahead of the result. */
void worker_post(struct worker *w, struct job *message);

#endif
