/* cost.c - accuracy against dollars on held-out questions: a curve to walk along. Judged on the long
 * worker when it is opened; a weight of it goes to Route, or into a policy file. */
#include "screen/screens.h"

#include "base/file.h"
#include "base/mem.h"
#include "chart/charts.h"
#include "task/cost.h"
#include "task/route_policy.h"
#include "tui/list.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

struct cost_view {
	struct view view;
	int64_t *out; /* (n_out) ids of models that Route leaves out */
	size_t n_out;
	struct cost_curve curve; /* n == 0: none yet */
	struct err error;        /* why */
	bool asked;
	char *path; /* of the policy, while it is asked whether to replace it */
	size_t policy_of;
	struct list list;
};

/* Judging */

struct cost_job {
	struct view_job base;
	bool *pool;
	struct cost_curve curve;
};

static bool cost_run(struct job *j, struct err *e)
{
	struct cost_job *k = (struct cost_job *)j;
	struct cost_options o;

	cost_options_default(&o);
	o.route.pool = k->pool;
	return task_cost(data_run(k->base.data), &o, worker_progress(j->worker), &k->curve, e);
}

static void cost_free(struct job *j)
{
	struct cost_job *k = (struct cost_job *)j;

	cost_clear(&k->curve);
	mem_free(k->pool);
	view_job_free(j);
}

static void cost_done(void *owner, struct job *job);

static const struct job_ops cost_ops = {"costs", cost_run, cost_done, cost_free};

/* The models that Route has in its pool. */
static bool *pool_of(const struct cost_view *v)
{
	const struct catalog *r = view_catalog(&v->view);
	bool *pool = mem_array(r->n_models + 1, sizeof(*pool));

	for (size_t m = 0; m < r->n_models; m++) {
		pool[m] = true;
		for (size_t i = 0; i < v->n_out; i++)
			pool[m] = pool[m] && v->out[i] != r->models[m].id;
	}
	return pool;
}

static void drop(struct cost_view *v)
{
	cost_clear(&v->curve);
	list_rows(&v->list, 0, SIZE_MAX);
}

static void ask(struct cost_view *v)
{
	struct cost_job *j = view_job_new(&v->view, sizeof(*j), &cost_ops, true);

	j->pool = pool_of(v);
	v->asked = true;
	v->error = (struct err)ERR_INIT;
	view_submit(&v->view, QUEUE_LONG, j);
}

static void cost_done(void *owner, struct job *job)
{
	struct cost_view *v = owner;
	struct table t;

	v->asked = false;
	v->error = job->err;
	drop(v);
	MEM_SWAP(v->curve, ((struct cost_job *)job)->curve);
	t = cost_table(&v->curve, view_catalog(&v->view));
	list_set_table(
	    &v->list, &t, v->curve.n && v->curve.advised != SIZE_MAX ? v->curve.advised : SIZE_MAX);
}

/* The view */

static void cost_init(struct view *view, const void *arg)
{
	struct cost_view *v = (struct cost_view *)view;
	const struct cost_arg *a = arg;
	struct table t = cost_table(NULL, NULL);

	if (a && a->n_out) {
		v->out = mem_array(a->n_out, sizeof(*v->out));
		memcpy(v->out, a->out, a->n_out * sizeof(*v->out));
		v->n_out = a->n_out;
	}
	list_init(&v->list, &t, NULL, v);
	v->list.name_column = COST_COLUMN_MODEL;
	panes_add(&view->panes, &v->list);
}

static void cost_clear_view(struct view *view)
{
	struct cost_view *v = (struct cost_view *)view;

	view_cancel(view, QUEUE_LONG, &cost_ops);
	cost_clear(&v->curve);
	mem_free(v->out);
	mem_free(v->path);
}

static void cost_data(struct view *view)
{
	struct cost_view *v = (struct cost_view *)view;

	drop(v);
	ask(v);
}

static bool cost_chart(struct view *view, struct chart *out)
{
	struct cost_view *v = (struct cost_view *)view;

	if (!v->curve.n)
		return false;
	chart_of_cost(
	    out, view_catalog(view), view_atlas(view)->run_name, &v->curve, list_row(&v->list));
	return true;
}

static void draw_chart(struct cost_view *v, struct cells *c, struct area a)
{
	const struct chart_panel *p;
	size_t row = list_row(&v->list);
	struct chart chart;
	struct plot plot;
	int y, x;

	cells_rule(c, a.y, a.x, a.w, "Accuracy (up) against $ per 1000 questions", false);
	cost_chart(&v->view, &chart);
	p = &chart.panel[0];
	if (chart_draw(p, c, (struct area){a.y + 1, a.x, a.h - 2, a.w - 1}, 5, &plot) &&
	    row != SIZE_MAX && v->curve.v[row].cost > 0 &&
	    plot_cell(&plot, chart_share(&p->x, v->curve.v[row].cost),
		chart_share(&p->y, 100 * v->curve.v[row].accuracy.value), &y, &x))
		cells_put(c, y, x, ROLE_DEFAULT | STYLE_REVERSE | STYLE_BOLD, 'o');
	chart_draw_legend(p, c, a.y + a.h - 1, a.x + 1, a.w - 2);
	chart_clear(&chart);
}

/* What the row comes to, and what is advised. */
static int draw_words(struct cost_view *v, struct cells *c, struct area a)
{
	const struct catalog *r = view_catalog(&v->view);
	size_t row = list_row(&v->list);
	struct buf b = BUF_INIT;
	int h = 1;

	if (row != SIZE_MAX)
		cost_print_point(&v->curve, r, row, &b);
	cells_fit(c, a.y, a.x + 1, a.w - 2, ROLE_OK | STYLE_BOLD, buf_str(&b));
	buf_reset(&b);
	cost_print_advice(&v->curve, r, &b);
	cells_fit(c, a.y + h++, a.x + 1, a.w - 2, ROLE_DEFAULT, buf_str(&b));
	buf_reset(&b);
	buf_printf(&b, "AIQ %.3f, models by lot %.3f, gain %+.3f [%+.3f, %+.3f]",
	    v->curve.aiq.value, v->curve.aiq_mix.value, v->curve.aiq_gain.value,
	    v->curve.aiq_gain.low, v->curve.aiq_gain.high);
	if (v->curve.n_unpriced)
		buf_printf(&b, "; %zu unpriced, left out", v->curve.n_unpriced);
	cells_fit(c, a.y + h++, a.x + 1, a.w - 2, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
	return h;
}

static void cost_draw(struct view *view, struct cells *c, struct area a)
{
	struct cost_view *v = (struct cost_view *)view;
	struct area text = {a.y + 1, a.x + 2, a.h - 1, a.w > 78 ? 76 : a.w - 4}, rest = a;
	int h;

	if (!v->curve.n) {
		if (v->asked)
			cells_wrap(c, text, ROLE_DIM, "Judging every weight of cost… (X stops it)");
		else if (v->error.kind == ERR_CANCELLED)
			cells_wrap(c, text, ROLE_DEFAULT, "Stopped.\n\n  R   judge again");
		else
			cells_wrap(c, text, ROLE_ERROR, v->error.msg);
		return;
	}
	h = draw_words(v, c, a);
	rest.y += h;
	rest.h -= h;
	if (rest.h >= 14 || rest.w >= 110) {
		struct area plot = rest;

		if (rest.w >= 110) {
			plot.w = rest.w / 2;
			plot.x = rest.x + rest.w - plot.w;
			rest.w -= plot.w + 1;
		} else {
			plot.h = rest.h / 2;
			rest.y += plot.h;
			rest.h -= plot.h;
		}
		draw_chart(v, c, plot);
	}
	list_draw(&v->list, c, rest, true);
}

static void cost_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct cost_view *v = (const struct cost_view *)view;

	if (v->curve.n)
		buf_printf(path, "%zu %s questions · %zu models", v->curve.n_questions,
		    part_name(v->curve.part), v->curve.n_priced);
	buf_adds(shape, view_atlas(view)->run_name);
}

/* Acting on it */

static bool is_weight(const struct cost_view *v, size_t row)
{
	return v->curve.n && row != SIZE_MAX && v->curve.v[row].kind == COST_ROUTER;
}

static void write_policy(struct view *view, uint32_t key)
{
	struct cost_view *v = (struct cost_view *)view;
	const struct catalog *r = view_catalog(view);
	struct route_options o;
	struct err e = ERR_INIT;
	bool *pool = pool_of(v);

	(void)key;
	route_options_default(&o);
	o.pool = pool;
	if (is_weight(v, v->policy_of)) {
		o.cost_weight = v->curve.v[v->policy_of].weight;
		if (route_policy_write(
			v->path, view_atlas(view), &o, v->curve.v[v->curve.best].model, &e))
			view_say(view, MESSAGE_INFO,
			    "%s: weight %.2f, what is unlike all that is known to %s", v->path,
			    o.cost_weight, r->models[v->curve.v[v->curve.best].model].name);
		else
			view_say(view, MESSAGE_ERROR, "%s", e.msg);
	}
	mem_free(pool);
}

static void name_policy(struct view *view, const char *path)
{
	struct cost_view *v = (struct cost_view *)view;

	if (!*path)
		return;
	mem_free(v->path);
	v->path = mem_strdup(path);
	if (file_exists(path))
		view_ask(view, "y", write_policy, "%s is there already. Replace it? y/N", path);
	else
		write_policy(view, 'y');
}

static bool cost_act(struct view *view, enum action a)
{
	struct cost_view *v = (struct cost_view *)view;
	size_t row = list_row(&v->list);

	switch (a) {
	case ACTION_COST_APPLY:
	case ACTION_OPEN:
		if (is_weight(v, row))
			route_weigh(view, v->curve.v[row].weight);
		else if (a == ACTION_OPEN && v->curve.n && row != SIZE_MAX &&
			 v->curve.v[row].kind == COST_MODEL)
			model_open(view, view_catalog(view)->models[v->curve.v[row].model].id);
		else if (v->curve.n)
			view_say(view, MESSAGE_INFO, "that is of a row of the router: its weight");
		return true;
	case ACTION_COST_POLICY:
		if (!is_weight(v, row)) {
			view_say(view, MESSAGE_INFO, "a policy is of a row of the router");
			return true;
		}
		v->policy_of = row;
		view_prompt(view, "routing policy to file: ", "policy.json", name_policy);
		return true;
	default:
		return false;
	}
}

const struct view_class screen_cost = {
    .title = "Cost",
    .scope = SCOPE_COST,
    .needs = NEEDS_RUN,
    .size = sizeof(struct cost_view),
    .init = cost_init,
    .clear = cost_clear_view,
    .data = cost_data,
    .draw = cost_draw,
    .where = cost_where,
    .chart = cost_chart,
    .act = cost_act,
};
