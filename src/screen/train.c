/* train.c - training: the form for a new run, its curves while it runs, and those of earlier
 * runs. The job goes on whatever is on screen. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "screen/train_curves.h"
#include "screen/train_form.h"
#include "task/runs.h"
#include "task/train.h"
#include "view/eta.h"
#include "view/view.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct train_view {
	struct view view;
	struct train_form form;
	bool form_open;
	bool log_axis;
	size_t overlays; /* earlier runs drawn too, 0..CURVES_MAX - 1 */

	/* Of the run that trains, or trained last in this session. */
	bool training, discard;
	struct train_start start; /* options point at `trainer` */
	struct trainer_options trainer;
	struct chart_curve live;
	char *note;
	double began; /* clock */
	/* Set here, read by the training thread; the view outlives the workers. */
	atomic_bool paused, enough;

	/* Of the database, newest first. */
	struct chart_curve stored[CURVES_MAX];
	size_t n_stored;
	int64_t resumable; /* newest run that was stopped, 0 = none */
};

/* The training job, and the messages it sends ahead. */

enum train_event { TRAIN_STARTED, TRAIN_EPOCH, TRAIN_NOTE };

struct train_message {
	struct view_job base;
	enum train_event event;
	struct train_start start;
	struct trainer_options trainer;
	struct epoch epoch;
	char *note;
};

struct train_job {
	struct view_job base;
	struct train_view *control; /* its atomics only */
	struct train_options options;
	char *encoder; /* of the options; NULL = the default */
	struct train_result result;
};

static void message_free(struct job *j)
{
	mem_free(((struct train_message *)j)->note);
	view_job_free(j);
}

static void message_done(void *owner, struct job *job);

static const struct job_ops message_ops = {"training", NULL, message_done, message_free};

static struct train_message *message_new(const struct train_job *j, enum train_event event)
{
	struct train_message *m = mem_zero_array(1, sizeof(*m));

	m->base.job = (struct job){.ops = &message_ops};
	m->base.view = j->base.view;
	m->event = event;
	return m;
}

static void started(void *arg, const struct train_start *s)
{
	struct train_job *j = arg;
	struct train_message *m = message_new(j, TRAIN_STARTED);

	m->start = *s;
	m->trainer = *s->options;
	worker_post(j->base.job.worker, &m->base.job);
}

static void epoch(void *arg, const struct epoch *t)
{
	struct train_job *j = arg;
	struct train_message *m = message_new(j, TRAIN_EPOCH);

	m->epoch = *t;
	worker_post(j->base.job.worker, &m->base.job);
}

static void note(void *arg, const char *text)
{
	struct train_job *j = arg;
	struct train_message *m = message_new(j, TRAIN_NOTE);

	m->note = mem_strdup(text);
	worker_post(j->base.job.worker, &m->base.job);
}

static bool enough(void *arg)
{
	return atomic_load(&((struct train_job *)arg)->control->enough);
}

/* Ticks go through to the worker; paused, they wait here. */
static bool tick(void *arg, const struct tick *t)
{
	const struct timespec nap = {.tv_nsec = 50 * 1000 * 1000};
	struct train_job *j = arg;
	struct worker *w = j->base.job.worker;
	const struct progress *p = worker_progress(w);

	while (atomic_load(&j->control->paused) && !worker_cancelled(w))
		nanosleep(&nap, NULL);
	return p->tick(p->arg, t);
}

static bool train_run(struct job *job, struct err *e)
{
	struct train_job *j = (struct train_job *)job;
	const struct progress progress = {tick, j};
	const struct train_watch watch = {started, epoch, note, enough, &progress, j};
	struct db *db = connection_write(view_job_connection(job), e);

	return db && task_train(db, &j->options, &watch, &j->result, e);
}

static void train_free(struct job *job)
{
	mem_free(((struct train_job *)job)->encoder);
	view_job_free(job);
}

static void train_done(void *owner, struct job *job);

const struct job_ops train_ops = {"training", train_run, train_done, train_free};

/* Delete the run that was not worth keeping. */

struct discard_job {
	struct view_job base;
	int64_t run;
};

static bool discard_run(struct job *j, struct err *e)
{
	struct db *db = connection_write(view_job_connection(j), e);

	return db && task_runs_delete(db, ((struct discard_job *)j)->run, NULL, e);
}

static void say_failure(void *owner, struct job *job)
{
	if (!job->ok && job->err.kind != ERR_CANCELLED)
		view_say(owner, MESSAGE_ERROR, "%s", job->err.msg);
}

static const struct job_ops discard_ops = {"deleting", discard_run, say_failure, view_job_free};

/* The curves of stored runs. */

struct curves_job {
	struct view_job base;
	struct chart_curve curve[CURVES_MAX];
	size_t n;
	int64_t resumable;
};

static bool load_curve(
    struct db *db, const struct runs_row *run, struct chart_curve *out, struct err *e)
{
	struct runs_curve c;

	if (!task_runs_curve(db, run->id, &c, e))
		return false;
	out->run = run->id;
	out->dim = run->trainer.dim;
	out->seed = run->trainer.seed;
	out->base_loss = run->base_val_loss;
	out->base_accuracy = run->base_val_accuracy;
	for (size_t i = 0; i < c.n; i++)
		chart_curve_add(out, &c.v[i]);
	runs_curve_clear(&c);
	return true;
}

static bool curves_run(struct job *job, struct err *e)
{
	struct curves_job *j = (struct curves_job *)job;
	struct db *db = connection_read(view_job_connection(job), e);
	struct runs r;
	bool ok = true;

	if (!db)
		return e->kind == ERR_NONE;
	if (!task_runs(db, &r, e))
		return false;
	for (size_t i = 0; ok && i < r.n; i++) {
		if (!j->resumable && !strcmp(r.v[i].state, "stopped"))
			j->resumable = r.v[i].id;
		if (j->n < CURVES_MAX && r.v[i].epochs > 0)
			ok = load_curve(db, &r.v[i], &j->curve[j->n++], e);
	}
	runs_clear(&r);
	return ok;
}

static void curves_free(struct job *job)
{
	struct curves_job *j = (struct curves_job *)job;

	for (size_t i = 0; i < CURVES_MAX; i++)
		chart_curve_clear(&j->curve[i]);
	view_job_free(job);
}

static void curves_done(void *owner, struct job *job)
{
	struct train_view *v = owner;
	struct curves_job *j = (struct curves_job *)job;

	if (!job->ok) {
		say_failure(owner, job);
		return;
	}
	for (size_t i = 0; i < CURVES_MAX; i++)
		MEM_SWAP(v->stored[i], j->curve[i]);
	v->n_stored = j->n;
	v->resumable = j->resumable;
}

static const struct job_ops curves_ops = {"curves", curves_run, curves_done, curves_free};

/* The view */

static void train_init(struct view *view, const void *arg)
{
	struct train_view *v = (struct train_view *)view;

	(void)arg;
	train_form_init(&v->form);
	v->start.base_val_loss = v->start.base_val_accuracy = NAN;
}

static void train_clear(struct view *view)
{
	struct train_view *v = (struct train_view *)view;

	train_form_clear(&v->form);
	chart_curve_clear(&v->live);
	for (size_t i = 0; i < CURVES_MAX; i++)
		chart_curve_clear(&v->stored[i]);
	mem_free(v->note);
}

static void train_data(struct view *view)
{
	view_submit(
	    view, QUEUE_SHORT, view_job_new(view, sizeof(struct curves_job), &curves_ops, true));
}

static void start(struct train_view *v, const struct train_options *o)
{
	struct train_job *j = view_job_new(&v->view, sizeof(*j), &train_ops, false);

	j->control = v;
	j->options = *o;
	j->encoder = o->encoder ? mem_strdup(o->encoder) : NULL;
	j->options.encoder = j->encoder;
	v->form_open = false;
	v->training = true;
	v->discard = false;
	v->began = view_clock(&v->view);
	v->start = (struct train_start){.base_val_loss = NAN, .base_val_accuracy = NAN};
	chart_curve_clear(&v->live);
	mem_free(v->note);
	v->note = NULL;
	atomic_store(&v->paused, false);
	atomic_store(&v->enough, false);
	view_submit(&v->view, QUEUE_LONG, j);
}

static void message_done(void *owner, struct job *job)
{
	struct train_view *v = owner;
	struct train_message *m = (struct train_message *)job;

	switch (m->event) {
	case TRAIN_STARTED:
		v->start = m->start;
		v->trainer = m->trainer;
		v->start.options = &v->trainer;
		v->live.run = m->start.run;
		v->live.dim = m->trainer.dim;
		v->live.seed = m->trainer.seed;
		v->live.base_loss = m->start.base_val_loss;
		v->live.base_accuracy = m->start.base_val_accuracy;
		break;
	case TRAIN_EPOCH:
		chart_curve_add(&v->live, &m->epoch);
		break;
	case TRAIN_NOTE:
		mem_free(v->note);
		v->note = m->note;
		m->note = NULL;
		break;
	}
}

static void train_done(void *owner, struct job *job)
{
	struct train_view *v = owner;
	const struct train_result *r = &((struct train_job *)job)->result;

	v->training = false;
	if (!job->ok) {
		view_say(&v->view, job->err.kind == ERR_CANCELLED ? MESSAGE_INFO : MESSAGE_ERROR,
		    "%s", job->err.msg);
	} else if (v->discard) {
		struct discard_job *d = view_job_new(&v->view, sizeof(*d), &discard_ops, false);

		d->run = r->run;
		view_submit(&v->view, QUEUE_LONG, d);
	} else if (r->stopped) {
		view_say(&v->view, MESSAGE_INFO,
		    "run %lld stopped after epoch %zu; r goes on with it", (long long)r->run,
		    r->epochs);
	} else if (isnan(r->val_accuracy)) {
		view_say(&v->view, MESSAGE_INFO, "run %lld done; 3 Near and 6 Route are ready",
		    (long long)r->run);
	} else {
		view_say(&v->view, MESSAGE_INFO,
		    "run %lld done, valid %.1f%% against %.1f%% of the model rates; 3 Near and 6 "
		    "Route are ready",
		    (long long)r->run, 100 * r->val_accuracy, 100 * r->base_val_accuracy);
	}
	view_reload(&v->view);
}

/* The curves on screen: the live run, or the newest stored one, and the runs before it. */
static size_t shown_curves(const struct train_view *v, struct chart_curve out[CURVES_MAX])
{
	size_t n = 0;

	if (v->training && v->live.n)
		out[n++] = v->live;
	for (size_t i = 0; i < v->n_stored && n < v->overlays + 1; i++)
		if (!(v->training && v->stored[i].run == v->live.run))
			out[n++] = v->stored[i];
	return n;
}

static void draw_bar(struct cells *c, int y, int x, int w, double share)
{
	cells_put(c, y, x, ROLE_AXIS, '[');
	for (int i = 0; i < w - 2; i++)
		cells_put(c, y, x + 1 + i, ROLE_BAR, i < (int)(share * (w - 2)) ? '#' : '-');
	cells_put(c, y, x + w - 1, ROLE_AXIS, ']');
}

static void number(struct cells *c, int y, int x, double v, int decimals)
{
	if (isnan(v))
		cells_right(c, y, x, 9, ROLE_DIM, "–");
	else
		cells_printf(c, y, x + 4, 6, ROLE_DEFAULT, "%5.*f", decimals, v);
}

static const struct epoch *best_of(const struct chart_curve *k)
{
	const struct epoch *best = k->n ? &k->v[k->n - 1] : NULL;

	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].val_loss < best->val_loss)
			best = &k->v[i];
	return best;
}

/* Figures of the run in front: train, validation, best, and what it has to beat. */
static void draw_figures(
    const struct train_view *v, const struct chart_curve *k, struct cells *c, struct area a)
{
	const struct epoch *last = k->n ? &k->v[k->n - 1] : NULL, *best = best_of(k);
	bool live = v->live.n && k->run == v->live.run;
	struct buf b = BUF_INIT;

	if (!last || a.h < 3)
		return;
	cells_text(c, a.y, a.x + 1, a.w, ROLE_DIM,
	    "             train    valid     best     model rate (baseline)");
	cells_text(c, a.y + 1, a.x + 1, a.w, ROLE_HEADER, "loss");
	cells_text(c, a.y + 2, a.x + 1, a.w, ROLE_HEADER, "accuracy");
	cells_text(c, a.y + 2, a.x + 50, a.w - 50, ROLE_DIM, "%");
	number(c, a.y + 1, a.x + 9, last->train_loss, 3);
	number(c, a.y + 2, a.x + 9, 100 * last->train_accuracy, 1);
	number(c, a.y + 1, a.x + 18, last->val_loss, 3);
	number(c, a.y + 2, a.x + 18, 100 * last->val_accuracy, 1);
	number(c, a.y + 1, a.x + 27, best->val_loss, 3);
	number(c, a.y + 2, a.x + 27, 100 * best->val_accuracy, 1);
	number(c, a.y + 1, a.x + 39, k->base_loss, 3);
	number(c, a.y + 2, a.x + 39, 100 * k->base_accuracy, 1);
	if (a.h < 4)
		return;
	buf_printf(&b, "epoch %zu, best %zu, %.1f s, %.3g s an epoch", last->epoch, best->epoch,
	    last->seconds, last->seconds / (double)last->epoch);
	if (live && v->trainer.patience)
		buf_printf(&b, " · patience %zu, %zu used", v->trainer.patience,
		    last->epoch - best->epoch);
	cells_fit(c, a.y + 3, a.x + 1, a.w - 2, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
}

static void draw_now(struct train_view *v, struct cells *c, struct area a)
{
	struct chart_curve shown[CURVES_MAX];
	size_t n = shown_curves(v, shown);
	struct worker_status s;

	cells_rule(c, a.y, a.x, a.w, v->training ? "Now" : "Last", false);
	if (v->training) {
		double share;

		s = view_queue_status(&v->view, QUEUE_LONG);
		share = s.tick.total > 0 ? fmin(1, s.tick.done / s.tick.total) : 0;
		draw_bar(c, a.y + 1, a.x + 1, a.w > 60 ? 40 : 24, share);
		cells_printf(c, a.y + 1, a.x + (a.w > 60 ? 43 : 27), a.w - 44, ROLE_DEFAULT,
		    "%3.0f%%  %s%s", 100 * share, s.tick.phase ? s.tick.phase : "starting",
		    atomic_load(&v->paused) ? "  paused: p goes on" : "");
	}
	/* The bar's line stays free after the training where there is room. */
	if (n) {
		int head = v->training || a.h > 6 ? 2 : 1;

		draw_figures(v, &shown[0], c, (struct area){a.y + head, a.x, a.h - head, a.w});
	}
	if (v->note && a.h > 7)
		cells_fit(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_WARN, v->note);
}

static void train_draw(struct view *view, struct cells *c, struct area a)
{
	struct train_view *v = (struct train_view *)view;
	struct chart_curve shown[CURVES_MAX];
	size_t n = shown_curves(v, shown);
	int now_h = a.h >= 18 ? 8 : a.h >= 12 ? 6 : 5;

	if (v->form_open) {
		train_form_draw(&v->form, c, a);
		return;
	}
	if (!n && !v->training) {
		cells_wrap(c, (struct area){a.y + 2, a.x + 2, a.h - 2, a.w - 4}, ROLE_DEFAULT,
		    "No run yet.\n\n  t   opens a short form with good defaults; Enter "
		    "starts\n\nTraining "
		    "learns a vector for every model from which questions it answered right. It "
		    "goes "
		    "on while you look at other screens, and a stop keeps what is done.");
		return;
	}
	train_curves_draw(shown, n, v->log_axis, c, (struct area){a.y, a.x, a.h - now_h, a.w});
	draw_now(v, c, (struct area){a.y + a.h - now_h, a.x, now_h, a.w});
}

static void train_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct train_view *v = (const struct train_view *)view;
	const struct trainer_options *o = v->start.options;

	if (v->training && v->start.run)
		buf_printf(path, "run %lld", (long long)v->start.run);
	if (v->training && o)
		buf_printf(shape, "K %zu · lr %g · batch %zu · seed %llu · epoch %zu of %zu",
		    o->dim, o->lr, o->batch, (unsigned long long)o->seed,
		    v->live.n ? v->live.v[v->live.n - 1].epoch : 0, o->epochs);
}

static void train_position(struct view *view, struct buf *out)
{
	const struct train_view *v = (const struct train_view *)view;

	if (v->training && v->live.n && !isnan(v->live.v[v->live.n - 1].val_accuracy))
		buf_printf(out, "run %lld: epoch %zu valid %.1f%%", (long long)v->live.run,
		    v->live.v[v->live.n - 1].epoch, 100 * v->live.v[v->live.n - 1].val_accuracy);
	else if (v->overlays)
		buf_printf(out, "%zu earlier run%s drawn too", v->overlays, plural(v->overlays));
}

static bool train_key(struct view *view, uint32_t key)
{
	struct train_view *v = (struct train_view *)view;
	struct train_options o;
	struct err e = ERR_INIT;

	if (!v->form_open)
		return false;
	switch (train_form_key(&v->form, key)) {
	case FORM_START:
		if (train_form_options(&v->form, &o, &e))
			start(v, &o);
		else
			view_say(view, MESSAGE_ERROR, "%s", e.msg);
		break;
	case FORM_CANCEL:
		v->form_open = false;
		break;
	default:
		break;
	}
	return true;
}

static void open_form(struct train_view *v)
{
	if (view_long_free(&v->view))
		v->form_open = true;
}

static void resume(struct train_view *v)
{
	struct train_options o;

	if (!v->resumable)
		view_say(&v->view, MESSAGE_INFO, "no run was stopped: t trains a new one");
	if (!v->resumable || !view_long_free(&v->view))
		return;
	train_options_default(&o);
	o.resume = v->resumable;
	start(v, &o);
	/* Its earlier epochs belong to the curve. */
	for (size_t i = 0; i < v->n_stored; i++)
		if (v->stored[i].run == v->resumable)
			for (size_t t = 0; t < v->stored[i].n; t++)
				chart_curve_add(&v->live, &v->stored[i].v[t]);
}

static bool train_editing(const struct view *view)
{
	return ((const struct train_view *)view)->form_open;
}

static bool train_act(struct view *view, enum action a)
{
	struct train_view *v = (struct train_view *)view;

	switch (a) {
	case ACTION_TRAIN_NEW:
	case ACTION_OPEN:
		open_form(v);
		return true;
	case ACTION_TRAIN_KEEP:
		if (v->training) {
			atomic_store(&v->enough, true);
			atomic_store(&v->paused, false);
			view_say(view, MESSAGE_INFO, "finishing with the best epoch so far");
		}
		return true;
	case ACTION_TRAIN_PAUSE:
		if (v->training)
			atomic_store(&v->paused, !atomic_load(&v->paused));
		return true;
	case ACTION_TRAIN_RESUME:
		resume(v);
		return true;
	case ACTION_TRAIN_LOG:
		v->log_axis = !v->log_axis;
		return true;
	case ACTION_TRAIN_OVERLAY:
		v->overlays = (v->overlays + 1) % CURVES_MAX;
		return true;
	default:
		return false;
	}
}

static bool train_chart(struct view *view, struct chart *out)
{
	const struct train_view *v = (const struct train_view *)view;
	struct chart_curve k[CURVES_MAX];
	size_t n = shown_curves(v, k);

	if (!n)
		return false;
	chart_of_curves(out, k, n, v->log_axis);
	return true;
}

static bool train_offers(const struct view *view, enum action a)
{
	const struct train_view *v = (const struct train_view *)view;

	if (a == ACTION_TRAIN_KEEP || a == ACTION_TRAIN_PAUSE)
		return v->training;
	if (a == ACTION_TRAIN_NEW || a == ACTION_TRAIN_RESUME)
		return !v->training && (a == ACTION_TRAIN_NEW || v->resumable);
	return true;
}

const struct view_class screen_train = {
    .title = "Train",
    .scope = SCOPE_TRAIN,
    .needs = NEEDS_MODELS,
    .flags = VIEW_OPENS_NOTHING,
    .size = sizeof(struct train_view),
    .init = train_init,
    .clear = train_clear,
    .data = train_data,
    .draw = train_draw,
    .where = train_where,
    .position = train_position,
    .chart = train_chart,
    .act = train_act,
    .offers = train_offers,
    .key = train_key,
    .editing = train_editing,
};

void train_open_form(struct view *from)
{
	open_form((struct train_view *)view_go(from, TAB_TRAIN));
}

void train_discard(struct view *train)
{
	struct train_view *v = (struct train_view *)train;

	v->discard = true;
	view_cancel(train, QUEUE_LONG, &train_ops);
}
