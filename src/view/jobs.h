/* jobs.h - the explorer's workers: one for each queue of jobs, on a connection of its own. */
#ifndef VIEW_JOBS_H
#define VIEW_JOBS_H

#include <stdbool.h>

#include "view/connection.h"
#include "work/worker.h"

/* Short: what a key waits for. Long: one at a time, for seconds or minutes. Query: what the user has
 * written, which may take any time and must hold up neither. */
enum queue_name { QUEUE_SHORT, QUEUE_LONG, QUEUE_QUERY, QUEUE_COUNT };

struct jobs {
	struct database database;
	struct connection connection[QUEUE_COUNT];
	struct worker *worker[QUEUE_COUNT]; /* NULL once stopped */
	int notify[2];                      /* pipe: a worker has something */
	const struct job_ops *idle;         /* kind of the last jobs_submit_idle */
};

void jobs_start(struct jobs *j, const char *db);
void jobs_stop(struct jobs *j);
/* Takes the job; a waiting one of its kind is freed. */
void jobs_submit(struct jobs *j, enum queue_name queue, void *job);
/* Long work that nobody asked for: jobs_make_room cancels it. */
void jobs_submit_idle(struct jobs *j, void *job);
/* The next one that is finished, or a message; the caller's. NULL: none is left. */
struct job *jobs_take(struct jobs *j);
/* Of a kind; false where there is none. */
bool jobs_cancel(struct jobs *j, enum queue_name queue, const struct job_ops *ops);
/* The query, else the long job, else the short one. */
bool jobs_cancel_any(struct jobs *j);
/* Whether the long queue is free, apart from idle work, which is cancelled. */
bool jobs_make_room(struct jobs *j);
struct worker_status jobs_status(const struct jobs *j, enum queue_name queue);
bool jobs_busy(const struct jobs *j, enum queue_name queue);
bool jobs_any_busy(const struct jobs *j);

#endif
