/* jobs.c - the database and the two workers: reading it, noticing changes of others, importing
 * into it, and handing results to the views that asked. */
#include "view/host.h"

#include "base/mem.h"
#include "task/demo.h"
#include "task/import.h"
#include "ui/guide.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define WATCH_EVERY 2.0 /* seconds */

/* The explorer's own jobs; their view is 0. */

struct load_job {
	struct view_job base;
	bool early;        /* names first: nothing is on screen yet */
	struct data *read; /* the result */
};

static void load_free(struct job *j)
{
	struct load_job *l = (struct load_job *)j;

	data_unref(l->read);
	view_job_free(&l->base);
}

static void load_done(void *owner, struct job *j);
static void names_done(void *owner, struct job *j);

static const struct job_ops names_ops = {"reading", NULL, names_done, load_free};

static bool load_run(struct job *j, struct err *e)
{
	struct load_job *l = (struct load_job *)j;
	struct link *link = view_job_link(j);

	if (l->early) {
		struct load_job *m = mem_zero_array(1, sizeof(*m));

		m->base.job = (struct job){.ops = &names_ops};
		if (!data_read_early(link, &m->read, e)) {
			load_free(&m->base.job);
			return false;
		}
		worker_post(j->worker, &m->base.job);
	}
	return data_read(link, worker_progress(j->worker), &l->read, e);
}

static const struct job_ops load_ops = {"reading", load_run, load_done, load_free};

struct watch_job {
	struct view_job base;
	bool own; /* we have written since the last look: that is no news */
	bool changed;
};

static bool watch_run(struct job *j, struct err *e)
{
	struct watch_job *w = (struct watch_job *)j;

	return link_changed(view_job_link(j), w->own, &w->changed, e);
}

static void watch_free(struct job *j)
{
	view_job_free((struct view_job *)j);
}

static void watch_done(void *owner, struct job *j)
{
	struct app *a = owner;

	if (!j->ok || !((struct watch_job *)j)->changed)
		return;
	a->watched += 30; /* said once in a while */
	a->stale = true;
	app_say(a, MESSAGE_WARN, "the database was changed by another process: R reads it again");
}

static const struct job_ops watch_ops = {NULL, watch_run, watch_done, watch_free};

/* Opens the encoder of the run once the rest is on screen: the first typed question need not wait
 * for its weights. The job is a struct view_job with the data. */
static bool prepare_run(struct job *j, struct err *e)
{
	return atlas_prepare(((struct view_job *)j)->data->atlas, e);
}

static void prepare_done(void *owner, struct job *j)
{
	if (!j->ok)
		app_say(owner, MESSAGE_WARN, "no typed question can be routed: %s", j->err.msg);
}

static const struct job_ops prepare_ops = {"encoder", prepare_run, prepare_done, watch_free};

struct import_job {
	struct view_job base;
	char *path; /* NULL: the demo world */
	struct buf report;
};

static void import_free(struct job *j)
{
	struct import_job *i = (struct import_job *)j;

	mem_free(i->path);
	buf_clear(&i->report);
	view_job_free(&i->base);
}

static void add_report(void *arg, const struct response_report *r)
{
	struct import_job *i = arg;

	buf_printf(&i->report, "%s%llu rows: %zu new models, %zu new questions",
	    i->report.len ? "; " : "", (unsigned long long)r->rows, r->models_new,
	    r->questions_new);
}

static bool import_run(struct job *j, struct err *e)
{
	struct import_job *i = (struct import_job *)j;
	struct import_watch watch = {
	    .done = add_report, .progress = worker_progress(j->worker), .arg = i};
	struct import_options o;
	struct db *db = link_write(view_job_link(j), e);

	import_options_default(&o);
	return db && task_import(db, (const char *const *)&i->path, 1, &o, &watch, e);
}

static void import_done(void *owner, struct job *j)
{
	if (j->ok)
		app_say(owner, MESSAGE_INFO, "imported %s; t on 4 Train learns from them",
		    buf_str(&((struct import_job *)j)->report));
	else
		app_error(owner, &j->err);
	app_load(owner);
}

static const struct job_ops import_ops = {"import", import_run, import_done, import_free};

static bool demo_run(struct job *j, struct err *e)
{
	struct import_job *i = (struct import_job *)j;
	struct response_report r;
	struct demo_options o;
	struct arena arena = ARENA_INIT;
	struct db *db = link_write(view_job_link(j), e);
	bool there, other, ok;

	demo_options_default(&o);
	ok = db && task_demo_there(db, &o, &there, &other, e);
	if (ok && (there || other))
		ok = err_set(e, ERR_USAGE,
		    "the demo world goes into an empty database, and %s is not: start with "
		    "'embedllm -d FILE'",
		    view_job_link(j)->path);
	ok = ok && task_demo(db, &o, worker_progress(j->worker), &arena, &r, e);
	if (ok)
		add_report(i, &r);
	arena_clear(&arena);
	return ok;
}

static const struct job_ops demo_ops = {"demo world", demo_run, import_done, import_free};

static void submit(struct app *a, enum lane lane, void *job, const struct job_ops *ops)
{
	struct job *j = job;

	j->ops = ops;
	worker_submit(a->worker[lane], j);
	a->dirty = true;
}

void app_load(struct app *a)
{
	struct load_job *j = mem_zero_array(1, sizeof(*j));

	j->early = !a->data->atlas;
	a->loading = true;
	a->stale = false;
	submit(a, LANE_SHORT, j, &load_ops);
}

void app_watch(struct app *a)
{
	struct watch_job *j;
	unsigned writes;

	if (a->scripted || a->clock < a->watched + WATCH_EVERY || a->loading ||
	    app_busy(a, LANE_LONG))
		return;
	a->watched = a->clock;
	j = mem_zero_array(1, sizeof(*j));
	/* No long job runs now, so its link is not in use. */
	writes = a->link[LANE_LONG].write_jobs;
	j->own = writes != a->own_writes;
	a->own_writes = writes;
	submit(a, LANE_SHORT, j, &watch_ops);
}

bool app_long_free(struct app *a)
{
	struct worker_status s;

	if (a->idle)
		worker_cancel(a->worker[LANE_LONG], a->idle);
	worker_status(a->worker[LANE_LONG], &s);
	if (s.busy && (!s.ops || s.ops != a->idle)) {
		app_say(a, MESSAGE_WARN, "one long job at a time: X stops the one that runs");
		return false;
	}
	return true;
}

void app_import(struct app *a, const char *path)
{
	struct import_job *j;

	if (!app_long_free(a))
		return;
	j = mem_zero_array(1, sizeof(*j));
	j->path = mem_strdup(path);
	buf_init(&j->report, ERR_MSG_SIZE);
	submit(a, LANE_LONG, j, &import_ops);
}

void app_demo(struct app *a)
{
	struct import_job *j;

	if (!app_long_free(a))
		return;
	j = mem_zero_array(1, sizeof(*j));
	buf_init(&j->report, ERR_MSG_SIZE);
	submit(a, LANE_LONG, j, &demo_ops);
}

static void prepare(struct app *a)
{
	const struct atlas *atlas = data_run(a->data);
	struct view_job *j;

	if (!atlas || !strcmp(atlas->encoder_name, "builtin"))
		return;
	j = mem_zero_array(1, sizeof(*j));
	j->data = data_ref(a->data);
	submit(a, LANE_SHORT, j, &prepare_ops);
}

/* Other data from now on: every view is told before it is next drawn. */
static void set_data(struct app *a, struct data *d)
{
	data_unref(a->data);
	a->data = data_ref(d);
	for (int t = 0; t < TAB_COUNT; t++)
		for (struct view *v = a->top[t]; v; v = v->under)
			v->ready = false;
}

static bool loaded(struct app *a, struct load_job *l)
{
	const struct err *e = &l->base.job.err;

	if (!l->base.job.ok) {
		if (e->kind == ERR_CANCELLED)
			return false;
		/* What was read before is still right to look at. */
		if (a->data->atlas)
			app_error(a, e);
		else
			a->load_error = *e;
		return false;
	}
	a->load_error = (struct err)ERR_INIT;
	if (l->read->note && l->read->note != a->noted)
		app_say(a, MESSAGE_WARN, "%s", l->read->note);
	a->noted = l->read->note;
	set_data(a, l->read);
	prepare(a);
	return true;
}

static void names_done(void *owner, struct job *j)
{
	loaded(owner, (struct load_job *)j);
}

static void load_done(void *owner, struct job *j)
{
	struct app *a = owner;

	a->loading = false;
	if (loaded(a, (struct load_job *)j))
		guide_loaded(a);
}

/* Whether it is still the one that the view waits for; if so, the wait is over. */
static bool is_newest(struct view *v, const struct view_job *j)
{
	if (j->read != v->reads)
		return false;
	v->reading = false;
	v->error = j->job.err;
	return j->job.ok;
}

static void deliver(struct app *a, struct job *j)
{
	struct view_job *vj = (struct view_job *)j;
	struct view *v = vj->view ? app_find_view(a, vj->view) : NULL;
	bool gone = vj->view && !v, outdated = vj->data && vj->data != a->data;

	if (j->ops->done && !gone && !outdated && !(vj->read && !is_newest(v, vj)))
		j->ops->done(v ? (void *)v : a, j);
	job_free(j);
	a->dirty = true;
}

void app_jobs_take(struct app *a)
{
	char drain[64];
	struct job *j;

	while (read(a->notify[0], drain, sizeof(drain)) > 0)
		;
	for (int lane = 0; lane < LANE_COUNT; lane++)
		while ((j = worker_take(a->worker[lane])))
			deliver(a, j);
}

bool app_any_busy(struct app *a)
{
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (app_busy(a, (enum lane)lane))
			return true;
	return false;
}

bool app_busy(struct app *a, enum lane lane)
{
	struct worker_status s;

	worker_status(a->worker[lane], &s);
	return s.busy;
}

bool app_cancel(struct app *a)
{
	return worker_cancel(a->worker[LANE_QUERY], NULL) ||
	       worker_cancel(a->worker[LANE_LONG], NULL) ||
	       worker_cancel(a->worker[LANE_SHORT], NULL);
}

static void interrupt(void *arg)
{
	link_interrupt(arg);
}

static void close_link(void *arg)
{
	link_close(arg);
}

void app_jobs_start(struct app *a)
{
	static const char *const name[LANE_COUNT] = {
	    "embedllm-short", "embedllm-long", "embedllm-query"};

	if (pipe2(a->notify, O_CLOEXEC | O_NONBLOCK) < 0)
		die("cannot make a pipe: %s", strerror(errno));
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		struct worker_context c = {&a->link[lane], interrupt, close_link};

		link_init(&a->link[lane], a->options->db);
		a->worker[lane] = worker_start(name[lane], a->notify[1], c);
	}
	a->data = mem_zero_array(1, sizeof(*a->data));
	a->data->refs = 1;
}

void app_jobs_stop(struct app *a)
{
	for (int lane = LANE_COUNT - 1; lane >= 0; lane--) {
		worker_stop(a->worker[lane]);
		a->worker[lane] = NULL;
	}
	close(a->notify[0]);
	close(a->notify[1]);
}

/* For views */

void *view_job_new(struct view *v, size_t size, const struct job_ops *ops, bool on_data)
{
	struct view_job *j = mem_zero_array(1, size);

	j->job.ops = ops;
	j->view = v->id;
	j->data = on_data ? data_ref(v->app->data) : NULL;
	return j;
}

void view_job_free(struct view_job *j)
{
	data_unref(j->data);
	mem_free(j);
}

void view_submit(struct view *v, enum lane lane, void *job)
{
	worker_submit(v->app->worker[lane], job);
	v->app->dirty = true;
}

void view_read(struct view *v, void *job)
{
	((struct view_job *)job)->read = ++v->reads;
	v->reading = true;
	v->error = (struct err)ERR_INIT;
	view_submit(v, LANE_SHORT, job);
}

void view_fail(struct view *v, const char *why)
{
	v->reading = false;
	v->reads++; /* what is under way comes home unseen */
	v->error = (struct err)ERR_INIT;
	err_set(&v->error, ERR_DATA, "%s", why);
}

void view_submit_idle(struct view *v, void *job)
{
	v->app->idle = ((struct job *)job)->ops;
	view_submit(v, LANE_LONG, job);
}

bool view_cancel(struct view *v, enum lane lane, const struct job_ops *ops)
{
	struct worker *w = v->app->worker[lane];

	return w && worker_cancel(w, ops); /* none: the explorer is leaving */
}

bool view_long_free(struct view *v)
{
	return app_long_free(v->app);
}

void view_lane_status(const struct view *v, enum lane lane, struct worker_status *out)
{
	worker_status(v->app->worker[lane], out);
}

void view_reload(struct view *v)
{
	app_load(v->app);
}
