/* load.c - jobs that belong to no view: the host is their owner. */
#include "ui/load.h"

#include "base/mem.h"
#include "base/plural.h"
#include "task/demo.h"
#include "screen/screens.h"
#include "task/import.h"
#include "task/imports.h"
#include "task/models.h"
#include "ui/guide.h"
#include "view/host.h"
#include "view/stack.h"
#include "view/view.h"

#include <string.h>

#define WATCH_EVERY 2.0 /* seconds */

static void submit(struct host *h, enum queue_name queue, void *job, const struct job_ops *ops)
{
	((struct job *)job)->ops = ops;
	jobs_submit(&h->jobs, queue, job);
	h->dirty = true;
}

/* Opens the encoder of the run once the rest is on screen: the first typed question need not wait
 * for its weights. */

static bool prepare_run(struct job *j, struct err *e)
{
	return atlas_prepare(((struct view_job *)j)->data->atlas, e);
}

static void prepare_done(void *owner, struct job *j)
{
	if (!j->ok)
		host_say(owner, MESSAGE_WARN, "no typed question can be routed: %s", j->err.msg);
}

static const struct job_ops prepare_ops = {"encoder", prepare_run, prepare_done, view_job_free};

static void prepare(struct host *h)
{
	const struct atlas *atlas = data_run(h->data);
	struct view_job *j;

	if (!atlas || !strcmp(atlas->encoder_name, "builtin"))
		return;
	j = mem_zero_array(1, sizeof(*j));
	j->data = data_ref(h->data);
	submit(h, QUEUE_SHORT, j, &prepare_ops);
}

/* Reading */

struct load_job {
	struct view_job base;
	bool asked;         /* by the user */
	struct data *known; /* what is on screen, to be shared as far as it is still true */
	struct data *read;  /* the result */
};

static void load_free(struct job *j)
{
	data_unref(((struct load_job *)j)->known);
	data_unref(((struct load_job *)j)->read);
	view_job_free(j);
}

/* Nothing that was found in one database is shown beside another. */
static void begin_anew(struct host *h)
{
	jobs_cancel(&h->jobs, QUEUE_LONG, NULL);
	prompt_close(&h->prompt);
	stack_clear(h);
	stack_open_tabs(h, screen_tabs);
	host_say(
	    h, MESSAGE_WARN, "this is another database, or an earlier state of it, than before");
}

static bool take(struct host *h, struct job *j)
{
	struct data *d = ((struct load_job *)j)->read;

	if (!j->ok) {
		/* What was read before is still right to look at. */
		if (h->data->atlas && j->err.kind != ERR_CANCELLED)
			host_error(h, &j->err);
		else if (j->err.kind != ERR_CANCELLED)
			h->load_error = j->err;
		return false;
	}
	h->load_error = (struct err)ERR_INIT;
	if (d->note && d->note != h->noted)
		host_say(h, MESSAGE_WARN, "%s", d->note);
	h->noted = d->note;
	data_unref(h->data);
	h->data = data_ref(d);
	if (d->other)
		begin_anew(h);
	stack_renew(h);
	prepare(h);
	return true;
}

static void names_done(void *owner, struct job *j)
{
	take(owner, j);
}

static const struct job_ops names_ops = {"reading", NULL, names_done, load_free};

static bool load_run(struct job *j, struct err *e)
{
	struct load_job *l = (struct load_job *)j;
	struct connection *c = view_job_connection(j);

	if (!l->known->atlas) { /* names first: nothing is on screen yet */
		struct load_job *names = mem_zero_array(1, sizeof(*names));

		names->base.job.ops = &names_ops;
		if (!data_read_early(c, &names->read, e)) {
			load_free(&names->base.job);
			return false;
		}
		worker_post(j->worker, &names->base.job);
	}
	return data_read(c, l->known, l->asked, worker_progress(j->worker), &l->read, e);
}

static void load_done(void *owner, struct job *j)
{
	struct host *h = owner;

	h->loading = false;
	if (take(h, j))
		guide_loaded(h);
}

static const struct job_ops load_ops = {"reading", load_run, load_done, load_free};

void load_start(struct host *h)
{
	struct load_job *j;

	/* Long work on a file that is gone ends first: it may hold what it was still to write. */
	if (h->lost && jobs_busy(&h->jobs, QUEUE_LONG)) {
		jobs_cancel(&h->jobs, QUEUE_LONG, NULL);
		return;
	}
	j = mem_zero_array(1, sizeof(*j));
	j->known = data_ref(h->data);
	j->asked = h->asked;
	h->loading = true;
	h->reload = h->asked = h->stale = h->lost = false;
	submit(h, QUEUE_SHORT, j, &load_ops);
}

/* Watching */

struct watch_job {
	struct view_job base;
	bool file; /* only whether it is the same: a long job writes */
	bool own;  /* we have written since the last look: that is no news */
	bool changed;
};

static bool watch_run(struct job *j, struct err *e)
{
	struct watch_job *w = (struct watch_job *)j;

	if (w->file)
		return connection_is_same(view_job_connection(j), e);
	return connection_changed(view_job_connection(j), w->own, &w->changed, e);
}

/* The file is not the one that was read, or is it again. */
static void set_lost(struct host *h, const struct err *why)
{
	bool lost = why->kind == ERR_DATA;

	if (lost && !h->lost)
		host_error(h, why);
	else if (!lost && h->lost)
		host_say(h, MESSAGE_INFO, "%s is there again", h->db);
	h->lost = lost;
}

static void watch_done(void *owner, struct job *j)
{
	struct host *h = owner;

	if (h->loading)
		return;
	set_lost(h, &j->err);
	if (!j->ok || h->stale || !((struct watch_job *)j)->changed)
		return;
	h->stale = true;
	host_say(h, MESSAGE_WARN, "the database was changed by another process: R reads it again");
}

static const struct job_ops watch_ops = {NULL, watch_run, watch_done, view_job_free};

void load_watch(struct host *h)
{
	struct watch_job *j;
	unsigned writes;

	if (h->scripted || h->clock < h->watched + WATCH_EVERY || h->loading)
		return;
	h->watched = h->clock;
	j = mem_zero_array(1, sizeof(*j));
	j->file = jobs_busy(&h->jobs, QUEUE_LONG);
	if (!j->file) { /* no long job runs, so its connection is not in use */
		writes = h->jobs.connection[QUEUE_LONG].write_jobs;
		j->own = writes != h->own_writes;
		h->own_writes = writes;
	}
	submit(h, QUEUE_SHORT, j, &watch_ops);
}

/* Importing */

struct import_job {
	struct view_job base;
	char *path;  /* NULL: the demo world */
	bool check;  /* only look */
	bool models; /* prices and tags of them, no answers */
	struct models_imported priced;
	struct arena arena; /* of `priced` */
	struct imports reports;
	struct buf passed; /* the files that nobody reads, the first of them */
	size_t n_passed;
};

static void import_free(struct job *j)
{
	struct import_job *i = (struct import_job *)j;

	arena_clear(&i->arena);
	mem_free(i->path);
	imports_clear(&i->reports);
	buf_clear(&i->passed);
	view_job_free(j);
}

static void add_report(void *arg, const struct response_report *r)
{
	imports_add_report(&((struct import_job *)arg)->reports, r);
}

static void add_passed(void *arg, const char *path, const char *why)
{
	struct import_job *i = arg;

	if (i->n_passed++ < 3)
		buf_printf(&i->passed, "%s%s: %s", i->n_passed > 1 ? "; " : "", path, why);
}

static bool import_run(struct job *j, struct err *e)
{
	struct import_job *i = (struct import_job *)j;
	struct import_watch watch = {.done = add_report,
	    .passed = add_passed,
	    .progress = worker_progress(j->worker),
	    .arg = i};
	struct import_options o;
	struct db *db;

	i->models |= !i->check && task_models_is_table(i->path);
	db = connection_write(view_job_connection(j), e);
	if (i->models)
		return db && task_models_import(db, i->path, &i->arena, &i->priced, e);
	import_options_default(&o);
	o.check = i->check;
	return db && task_import(db, (const char *const *)&i->path, 1, &o, &watch, e);
}

/* The reports come on screen, unless text is being typed there. */
static void show_reports(struct host *h, struct import_job *i)
{
	struct view *front = stack_front(h);
	struct imports_arg arg = {i->reports.v[i->reports.n - 1].id, i->check ? &i->reports : NULL};

	if (front->class->editing && front->class->editing(front))
		host_say(h, MESSAGE_INFO, "imported; I lists the imports with their reports");
	else
		imports_show(front, arg);
}

static uint64_t count_rows(const struct imports *l)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].rows;
	return n;
}

static void say_models(struct host *h, const struct models_imported *m)
{
	if (m->n_unknown)
		host_say(h, MESSAGE_WARN,
		    "prices and tags of %zu model%s; %zu not in the database: %s%s", m->changed,
		    plural(m->changed), m->n_unknown, m->unknown[0],
		    m->n_unknown > 1 ? ", \u2026" : "");
	else
		host_say(h, MESSAGE_INFO, "prices and tags of %zu model%s", m->changed,
		    plural(m->changed));
}

static void import_done(void *owner, struct job *j)
{
	struct host *h = owner;
	struct import_job *i = (struct import_job *)j;

	if (i->n_passed)
		host_say(h, MESSAGE_WARN, "passed over %zu file%s: %s%s", i->n_passed,
		    i->n_passed == 1 ? "" : "s", buf_str(&i->passed),
		    i->n_passed > 3 ? "; and others" : "");
	if (i->reports.n)
		show_reports(h, i);
	if (!j->ok)
		host_error(h, &j->err);
	else if (i->models)
		say_models(h, &i->priced);
	else if (!i->check)
		host_say(h, MESSAGE_INFO, "imported %llu row%s; t on 4 Train learns from them",
		    (unsigned long long)count_rows(&i->reports), plural(count_rows(&i->reports)));
	h->reload = h->reload || !i->check;
}

static const struct job_ops import_ops = {"import", import_run, import_done, import_free};

static bool demo_run(struct job *j, struct err *e)
{
	struct response_report r;
	struct demo_options o;
	struct arena arena = ARENA_INIT;
	struct db *db = connection_write(view_job_connection(j), e);
	bool there, other, ok;

	demo_options_default(&o);
	ok = db && task_demo_there(db, &o, &there, &other, e);
	if (ok && (there || other))
		ok = err_set(e, ERR_USAGE,
		    "the demo world goes into an empty database, and %s is not: start with "
		    "'embedllm -d FILE'",
		    view_job_connection(j)->path);
	ok = ok && task_demo(db, &o, worker_progress(j->worker), &arena, &r, e);
	if (ok)
		add_report(j, &r);
	arena_clear(&arena);
	return ok;
}

static void demo_done(void *owner, struct job *j)
{
	struct host *h = owner;
	const struct imports *l = &((struct import_job *)j)->reports;

	if (j->ok)
		host_say(h, MESSAGE_INFO, "imported %llu row%s; t on 4 Train learns from them",
		    (unsigned long long)count_rows(l), plural(count_rows(l)));
	else
		host_error(h, &j->err);
	h->reload = true;
}

static const struct job_ops demo_ops = {"demo world", demo_run, demo_done, import_free};

static void submit_import(
    struct host *h, const char *path, bool check, bool models, const struct job_ops *ops)
{
	struct import_job *j;

	if (!view_long_free(stack_front(h)))
		return;
	j = mem_zero_array(1, sizeof(*j));
	j->path = path ? mem_strdup(path) : NULL;
	j->check = check;
	j->models = models;
	arena_init(&j->arena);
	submit(h, QUEUE_LONG, j, ops);
}

bool load_import_path(const char *arg, const char **path)
{
	static const char check[] = "--check ";
	bool found = !strncmp(arg, check, sizeof(check) - 1);

	*path = found ? arg + sizeof(check) - 1 + strspn(arg + sizeof(check) - 1, " ") : arg;
	return found;
}

bool load_import(struct host *h, const char *arg, struct err *e)
{
	bool check = load_import_path(arg, &arg);

	if (!*arg || !strcmp(arg, "--check"))
		return err_set(e, ERR_USAGE, ":import --check needs a file's name");
	submit_import(h, arg, check, false, &import_ops);
	return true;
}

void load_models(struct host *h, const char *path)
{
	submit_import(h, path, false, true, &import_ops);
}

void load_demo(struct host *h)
{
	submit_import(h, NULL, false, false, &demo_ops);
}
