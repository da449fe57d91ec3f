#include "work/worker.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct worker {
	pthread_t thread;
	int notify_fd;
	struct worker_context context;
	struct queue in, out;
	atomic_bool cancel;    /* set by the submitter, read by the job */
	atomic_int unfinished; /* submitted and not yet in `out`; both threads */
	struct progress progress;

	pthread_mutex_t lock; /* guards what follows */
	struct worker_status status;
	bool quit;
};

static bool tick(void *arg, const struct tick *t)
{
	struct worker *w = arg;

	pthread_mutex_lock(&w->lock);
	w->status.tick = *t;
	pthread_mutex_unlock(&w->lock);
	return !atomic_load(&w->cancel);
}

static void notify(struct worker *w)
{
	/* A full pipe wakes the reader as well as one more byte would. */
	while (write(w->notify_fd, "", 1) < 0 && errno == EINTR)
		;
}

static void set_running(struct worker *w, const struct job *j)
{
	pthread_mutex_lock(&w->lock);
	w->status.ops = j ? j->ops : NULL;
	w->status.started = clock_now();
	w->status.tick = (struct tick){"", 0, 0, ""};
	/* A cancel meant for the job before this one is over; one for everything is not. */
	if (!w->quit)
		atomic_store(&w->cancel, false);
	pthread_mutex_unlock(&w->lock);
}

static void block_signals(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigdelset(&set, faults[i]);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	struct job *j;

	while ((j = queue_take(&w->in, true))) {
		set_running(w, j);
		j->worker = w;
		j->ok = j->ops->run(j, &j->err);
		set_running(w, NULL);
		if (w->context.rest)
			w->context.rest(w->context.arg);
		queue_add(&w->out, j);
		atomic_fetch_sub(&w->unfinished, 1);
		notify(w);
	}
	if (w->context.close)
		w->context.close(w->context.arg);
	return NULL;
}

struct worker *worker_start(const char *name, int notify_fd, struct worker_context c)
{
	struct worker *w = mem_zero_array(1, sizeof(*w));
	sigset_t all, old;

	w->notify_fd = notify_fd;
	w->context = c;
	w->progress = (struct progress){tick, w};
	queue_init(&w->in);
	queue_init(&w->out);
	pthread_mutex_init(&w->lock, NULL);
	/* Blocked before the thread is there, so that it never runs with them open. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	block_signals();
	if (pthread_create(&w->thread, NULL, run, w))
		die("cannot start a thread: too many processes, or too little memory "
		    "(ulimit -u, -v)");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_setname_np(w->thread, name);
	return w;
}

void worker_stop(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	pthread_mutex_unlock(&w->lock);
	worker_cancel(w, NULL);
	queue_close(&w->in);
	pthread_join(w->thread, NULL);
	queue_clear(&w->in);
	queue_clear(&w->out);
	pthread_mutex_destroy(&w->lock);
	mem_free(w);
}

void worker_submit(struct worker *w, struct job *j)
{
	unsigned replaced;

	atomic_fetch_add(&w->unfinished, 1);
	replaced = queue_replace(&w->in, j);
	atomic_fetch_sub(&w->unfinished, (int)replaced);
}

bool worker_cancel(struct worker *w, const struct job_ops *ops)
{
	unsigned dropped = queue_drop(&w->in, ops);
	bool running;

	atomic_fetch_sub(&w->unfinished, (int)dropped);
	/* Under the lock, so that the flag cannot hit the next job. */
	pthread_mutex_lock(&w->lock);
	running = w->quit || (w->status.ops && (!ops || w->status.ops == ops));
	if (running) {
		atomic_store(&w->cancel, true);
		if (w->context.interrupt && w->status.ops)
			w->context.interrupt(w->context.arg);
	}
	pthread_mutex_unlock(&w->lock);
	return running || dropped;
}

struct job *worker_take(struct worker *w)
{
	return queue_take(&w->out, false);
}

void worker_status(struct worker *w, struct worker_status *out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->status;
	pthread_mutex_unlock(&w->lock);
	out->busy = atomic_load(&w->unfinished) > 0;
}

const struct progress *worker_progress(struct worker *w)
{
	return &w->progress;
}

bool worker_cancelled(struct worker *w)
{
	return atomic_load(&w->cancel);
}

void *worker_arg(struct worker *w)
{
	return w->context.arg;
}

void worker_post(struct worker *w, struct job *message)
{
	message->worker = w;
	message->ok = true;
	queue_add(&w->out, message);
	notify(w);
}
