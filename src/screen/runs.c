/* runs.c - the training runs: their settings and figures, one in use, two against each other. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "screen/runs_compare.h"
#include "task/run_figures.h"
#include "task/runs.h"
#include "tui/list.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

#define AGAIN 2.0 /* seconds between two readings while a run is trained */

enum pane { PANE_RUNS, PANE_COMPARE, PANE_COUNT };

struct runs_view {
	struct view view;
	struct runs runs;
	bool read;    /* runs is what the database has */
	double clock; /* of the last reading */
	bool stopped; /* X stopped the judging: no more of it until other data comes */
	struct list list;
	struct runs_compare_pane compare;
	bool comparing;
	int64_t at; /* run under the cursor */
	struct deleted {
		int64_t ticket;
		bool was_in_use;
	} * deleted; /* (n_deleted) what z brings back, oldest first */
	size_t n_deleted, cap_deleted;
	bool restoring;
	int64_t returned; /* run that is back, for the cursor when it is read */
};

/* Jobs */

struct list_job {
	struct view_job base;
	struct runs runs;
};

static bool list_run(struct job *job, struct err *e)
{
	struct list_job *j = (struct list_job *)job;
	struct db *db = connection_read(view_job_connection(job), e);

	return db ? task_runs(db, &j->runs, e) : e->kind == ERR_NONE;
}

static void list_free(struct job *job)
{
	runs_clear(&((struct list_job *)job)->runs);
	view_job_free(job);
}

static void list_done(void *owner, struct job *job);

static const struct job_ops list_ops = {"runs", list_run, list_done, list_free};

struct test_job {
	struct view_job base;
	int64_t run;
	struct run_figures test;
};

static bool test_run(struct job *job, struct err *e)
{
	struct test_job *j = (struct test_job *)job;
	struct err unwritable = ERR_INIT;
	struct db *db = connection_write(view_job_connection(job), &unwritable);

	db = db ? db : connection_read(view_job_connection(job), e);
	return db && task_run_figures(db, j->run, worker_progress(job->worker), &j->test, e);
}

static void test_done(void *owner, struct job *job);

static const struct job_ops test_ops = {"judging runs", test_run, test_done, view_job_free};

enum change { USE, DELETE, RESTORE };

struct change_job {
	struct view_job base;
	enum change change;
	int64_t run;
	int64_t ticket; /* of a deleted run */
	bool was_in_use;
};

static bool change_run(struct job *job, struct err *e)
{
	struct change_job *j = (struct change_job *)job;
	struct db *db = connection_write(view_job_connection(job), e);

	if (!db)
		return false;
	switch (j->change) {
	case USE:
		return task_runs_use(db, j->run, e);
	case DELETE:
		connection_hold(view_job_connection(job));
		return task_runs_put_away(db, j->run, &j->ticket, e);
	default:
		return task_runs_restore(db, j->ticket, &j->run, e);
	}
}

static void change_done(void *owner, struct job *job);

static const struct job_ops change_ops = {"run", change_run, change_done, view_job_free};

struct compare_job {
	struct view_job base;
	int64_t a, b;
	struct runs_compare compare;
};

static bool compare_run(struct job *job, struct err *e)
{
	struct compare_job *j = (struct compare_job *)job;
	const struct progress *p = worker_progress(job->worker);
	struct db *db = connection_read(view_job_connection(job), e);
	struct evaluate_options o;
	struct atlas *a = db ? atlas_open(db, j->a, NULL, p, e) : NULL;
	struct atlas *b = a ? atlas_open(db, j->b, a, p, e) : NULL;
	bool ok;

	evaluate_options_default(&o);
	ok = b && task_runs_compare(a, b, &o, p, &j->compare, e);
	atlas_free(a);
	atlas_free(b);
	return ok;
}

static void compare_free(struct job *job)
{
	runs_compare_clear(&((struct compare_job *)job)->compare);
	view_job_free(job);
}

static void compare_done(void *owner, struct job *job)
{
	struct runs_view *v = owner;

	v->comparing = false;
	if (job->ok) {
		runs_compare_pane_set(&v->compare, &((struct compare_job *)job)->compare);
		panes_limit(&v->view.panes, PANE_COUNT);
	} else if (job->err.kind != ERR_CANCELLED) {
		view_say(&v->view, MESSAGE_ERROR, "%s", job->err.msg);
	}
}

static const struct job_ops compare_ops = {
    "comparing runs", compare_run, compare_done, compare_free};

static void ask_list(struct runs_view *v)
{
	v->clock = view_clock(&v->view);
	view_read(&v->view, view_job_new(&v->view, sizeof(struct list_job), &list_ops, false));
	v->view.reading = !v->read; /* else what was read before stays on screen */
}

/* The list */

/* A date and a time as a person says them; a run in use, or in test, says so. */
static bool run_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct runs_view *v = arg;
	const struct runs_row *r = &v->runs.v[row];
	struct buf b = BUF_INIT;

	if (column == RUNS_CREATED)
		view_date(r->created, &b);
	else if (column == RUNS_SECONDS)
		buf_printf(&b, "%d:%02d", (int)r->seconds / 60, (int)r->seconds % 60);
	else if (column == RUNS_STATE && r->in_use)
		buf_adds(&b, "in use");
	else if (column == RUNS_TEST_ACCURACY && r->tested == RUNS_IN_TEST)
		buf_adds(&b, "…");
	else
		return false;
	if (column == RUNS_CREATED || column == RUNS_STATE)
		cells_fit(c, y, x, w, style, buf_str(&b));
	else
		cells_right(c, y, x, w, style, buf_str(&b));
	buf_clear(&b);
	return true;
}

/* What a filter finds of it beside the columns. */
static const char *run_more(void *arg, size_t row)
{
	return ((const struct runs_view *)arg)->runs.v[row].in_use ? "in use" : NULL;
}

static const struct list_source source = {.draw = run_draw, .more = run_more};

/* The view */

static void runs_init(struct view *view, const void *arg)
{
	struct runs_view *v = (struct runs_view *)view;
	struct table t = runs_table(NULL);

	(void)arg;
	list_init(&v->list, &t, &source, v);
	runs_compare_pane_init(&v->compare);
	panes_add(&view->panes, &v->list);
	panes_add(&view->panes, &v->compare.list);
	panes_limit(&view->panes, 1);
}

static void forget(struct runs_view *v)
{
	if (v->read)
		runs_clear(&v->runs);
	v->read = false;
}

static void runs_clear_view(struct view *view)
{
	struct runs_view *v = (struct runs_view *)view;

	forget(v);
	runs_compare_pane_clear(&v->compare);
	mem_free(v->deleted);
}

static void runs_data(struct view *view)
{
	struct runs_view *v = (struct runs_view *)view;

	v->stopped = false;
	ask_list(v);
}

static size_t find(const struct runs_view *v, int64_t id)
{
	for (size_t i = 0; v->read && i < v->runs.n; i++)
		if (v->runs.v[i].id == id)
			return i;
	return SIZE_MAX;
}

/* The newest run that is wanted and not judged yet, of those on screen. */
static size_t next_to_judge(const struct runs_view *v)
{
	size_t row;

	for (size_t i = 0; (row = list_row_on_line(&v->list, i)) != SIZE_MAX; i++)
		if (v->runs.v[row].tested == RUNS_UNTESTED && !strcmp(v->runs.v[row].state, "done"))
			break;
	return row;
}

static void runs_follow(struct view *view)
{
	struct runs_view *v = (struct runs_view *)view;
	struct worker_status s;
	struct test_job *j;
	size_t row = list_row(&v->list);

	if (row != SIZE_MAX)
		v->at = v->runs.v[row].id;
	s = view_queue_status(view, QUEUE_LONG);
	if (s.ops == &train_ops && view_clock(view) > v->clock + AGAIN)
		ask_list(v);
	if (!v->read || v->stopped || s.busy)
		return;
	/* Nothing runs: what was asked for and did not come was dropped for another job. */
	for (size_t i = 0; i < v->runs.n; i++)
		v->runs.v[i].tested =
		    v->runs.v[i].tested == RUNS_IN_TEST ? RUNS_UNTESTED : v->runs.v[i].tested;
	row = next_to_judge(v);
	if (row == SIZE_MAX)
		return;
	v->runs.v[row].tested = RUNS_IN_TEST;
	j = view_job_new(view, sizeof(*j), &test_ops, false);
	j->run = v->runs.v[row].id;
	view_submit_idle(view, j);
}

static void list_done(void *owner, struct job *job)
{
	struct runs_view *v = owner;
	struct list_job *j = (struct list_job *)job;
	int64_t *marked = mem_array(v->runs.n + 1, sizeof(*marked));
	struct table t;
	size_t n = 0;

	for (size_t i = 0; v->read && i < v->runs.n; i++)
		if (list_is_marked(&v->list, i))
			marked[n++] = v->runs.v[i].id;
	forget(v);
	MEM_SWAP(v->runs, j->runs);
	v->read = true;
	v->at = find(v, v->returned) != SIZE_MAX ? v->returned : v->at;
	v->returned = 0;
	t = runs_table(&v->runs);
	list_set_table(&v->list, &t, find(v, v->at));
	for (size_t i = 0; i < n; i++)
		list_mark(&v->list, find(v, marked[i]), true);
	mem_free(marked);
}

static void test_done(void *owner, struct job *job)
{
	struct runs_view *v = owner;
	struct test_job *j = (struct test_job *)job;
	size_t row = find(v, j->run);
	struct worker_status s;

	if (row == SIZE_MAX)
		return;
	v->runs.v[row].tested = job->ok ? RUNS_TESTED : RUNS_NO_TEST;
	if (job->err.kind == ERR_CANCELLED)
		v->runs.v[row].tested = RUNS_UNTESTED;
	v->runs.v[row].test = j->test;
	/* Cancelled for another long job, it goes on after that. */
	s = view_queue_status(&v->view, QUEUE_LONG);
	v->stopped = v->stopped || (v->runs.v[row].tested == RUNS_UNTESTED && !s.busy);
}

static void change_done(void *owner, struct job *job)
{
	static const char *const is_now[] = {
	    [USE] = "in use", [DELETE] = "deleted; z brings it back", [RESTORE] = "back"};
	struct runs_view *v = owner;
	struct change_job *j = (struct change_job *)job;

	v->restoring = v->restoring && j->change != RESTORE;
	if (!job->ok) {
		view_say(&v->view, MESSAGE_ERROR, "%s", job->err.msg);
		return;
	}
	if (j->change == DELETE) {
		v->deleted =
		    mem_grow(v->deleted, &v->cap_deleted, v->n_deleted + 1, sizeof(*v->deleted));
		v->deleted[v->n_deleted++] = (struct deleted){j->ticket, j->was_in_use};
	}
	view_say(&v->view, MESSAGE_INFO, "run %lld is %s", (long long)j->run, is_now[j->change]);
	if (j->change == RESTORE) {
		v->n_deleted--;
		v->returned = j->run;
	}
	if (j->change == USE || j->was_in_use)
		view_reload(&v->view);
	ask_list(v);
}

/* "test accuracy 75.7 [75.2, 76.2], over the model rates +19.1 [+18.3, +19.9]" */
static void print_test(struct buf *b, const char *name, double unit, int decimals,
    const struct figure *f, const struct figure *gain)
{
	buf_printf(b, "test %s %.*f [%.*f, %.*f], over the model rates %+.*f [%+.*f, %+.*f]\n",
	    name, decimals, unit * f->value, decimals, unit * f->low, decimals, unit * f->high,
	    decimals, unit * gain->value, decimals, unit * gain->low, decimals, unit * gain->high);
}

static const char *why_untested(const struct runs_view *v, size_t row)
{
	if (v->runs.v[row].tested == RUNS_NO_TEST)
		return "its split has no test questions";
	if (v->runs.v[row].tested == RUNS_IN_TEST)
		return "being computed";
	return strcmp(v->runs.v[row].state, "done") != 0 ? "not before it is done"
							 : "not computed; R asks again";
}

static void draw_settings(struct runs_view *v, struct cells *c, struct area a)
{
	size_t row = list_row(&v->list);
	const struct runs_row *r = row != SIZE_MAX ? &v->runs.v[row] : NULL;
	const struct trainer_options *o = r ? &r->trainer : NULL;
	struct buf b = BUF_INIT;

	if (!r)
		return;
	buf_printf(&b, "Run %lld, %s", (long long)r->id, r->in_use ? "in use" : r->state);
	cells_rule(c, a.y, a.x, a.w, buf_str(&b), false);
	buf_reset(&b);
	if (v->runs.v[row].tested == RUNS_TESTED) {
		print_test(&b, "accuracy", 100, 1, &v->runs.v[row].test.accuracy,
		    &v->runs.v[row].test.accuracy_gain);
		print_test(
		    &b, "AUC", 1, 3, &v->runs.v[row].test.auc, &v->runs.v[row].test.auc_gain);
	} else {
		buf_printf(&b, "test figures: %s\n", why_untested(v, row));
	}
	if (isnan(r->val_loss))
		buf_adds(&b, "no validation yet");
	else
		buf_printf(&b, "validation: log-loss %.4f, accuracy %.1f", r->val_loss,
		    100 * r->val_accuracy);
	if (r->by_epochs)
		buf_printf(&b,
		    ", best epoch %zu of %zu\nK %zu, batch %zu, lr %g, weight decay %g, noise %g, "
		    "patience %zu, seed %llu%s%s\n",
		    r->best_epoch, r->epochs, o->dim, o->batch, o->lr, o->weight_decay, o->sigma,
		    o->patience, (unsigned long long)o->seed,
		    o->start_at_rates ? "" : ", random start",
		    o->keep_best ? "" : ", last epoch kept");
	else
		buf_printf(&b, "\nmethod %s, seed %llu\n", r->method, (unsigned long long)o->seed);
	buf_printf(&b, "split %s, encoder %s\n%d thread%s, BLAS kernel %s, data %.12s",
	    r->split ? r->split : "–", r->encoder ? r->encoder : "deleted since", r->threads,
	    plural((uint64_t)r->threads), r->kernel, r->digest);
	cells_wrap(c, (struct area){a.y + 1, a.x + 1, a.h - 1, a.w - 2}, ROLE_DEFAULT, buf_str(&b));
	buf_clear(&b);
}

static void runs_draw(struct view *view, struct cells *c, struct area a)
{
	struct runs_view *v = (struct runs_view *)view;
	struct area in = {a.y + 1, a.x + 2, a.h - 1, a.w - 4}, top = a, low = a;

	if (v->runs.n == 0) {
		cells_wrap(c, in, ROLE_DEFAULT,
		    "No runs yet.\n\n  t   train one: vectors of the models from their labels");
		return;
	}
	top.h = a.h / 2 > (int)v->runs.n + 2 ? (int)v->runs.n + 2 : a.h / 2;
	low.y += top.h;
	low.h -= top.h;
	if (v->comparing)
		cells_rule(c, low.y, low.x, low.w, "comparing…", false);
	else if (v->compare.known)
		runs_compare_pane_draw(&v->compare, c, low, v->view.panes.focus == PANE_COMPARE);
	else
		draw_settings(v, c, low);
	list_draw(&v->list, c, top, v->view.panes.focus == PANE_RUNS);
}

static void runs_where(struct view *view, struct buf *path, struct buf *shape)
{
	struct runs_view *v = (struct runs_view *)view;
	size_t n = 0;

	(void)shape;
	if (v->read)
		buf_printf(path, "%zu", v->runs.n);
	for (size_t i = 0; v->read && i < v->runs.n; i++)
		if (list_is_marked(&v->list, i))
			buf_printf(
			    path, "%s%lld", n++ ? ", " : " · marked ", (long long)v->runs.v[i].id);
}

/* The marked two, newest first; or the marked one, or the one in use, against that of the cursor. */
static void compare(struct runs_view *v, size_t cursor)
{
	struct compare_job *j;
	size_t pair[2], n = 0;

	for (size_t i = 0; i < v->runs.n; i++)
		if (list_is_marked(&v->list, i) && n++ < 2)
			pair[n - 1] = i;
	for (size_t i = 0; n == 0 && i < v->runs.n; i++)
		if (v->runs.v[i].in_use)
			pair[n++] = i;
	if (n == 1 && pair[0] != cursor)
		pair[n++] = cursor;
	if (n != 2) {
		view_say(&v->view, MESSAGE_INFO, "mark two runs with Space, then c compares them");
		return;
	}
	if (!view_long_free(&v->view))
		return;
	j = view_job_new(&v->view, sizeof(*j), &compare_ops, false);
	j->a = v->runs.v[pair[0]].id;
	j->b = v->runs.v[pair[1]].id;
	v->comparing = true;
	view_submit(&v->view, QUEUE_LONG, j);
}

static void change(struct runs_view *v, enum change what)
{
	struct change_job *j = view_job_new(&v->view, sizeof(*j), &change_ops, false);
	size_t row = find(v, v->at);

	j->change = what;
	if (what == RESTORE) {
		const struct deleted *d = &v->deleted[v->n_deleted - 1];

		j->ticket = d->ticket;
		j->was_in_use = d->was_in_use;
		v->restoring = true;
	} else {
		j->run = v->at;
		j->was_in_use = row != SIZE_MAX && v->runs.v[row].in_use;
	}
	view_submit(&v->view, QUEUE_SHORT, j);
}

static void answer_delete(struct view *view, uint32_t key)
{
	(void)key;
	change((struct runs_view *)view, DELETE);
}

static void ask_delete(struct runs_view *v, size_t row)
{
	struct worker_status s;

	s = view_queue_status(&v->view, QUEUE_LONG);
	if (s.ops == &train_ops && !strcmp(v->runs.v[row].state, "running"))
		view_say(&v->view, MESSAGE_WARN, "run %lld is being trained: X stops it",
		    (long long)v->runs.v[row].id);
	else
		view_ask(&v->view, "y", answer_delete, "Delete run %lld%s and its vectors? y/N",
		    (long long)v->runs.v[row].id, v->runs.v[row].in_use ? ", the one in use," : "");
}

static bool runs_act(struct view *view, enum action a)
{
	struct runs_view *v = (struct runs_view *)view;
	size_t row = list_row(&v->list);

	if (a == ACTION_RUN_TRAIN) {
		train_open_form(view);
		return true;
	}
	/* A change of the rows forgets what was done to the table before: that is always newer. */
	if (a == ACTION_UNDO && v->n_deleted) {
		if (!list_undo(&v->list) && !v->restoring)
			change(v, RESTORE);
		return true;
	}
	if (!v->read || row == SIZE_MAX)
		return false;
	v->at = v->runs.v[row].id;
	switch (a) {
	case ACTION_RUN_COMPARE:
		compare(v, row);
		return true;
	case ACTION_RUN_USE:
		change(v, USE);
		return true;
	case ACTION_RUN_DELETE:
		ask_delete(v, row);
		return true;
	case ACTION_BACK:
		/* The comparison gives its place back to the settings. */
		if (!v->compare.known)
			return false;
		runs_compare_pane_clear(&v->compare);
		runs_compare_pane_init(&v->compare);
		panes_limit(&view->panes, 1);
		return true;
	default:
		return false;
	}
}

static void runs_save(const struct view *view, json_t *state)
{
	const struct runs_view *v = (const struct runs_view *)view;

	list_save(&v->list, state);
	json_object_set_new(state, "run", json_integer(v->at));
}

static void runs_restore(struct view *view, const json_t *state)
{
	struct runs_view *v = (struct runs_view *)view;

	list_restore(&v->list, state);
	v->at = json_integer_value(json_object_get(state, "run"));
}

const struct view_class screen_runs = {
    .title = "Runs",
    .scope = SCOPE_RUNS,
    .needs = NEEDS_LABELS,
    .flags = VIEW_OPENS_NOTHING,
    .size = sizeof(struct runs_view),
    .init = runs_init,
    .clear = runs_clear_view,
    .data = runs_data,
    .draw = runs_draw,
    .where = runs_where,
    .act = runs_act,
    .follow = runs_follow,
    .save = runs_save,
    .restore = runs_restore,
};
