/* versus.c - 2 to 6 models against each other: accuracy on each benchmark, and for the pair
 * chosen below the difference with its interval; where two differ, Enter lists the questions. */
#include "screen/screens.h"

#include "base/mem.h"
#include "task/versus.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

enum pane { PANE_ROWS, PANE_PAIRS, PANE_COUNT };

enum { NAME, COUNT, FIRST, LAST = FIRST + VERSUS_MAX - 1, DIFFERENCE, LOW, HIGH, BAR, COLUMNS };

static const struct list_column row_columns[COLUMNS] = {
    [NAME] = {"Accuracy on", 11, 26, 0, false, false},
    [COUNT] = {"n", 6, 0, 4, true, false},
    [FIRST] = {"a", 5, 0, 0, true, false},
    [FIRST + 1] = {"b", 5, 0, 0, true, false},
    [FIRST + 2] = {"c", 5, 0, 0, true, false},
    [FIRST + 3] = {"d", 5, 0, 0, true, false},
    [FIRST + 4] = {"e", 5, 0, 0, true, false},
    [FIRST + 5] = {"f", 5, 0, 0, true, false},
    [DIFFERENCE] = {"diff.", 6, 0, 1, true, false},
    [LOW] = {"low", 6, 0, 3, true, false},
    [HIGH] = {"high", 6, 0, 3, true, false},
    [BAR] = {"-       0       +", 17, 41, 2, false, true},
};

enum { PAIR, SAME, CHANCE, BOTH, ONLY_A, ONLY_B, NEITHER, P_DIFFERENCE, P_LOW, P_HIGH, P_COLUMNS };

static const struct list_column pair_columns[P_COLUMNS] = {
    [PAIR] = {"Pair", 5, 0, 0, false, false},
    [SAME] = {"same", 6, 0, 0, true, false},
    [CHANCE] = {"chance", 6, 0, 2, true, false},
    [BOTH] = {"both", 6, 0, 3, true, false},
    [ONLY_A] = {"1st only", 8, 0, 0, true, false},
    [ONLY_B] = {"2nd only", 8, 0, 0, true, false},
    [NEITHER] = {"neither", 7, 0, 4, true, false},
    [P_DIFFERENCE] = {"diff.", 6, 0, 0, true, false},
    [P_LOW] = {"low", 6, 0, 1, true, false},
    [P_HIGH] = {"high", 6, 0, 1, true, false},
};

struct versus_view {
	struct view view;
	int64_t id[VERSUS_MAX];
	size_t n;
	struct versus versus;
	double scale; /* of the bars: the largest end of an interval of the pair */
	struct list list[PANE_COUNT];
	struct list_column columns[COLUMNS]; /* only as many models as there are */
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

	MEM_SWAP(v->versus, ((struct versus_job *)job)->versus);
	list_rows(&v->list[PANE_PAIRS], v->versus.n_pairs, SIZE_MAX);
	list_rows(&v->list[PANE_ROWS], v->versus.n, SIZE_MAX);
}

static const struct job_ops versus_ops = {"comparing", versus_run, versus_done, versus_free};

/* Lists */

static size_t pair_at(const struct versus_view *v)
{
	size_t row = list_row(&v->list[PANE_PAIRS]);

	return row == SIZE_MAX ? 0 : row;
}

static bool row_value(void *arg, size_t row, int column, double *out)
{
	const struct versus_view *v = arg;
	const struct versus_row *r = &v->versus.v[row];
	const struct figure *d = &r->pair[pair_at(v)].difference;

	if (column == NAME)
		return false;
	*out = column == COUNT  ? (double)r->n
	       : column <= LAST ? 100 * r->accuracy[column - FIRST]
	       : column == LOW  ? 100 * d->low
	       : column == HIGH ? 100 * d->high
				: 100 * d->value;
	return true;
}

static void row_text(void *arg, size_t row, int column, struct buf *out)
{
	double value;

	if (!row_value(arg, row, column, &value))
		buf_adds(out, ((const struct versus_view *)arg)->versus.v[row].name);
	else
		buf_printf(out,
		    column == COUNT  ? "%.0f"
		    : column <= LAST ? "%.1f"
				     : "%+.1f",
		    value);
}

static bool row_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct versus_view *v = arg;
	const struct figure *d = &v->versus.v[row].pair[pair_at(v)].difference;

	if (column != BAR)
		return false;
	plot_difference(c, y, x, w, d->low > 0 || d->high < 0 ? ROLE_BAR : style, d->value, d->low,
	    d->high, v->scale);
	return true;
}

static const struct list_source row_source = {row_text, row_value, row_draw, NULL};

/* Pairs are those of the benchmark under the cursor. */
static const struct versus_row *row_at(const struct versus_view *v)
{
	size_t row = list_row(&v->list[PANE_ROWS]);

	return &v->versus.v[row == SIZE_MAX ? 0 : row];
}

static bool pair_value(void *arg, size_t row, int column, double *out)
{
	const struct versus_pair *p = &row_at(arg)->pair[row];

	switch (column) {
	case SAME:
		*out = 100 * p->agreement;
		return true;
	case CHANCE:
		*out = 100 * p->chance;
		return true;
	case BOTH:
		*out = (double)p->both;
		return true;
	case ONLY_A:
		*out = (double)p->only_a;
		return true;
	case ONLY_B:
		*out = (double)p->only_b;
		return true;
	case NEITHER:
		*out = (double)p->neither;
		return true;
	case P_DIFFERENCE:
		*out = 100 * p->difference.value;
		return true;
	case P_LOW:
		*out = 100 * p->difference.low;
		return true;
	case P_HIGH:
		*out = 100 * p->difference.high;
		return true;
	default:
		return false;
	}
}

static void pair_text(void *arg, size_t row, int column, struct buf *out)
{
	const struct versus_pair *p = &row_at(arg)->pair[row];
	double value;

	if (!pair_value(arg, row, column, &value))
		buf_printf(out, "%c-%c", 'a' + p->a, 'a' + p->b);
	else
		buf_printf(out,
		    column == SAME || column == CHANCE ? "%.1f"
		    : column >= P_DIFFERENCE           ? "%+.1f"
						       : "%.0f",
		    value);
}

static const struct list_source pair_source = {pair_text, pair_value, NULL, NULL};

/* The view */

static void versus_init(struct view *view, const void *arg)
{
	struct versus_view *v = (struct versus_view *)view;
	const struct versus_arg *models = arg;

	v->n = models->n < VERSUS_MAX ? models->n : VERSUS_MAX;
	memcpy(v->id, models->model, v->n * sizeof(*v->id));
	memcpy(v->columns, row_columns, sizeof(row_columns));
	for (size_t m = v->n; m < VERSUS_MAX; m++)
		v->columns[FIRST + m].width = 0;
	list_init(&v->list[PANE_ROWS], v->columns, COLUMNS, &row_source, v);
	v->list[PANE_ROWS].bar_column = BAR;
	list_init(&v->list[PANE_PAIRS], pair_columns, P_COLUMNS, &pair_source, v);
	for (int i = 0; i < PANE_COUNT; i++)
		panes_add(&view->panes, &v->list[i]);
}

static void forget(struct versus_view *v)
{
	versus_clear(&v->versus);
	for (int i = 0; i < PANE_COUNT; i++)
		list_rows(&v->list[i], 0, SIZE_MAX);
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

static void find_scale(struct versus_view *v)
{
	size_t pair = pair_at(v);

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

	find_scale(v);
	p = &row_at(v)->pair[pair_at(v)];
	names = draw_models(v, c, a);
	low = (int)v->versus.n_pairs + 2;
	if (low > (a.h - names) / 2)
		low = (a.h - names) / 2;
	snprintf(title, sizeof(title), "%s: %zu common questions; above, %c minus %c",
	    row_at(v)->name, row_at(v)->n, 'a' + p->a, 'a' + p->b);
	list_draw(&v->list[PANE_ROWS], c, (struct area){a.y + names, a.x, a.h - names - low, a.w},
	    v->view.panes.focus == PANE_ROWS);
	cells_rule(c, a.y + a.h - low, a.x, a.w, title, v->view.panes.focus == PANE_PAIRS);
	list_draw(&v->list[PANE_PAIRS], c, (struct area){a.y + a.h - low + 1, a.x, low - 1, a.w},
	    v->view.panes.focus == PANE_PAIRS);
}

static void versus_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct versus_view *v = (const struct versus_view *)view;

	buf_printf(path, "compare %zu models", v->n);
	list_shape(&v->list[v->view.panes.focus], shape);
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

const struct view_class screen_versus = {
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
