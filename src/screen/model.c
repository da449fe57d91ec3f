/* model.c - one model: accuracy on each benchmark beside the others', its nearest models, how
 * its forecasts are calibrated, and the answers that were least to be expected. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "base/share.h"
#include "task/neighbours.h"
#include "task/profile.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

#define SURPRISES 20

enum pane { PANE_BENCHMARKS, PANE_NEAREST, PANE_SURPRISES, PANE_COUNT };

struct model_view {
	struct view view;
	int64_t id;
	size_t model; /* index in the current data, SIZE_MAX = gone */
	struct profile profile;
	struct neighbours near;
	struct list list[PANE_COUNT];
};

struct model_job {
	struct view_job base;
	size_t model;
	struct profile profile;
	struct neighbours near;
};

static bool model_run(struct job *job, struct err *e)
{
	struct model_job *j = (struct model_job *)job;
	const struct atlas *a = j->base.data->atlas;

	return task_profile(a, j->model, SURPRISES, &j->profile, e) &&
	       (!a->run || !a->has_vector[j->model] ||
		   task_neighbours(a, j->model, &(struct neighbours_options){0}, &j->near, e));
}

static void model_free(struct job *job)
{
	struct model_job *j = (struct model_job *)job;

	profile_clear(&j->profile);
	neighbours_clear(&j->near);
	view_job_free(job);
}

/* Why a pane has no rows. */
static void say_empty(struct model_view *v)
{
	const struct atlas *a = view_atlas(&v->view);
	bool known = a->run && a->has_vector[v->model];
	const char *why = known    ? NULL
			  : a->run ? "The run in use has no vector for this model: it has no "
				     "answer to a question that "
				     "the run knows. 4, then t: train again."
				   : "No run yet: 4, then t trains one.";

	v->list[PANE_BENCHMARKS].empty = "It has no answers.";
	v->list[PANE_NEAREST].empty = known ? "The run has no other model." : why;
	v->list[PANE_SURPRISES].empty = known ? "None of its answers is held out." : why;
}

static void model_done(void *owner, struct job *job)
{
	struct model_view *v = owner;
	struct model_job *j = (struct model_job *)job;
	struct table t;

	MEM_SWAP(v->profile, j->profile);
	say_empty(v);
	MEM_SWAP(v->near, j->near);
	t = profile_table(&v->profile, view_catalog(&v->view));
	list_set_table(&v->list[PANE_BENCHMARKS], &t, SIZE_MAX);
	t = neighbours_table(&v->near, view_catalog(&v->view));
	list_set_table(&v->list[PANE_NEAREST], &t, SIZE_MAX);
	t = surprises_table(&v->profile, view_atlas(&v->view));
	list_set_table(&v->list[PANE_SURPRISES], &t, SIZE_MAX);
}

static const struct job_ops model_ops = {"model", model_run, model_done, model_free};

/* Lists */

/* The bar, its interval, and where the median of all models is. */
static bool benchmark_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct model_view *v = arg;
	const struct profile_benchmark *b = &v->profile.benchmarks[row];

	(void)style;
	if (column != PROFILE_BAR)
		return false;
	plot_bar(c, y, x, w, ROLE_BAR, b->accuracy);
	if (!isnan(b->median))
		cells_put(c, y, x + (int)lround(b->median * (w - 1)), ROLE_AXIS, U'┊');
	return true;
}

static const struct list_source benchmark_source = {.draw = benchmark_draw};

/* The view */

static void model_init(struct view *view, const void *arg)
{
	struct table benchmarks = profile_table(NULL, NULL), nearest = neighbours_table(NULL, NULL);
	struct table surprises = surprises_table(NULL, NULL);
	struct model_view *v = (struct model_view *)view;

	v->id = *(const int64_t *)arg;
	list_init(&v->list[PANE_BENCHMARKS], &benchmarks, &benchmark_source, v);
	list_init(&v->list[PANE_NEAREST], &nearest, NULL, v);
	list_set_hints(&v->list[PANE_NEAREST], NEIGHBOURS_NAME, 0, 12);
	v->list[PANE_NEAREST].name_column = NEIGHBOURS_NAME;
	list_init(&v->list[PANE_SURPRISES], &surprises, NULL, v);
	v->list[PANE_SURPRISES].name_column = SURPRISES_TEXT;
	for (int i = 0; i < PANE_COUNT; i++)
		panes_add(&view->panes, &v->list[i]);
}

static void forget(struct model_view *v)
{
	profile_clear(&v->profile);
	neighbours_clear(&v->near);
	for (int i = 0; i < PANE_COUNT; i++)
		list_rows(&v->list[i], 0, SIZE_MAX);
}

static void model_clear(struct view *view)
{
	forget((struct model_view *)view);
}

static void ask(struct model_view *v)
{
	struct model_job *j;

	forget(v);
	v->model = data_find_model(view_data(&v->view), v->id);
	if (v->model == SIZE_MAX) {
		view_fail(&v->view, "This model is no longer in the database. q goes back.");
		return;
	}
	j = view_job_new(&v->view, sizeof(*j), &model_ops, true);
	j->model = v->model;
	view_read(&v->view, j);
}

static void model_data(struct view *view)
{
	ask((struct model_view *)view);
}

/* "Calibration ▁▂▃▅▇█ ECE 0.021": share right, from the least to the most likely tenth. */
static void draw_calibration(const struct model_view *v, struct cells *c, struct area a)
{
	const struct profile *p = &v->profile;
	int x = a.x + 1;

	if (!p->n_bins) {
		cells_fit(c, a.y, x, a.w - 2, ROLE_DIM,
		    "no run has held-out forecasts for it: 4, then t trains one");
		return;
	}
	x += cells_text(c, a.y, x, a.w, ROLE_DIM, "forecast ");
	for (size_t k = 0; k < p->n_bins; k++)
		plot_spark(c, a.y, x++, ROLE_AXIS, p->bins[k].p);
	x += cells_text(c, a.y, x, a.w, ROLE_DIM, "  right ");
	for (size_t k = 0; k < p->n_bins; k++)
		plot_spark(c, a.y, x++, ROLE_BAR, p->bins[k].right);
	cells_printf(c, a.y, x, a.x + a.w - x, ROLE_DIM,
	    "  calibration error %.3f, %zu held-out answer%s", p->ece, p->held_out,
	    plural(p->held_out));
}

static void draw_pane(struct model_view *v, struct cells *c, struct area a, int pane)
{
	bool focused = v->view.panes.focus == pane;
	static const char *const title[PANE_COUNT] = {
	    "Accuracy by benchmark", "Nearest models", "Answers against the forecast (held out)"};

	cells_rule(c, a.y, a.x, a.w, title[pane], focused);
	list_draw(&v->list[pane], c, (struct area){a.y + 1, a.x, a.h - 1, a.w}, focused);
}

static void model_draw(struct view *view, struct cells *c, struct area a)
{
	struct model_view *v = (struct model_view *)view;
	struct area body = {a.y, a.x, a.h - 1, a.w};

	draw_calibration(v, c, (struct area){a.y + a.h - 1, a.x, 1, a.w});
	if (a.w < PANES_BESIDE) {
		draw_pane(v, c, body, v->view.panes.focus);
	} else {
		int left = a.w * 3 / 5, top = body.h / 2;

		draw_pane(v, c, (struct area){body.y, body.x, body.h, left}, PANE_BENCHMARKS);
		cells_split(c, body.y, left, body.h);
		cells_put(c, body.y + top, left, ROLE_AXIS, U'├');
		draw_pane(v, c, (struct area){body.y, left + 1, top, a.w - left - 1}, PANE_NEAREST);
		draw_pane(v, c, (struct area){body.y + top, left + 1, body.h - top, a.w - left - 1},
		    PANE_SURPRISES);
		/* The focused one puts the cursor last. */
		if (v->view.panes.focus == PANE_BENCHMARKS)
			draw_pane(
			    v, c, (struct area){body.y, body.x, body.h, left}, PANE_BENCHMARKS);
	}
}

static void model_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct model_view *v = (const struct model_view *)view;
	const struct catalog *r = view_catalog(view);
	const struct atlas *a = view_atlas(view);
	const struct catalog_model *m;

	if (v->model == SIZE_MAX)
		return;
	m = &r->models[v->model];
	buf_adds(path, m->name);
	for (size_t t = 0; t < m->n_tags && t < 3; t++)
		buf_printf(shape, "%s · ", m->tags[t].value);
	if (m->seen > 0) {
		share_print(m->right, m->seen, 1, shape);
		buf_adds(shape, " · ");
	}
	if (v->profile.rank)
		buf_printf(shape, "rank %zu/%zu", v->profile.rank, r->n_models);
	if (a && a->run && a->placed[v->model])
		buf_printf(shape, " · placed from %zu answers", a->placed[v->model]);
}

/* The model after this one in the list it was opened from. */
static void step(struct model_view *v, bool forward)
{
	struct view *under = v->view.under;
	struct list *l = under && under->class == &screen_models ? panes_list(&under->panes) : NULL;
	size_t row, n = view_catalog(&v->view)->n_models;

	if (v->model == SIZE_MAX)
		return;
	if (l && !list_go(l, v->model))
		return;
	if (l) {
		list_move(l, forward ? 1 : -1);
		row = list_row(l);
	} else {
		/* From elsewhere, in the order of the database, as in Near. */
		row = (v->model + (forward ? 1 : n - 1)) % n;
	}
	if (row == SIZE_MAX || row == v->model)
		return;
	v->id = view_catalog(&v->view)->models[row].id;
	ask(v);
}

static void open_row(struct model_view *v)
{
	const struct atlas *a = view_atlas(&v->view);
	size_t row = list_row(panes_list(&v->view.panes));

	if (row == SIZE_MAX)
		return;
	if (v->view.panes.focus == PANE_NEAREST)
		model_open(&v->view, a->catalog.models[v->near.v[row].model].id);
	else if (v->view.panes.focus == PANE_SURPRISES)
		question_open(
		    &v->view, a->questions[profile_surprise(&v->profile, row)->question].id);
	else
		questions_of(
		    &v->view, a->catalog.benchmarks[v->profile.benchmarks[row].benchmark].id);
}

static int64_t nearest_at(struct view *view, size_t row)
{
	return view_catalog(view)->models[((struct model_view *)view)->near.v[row].model].id;
}

static bool model_act(struct view *view, enum action a)
{
	struct model_view *v = (struct model_view *)view;

	switch (a) {
	case ACTION_OPEN:
		open_row(v);
		return true;
	case ACTION_MODEL_COMPARE:
		versus_of(view, &v->list[PANE_NEAREST], nearest_at, v->id);
		return true;
	case ACTION_MODEL_ALIKE:
		near_look(view, v->id);
		return true;
	case ACTION_ITEM_NEXT:
	case ACTION_ITEM_BACK:
		step(v, a == ACTION_ITEM_NEXT);
		return true;
	default:
		return false;
	}
}

static const struct view_class screen_model = {
    .title = "",
    .scope = SCOPE_MODEL,
    .needs = NEEDS_LABELS,
    .flags = VIEW_STEPS,
    .size = sizeof(struct model_view),
    .init = model_init,
    .clear = model_clear,
    .data = model_data,
    .draw = model_draw,
    .where = model_where,
    .act = model_act,
};

void model_open(struct view *from, int64_t model)
{
	view_push(from, &screen_model, &model);
}
