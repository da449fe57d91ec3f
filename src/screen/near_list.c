#include "screen/near_list.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/share.h"
#include "task/model_name.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct neighbour *row_of(const struct near_list *l, size_t row)
{
	return &l->found.v[row];
}

static const struct catalog_model *model_of(const struct near_list *l, size_t row)
{
	return &view_catalog(l->view)->models[row_of(l, row)->model];
}

/* A name that is too long is shown without its owner. */
static bool near_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct catalog_model *m = model_of(arg, row);
	const struct neighbour *n = row_of(arg, row);

	if (column == NEIGHBOURS_AGREEMENT && n->at_chance) {
		char text[32];

		snprintf(text, sizeof(text), "≈%.1f", 100 * n->agreement);
		cells_right(c, y, x, w, style == ROLE_DEFAULT ? ROLE_DIM : style, text);
		return true;
	}
	if (column != NEIGHBOURS_NAME || cells_width(c, m->name) <= w)
		return false;
	cells_fit(c, y, x, w, style, model_name_short(m));
	return true;
}

static const struct list_source source = {.draw = near_draw_cell};

size_t near_list_model(const struct near_list *l)
{
	size_t row = list_row(&l->list);

	return row == SIZE_MAX ? SIZE_MAX : row_of(l, row)->model;
}

void near_list_init(struct near_list *l, const struct view *view)
{
	struct table t = neighbours_table(NULL, NULL);

	*l = (struct near_list){.view = view};
	list_init(&l->list, &t, &source, l);
	l->list.name_column = NEIGHBOURS_NAME;
}

void near_list_clear(struct near_list *l)
{
	list_clear(&l->list);
	neighbours_clear(&l->found);
	mem_free(l->place);
}

void near_list_drop(struct near_list *l)
{
	list_rows(&l->list, 0, SIZE_MAX);
	neighbours_clear(&l->found);
}

void near_list_set(struct near_list *l, struct neighbours *found, size_t model)
{
	const struct catalog *r = view_catalog(l->view);
	size_t n = r->n_models;
	struct table t;

	near_list_drop(l);
	l->found = *found;
	*found = (struct neighbours){0};
	mem_free(l->place);
	l->place = mem_array(n + 1, sizeof(*l->place));
	memset(l->place, 0xff, n * sizeof(*l->place));
	for (size_t i = 0; i < l->found.n; i++)
		l->place[l->found.v[i].model] = i;
	t = neighbours_table(&l->found, r);
	/* What it is sorted by stays in sight. */
	list_set_hints(
	    &l->list, NEIGHBOURS_COSINE, l->found.options.metric == NEIGHBOUR_L2 ? 2 : 0, 6);
	list_set_hints(
	    &l->list, NEIGHBOURS_DISTANCE, l->found.options.metric == NEIGHBOUR_L2 ? 0 : 6, 6);
	list_set_hints(
	    &l->list, NEIGHBOURS_STAYS, 3, l->found.n && !isnan(l->found.v[0].stays) ? 5 : 0);
	list_set_table(&l->list, &t, model == SIZE_MAX ? SIZE_MAX : l->place[model]);
}

bool near_list_go(struct near_list *l, size_t model)
{
	return l->found.n && l->place[model] != SIZE_MAX && list_go(&l->list, l->place[model]);
}

static void draw_row_in_full(const struct near_list *l, size_t row, struct cells *c, struct area a)
{
	const struct neighbour *n = row_of(l, row);

	struct buf b = BUF_INIT;

	if (n->common) {
		buf_adds(&b, "as @ ");
		share_print(n->agreement * (double)n->common, (double)n->common, 1, &b);
		buf_printf(
		    &b, n->at_chance ? ", ≈ chance %.1f" : ", by chance %.1f", 100 * n->chance);
	} else {
		buf_adds(&b, "no question in common with @");
	}
	cells_fit(c, a.y, a.x, a.w, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
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
		cells_printf(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM, "farthest %.3f %s",
		    l->found.options.metric == NEIGHBOUR_L2 ? row_of(l, last)->distance
							    : row_of(l, last)->cosine,
		    model_of(l, last)->name);
}
