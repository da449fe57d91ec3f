/* versus.c - 2 to 6 models against each other: accuracy on each benchmark, and for the pair
 * chosen below the difference with its interval; where two differ, Enter lists the questions. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/plural.h"
#include "task/versus.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

enum pane { PANE_ROWS, PANE_PAIRS, PANE_COUNT };

struct versus_arg {
	int64_t model[VERSUS_MAX]; /* (n) ids */
	size_t n;
};

struct versus_view {
	struct view view;
	int64_t id[VERSUS_MAX];
	size_t n;
	struct versus versus;
	double scale; /* of the bars: the largest end of an interval of the pair */
	struct list list[PANE_COUNT];
};

struct versus_job {
	struct view_job base;
	size_t model[VERSUS_MAX], n;
	struct versus versus;
};

static bool versus_run(struct job *job, struct err *e)
{
	struct versus_job *j = (struct versus_job *)job;

	return task_versus(j->base.data->atlas, j->model, j->n, &j->versus, e);
}

static void versus_free(struct job *job)
{
	versus_clear(&((struct versus_job *)job)->versus);
	view_job_free(job);
}

static void versus_done(void *owner, struct job *job)
{
	struct versus_view *v = owner;
	struct table t;

	MEM_SWAP(v->versus, ((struct versus_job *)job)->versus);
	t = versus_pairs_table(&v->versus, view_catalog(&v->view));
	list_set_table(&v->list[PANE_PAIRS], &t, SIZE_MAX);
	t = versus_table(&v->versus);
	list_set_columns(&v->list[PANE_ROWS], &t);
	list_set_table(&v->list[PANE_ROWS], &t, SIZE_MAX);
}

static const struct job_ops versus_ops = {"comparing", versus_run, versus_done, versus_free};

/* Lists */

static size_t pair_at(const struct versus_view *v)
{
	size_t row = list_row(&v->list[PANE_PAIRS]);

	return row == SIZE_MAX ? 0 : row;
}

/* The last column, after those of the models. */
static int bar_column(const struct versus_view *v)
{
	return v->list[PANE_ROWS].n_columns - 1;
}

static bool row_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct versus_view *v = arg;
	const struct figure *d = &v->versus.v[row].pair[pair_at(v)].difference;

	if (column != bar_column(v))
		return false;
	plot_difference(c, y, x, w, d->low > 0 || d->high < 0 ? ROLE_BAR : style, d->value, d->low,
	    d->high, v->scale);
	return true;
}

static const struct list_source row_source = {.draw = row_draw};

/* Pairs are those of the benchmark under the cursor. */
static const struct versus_row *row_at(const struct versus_view *v)
{
	size_t row = list_row(&v->list[PANE_ROWS]);

	return &v->versus.v[row == SIZE_MAX ? 0 : row];
}

/* The view */

static void versus_init(struct view *view, const void *arg)
{
	struct versus_view *v = (struct versus_view *)view;
	const struct versus_arg *models = arg;
	struct table rows = versus_table(NULL), pairs = versus_pairs_table(NULL, NULL);

	v->n = models->n < VERSUS_MAX ? models->n : VERSUS_MAX;
	memcpy(v->id, models->model, v->n * sizeof(*v->id));
	list_init(&v->list[PANE_ROWS], &rows, &row_source, v);
	list_init(&v->list[PANE_PAIRS], &pairs, NULL, v);
	for (int i = 0; i < PANE_COUNT; i++)
		panes_add(&view->panes, &v->list[i]);
}

static void forget(struct versus_view *v)
{
	struct table rows = versus_table(NULL);

	for (int i = 0; i < PANE_COUNT; i++)
		list_rows(&v->list[i], 0, SIZE_MAX);
	list_set_columns(&v->list[PANE_ROWS], &rows);
	versus_clear(&v->versus);
}

static void versus_view_clear(struct view *view)
{
	versus_clear(&((struct versus_view *)view)->versus);
}

static void versus_data(struct view *view)
{
	struct versus_view *v = (struct versus_view *)view;
	struct versus_job *j = view_job_new(view, sizeof(*j), &versus_ops, true);

	forget(v);
	for (size_t m = 0; m < v->n; m++) {
		j->model[j->n] = data_find_model(view_data(view), v->id[m]);
		j->n += j->model[j->n] != SIZE_MAX;
	}
	view_read(view, j);
}

/* "a sim/Aster-70B  b sim/Fjord-70B", over as many lines as it takes. */
static int draw_models(const struct versus_view *v, struct cells *c, struct area a)
{
	const struct catalog *r = view_catalog(&v->view);
	int y = a.y, x = a.x + 1;

	for (size_t m = 0; m < v->versus.n_models; m++) {
		const char *name = r->models[v->versus.model[m]].name;
		int w = cells_width(c, name) + 4;

		if (x > a.x + 1 && x + w > a.x + a.w) {
			y++;
			x = a.x + 1;
		}
		x += cells_printf(c, y, x, a.x + a.w - x, ROLE_HEADER, "%c ", 'a' + (int)m);
		x += 2 + cells_fit(c, y, x, a.x + a.w - x, ROLE_DEFAULT, name);
	}
	return y + 1 - a.y;
}

/* What the lists are of, and how long their bars. */
static void aim(struct versus_view *v)
{
	size_t pair = pair_at(v);

	v->versus.pair = pair;
	v->versus.row = (size_t)(row_at(v) - v->versus.v);
	v->scale = 0;
	for (size_t i = 0; i < v->versus.n; i++) {
		const struct figure *d = &v->versus.v[i].pair[pair].difference;

		v->scale = fmax(v->scale, fmax(fabs(d->low), fabs(d->high)));
	}
}

static void versus_draw(struct view *view, struct cells *c, struct area a)
{
	struct versus_view *v = (struct versus_view *)view;
	const struct versus_pair *p;
	char title[160];
	int names, low;

	aim(v);
	p = &row_at(v)->pair[pair_at(v)];
	names = draw_models(v, c, a);
	low = (int)v->versus.n_pairs + 2;
	if (low > (a.h - names) / 2)
		low = (a.h - names) / 2;
	snprintf(title, sizeof(title), "%s: %zu common question%s; above, %c minus %c",
	    row_at(v)->name, row_at(v)->n, plural(row_at(v)->n), 'a' + p->a, 'a' + p->b);
	list_draw(&v->list[PANE_ROWS], c, (struct area){a.y + names, a.x, a.h - names - low, a.w},
	    v->view.panes.focus == PANE_ROWS);
	cells_rule(c, a.y + a.h - low, a.x, a.w, title, v->view.panes.focus == PANE_PAIRS);
	list_draw(&v->list[PANE_PAIRS], c, (struct area){a.y + a.h - low + 1, a.x, low - 1, a.w},
	    v->view.panes.focus == PANE_PAIRS);
}

static void versus_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct versus_view *v = (const struct versus_view *)view;

	(void)shape;
	buf_printf(path, "compare %zu models", v->n);
}

static void open_flips(struct versus_view *v)
{
	const struct versus_pair *p = &row_at(v)->pair[pair_at(v)];
	const struct catalog *r = view_catalog(&v->view);
	struct versus_flips_arg arg = {.one = r->models[v->versus.model[p->a]].id,
	    .other = r->models[v->versus.model[p->b]].id};

	if (row_at(v)->benchmark != SIZE_MAX)
		arg.benchmark = r->benchmarks[row_at(v)->benchmark].id;
	view_push(&v->view, &screen_versus_flips, &arg);
}

static bool versus_act(struct view *view, enum action a)
{
	struct versus_view *v = (struct versus_view *)view;

	if (a != ACTION_OPEN || !v->versus.n)
		return false;
	open_flips(v);
	return true;
}

static const struct view_class screen_versus = {
    .title = "",
    .scope = SCOPE_VERSUS,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct versus_view),
    .init = versus_init,
    .clear = versus_view_clear,
    .data = versus_data,
    .draw = versus_draw,
    .where = versus_where,
    .act = versus_act,
};

static void add_model(struct versus_arg *arg, size_t *n, int64_t model)
{
	size_t max = sizeof(arg->model) / sizeof(*arg->model);

	for (size_t i = 0; i < arg->n; i++)
		if (arg->model[i] == model)
			return;
	if (model && (*n)++ < max)
		arg->model[arg->n++] = model;
}

void versus_of(struct view *from, const struct list *l,
    int64_t (*model)(struct view *v, size_t row), int64_t with)
{
	struct versus_arg arg = {.n = 0};
	size_t max = sizeof(arg.model) / sizeof(*arg.model), n = 0, row = list_row(l);

	for (size_t i = 0; i < l->n; i++)
		if (list_is_marked(l, i))
			add_model(&arg, &n, model(from, i));
	if (n < 2 && (with || n) && row != SIZE_MAX)
		add_model(&arg, &n, model(from, row));
	if (n < 2)
		add_model(&arg, &n, with);
	if (n < 2 || n > max)
		view_say(from, MESSAGE_INFO,
		    "mark 2 to %zu models with Space, then c compares them", max);
	else
		view_push(from, &screen_versus, &arg);
}
