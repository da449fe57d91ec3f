/* route.c - a typed question: which model it would go to, how sure that is, what it costs,
 * and why. Every keystroke ranks anew, on the short worker. */
#include "screen/screens.h"

#include "base/mem.h"
#include "chart/charts.h"
#include "screen/route_pool.h"
#include "screen/route_price.h"
#include "screen/route_why.h"
#include "task/route.h"
#include "tui/key.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
	size_t model;
	bool out; /* excluded by the user */
};

struct route_view {
	struct view view;
	struct line question;
	bool editing;
	bool why; /* the lower panes */
	struct route_pool pool;
	int64_t price_of; /* id of the model whose price is typed */

	struct route result;   /* of the current data; n == 0 = none yet */
	struct err error;      /* why there is none */
	bool asked;            /* a job is under way */
	double asked_at, took; /* seconds from asking to result */
	struct row *rows;
	size_t n_rows;
	bool priced;
	struct list list;
	struct route_why why_pane;
};

static bool on_evidence(const struct route_view *v)
{
	return v->view.panes.focus == 1;
}

/* The evidence is a pane where it is shown, and there is some. */
static void count_panes(struct route_view *v)
{
	panes_limit(&v->view.panes, v->why && v->result.n_evidence ? 2 : 1);
}

/* The job */

struct route_job {
	struct view_job base;
	char *text;
	bool *pool; /* (n_models) */
	double weight, asked_at;
	struct route result;
};

static bool route_run(struct job *j, struct err *e)
{
	struct route_job *r = (struct route_job *)j;
	struct route_options o;

	route_options_default(&o);
	o.pool = r->pool;
	o.cost_weight = r->weight;
	return task_route(data_run(r->base.data), r->text, &o, &r->result, e);
}

static void route_free(struct job *j)
{
	struct route_job *r = (struct route_job *)j;

	mem_free(r->text);
	mem_free(r->pool);
	route_clear(&r->result);
	view_job_free(j);
}

static void route_done(void *owner, struct job *job);

static const struct job_ops route_ops = {"route", route_run, route_done, route_free};

static void ask(struct route_view *v)
{
	struct route_job *j;

	if (!*line_text(&v->question)) {
		route_clear(&v->result);
		v->n_rows = 0;
		v->error = (struct err)ERR_INIT;
		list_rows(&v->list, 0, SIZE_MAX);
		route_why_evidence(&v->why_pane, NULL, NULL);
		return;
	}
	j = view_job_new(&v->view, sizeof(*j), &route_ops, true);
	j->text = mem_strdup(line_text(&v->question));
	j->weight = v->pool.weight;
	j->pool = route_pool_mask(&v->pool, view_catalog(&v->view));
	j->asked_at = view_clock(&v->view);
	v->asked = true;
	view_submit(&v->view, QUEUE_SHORT, j);
}

/* Candidates in their order, then what the user has excluded. */
static void make_rows(struct route_view *v)
{
	const struct catalog *r = view_catalog(&v->view);
	size_t row = list_row(&v->list), at = SIZE_MAX;
	size_t keep = row < v->n_rows ? v->rows[row].model : SIZE_MAX;
	struct table t;
	bool on_top = row == 0, was_in = row < v->n_rows && !v->rows[row].out;

	mem_free(v->rows);
	v->rows = mem_array(r->n_models + 1, sizeof(*v->rows));
	v->n_rows = 0;
	for (size_t i = 0; i < v->result.n + v->result.n_out; i++)
		v->rows[v->n_rows++] = (struct row){v->result.v[i].model, i >= v->result.n};
	/* On the pick the cursor stays on the pick, elsewhere on its model; one that was just taken
	 * out is not followed to the end. */
	for (size_t i = 0; i < v->n_rows && !on_top; i++)
		if (v->rows[i].model == keep)
			at = !v->rows[i].out || !was_in || row >= v->n_rows ? i : row;
	t = route_table(&v->result, r);
	list_set_table(&v->list, &t, at);
}

static void route_done(void *owner, struct job *j)
{
	struct route_view *v = owner;
	struct route_job *r = (struct route_job *)j;

	v->asked = false;
	if (!*line_text(&v->question) || (!j->ok && j->err.kind == ERR_CANCELLED))
		return;
	v->took = view_clock(&v->view) - r->asked_at;
	v->error = j->err;
	MEM_SWAP(v->result, r->result);
	make_rows(v);
	route_why_evidence(&v->why_pane, view_atlas(&v->view), &v->result);
	count_panes(v);
}

/* The list */

static bool route_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct route_view *v = arg;
	const struct route_candidate *k = &v->result.v[row];

	if (column == ROUTE_RANK && v->rows[row].out) {
		cells_right(c, y, x, w, style, "out");
		return true;
	}
	if (column == ROUTE_NEAR_RIGHT && k->near_seen > 0) {
		char near[32];

		snprintf(near, sizeof(near), "%.0f/%.0f", k->near_right, k->near_seen);
		cells_right(c, y, x, w, style, near);
		return true;
	}
	if (column != ROUTE_BAR)
		return false;
	plot_bar(c, y, x, w, ROLE_BAR, k->p);
	plot_interval(c, y, x, w, ROLE_AXIS, k->low, k->high);
	return true;
}

static const struct list_source source = {.draw = route_draw_cell};

/* The view */

static void route_init(struct view *view, const void *arg)
{
	struct route_view *v = (struct route_view *)view;
	struct table t = route_table(NULL, NULL);

	(void)arg;
	line_init(&v->question);
	v->why = true;
	list_init(&v->list, &t, &source, v);
	v->list.name_column = ROUTE_NAME;
	route_why_init(&v->why_pane);
	panes_add(&view->panes, &v->list);
	panes_add(&view->panes, &v->why_pane.list);
	count_panes(v);
}

static void route_clear_view(struct view *view)
{
	struct route_view *v = (struct route_view *)view;

	line_clear(&v->question);
	route_clear(&v->result);
	route_why_clear(&v->why_pane);
	route_pool_clear(&v->pool);
	mem_free(v->rows);
}

static void route_data(struct view *view)
{
	struct route_view *v = (struct route_view *)view;
	const struct catalog *r = view_catalog(view);

	route_clear(&v->result);
	route_why_evidence(&v->why_pane, NULL, NULL);
	v->n_rows = 0;
	list_rows(&v->list, 0, SIZE_MAX);
	v->priced = false;
	for (size_t m = 0; m < r->n_models; m++)
		v->priced = v->priced || !isnan(r->models[m].price_in);
	/* Columns of prices nobody has given take no room. */
	list_set_hints(&v->list, ROUTE_COST, 5, v->priced ? 7 : 0);
	list_set_hints(&v->list, ROUTE_UTILITY, 6, v->priced ? 7 : 0);
	route_pool_renew(&v->pool, r);
	ask(v);
}

static void draw_question(struct route_view *v, struct cells *c, struct area a)
{
	cells_rule(c, a.y, a.x, a.w,
	    v->editing ? "Your question (Enter keeps it, Esc ends, ↑ earlier ones)"
		       : "Your question (i to edit)",
	    v->editing);
	if (v->editing)
		line_draw(
		    &v->question, c, a.y + 1, a.x + 2, a.w - 4, ROLE_DEFAULT | STYLE_BOLD, true);
	else if (*line_text(&v->question)) /* one reads it by its beginning */
		cells_fit(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DEFAULT, line_text(&v->question));
	else
		cells_fit(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM,
		    "nothing yet: press i and type, the models are ranked as you go");
}

/* "Cost weight  0 |------o------| 1  0.32". */
static void draw_slider(const struct route_view *v, struct cells *c, struct area a)
{
	int w = a.w >= 90 ? 40 : a.w >= 76 ? 30 : 16, at = (int)lround(v->pool.weight * (w - 1));
	int x = a.x + 1 + cells_text(c, a.y, a.x + 1, a.w, ROLE_DIM, "Cost weight  0 ");

	cells_span(c, a.y, x, w, ROLE_AXIS);
	cells_put(c, a.y, x + at, ROLE_HEADER | STYLE_BOLD, U'●');
	cells_printf(c, a.y, x + w, a.w, ROLE_DIM, " 1   %.2f   [ < > to move ]", v->pool.weight);
}

/* What it comes to, in a line. */
static void draw_pick(const struct route_view *v, struct cells *c, struct area a)
{
	const struct route *r = &v->result;
	const struct catalog_model *m = view_catalog(&v->view)->models;
	int x = a.x + 1, w = a.w - 2;

	if (v->error.kind != ERR_NONE) {
		cells_fit(c, a.y, x, w, ROLE_ERROR, v->error.msg);
	} else if (r->n == 0) {
		cells_fit(c, a.y, x, w, ROLE_DIM, v->asked ? "ranking…" : "");
	} else {
		const struct route_candidate *top = &r->v[0];
		struct buf b = BUF_INIT;

		buf_printf(&b, "→ %s  %.3f", m[top->model].name, top->p);
		if (!isnan(top->low))
			buf_printf(&b, " [%.2f, %.2f]", top->low, top->high);
		if (top->model == r->best_single)
			buf_adds(&b, ", the best single model too");
		else
			buf_printf(&b, "; best single model %.3f (%s)", r->best_single_p,
			    m[r->best_single].name);
		cells_fit(c, a.y, x, w, ROLE_OK | STYLE_BOLD, buf_str(&b));
		buf_clear(&b);
	}
	if (r->warning)
		cells_printf(c, a.y + 1, x, w, ROLE_WARN, "! %s", r->warning);
}

static void route_draw(struct view *view, struct cells *c, struct area a)
{
	struct route_view *v = (struct route_view *)view;
	int head = 2, why_h = 0;
	struct area rest;

	draw_question(v, c, a);
	if (v->priced)
		draw_slider(v, c, (struct area){a.y + head++, a.x, 1, a.w});
	draw_pick(v, c, (struct area){a.y + head, a.x, 2, a.w});
	head += v->result.warning ? 2 : 1;
	rest = (struct area){a.y + head, a.x, a.h - head, a.w};
	if (v->why && v->result.n && rest.h >= 10)
		why_h = rest.h * 2 / 5 > 14 ? 14 : rest.h * 2 / 5;
	list_draw(&v->list, c, (struct area){rest.y, rest.x, rest.h - why_h, rest.w},
	    !v->editing && !(on_evidence(v) && why_h));
	if (why_h)
		route_why_draw(&v->why_pane, c,
		    (struct area){rest.y + rest.h - why_h, rest.x, why_h, rest.w}, view_atlas(view),
		    &v->result, v->priced, !v->editing && on_evidence(v));
}

static void route_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct route_view *v = (const struct route_view *)view;
	const struct atlas *atlas = view_atlas(view);

	(void)path;
	buf_printf(shape, "%s · %s", atlas->run_name, atlas->encoder_name);
	if (v->pool.n_out)
		buf_printf(shape, " · %zu excluded", v->pool.n_out);
}

static void route_position(struct view *view, struct buf *out)
{
	const struct route_view *v = (const struct route_view *)view;

	list_position(&v->list, out);
	if (v->result.n && v->took > 0)
		buf_printf(out, "  %.0f ms", 1000 * v->took);
}

static bool route_key(struct view *view, uint32_t key)
{
	struct route_view *v = (struct route_view *)view;

	if (!v->editing)
		return false;
	switch (line_key(&v->question, key)) {
	case LINE_CHANGED:
		ask(v);
		return true;
	case LINE_DONE:
		line_remember(&v->question);
		v->editing = false;
		return true;
	case LINE_CANCELLED:
		v->editing = false;
		return true;
	case LINE_MOVED:
		return true;
	default:
		/* Tab leaves the field for the list. */
		v->editing = key != K_TAB;
		return true;
	}
}

/* Cost and pool; what was done to the table since their last change is newer, and goes first. */
static bool undo(struct route_view *v)
{
	if (!v->pool.n_undo)
		return false;
	if (!list_undo(&v->list) && route_pool_undo(&v->pool))
		ask(v);
	return true;
}

static void weigh(struct route_view *v, int steps)
{
	if (!v->priced) {
		view_say(&v->view, MESSAGE_INFO,
		    "no model has a price: p types one, 'embedllm models import' reads many");
		return;
	}
	route_pool_weigh(&v->pool, steps);
	ask(v);
}

void route_weigh(struct view *from, double weight)
{
	struct route_view *v = (struct route_view *)view_go(from, TAB_ROUTE);

	route_pool_weigh_to(&v->pool, weight);
	view_say(&v->view, MESSAGE_INFO, "cost weighs %.2f", v->pool.weight);
	ask(v);
}

/* Take a model out of the pool, or back in. */
static void toggle_out(struct route_view *v, size_t row)
{
	int64_t id = view_catalog(&v->view)->models[v->rows[row].model].id;

	if (!route_pool_toggle(&v->pool, id, v->n_rows))
		view_say(&v->view, MESSAGE_WARN, "the last candidate stays in");
	ask(v);
}

static void choose(struct view *view, const char *pattern)
{
	struct route_view *v = (struct route_view *)view;
	const struct atlas *a = view_atlas(view);

	if (!route_pool_choose(&v->pool, &a->catalog, a->has_vector, pattern))
		view_say(view, MESSAGE_WARN, "no model's name matches %s: all are in", pattern);
	ask(v);
}

static void ask_file(struct view *view, const char *path)
{
	struct route_view *v = (struct route_view *)view;
	struct route_file_arg arg = {path, v->pool.weight, NULL};

	if (!*path)
		return;
	arg.pool = route_pool_mask(&v->pool, view_catalog(view));
	view_push(view, &screen_route_file, &arg);
	mem_free(arg.pool);
}

static void take_price(struct view *view, const char *text)
{
	size_t m = data_find_model(view_data(view), ((struct route_view *)view)->price_of);

	if (m != SIZE_MAX && *text)
		route_price_set(view, &view_catalog(view)->models[m], text);
}

static void ask_price(struct route_view *v, size_t row)
{
	const struct catalog_model *m = &view_catalog(&v->view)->models[v->rows[row].model];
	char *label = mem_printf("price of %s, $ per million tokens in and out: ", m->name);
	struct buf now = BUF_INIT;

	route_price_print(m, &now);
	v->price_of = m->id;
	view_prompt(&v->view, label, buf_str(&now), take_price);
	buf_clear(&now);
	mem_free(label);
}

static bool route_open(struct route_view *v)
{
	size_t row = list_row(panes_list(&v->view.panes));

	if (row == SIZE_MAX)
		return false;
	if (on_evidence(v))
		question_open(&v->view, route_why_question(&v->why_pane, row));
	else
		model_open(&v->view, view_catalog(&v->view)->models[v->rows[row].model].id);
	return true;
}

static bool route_editing(const struct view *view)
{
	return ((const struct route_view *)view)->editing;
}

static int64_t model_at(struct view *view, size_t row)
{
	return view_catalog(view)->models[((struct route_view *)view)->rows[row].model].id;
}

static bool route_act(struct view *view, enum action a)
{
	struct route_view *v = (struct route_view *)view;
	size_t row = list_row(&v->list);

	switch (a) {
	case ACTION_ROUTE_EDIT:
		v->editing = true;
		return true;
	case ACTION_OPEN:
		/* With nothing to open, Enter begins. */
		if (!v->result.n)
			v->editing = true;
		return !v->result.n || route_open(v);
	case ACTION_ROUTE_COST_UP:
		weigh(v, 1);
		return true;
	case ACTION_ROUTE_COST_DOWN:
		weigh(v, -1);
		return true;
	case ACTION_UNDO:
		return !on_evidence(v) && undo(v);
	case ACTION_ROUTE_CURVE:
		view_push(view, &screen_cost, &(struct cost_arg){v->pool.out, v->pool.n_out});
		return true;
	case ACTION_ROUTE_OUT:
		if (row != SIZE_MAX && !on_evidence(v))
			toggle_out(v, row);
		return true;
	case ACTION_ROUTE_PRICE:
		if (row != SIZE_MAX && !on_evidence(v))
			ask_price(v, row);
		return true;
	case ACTION_ROUTE_POOL:
		view_prompt(view,
		    "pool (part of a name or a pattern such as *70B*, nothing = all): ", "",
		    choose);
		return true;
	case ACTION_ROUTE_BATCH:
		view_prompt(view, "route each line of file: ", "", ask_file);
		return true;
	case ACTION_ROUTE_COMPARE:
		versus_of(view, &v->list, model_at, 0);
		return true;
	case ACTION_ROUTE_WHY:
		v->why = !v->why;
		count_panes(v);
		return true;
	default:
		return false;
	}
}

static void route_save(const struct view *view, json_t *state)
{
	const struct route_view *v = (const struct route_view *)view;

	json_object_set_new(state, "history", line_history(&v->question));
	json_object_set_new(state, "question", json_string(line_text(&v->question)));
	json_object_set_new(state, "why", json_boolean(v->why));
	route_pool_save(&v->pool, state);
}

static void route_restore(struct view *view, const json_t *state)
{
	struct route_view *v = (struct route_view *)view;
	const char *question = json_get_string(state, "question");

	line_recall(&v->question, json_object_get(state, "history"));
	line_set(&v->question, question ? question : "");
	v->why = !json_is_false(json_object_get(state, "why"));
	route_pool_restore(&v->pool, state);
}

static bool route_chart(struct view *view, struct chart *out)
{
	const struct route_view *v = (const struct route_view *)view;

	return v->result.n &&
	       chart_of_costs(out, view_catalog(view), view_atlas(view)->run_name, &v->result);
}

static bool route_offers(const struct view *view, enum action a)
{
	const struct route_view *v = (const struct route_view *)view;

	if (a == ACTION_ROUTE_COST_UP)
		return v->priced;
	if (a == ACTION_ROUTE_OUT || a == ACTION_ROUTE_PRICE)
		return v->n_rows > 0 && !on_evidence(v);
	return true;
}

const struct view_class screen_route = {
    .title = "Route",
    .scope = SCOPE_ROUTE,
    .needs = NEEDS_RUN,
    .size = sizeof(struct route_view),
    .init = route_init,
    .clear = route_clear_view,
    .data = route_data,
    .draw = route_draw,
    .where = route_where,
    .position = route_position,
    .chart = route_chart,
    .act = route_act,
    .offers = route_offers,
    .key = route_key,
    .editing = route_editing,
    .save = route_save,
    .restore = route_restore,
};

void route_ask(struct view *from, const char *text)
{
	struct route_view *v = (struct route_view *)view_go(from, TAB_ROUTE);
	char *line = mem_strdup(text);

	for (char *p = line; *p; p++)
		*p = *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p;
	line_set(&v->question, line);
	line_remember(&v->question);
	mem_free(line);
	v->editing = false;
	if (v->view.ready)
		ask(v);
}
