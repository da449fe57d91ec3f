/* near.c - who behaves like a model: its neighbours as a list beside a map of all models. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "chart/charts.h"
#include "screen/near_list.h"
#include "screen/near_map.h"
#include "task/map.h"
#include "view/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAMES 10       /* of the nearest, on the map */
#define SMALL_TSNE 300 /* models that t-SNE places in a moment */

enum pane { PANE_LIST, PANE_MAP };

struct near {
	struct view view;
	struct near_list list;
	int64_t anchor, at; /* ids of @ and of the cursor's model, 0 = none */
	enum neighbour_metric metric;
	bool apart;                   /* from ability: of the list and the map */
	struct err why_not;           /* there are no neighbours */
	enum map_method method;       /* wanted */
	struct map map[MAP_TSNE + 1]; /* n = 0: not there */
	struct err map_error;
	enum map_method drawn; /* what `pane` holds */
	struct near_map pane;
	int color;
};

static bool on_map(const struct near *v)
{
	return v->view.panes.focus == PANE_MAP;
}

/* Jobs */

struct near_job {
	struct view_job base;
	size_t model;
	struct neighbours_options options;
	struct neighbours found;
};

static bool near_run(struct job *j, struct err *e)
{
	struct near_job *n = (struct near_job *)j;

	return task_neighbours(n->base.data->atlas, n->model, &n->options, &n->found, e);
}

static void near_free(struct job *j)
{
	neighbours_clear(&((struct near_job *)j)->found);
	view_job_free(j);
}

static void near_done(void *owner, struct job *job);

static const struct job_ops near_ops = {"neighbours", near_run, near_done, near_free};

struct map_job {
	struct view_job base;
	struct map_options options;
	struct map map;
};

static bool map_run(struct job *j, struct err *e)
{
	struct map_job *m = (struct map_job *)j;

	return task_map(m->base.data->atlas, &m->options, worker_progress(j->worker), &m->map, e);
}

static void map_free(struct job *j)
{
	map_clear(&((struct map_job *)j)->map);
	view_job_free(j);
}

static void map_done(void *owner, struct job *job);

static const struct job_ops map_ops = {"map", map_run, map_done, map_free};

static enum queue_name tsne_queue(const struct near *v)
{
	return view_catalog(&v->view)->n_models > SMALL_TSNE ? QUEUE_LONG : QUEUE_SHORT;
}

static void ask_map(struct near *v, enum map_method method)
{
	struct map_job *j;

	if (v->map[method].n)
		return;
	v->map_error = (struct err)ERR_INIT;
	j = view_job_new(&v->view, sizeof(*j), &map_ops, true);
	map_options_default(&j->options);
	j->options.method = method;
	j->options.apart = v->apart;
	view_submit(&v->view, method == MAP_TSNE ? tsne_queue(v) : QUEUE_SHORT, j);
}

static void ask_neighbours(struct near *v)
{
	size_t model = data_find_model(view_data(&v->view), v->anchor);
	struct near_job *j;

	if (model == SIZE_MAX)
		return;
	j = view_job_new(&v->view, sizeof(*j), &near_ops, true);
	j->model = model;
	j->options = (struct neighbours_options){.metric = v->metric, .apart = v->apart};
	view_submit(&v->view, QUEUE_SHORT, j);
}

/* Results */

static void drop_neighbours(struct near *v)
{
	near_list_drop(&v->list);
	v->why_not = (struct err)ERR_INIT;
}

static void near_done(void *owner, struct job *job)
{
	struct near *v = owner;
	struct near_job *j = (struct near_job *)job;
	const struct data *d = view_data(&v->view);

	/* Not of another model than the last one asked for. */
	if (data_find_model(d, v->anchor) != j->model || j->options.metric != v->metric ||
	    j->options.apart != v->apart)
		return;
	drop_neighbours(v);
	if (job->ok)
		near_list_set(&v->list, &j->found, data_find_model(d, v->at));
	else
		v->why_not = job->err;
}

/* The wanted map, or the other one until it is there. */
static void choose_map(struct near *v)
{
	enum map_method m = v->map[v->method].n ? v->method : MAP_PCA;

	v->drawn = m;
	if (v->map[m].n)
		near_map_set(&v->pane, view_catalog(&v->view), &v->map[m], v->color);
	else
		near_map_clear(&v->pane);
}

static void map_done(void *owner, struct job *job)
{
	struct near *v = owner;
	struct map_job *j = (struct map_job *)job;
	enum map_method m = j->options.method;

	if (j->options.apart != v->apart)
		return;
	if (job->ok) {
		MEM_SWAP(v->map[m], j->map);
		if (m == v->method || !v->map[v->method].n)
			choose_map(v);
	} else if (job->err.kind == ERR_CANCELLED) {
		if (m == v->method && m == MAP_TSNE) {
			v->method = MAP_PCA;
			ask_map(v, MAP_PCA);
			choose_map(v);
		}
	} else {
		v->map_error = job->err;
	}
}

/* Life */

static void near_init(struct view *view, const void *arg)
{
	struct near *v = (struct near *)view;

	(void)arg;
	near_list_init(&v->list, view);
	near_map_clear(&v->pane);
	panes_add(&view->panes, &v->list.list);
	panes_add(&view->panes, &v->list.list); /* the map's points */
}

static void near_clear(struct view *view)
{
	struct near *v = (struct near *)view;

	near_list_clear(&v->list);
	for (int m = 0; m <= MAP_TSNE; m++)
		map_clear(&v->map[m]);
	near_map_clear(&v->pane);
}

/* The most accurate model of the run. */
static int64_t best_model(struct near *v)
{
	const struct atlas *a = view_atlas(&v->view);
	const struct catalog *r = &a->catalog;
	size_t best = SIZE_MAX;

	for (size_t m = 0; m < r->n_models; m++)
		if (a->has_vector[m] && r->models[m].seen > 0 &&
		    (best == SIZE_MAX || catalog_model_accuracy(&r->models[m]) >
					     catalog_model_accuracy(&r->models[best])))
			best = m;
	return best == SIZE_MAX ? 0 : r->models[best].id;
}

static void ask_maps(struct near *v)
{
	for (int m = 0; m <= MAP_TSNE; m++)
		map_clear(&v->map[m]);
	near_map_clear(&v->pane);
	if (v->method != MAP_TSNE || tsne_queue(v) == QUEUE_LONG)
		ask_map(v, MAP_PCA);
	if (v->method == MAP_TSNE)
		ask_map(v, MAP_TSNE);
}

static void near_data(struct view *view)
{
	struct near *v = (struct near *)view;
	const struct catalog *r = view_catalog(view);

	drop_neighbours(v);
	if (data_find_model(view_data(view), v->anchor) == SIZE_MAX)
		v->anchor = best_model(v);
	if (v->color >= MAP_COLOR_BENCHMARK + (int)r->n_benchmarks)
		v->color = MAP_COLOR_ACCURACY;
	ask_neighbours(v);
	ask_maps(v);
}

static void look_from(struct near *v, int64_t model)
{
	v->anchor = model;
	drop_neighbours(v);
	if (v->view.ready)
		ask_neighbours(v);
}

/* Drawing */

static void draw_list(struct near *v, struct cells *c, struct area a, bool alone)
{
	struct buf b = BUF_INIT;

	cells_rule(
	    c, a.y, a.x, a.w, alone ? "Nearest (Tab: map)" : "Nearest", !on_map(v) && !alone);
	a.y++;
	a.h--;
	if (v->why_not.kind == ERR_CANCELLED)
		buf_adds(&b, "Stopped.\n\nR reads again");
	else if (v->why_not.kind != ERR_NONE)
		buf_printf(&b, "%s\n\n] [ the next or previous model", v->why_not.msg);
	else if (v->list.found.v && !v->list.found.n)
		buf_adds(&b, "The run has no other model.");
	if (b.len)
		cells_wrap(c, (struct area){a.y + 1, a.x + 1, a.h - 1, a.w - 2}, ROLE_DEFAULT,
		    buf_str(&b));
	else
		near_list_draw(&v->list, c, a, !on_map(v));
	buf_clear(&b);
}

/* Rows that the list shows are models the map colours. */
static void follow_list(struct near *v)
{
	struct near_map *p = &v->pane;
	size_t at = near_list_model(&v->list), n = view_catalog(&v->view)->n_models;

	p->anchor = data_find_model(view_data(&v->view), v->anchor);
	p->at = at;
	if (!p->n)
		return;
	memset(p->shown, 0, n * sizeof(*p->shown));
	for (size_t i = 0; i < list_shown(&v->list.list); i++)
		p->shown[v->list.found.v[list_row_at(&v->list.list, i)].model] = true;
	if (p->anchor != SIZE_MAX)
		p->shown[p->anchor] = true;
}

static const char *map_title(const struct near *v)
{
	if (v->map_error.kind != ERR_NONE)
		return "Map";
	if (!v->map[v->drawn].n)
		return "Map is being made…";
	if (v->drawn != v->method)
		return "Map: PCA until t-SNE is made (X stops it)";
	return v->drawn == MAP_TSNE ? "Map: t-SNE" : "Map: PCA";
}

/* Marked rows first, then the nearest. */
static size_t names_wanted(const struct near *v, size_t *name)
{
	size_t n = 0;

	for (size_t i = 0; i < v->list.found.n && n < NAMES; i++)
		if (list_is_marked(&v->list.list, i))
			name[n++] = v->list.found.v[i].model;
	for (size_t i = 0; i < list_shown(&v->list.list) && n < NAMES; i++)
		name[n++] = v->list.found.v[list_row_at(&v->list.list, i)].model;
	return n;
}

static void draw_map(struct near *v, struct cells *c, struct area a, bool alone)
{
	int foot = a.h > 12 ? 2 : 1;
	size_t name[NAMES];
	struct buf b = BUF_INIT;

	buf_adds(&b, map_title(v));
	if (v->pane.n)
		buf_printf(&b, " (%zu model%s%s)", v->pane.n, plural(v->pane.n),
		    alone ? "; Tab: list" : "");
	if (v->pane.viewport.zoom > 1)
		buf_printf(&b, " x%.3g", v->pane.viewport.zoom);
	cells_rule(c, a.y, a.x, a.w, buf_str(&b), on_map(v) && !alone);
	buf_clear(&b);
	a.y++;
	a.h--;
	if (v->map_error.kind != ERR_NONE) {
		cells_wrap(c, (struct area){a.y + 1, a.x + 1, a.h - 1, a.w - 2}, ROLE_ERROR,
		    v->map_error.msg);
		return;
	}
	if (!v->pane.n)
		return;
	follow_list(v);
	near_map_draw(&v->pane, view_catalog(&v->view), c, (struct area){a.y, a.x, a.h - foot, a.w},
	    name, names_wanted(v, name), on_map(v));
	if (foot > 1)
		cells_printf(c, a.y + a.h - 2, a.x + 1, a.w - 2, ROLE_DIM, "@ %s",
		    v->pane.anchor == SIZE_MAX
			? "–"
			: view_catalog(&v->view)->models[v->pane.anchor].name);
	map_color_legend(
	    &v->pane.color, view_catalog(&v->view), c, a.y + a.h - 1, a.x + 1, a.w - 2);
}

static void near_draw(struct view *view, struct cells *c, struct area a)
{
	struct near *v = (struct near *)view;
	size_t at = near_list_model(&v->list);
	int left;

	if (at != SIZE_MAX)
		v->at = view_catalog(view)->models[at].id;
	if (a.w < PANES_BESIDE) {
		if (on_map(v))
			draw_map(v, c, a, true);
		else
			draw_list(v, c, a, true);
		return;
	}
	left = a.w * 2 / 5 < 38 ? 38 : a.w * 2 / 5 > 76 ? 76 : a.w * 2 / 5;
	draw_list(v, c, (struct area){a.y, a.x, a.h, left}, false);
	draw_map(v, c, (struct area){a.y, a.x + left + 1, a.h, a.w - left - 1}, false);
	cells_split(c, a.y, a.x + left, a.h);
}

static void near_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct near *v = (const struct near *)view;
	const struct map *m = &v->map[v->drawn];
	size_t anchor = data_find_model(view_data(view), v->anchor);

	if (anchor != SIZE_MAX)
		buf_printf(path, "%s", view_catalog(view)->models[anchor].name);
	buf_adds(shape, v->metric == NEIGHBOUR_L2 ? "Euclidean" : "cosine");
	if (v->apart)
		buf_adds(shape, " · apart from ability");
	if (m->n && v->drawn == MAP_TSNE)
		buf_printf(shape, " · t-SNE perplexity %.0f seed %llu KL %.2f",
		    m->options.perplexity, (unsigned long long)m->options.seed, m->kl);
	else if (m->n)
		buf_printf(shape, " · PCA: %.0f%% + %.0f%% of the variance", 100 * m->explained[0],
		    100 * m->explained[1]);
}

/* Keys */

static void switch_map(struct near *v)
{
	if (v->method == MAP_TSNE && !v->map[MAP_TSNE].n)
		view_cancel(&v->view, tsne_queue(v), &map_ops);
	v->method = v->method == MAP_TSNE ? MAP_PCA : MAP_TSNE;
	ask_map(v, v->method);
	choose_map(v);
}

static void switch_apart(struct near *v)
{
	v->apart = !v->apart;
	ask_neighbours(v);
	ask_maps(v);
}

static void switch_metric(struct near *v)
{
	v->metric = v->metric == NEIGHBOUR_L2 ? NEIGHBOUR_COSINE : NEIGHBOUR_L2;
	ask_neighbours(v);
}

static void switch_color(struct near *v)
{
	const struct catalog *r = view_catalog(&v->view);
	struct buf b = BUF_INIT;

	v->color = map_color_next(r, v->color);
	if (v->pane.n)
		map_color_set(&v->pane.color, r, view_atlas(&v->view)->has_vector, v->color);
	map_color_name(r, v->color, &b);
	view_say(&v->view, MESSAGE_INFO, "coloured by %s", buf_str(&b));
	buf_clear(&b);
}

/* Another model to look from: the next one by name that has a vector. */
static void step_anchor(struct near *v, int step)
{
	const struct atlas *a = view_atlas(&v->view);
	size_t n = a->catalog.n_models, at = data_find_model(view_data(&v->view), v->anchor);

	for (size_t i = 0; at != SIZE_MAX && i < n; i++) {
		at = (at + (step > 0 ? 1 : n - 1)) % n;
		if (a->has_vector[at]) {
			look_from(v, a->catalog.models[at].id);
			return;
		}
	}
}

static bool go_on_map(struct near *v, int right, int up)
{
	size_t m;

	follow_list(v);
	m = near_map_next(&v->pane, right, up);
	if (m != SIZE_MAX)
		near_list_go(&v->list, m);
	v->pane.at = near_list_model(&v->list);
	near_map_show(&v->pane);
	return true;
}

static bool zoom(struct near *v, double factor)
{
	follow_list(v);
	near_map_zoom(&v->pane, factor);
	return true;
}

static bool pan(struct near *v, double right, double up)
{
	viewport_pan(&v->pane.viewport, right, up);
	return true;
}

static bool map_act(struct near *v, enum action a)
{
	switch (a) {
	case ACTION_LEFT:
		return go_on_map(v, -1, 0);
	case ACTION_RIGHT:
		return go_on_map(v, 1, 0);
	case ACTION_UP:
		return go_on_map(v, 0, 1);
	case ACTION_DOWN:
		return go_on_map(v, 0, -1);
	case ACTION_HALF_UP:
	case ACTION_PAGE_UP:
		return pan(v, 0, a == ACTION_PAGE_UP ? 1 : 0.5);
	case ACTION_HALF_DOWN:
	case ACTION_PAGE_DOWN:
		return pan(v, 0, a == ACTION_PAGE_DOWN ? -1 : -0.5);
	default:
		return false;
	}
}

static int64_t model_at(struct view *view, size_t row)
{
	return view_catalog(view)->models[((struct near *)view)->list.found.v[row].model].id;
}

static bool near_act(struct view *view, enum action a)
{
	struct near *v = (struct near *)view;
	size_t at = near_list_model(&v->list);

	if (on_map(v) && map_act(v, a))
		return true;
	switch (a) {
	case ACTION_NEAR_MAP:
		switch_map(v);
		return true;
	case ACTION_NEAR_DISTANCE:
		switch_metric(v);
		return true;
	case ACTION_NEAR_COMPARE:
		versus_of(view, &v->list.list, model_at, v->anchor);
		return true;
	case ACTION_NEAR_APART:
		switch_apart(v);
		return true;
	case ACTION_NEAR_COLOR:
		switch_color(v);
		return true;
	case ACTION_NEAR_IN:
		return zoom(v, 1.5);
	case ACTION_NEAR_OUT:
		return zoom(v, 1 / 1.5);
	case ACTION_NEAR_RESET:
		return zoom(v, 0);
	case ACTION_NEAR_PAN_LEFT:
		return pan(v, -0.25, 0);
	case ACTION_NEAR_PAN_RIGHT:
		return pan(v, 0.25, 0);
	case ACTION_NEAR_PAN_UP:
		return pan(v, 0, 0.25);
	case ACTION_NEAR_PAN_DOWN:
		return pan(v, 0, -0.25);
	case ACTION_ITEM_NEXT:
	case ACTION_ITEM_BACK:
		step_anchor(v, a == ACTION_ITEM_NEXT ? 1 : -1);
		return true;
	case ACTION_NEAR_ANCHOR:
		if (at != SIZE_MAX)
			look_from(v, view_catalog(view)->models[at].id);
		return true;
	case ACTION_OPEN:
		if (at == SIZE_MAX)
			return false;
		model_open(view, view_catalog(view)->models[at].id);
		return true;
	default:
		return false;
	}
}

/* Between sessions */

static void near_save(const struct view *view, json_t *state)
{
	const struct near *v = (const struct near *)view;

	list_save(&v->list.list, state);
	json_object_set_new(state, "anchor", json_integer(v->anchor));
	json_object_set_new(state, "model", json_integer(v->at));
	json_object_set_new(state, "l2", json_boolean(v->metric == NEIGHBOUR_L2));
	json_object_set_new(state, "apart", json_boolean(v->apart));
	json_object_set_new(state, "tsne", json_boolean(v->method == MAP_TSNE));
	json_object_set_new(state, "color", json_integer(v->color));
}

static void near_restore(struct view *view, const json_t *state)
{
	struct near *v = (struct near *)view;
	json_int_t color = json_integer_value(json_object_get(state, "color"));

	v->anchor = json_integer_value(json_object_get(state, "anchor"));
	v->at = json_integer_value(json_object_get(state, "model"));
	v->metric = json_is_true(json_object_get(state, "l2")) ? NEIGHBOUR_L2 : NEIGHBOUR_COSINE;
	v->apart = json_is_true(json_object_get(state, "apart"));
	list_restore(&v->list.list, state);
	v->method = json_is_true(json_object_get(state, "tsne")) ? MAP_TSNE : MAP_PCA;
	v->color = color > 0 && color < 100000 ? (int)color : MAP_COLOR_ACCURACY;
}

static bool near_chart(struct view *view, struct chart *out)
{
	const struct near *v = (const struct near *)view;

	if (!v->map[v->drawn].n)
		return false;
	chart_of_map(out, view_atlas(view), &v->map[v->drawn], v->color);
	return true;
}

static bool near_offers(const struct view *view, enum action a)
{
	const struct near *v = (const struct near *)view;

	if (on_map(v))
		return action_info(a)->group != ACTION_GROUP_FIND;
	return a != ACTION_NEAR_IN;
}

const struct view_class screen_near = {
    .title = "Near",
    .scope = SCOPE_NEAR,
    .needs = NEEDS_RUN,
    .flags = VIEW_STEPS,
    .size = sizeof(struct near),
    .init = near_init,
    .clear = near_clear,
    .data = near_data,
    .draw = near_draw,
    .where = near_where,
    .chart = near_chart,
    .act = near_act,
    .offers = near_offers,
    .save = near_save,
    .restore = near_restore,
};

void near_look(struct view *from, int64_t model)
{
	look_from((struct near *)view_go(from, TAB_NEAR), model);
}
