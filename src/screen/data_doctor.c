/* data_doctor.c - what is odd about the data: the checks, and examples of the one under the cursor. */
#include "screen/screens.h"

#include "base/mem.h"
#include "task/data_doctor.h"
#include "tui/list.h"
#include "view/view.h"

enum pane { PANE_CHECKS, PANE_EXAMPLES };

struct doctor_view {
	struct view view;
	struct data_doctor found;
	struct list checks;   /* rows: by enum data_check */
	struct list examples; /* rows: of_check */
	struct arena arena;   /* of of_check */
	struct data_examples of_check;
	size_t shown; /* the check that of_check is of */
};

struct doctor_job {
	struct view_job base;
	struct data_doctor found;
};

static bool doctor_run(struct job *job, struct err *e)
{
	struct doctor_job *j = (struct doctor_job *)job;
	struct db *db = connection_read(view_job_connection(job), e);

	return db && task_data_doctor(
			 db, j->base.data->atlas, worker_progress(job->worker), &j->found, e);
}

static void doctor_free(struct job *job)
{
	data_doctor_clear(&((struct doctor_job *)job)->found);
	view_job_free(job);
}

static void show_examples(struct doctor_view *v)
{
	size_t row = list_row(&v->checks);
	struct table t;

	v->shown = row;
	arena_clear(&v->arena);
	v->of_check = (struct data_examples){.n = 0};
	if (row < DATA_CHECKS)
		data_examples_of(
		    &v->found, view_atlas(&v->view), (enum data_check)row, &v->arena, &v->of_check);
	t = data_examples_table(&v->of_check);
	list_set_table(&v->examples, &t, SIZE_MAX);
}

static void doctor_done(void *owner, struct job *job)
{
	struct doctor_view *v = owner;
	struct table t;

	MEM_SWAP(v->found, ((struct doctor_job *)job)->found);
	t = data_doctor_table(&v->found);
	list_set_table(&v->checks, &t, SIZE_MAX);
	show_examples(v);
}

static const struct job_ops doctor_ops = {"data doctor", doctor_run, doctor_done, doctor_free};

static void doctor_init(struct view *view, const void *arg)
{
	struct doctor_view *v = (struct doctor_view *)view;
	struct table checks = data_doctor_table(NULL), examples = data_examples_table(NULL);

	(void)arg;
	arena_init(&v->arena);
	list_init(&v->checks, &checks, NULL, v);
	list_init(&v->examples, &examples, NULL, v);
	v->checks.name_column = DATA_CHECK;
	v->examples.name_column = EXAMPLE_SAYS;
	v->shown = SIZE_MAX;
	panes_add(&view->panes, &v->checks);
	panes_add(&view->panes, &v->examples);
}

static void doctor_clear(struct view *view)
{
	struct doctor_view *v = (struct doctor_view *)view;

	data_doctor_clear(&v->found);
	arena_clear(&v->arena);
}

static void doctor_data(struct view *view)
{
	struct doctor_view *v = (struct doctor_view *)view;

	list_rows(&v->checks, 0, SIZE_MAX);
	list_rows(&v->examples, 0, SIZE_MAX);
	data_doctor_clear(&v->found);
	view_read(view, view_job_new(view, sizeof(struct doctor_job), &doctor_ops, true));
}

static void doctor_follow(struct view *view)
{
	struct doctor_view *v = (struct doctor_view *)view;

	if (v->found.v[0].check && list_row(&v->checks) != v->shown)
		show_examples(v);
}

/* What the check under the cursor counts, and what to do; returns the lines it took. */
static int draw_check(const struct doctor_view *v, struct cells *c, struct area a)
{
	const struct data_finding *f = v->shown < DATA_CHECKS ? &v->found.v[v->shown] : NULL;

	if (!f)
		return 0;
	cells_printf(c, a.y, a.x + 1, a.w - 2, ROLE_DIM, "%zu of %zu: %s", f->n, f->of, f->what);
	if (f->n)
		cells_fit(c, a.y + 1, a.x + 1, a.w - 2, ROLE_WARN, f->remedy);
	return 2;
}

static void doctor_draw(struct view *view, struct cells *c, struct area a)
{
	struct doctor_view *v = (struct doctor_view *)view;
	int focus = view->panes.focus, top = DATA_CHECKS + 1;

	if (a.h < 2 * 5 + 3) { /* no room for both */
		if (focus == PANE_CHECKS) {
			list_draw(&v->checks, c, (struct area){a.y, a.x, a.h - 2, a.w}, true);
			draw_check(v, c, (struct area){a.y + a.h - 2, a.x, 2, a.w});
		} else {
			list_draw(&v->examples, c, a, true);
		}
		return;
	}
	top = top > a.h - 8 ? a.h - 8 : top;
	list_draw(&v->checks, c, (struct area){a.y, a.x, top, a.w}, focus == PANE_CHECKS);
	a.y += top;
	a.h -= top;
	cells_rule(c, a.y, a.x, a.w, "Examples", focus == PANE_EXAMPLES);
	a.y += 1 + draw_check(v, c, (struct area){a.y + 1, a.x, 2, a.w});
	a.h -= 3;
	if (v->of_check.n)
		list_draw(&v->examples, c, a, focus == PANE_EXAMPLES);
	else
		cells_fit(c, a.y, a.x + 1, a.w - 2, ROLE_DIM, "none");
}

static void doctor_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct doctor_view *v = (const struct doctor_view *)view;

	if (v->found.v[0].check)
		buf_printf(path, "%zu of %d checks found something", v->found.found, DATA_CHECKS);
	list_sort_shape(view->panes.focus == PANE_CHECKS ? &v->checks : &v->examples, shape);
}

static bool doctor_act(struct view *view, enum action a)
{
	struct doctor_view *v = (struct doctor_view *)view;
	const struct data_example *x;
	size_t row = list_row(&v->examples);

	if (a != ACTION_OPEN)
		return false;
	if (view->panes.focus == PANE_CHECKS) {
		view->panes.focus = PANE_EXAMPLES;
		return true;
	}
	if (row >= v->of_check.n)
		return false;
	x = &v->found.examples[v->of_check.row[row]];
	if (x->question)
		question_open(view, x->question);
	else if (x->model)
		model_open(view, x->model);
	return true;
}

const struct view_class screen_data_doctor = {
    .title = "Data doctor",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct doctor_view),
    .init = doctor_init,
    .clear = doctor_clear,
    .data = doctor_data,
    .draw = doctor_draw,
    .where = doctor_where,
    .act = doctor_act,
    .follow = doctor_follow,
};
