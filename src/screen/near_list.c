/* near_list.c - see near_list.h */
#include "screen/near_list.h"

#include "base/mem.h"
#include "task/model_name.h"

#include <math.h>
#include <string.h>

enum { RANK, NAME, SIMILARITY, SAME, WIDTH, CHANCE, COMMON, ACCURACY };

static const struct list_column columns[NEAR_COLUMNS] = {
    [RANK] = {"#", 4, 0, 3, true, false},
    [NAME] = {"Name", 18, 44, 0, false, false},
    [SIMILARITY] = {"Cos.", 5, 0, 0, true, false},
    [SAME] = {"Same%", 5, 0, 0, true, false},
    [WIDTH] = {"±", 4, 0, 5, true, false},
    [CHANCE] = {"Chance", 6, 0, 4, true, false},
    [COMMON] = {"Common", 7, 0, 7, true, false},
    [ACCURACY] = {"Acc.", 5, 0, 2, true, false},
};

static const struct neighbour *row_of(const struct near_list *l, size_t row)
{
	return &l->found.v[row];
}

static const struct atlas_model *model_of(const struct near_list *l, size_t row)
{
	return &view_roster(l->view)->models[row_of(l, row)->model];
}

static double accuracy(const struct atlas_model *m)
{
	return m->seen > 0 ? 100 * m->right / m->seen : NAN;
}

static bool near_value(void *arg, size_t row, int column, double *out)
{
	const struct near_list *l = arg;
	const struct neighbour *n = row_of(l, row);

	switch (column) {
	case RANK:
		*out = (double)row + 1;
		return true;
	case SIMILARITY:
		*out = n->similarity;
		return true;
	case SAME:
		*out = 100 * n->agreement;
		return true;
	case WIDTH:
		*out = 100 * share_half_width(n->agreement * (double)n->common, (double)n->common);
		return true;
	case CHANCE:
		*out = 100 * n->chance;
		return true;
	case COMMON:
		*out = (double)n->common;
		return true;
	case ACCURACY:
		*out = accuracy(model_of(l, row));
		return true;
	default:
		return false;
	}
}

static void near_text(void *arg, size_t row, int column, struct buf *out)
{
	const struct near_list *l = arg;
	double value;

	if (column == NAME) {
		buf_adds(out, model_of(l, row)->name);
		return;
	}
	near_value(arg, row, column, &value);
	if (isnan(value))
		buf_adds(out, "–");
	else if (column == RANK || column == COMMON)
		buf_printf(out, "%.0f", value);
	else if (column == SIMILARITY)
		buf_printf(out, "%.2f", fabs(value) < 0.005 ? 0 : value);
	else
		buf_printf(out, "%.1f", value);
}

/* A name that is too long is shown without its owner. */
static bool near_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct atlas_model *m = model_of(arg, row);

	if (column != NAME || cells_width(c, m->name) <= w)
		return false;
	cells_fit(c, y, x, w, style, trait_short_name(m));
	return true;
}

static const struct list_source source = {near_text, near_value, near_draw_cell, NULL};

size_t near_list_model(const struct near_list *l)
{
	size_t row = list_row(&l->list);

	return row == SIZE_MAX ? SIZE_MAX : row_of(l, row)->model;
}

void near_list_init(struct near_list *l, const struct view *view)
{
	*l = (struct near_list){.view = view};
	memcpy(l->columns, columns, sizeof(columns));
	list_init(&l->list, l->columns, NEAR_COLUMNS, &source, l);
	l->list.name_column = NAME;
}

void near_list_clear(struct near_list *l)
{
	list_clear(&l->list);
	neighbours_clear(&l->found);
	mem_free(l->place);
}

void near_list_metric(struct near_list *l, enum neighbour_metric metric)
{
	l->columns[SIMILARITY].title = metric == NEIGHBOUR_L2 ? "Dist." : "Cos.";
}

void near_list_drop(struct near_list *l)
{
	list_rows(&l->list, 0, SIZE_MAX);
	neighbours_clear(&l->found);
}

void near_list_set(struct near_list *l, struct neighbours *found, size_t model)
{
	size_t n = view_roster(l->view)->n_models;

	near_list_drop(l);
	l->found = *found;
	*found = (struct neighbours){0};
	mem_free(l->place);
	l->place = mem_array(n + 1, sizeof(*l->place));
	memset(l->place, 0xff, n * sizeof(*l->place));
	for (size_t i = 0; i < l->found.n; i++)
		l->place[l->found.v[i].model] = i;
	list_rows(&l->list, l->found.n, model == SIZE_MAX ? SIZE_MAX : l->place[model]);
}

bool near_list_go(struct near_list *l, size_t model)
{
	return l->found.n && l->place[model] != SIZE_MAX && list_go(&l->list, l->place[model]);
}

static void draw_row_in_full(const struct near_list *l, size_t row, struct cells *c, struct area a)
{
	const struct neighbour *n = row_of(l, row);

	if (n->common)
		cells_printf(c, a.y, a.x, a.w, ROLE_DIM, "same as @ %.1f ±%.1f%%, %.1f by chance",
		    100 * n->agreement,
		    100 * share_half_width(n->agreement * (double)n->common, (double)n->common),
		    100 * n->chance);
	else
		cells_fit(c, a.y, a.x, a.w, ROLE_DIM, "no question in common with @");
}

void near_list_draw(struct near_list *l, struct cells *c, struct area a, bool focused)
{
	int foot = a.h > 11 ? 2 : a.h > 7 ? 1 : 0;
	size_t row, last = l->found.n - 1;

	if (!l->found.n)
		return;
	list_draw(&l->list, c, (struct area){a.y, a.x, a.h - foot, a.w}, focused);
	row = list_row(&l->list);
	if (foot && row != SIZE_MAX)
		draw_row_in_full(l, row, c, (struct area){a.y + a.h - foot, a.x + 1, 1, a.w - 2});
	if (foot > 1)
		cells_printf(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM, "farthest %.2f %s",
		    row_of(l, last)->similarity, model_of(l, last)->name);
}
