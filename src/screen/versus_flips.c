/* versus_flips.c - the questions that one of two models is right on and the other wrong. */
#include "screen/screens.h"

#include "base/mem.h"
#include "screen/question_pane.h"
#include "task/versus.h"
#include "tui/list.h"
#include "view/view.h"

#include <math.h>

struct flips_view {
	struct view view;
	struct versus_flips_arg arg; /* ids */
	struct versus_flips flips;
	struct list list;
};

struct flips_job {
	struct view_job base;
	size_t one, other, benchmark;
	struct versus_flips flips;
};

static bool flips_run(struct job *job, struct err *e)
{
	struct flips_job *j = (struct flips_job *)job;

	return task_versus_flips(j->base.data->atlas, j->one, j->other, j->benchmark, &j->flips, e);
}

static void flips_free(struct job *job)
{
	versus_flips_clear(&((struct flips_job *)job)->flips);
	view_job_free(job);
}

static void flips_done(void *owner, struct job *job)
{
	struct flips_view *v = owner;
	struct table t;

	MEM_SWAP(v->flips, ((struct flips_job *)job)->flips);
	t = versus_flips_table(&v->flips, view_atlas(&v->view));
	list_set_table(&v->list, &t, SIZE_MAX);
}

static const struct job_ops flips_ops = {"questions", flips_run, flips_done, flips_free};

static void flips_init(struct view *view, const void *arg)
{
	struct flips_view *v = (struct flips_view *)view;
	struct table t = versus_flips_table(NULL, NULL);

	v->arg = *(const struct versus_flips_arg *)arg;
	list_init(&v->list, &t, NULL, v);
	v->list.name_column = FLIPS_TEXT;
	panes_add(&view->panes, &v->list);
}

static void forget(struct flips_view *v)
{
	versus_flips_clear(&v->flips);
	list_rows(&v->list, 0, SIZE_MAX);
}

static void flips_clear(struct view *view)
{
	versus_flips_clear(&((struct flips_view *)view)->flips);
}

static void flips_data(struct view *view)
{
	struct flips_view *v = (struct flips_view *)view;
	const struct catalog *r = view_catalog(view);
	struct flips_job *j;
	size_t one = data_find_model(view_data(view), v->arg.one);
	size_t other = data_find_model(view_data(view), v->arg.other);

	forget(v);
	if (one == SIZE_MAX || other == SIZE_MAX) {
		view_fail(view, "One of the two is no longer in the database. q goes back.");
		return;
	}
	j = view_job_new(view, sizeof(*j), &flips_ops, true);
	j->one = one;
	j->other = other;
	j->benchmark = SIZE_MAX;
	for (size_t b = 0; b < r->n_benchmarks; b++)
		if (r->benchmarks[b].id == v->arg.benchmark)
			j->benchmark = b;
	view_read(view, j);
}

static const char *name_of(const struct view *view, int64_t id)
{
	size_t m = data_find_model(view_data(view), id);

	return m == SIZE_MAX ? "(gone)" : view_catalog(view)->models[m].name;
}

static void flips_draw(struct view *view, struct cells *c, struct area a)
{
	struct flips_view *v = (struct flips_view *)view;
	struct area top = a, in = {a.y + 1, a.x + 2, a.h - 1, a.w - 4};
	size_t row = list_row(&v->list);
	size_t first = 0;
	int low = a.h / 3;

	if (v->flips.n == 0) {
		cells_wrap(c, in, ROLE_DIM, "The two are right, or wrong, on the same questions.");
		return;
	}
	for (size_t i = 0; i < v->flips.n; i++)
		first += v->flips.v[i].first;
	cells_printf(c, a.y, a.x + 1, a.w - 2, ROLE_HEADER, "first %s: %zu   second %s: %zu",
	    name_of(view, v->arg.one), first, name_of(view, v->arg.other), v->flips.n - first);
	top.y += 1;
	top.h -= 1 + low;
	cells_rule(c, a.y + a.h - low, a.x, a.w, "", false);
	if (row != SIZE_MAX)
		cells_wrap(c,
		    (struct area){a.y + a.h - low + 1, a.x + 1, low - 1, a.w > 102 ? 100 : a.w - 2},
		    ROLE_DEFAULT, view_atlas(view)->questions[v->flips.v[row].question].text);
	list_draw(&v->list, c, top, true);
}

static void flips_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct flips_view *v = (const struct flips_view *)view;

	(void)shape;
	buf_adds(path, "only one right");
	for (size_t b = 0; b < view_catalog(view)->n_benchmarks; b++)
		if (view_catalog(view)->benchmarks[b].id == v->arg.benchmark)
			buf_printf(path, " · %s", view_catalog(view)->benchmarks[b].name);
}

static bool flips_act(struct view *view, enum action a)
{
	struct flips_view *v = (struct flips_view *)view;
	size_t row = list_row(&v->list);

	if (a != ACTION_OPEN || row == SIZE_MAX)
		return false;
	question_open(view, view_atlas(view)->questions[v->flips.v[row].question].id);
	return true;
}

const struct view_class screen_versus_flips = {
    .title = "",
    .scope = SCOPE_VERSUS,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct flips_view),
    .init = flips_init,
    .clear = flips_clear,
    .data = flips_data,
    .draw = flips_draw,
    .where = flips_where,
    .act = flips_act,
};
