/* models.c - all models: accuracy and a profile over the benchmarks; the first screen. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "base/share.h"
#include "task/models.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct models_view {
	struct view view;
	struct models models; /* of the current data */
	struct list list;
	int64_t at; /* id of the model to go to, 0 = none */
};

/* The job that finds the adjusted accuracies: it needs all labels, which come after the names. */

struct adjusted_job {
	struct view_job base;
	struct arena arena;
	struct adjusted adjusted;
};

static bool adjusted_run(struct job *j, struct err *e)
{
	struct adjusted_job *v = (struct adjusted_job *)j;
	struct err unwritable = ERR_INIT;

	(void)e;
	adjusted_find(connection_write(view_job_connection(j), &unwritable), v->base.data->atlas,
	    &v->arena, &v->adjusted);
	return true;
}

static void adjusted_free(struct job *j)
{
	arena_clear(&((struct adjusted_job *)j)->arena);
	view_job_free(j);
}

static void adjusted_done(void *owner, struct job *job);

static const struct job_ops adjusted_ops = {
    "adjusted accuracies", adjusted_run, adjusted_done, adjusted_free};

/* "3-7". */
static bool draw_place(
    const struct adjusted_row *r, struct cells *c, int y, int x, int w, unsigned style)
{
	char text[32];

	if (!r->rank_low || r->rank_low == r->rank_high)
		return false;
	snprintf(text, sizeof(text), "%u-%u", r->rank_low, r->rank_high);
	cells_right(c, y, x, w, style, text);
	return true;
}

/* "12/14". */
static bool draw_benchmarks(
    const struct models_view *v, size_t row, struct cells *c, int y, int x, int w, unsigned style)
{
	struct table t = models_table(&v->models);
	struct value n = t.value(&t, row, MODELS_BENCHMARKS, NULL);
	char text[32];

	snprintf(text, sizeof(text), "%lld/%zu", (long long)n.n, v->models.catalog->n_benchmarks);
	cells_right(c, y, x, w, style, text);
	return true;
}

static bool model_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	struct models_view *v = arg;
	const struct catalog *r = view_catalog(&v->view);

	if (column == MODELS_RANK_LOW && v->models.adjusted.n)
		return draw_place(&v->models.adjusted.v[row], c, y, x, w, style);
	if (column == MODELS_BENCHMARKS)
		return draw_benchmarks(v, row, c, y, x, w, style);
	if (column != MODELS_PROFILE)
		return false;
	for (size_t b = 0; b < r->n_benchmarks && (int)b < w; b++) {
		size_t i = row * r->n_benchmarks + b;

		plot_spark(c, y, x + (int)b, style == ROLE_DEFAULT ? ROLE_BAR : style,
		    r->seen[i] > 0 ? r->right[i] / r->seen[i] : NAN);
	}
	return true;
}

static const struct list_source source = {.draw = model_draw};

static void models_init(struct view *view, const void *arg)
{
	struct models_view *v = (struct models_view *)view;

	static const struct catalog nothing;
	struct table t;

	(void)arg;
	task_models(&nothing, NULL, &v->models);
	t = models_table(&v->models);
	list_init(&v->list, &t, &source, v);
	v->list.name_column = MODELS_NAME;
	v->list.sort = MODELS_ACCURACY;
	v->list.reverse = true;
	panes_add(&view->panes, &v->list);
}

static void models_clear_view(struct view *view)
{
	struct models_view *v = (struct models_view *)view;

	models_clear(&v->models);
}

/* "Profile: MMLU PIQA ...": the benchmarks in the profile's order. */
static void draw_legend(struct view *view, struct cells *c, int y)
{
	const struct catalog *r = view_catalog(view);
	struct buf b = BUF_INIT;

	buf_adds(&b, "Profile:");
	for (size_t i = 0; i < r->n_benchmarks && b.len < 2000; i++)
		buf_printf(&b, " %s", r->benchmarks[i].name);
	cells_fit(c, y, 1, c->w - 2, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
}

/* Columns nobody has filled, or that say what another one says, take no room. */
static void hide_columns(struct models_view *v)
{
	const struct models *m = &v->models;

	if (!m->sizes)
		list_set_hints(&v->list, MODELS_SIZE, 0, 0);
	if (!m->prices) {
		list_set_hints(&v->list, MODELS_PRICE_IN, 0, 0);
		list_set_hints(&v->list, MODELS_PRICE_OUT, 0, 0);
	}
	if (!m->tags)
		list_set_hints(&v->list, MODELS_TAGS, 0, 0);
	if (!m->gaps) {
		list_set_hints(&v->list, MODELS_ADJUSTED, 0, 0);
		list_set_hints(&v->list, MODELS_BENCHMARKS, 0, 0);
	}
	if (!m->catalog->run)
		list_set_hints(&v->list, MODELS_RANK_LOW, 0, 0);
}

/* The rows are the same ones: marks and cursor stay, unless the order or the filter asks for what is
 * known only now. */
static void adjusted_done(void *owner, struct job *job)
{
	struct models_view *v = owner;
	struct list *l = &v->list;
	struct table t;

	if (!job->ok)
		return;
	models_adjust(&v->models, &((struct adjusted_job *)job)->adjusted);
	t = models_table(&v->models);
	if (list_filter(l) || (l->sort >= MODELS_ADJUSTED && l->sort <= MODELS_RANK_HIGH))
		list_set_table(l, &t, list_row(l));
}

static void models_data(struct view *view)
{
	struct models_view *v = (struct models_view *)view;
	const struct catalog *r = view_catalog(view);
	int width = r->n_benchmarks < 10 ? 10 : r->n_benchmarks > 40 ? 40 : (int)r->n_benchmarks;
	struct models before = v->models;
	struct table t;

	task_models(r, NULL, &v->models);
	t = models_table(&v->models);
	list_set_columns(&v->list, &t);
	models_clear(&before);
	list_set_hints(&v->list, MODELS_PROFILE, 1, width);
	hide_columns(v);
	list_set_table(&v->list, &t, data_find_model(view_data(view), v->at));
	if (data_run(view_data(view)))
		view_submit(view, QUEUE_SHORT,
		    view_job_new(view, sizeof(struct adjusted_job), &adjusted_ops, true));
}

static void models_draw(struct view *view, struct cells *c, struct area a)
{
	struct models_view *v = (struct models_view *)view;
	size_t row = list_row(&v->list);

	/* So that other data finds the row again. */
	if (row != SIZE_MAX)
		v->at = view_catalog(view)->models[row].id;
	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - 1, a.w}, true);
	draw_legend(view, c, a.y + a.h - 1);
}

static void models_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct models_view *v = (const struct models_view *)view;
	const struct catalog *r = view_catalog(view);

	(void)shape;
	if (list_shown(&v->list) == r->n_models)
		buf_printf(path, "%zu", r->n_models);
	else
		buf_printf(path, "%zu of %zu", list_shown(&v->list), r->n_models);
	buf_printf(path, " · %zu question%s", r->n_questions, plural(r->n_questions));
}

static int64_t model_at(struct view *view, size_t row)
{
	return view_catalog(view)->models[row].id;
}

static bool models_act(struct view *view, enum action a)
{
	struct models_view *v = (struct models_view *)view;
	size_t row = list_row(&v->list);
	int64_t id;

	if (row == SIZE_MAX)
		return false;
	id = view_catalog(view)->models[row].id;
	switch (a) {
	case ACTION_OPEN:
		model_open(view, id);
		return true;
	case ACTION_MODELS_COMPARE:
		versus_of(view, &v->list, model_at, 0);
		return true;
	case ACTION_ALIKE:
		near_look(view, id);
		return true;
	default:
		return false;
	}
}

static void models_save(const struct view *view, json_t *state)
{
	const struct models_view *v = (const struct models_view *)view;

	list_save(&v->list, state);
	json_object_set_new(state, "model", json_integer(v->at));
}

static void models_restore(struct view *view, const json_t *state)
{
	struct models_view *v = (struct models_view *)view;

	list_restore(&v->list, state);
	v->at = json_integer_value(json_object_get(state, "model"));
}

const struct view_class screen_models = {
    .title = "Models",
    .scope = SCOPE_MODELS,
    .needs = NEEDS_MODELS,
    .size = sizeof(struct models_view),
    .init = models_init,
    .clear = models_clear_view,
    .data = models_data,
    .draw = models_draw,
    .where = models_where,
    .act = models_act,
    .save = models_save,
    .restore = models_restore,
};
