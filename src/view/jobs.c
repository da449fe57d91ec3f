/* jobs.c - threads that write a byte into one pipe when they have something. */
#include "view/jobs.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void interrupt(void *connection)
{
	connection_interrupt(connection);
}

static void rest_connection(void *connection)
{
	connection_rest(connection);
}

static void close_connection(void *connection)
{
	connection_close(connection);
}

void jobs_start(struct jobs *j, const char *db)
{
	static const char *const name[QUEUE_COUNT] = {
	    "embedllm-short", "embedllm-long", "embedllm-query"};

	if (pipe2(j->notify, O_CLOEXEC | O_NONBLOCK) < 0)
		die("cannot make a pipe: %s", strerror(errno));
	database_init(&j->database, db);
	for (int q = 0; q < QUEUE_COUNT; q++) {
		struct worker_context c = {
		    &j->connection[q], interrupt, rest_connection, close_connection};

		connection_init(&j->connection[q], &j->database, q == QUEUE_SHORT);
		j->worker[q] = worker_start(name[q], j->notify[1], c);
	}
}

/* The last to close may have been one that only reads, which cannot empty the log. */
static void empty_log(struct jobs *j)
{
	bool wrote = false;

	for (int q = 0; q < QUEUE_COUNT; q++)
		wrote = wrote || j->connection[q].write_jobs;
	if (wrote && connection_write(&j->connection[0], NULL))
		connection_close(&j->connection[0]);
}

void jobs_stop(struct jobs *j)
{
	for (int q = QUEUE_COUNT - 1; q >= 0; q--) {
		worker_stop(j->worker[q]);
		j->worker[q] = NULL;
	}
	empty_log(j);
	close(j->notify[0]);
	close(j->notify[1]);
}

void jobs_submit(struct jobs *j, enum queue_name queue, void *job)
{
	worker_submit(j->worker[queue], job);
}

void jobs_submit_idle(struct jobs *j, void *job)
{
	j->idle = ((struct job *)job)->ops;
	jobs_submit(j, QUEUE_LONG, job);
}

struct job *jobs_take(struct jobs *j)
{
	char drain[64];
	struct job *job = NULL;

	while (read(j->notify[0], drain, sizeof(drain)) > 0)
		;
	for (int q = 0; q < QUEUE_COUNT && !job; q++)
		job = worker_take(j->worker[q]);
	return job;
}

bool jobs_cancel(struct jobs *j, enum queue_name queue, const struct job_ops *ops)
{
	return j->worker[queue] && worker_cancel(j->worker[queue], ops);
}

bool jobs_cancel_any(struct jobs *j)
{
	return jobs_cancel(j, QUEUE_QUERY, NULL) || jobs_cancel(j, QUEUE_LONG, NULL) ||
	       jobs_cancel(j, QUEUE_SHORT, NULL);
}

bool jobs_make_room(struct jobs *j)
{
	struct worker_status s;

	if (j->idle)
		jobs_cancel(j, QUEUE_LONG, j->idle);
	s = jobs_status(j, QUEUE_LONG);
	return !s.busy || (s.ops && s.ops == j->idle);
}

struct worker_status jobs_status(const struct jobs *j, enum queue_name queue)
{
	struct worker_status s;

	worker_status(j->worker[queue], &s);
	return s;
}

bool jobs_busy(const struct jobs *j, enum queue_name queue)
{
	return jobs_status(j, queue).busy;
}

bool jobs_any_busy(const struct jobs *j)
{
	return jobs_busy(j, QUEUE_SHORT) || jobs_busy(j, QUEUE_LONG) || jobs_busy(j, QUEUE_QUERY);
}
