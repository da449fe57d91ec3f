/* probe.c - how well model vectors foretell each benchmark's accuracy: figures with intervals
 * against the mean, the errors as a heat map, and one benchmark as a scatter plot. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "screen/probe_heat.h"
#include "screen/probe_scatter.h"
#include "task/probe.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

#define QUICK_SEEN 150 /* models up to which `seen` takes a moment */

/* Of the benchmarks, and of one of them. */
enum pane { PANE_TABLE, PANE_HEAT };
enum opened_pane { PANE_LIST, PANE_PLOT };

struct probe_view {
	struct view view;
	struct list list;         /* rows: benchmarks */
	int64_t at;               /* id of the cursor's benchmark, 0 = none */
	bool seen;                /* which of the two is shown */
	bool chosen;              /* by the user, not by what is kept */
	bool running[2], have[2]; /* by `seen` */
	struct probe probe[2];
	struct err why_not[2];
	bool opened; /* a benchmark: its scatter plot is shown */
	bool hide_heat;
	struct probe_heat heat;
	struct probe_scatter scatter;
};

static const struct probe *shown(const struct probe_view *v)
{
	return v->have[v->seen] ? &v->probe[v->seen] : NULL;
}

/* Jobs */

struct probe_job {
	struct view_job base;
	struct probe_options options;
	bool only_kept; /* look for what is kept, compute nothing */
	bool refresh;
	bool found;
	struct probe probe;
};

static bool probe_run(struct job *j, struct err *e)
{
	struct probe_job *p = (struct probe_job *)j;
	const struct atlas *a = p->base.data->atlas;
	struct err unwritable = ERR_INIT;
	struct db *db;

	if (p->only_kept) {
		db = connection_read(view_job_connection(j), e);
		p->found = db && probe_kept(db, a, &p->options, &p->probe);
		return db != NULL;
	}
	/* Where the file can only be read the result is not kept. */
	db = connection_write(view_job_connection(j), &unwritable);
	p->found =
	    task_probe(db, a, &p->options, p->refresh, worker_progress(j->worker), &p->probe, e);
	return p->found;
}

static void probe_free(struct job *j)
{
	probe_clear(&((struct probe_job *)j)->probe);
	view_job_free(j);
}

static void probe_done(void *owner, struct job *job);

static const struct job_ops probe_ops = {"probe", probe_run, probe_done, probe_free};

static void ask(struct probe_view *v, bool seen, bool only_kept, bool refresh)
{
	struct probe_job *j = view_job_new(&v->view, sizeof(*j), &probe_ops, true);
	bool quick = only_kept || (seen && view_catalog(&v->view)->n_models <= QUICK_SEEN);

	probe_options_default(&j->options);
	j->options.seen = seen;
	j->only_kept = only_kept;
	j->refresh = refresh;
	v->running[seen] = !only_kept;
	v->why_not[seen] = (struct err)ERR_INIT;
	view_submit(&v->view, quick ? QUEUE_SHORT : QUEUE_LONG, j);
}

static struct probe_row *row_at(const struct probe_view *v)
{
	const struct probe *p = shown(v);
	size_t row = list_row(&v->list);

	return p && row < p->n ? &p->v[row] : NULL;
}

static size_t find_benchmark(const struct catalog *r, int64_t id)
{
	for (size_t b = 0; b < r->n_benchmarks; b++)
		if (r->benchmarks[b].id == id)
			return b;
	return SIZE_MAX;
}

/* Hand what is shown to the parts. */
static void show(struct probe_view *v)
{
	const struct catalog *r = view_catalog(&v->view);
	struct table t;

	/* Sorted by other figures now. */
	t = probe_table(shown(v), r);
	list_set_table(&v->list, &t, find_benchmark(r, v->at));
	probe_heat_set(&v->heat, shown(v));
	probe_scatter_set(&v->scatter, shown(v), row_at(v), SIZE_MAX);
}

static void need(struct probe_view *v)
{
	if (v->seen && !v->have[true] && !v->running[true])
		ask(v, true, false, false);
}

static void probe_done(void *owner, struct job *job)
{
	struct probe_view *v = owner;
	struct probe_job *j = (struct probe_job *)job;
	bool seen = j->options.seen;

	v->running[seen] &= j->only_kept;
	if (!job->ok) {
		v->why_not[seen] = job->err;
		return;
	}
	if (!j->found) { /* nothing is kept: what needs no refits, then */
		if (!v->chosen)
			v->seen = true;
		need(v);
		return;
	}
	/* They point into what goes. */
	probe_heat_set(&v->heat, NULL);
	probe_scatter_set(&v->scatter, NULL, NULL, probe_scatter_model(&v->scatter));
	MEM_SWAP(v->probe[seen], j->probe);
	v->have[seen] = true;
	if (!seen && !j->only_kept) {
		v->seen = false;
		view_say(&v->view, MESSAGE_INFO, "refitted without each benchmark");
	}
	show(v);
}

/* The table */

static const char *benchmark_name(const struct probe_view *v, size_t row)
{
	return view_catalog(&v->view)->benchmarks[row].name;
}

static bool probe_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct probe_view *v = arg;
	const struct probe *p = shown(v);
	const struct probe_row *r = p ? &p->v[row] : NULL;

	if (column != PROBE_BAR || !r || r->why_not)
		return false;
	plot_bar(c, y, x, w, style == ROLE_DEFAULT ? ROLE_BAR : style, r->r2.value);
	plot_interval(c, y, x, w, style, r->r2.low, r->r2.high);
	if (r->r2.low <= 0 && r->r2.high < 0.5)
		cells_right(c, y, x, w, ROLE_WARN, "≈ mean");
	return true;
}

static const struct list_source source = {.draw = probe_draw_cell};

/* Life */

static void show_panes(struct probe_view *v, bool opened)
{
	struct panes *p = &v->view.panes;

	v->opened = opened;
	*p = (struct panes){.n = 0};
	panes_add(p, opened ? &v->scatter.list : &v->list);
	if (opened || !v->hide_heat)
		panes_add(p, opened ? &v->scatter.list : &v->heat.list);
}

static void probe_init(struct view *view, const void *arg)
{
	struct probe_view *v = (struct probe_view *)view;
	struct table t = probe_table(NULL, NULL);

	(void)arg;
	list_init(&v->list, &t, &source, v);
	v->list.name_column = PROBE_NAME;
	v->list.sort = PROBE_R2;
	v->list.reverse = true;
	probe_heat_init(&v->heat, view);
	probe_scatter_init(&v->scatter, view);
	show_panes(v, false);
}

static void drop_results(struct probe_view *v)
{
	probe_heat_set(&v->heat, NULL);
	probe_scatter_set(&v->scatter, NULL, NULL, SIZE_MAX);
	for (int s = 0; s < 2; s++) {
		probe_clear(&v->probe[s]);
		v->have[s] = v->running[s] = false;
		v->why_not[s] = (struct err)ERR_INIT;
	}
}

static void probe_view_clear(struct view *view)
{
	struct probe_view *v = (struct probe_view *)view;

	drop_results(v);
	list_clear(&v->list);
	probe_heat_clear(&v->heat);
	probe_scatter_clear(&v->scatter);
}

static void probe_data(struct view *view)
{
	struct probe_view *v = (struct probe_view *)view;
	const struct catalog *r = view_catalog(view);
	struct table t;

	drop_results(v);
	t = probe_table(shown(v), r);
	list_set_table(&v->list, &t, find_benchmark(r, v->at));
	ask(v, false, true, false);
	need(v);
}

/* Drawing */

static void draw_text(struct cells *c, struct area a, enum role role, const char *text)
{
	cells_wrap(
	    c, (struct area){a.y + 1, a.x + 2, a.h - 1, a.w > 78 ? 76 : a.w - 4}, role, text);
}

/* Why there is nothing to show, and what to press. */
static void draw_missing(const struct probe_view *v, struct cells *c, struct area a)
{
	const struct err *e = &v->why_not[v->seen];
	char *text;

	if (v->running[v->seen]) {
		draw_text(c, a, ROLE_DIM,
		    v->seen ? "Regressing… (X stops it)"
			    : "Refitting the vectors without each benchmark… (X stops it)");
		return;
	}
	if (e->kind != ERR_NONE && e->kind != ERR_CANCELLED) {
		text = mem_printf("%s\n\nP tries again   v %s", e->msg,
		    v->seen ? "left out" : "the run's own vectors");
		draw_text(c, a, ROLE_ERROR, text);
		mem_free(text);
		return;
	}
	draw_text(c, a, ROLE_DEFAULT,
	    v->seen
		? "Stopped.\n\n  v v   try again"
		: "Not computed yet: vectors that have not seen a benchmark need a training run "
		  "for each.\n\n  P   refit in the background; it is kept\n  v   the run's own "
		  "vectors, which have seen the benchmark");
}

static void draw_heat(struct probe_view *v, struct cells *c, struct area a)
{
	cells_rule(c, a.y, a.x, a.w, "Forecast minus truth of every model (H hides)",
	    v->view.panes.focus == PANE_HEAT);
	probe_heat_draw(&v->heat, c, (struct area){a.y + 1, a.x, a.h - 1, a.w},
	    v->view.panes.focus == PANE_HEAT);
}

static void probe_draw(struct view *view, struct cells *c, struct area a)
{
	struct probe_view *v = (struct probe_view *)view;
	size_t row = list_row(&v->list);
	bool heat = !v->hide_heat && shown(v) && v->heat.list.n > 0;
	int top = (int)view_catalog(view)->n_benchmarks + 1;

	if (!shown(v)) {
		draw_missing(v, c, a);
		return;
	}
	if (row != SIZE_MAX)
		v->at = view_catalog(view)->benchmarks[row].id;
	if (v->opened) {
		probe_scatter_draw(&v->scatter, c, a, v->view.panes.focus == PANE_PLOT);
		return;
	}
	if (top > a.h)
		top = a.h;
	if (heat && a.h < 14) { /* no room for both */
		if (v->view.panes.focus == PANE_HEAT)
			draw_heat(v, c, a);
		else
			list_draw(&v->list, c, a, true);
		return;
	}
	if (heat && top > a.h / 2)
		top = a.h / 2;
	list_draw(
	    &v->list, c, (struct area){a.y, a.x, top, a.w}, v->view.panes.focus == PANE_TABLE);
	if (heat)
		draw_heat(v, c, (struct area){a.y + top, a.x, a.h - top, a.w});
	else if (row != SIZE_MAX && shown(v)->v[row].why_not)
		draw_text(c, (struct area){a.y + top, a.x, a.h - top, a.w}, ROLE_WARN,
		    shown(v)->v[row].why_not);
}

static void probe_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct probe_view *v = (const struct probe_view *)view;
	const struct probe_row *r = row_at(v);
	const struct probe *p = shown(v);

	if (v->opened && r)
		buf_printf(path, "› %s", benchmark_name(v, r->benchmark));
	else
		buf_adds(path, "accuracy from vectors");
	if (v->running[false] && v->seen)
		buf_adds(shape, "refitting… · ");
	buf_adds(shape, v->seen ? "benchmark seen in training" : "benchmark left out of training");
	if (p)
		buf_printf(shape, " · %zu fold%s", p->options.folds, plural(p->options.folds));
}

/* Keys */

static void toggle_seen(struct probe_view *v)
{
	v->seen = !v->seen;
	v->chosen = true;
	need(v);
	show(v);
}

static void refit(struct probe_view *v)
{
	if (v->running[false]) {
		view_say(&v->view, MESSAGE_INFO, "it is being refitted; X stops it");
		return;
	}
	ask(v, false, false, v->have[false]);
	v->chosen = true;
	view_say(&v->view, MESSAGE_INFO, "refitting without each benchmark, in the background");
}

static bool open_scatter(struct probe_view *v, size_t benchmark, size_t model)
{
	const struct probe *p = shown(v);

	if (!p || benchmark >= p->n || !list_go(&v->list, benchmark))
		return true;
	probe_scatter_set(&v->scatter, p, &p->v[benchmark], model);
	show_panes(v, true);
	return true;
}

static void step(struct probe_view *v, long n)
{
	list_move(&v->list, n);
	probe_scatter_set(&v->scatter, shown(v), row_at(v), SIZE_MAX);
}

static bool table_act(struct probe_view *v, enum action a)
{
	switch (a) {
	case ACTION_PROBE_HEAT:
		v->hide_heat = !v->hide_heat;
		show_panes(v, false);
		return true;
	case ACTION_OPEN:
		if (v->view.panes.focus == PANE_TABLE)
			return open_scatter(v, list_row(&v->list), SIZE_MAX);
		return open_scatter(v, v->heat.column, probe_heat_model(&v->heat));
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (v->view.panes.focus == PANE_TABLE)
			return false;
		probe_heat_move(&v->heat, a == ACTION_LEFT ? -1 : 1);
		return true;
	default:
		return false;
	}
}

static bool scatter_act(struct probe_view *v, enum action a)
{
	int right = (a == ACTION_RIGHT) - (a == ACTION_LEFT),
	    up = (a == ACTION_UP) - (a == ACTION_DOWN);
	size_t m = probe_scatter_model(&v->scatter);

	switch (a) {
	case ACTION_BACK:
		show_panes(v, false);
		return true;
	case ACTION_ITEM_BACK:
	case ACTION_ITEM_NEXT:
		step(v, a == ACTION_ITEM_NEXT ? 1 : -1);
		return true;
	case ACTION_OPEN:
		if (m != SIZE_MAX)
			model_open(&v->view, view_catalog(&v->view)->models[m].id);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN:
		if (v->view.panes.focus == PANE_LIST)
			return false;
		probe_scatter_go(&v->scatter, right, up);
		return true;
	default:
		return false;
	}
}

static bool probe_act(struct view *view, enum action a)
{
	struct probe_view *v = (struct probe_view *)view;

	switch (a) {
	case ACTION_PROBE_SEEN:
		toggle_seen(v);
		return true;
	case ACTION_PROBE_REFIT:
		refit(v);
		return true;
	default:
		return v->opened ? scatter_act(v, a) : table_act(v, a);
	}
}

static void probe_save(const struct view *view, json_t *state)
{
	const struct probe_view *v = (const struct probe_view *)view;

	list_save(&v->list, state);
	json_object_set_new(state, "benchmark", json_integer(v->at));
	json_object_set_new(state, "no_heat", json_boolean(v->hide_heat));
}

static void probe_restore(struct view *view, const json_t *state)
{
	struct probe_view *v = (struct probe_view *)view;

	list_restore(&v->list, state);
	v->at = json_integer_value(json_object_get(state, "benchmark"));
	v->hide_heat = json_is_true(json_object_get(state, "no_heat"));
	show_panes(v, false);
}

static bool probe_chart(struct view *view, struct chart *out)
{
	const struct probe_view *v = (const struct probe_view *)view;
	const char *run = view_atlas(view)->run_name;
	const struct probe *p = shown(v);
	uint32_t *order;

	if (!p)
		return false;
	if (v->opened) {
		if (!v->scatter.row || v->scatter.row->why_not)
			return false;
		probe_scatter_chart(&v->scatter, out);
		return true;
	}
	if (!list_shown(&v->heat.list))
		return false;
	/* The models as the heat map lists them. */
	order = mem_array(list_shown(&v->heat.list), sizeof(*order));
	for (size_t i = 0; i < list_shown(&v->heat.list); i++)
		order[i] = v->heat.model[list_row_at(&v->heat.list, i)];
	chart_of_errors(
	    out, view_catalog(view), run, p, order, list_shown(&v->heat.list), v->heat.scale);
	mem_free(order);
	return true;
}

static bool probe_offers(const struct view *view, enum action a)
{
	const struct probe_view *v = (const struct probe_view *)view;

	return a != ACTION_ITEM_NEXT || v->opened;
}

const struct view_class screen_probe = {
    .title = "Probe",
    .scope = SCOPE_PROBE,
    .needs = NEEDS_RUN,
    .flags = VIEW_STEPS,
    .size = sizeof(struct probe_view),
    .init = probe_init,
    .clear = probe_view_clear,
    .data = probe_data,
    .draw = probe_draw,
    .where = probe_where,
    .chart = probe_chart,
    .act = probe_act,
    .offers = probe_offers,
    .save = probe_save,
    .restore = probe_restore,
};
