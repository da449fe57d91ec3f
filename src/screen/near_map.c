#include "screen/near_map.h"

#include "base/mem.h"
#include "task/model_name.h"

#include <string.h>

#define CELLS_A_SIGN 10 /* with fewer cells a point, points are dots */
#define NAMES 12
#define NAME_WIDTH 24

void near_map_clear(struct near_map *p)
{
	map_color_clear(&p->color);
	mem_free(p->v);
	mem_free(p->model);
	mem_free(p->point);
	mem_free(p->shown);
	*p = (struct near_map){.anchor = SIZE_MAX, .at = SIZE_MAX};
}

void near_map_set(struct near_map *p, const struct catalog *r, const struct map *m, int color)
{
	size_t M = r->n_models;

	near_map_clear(p);
	p->n = m->n;
	p->v = mem_array(m->n + 1, sizeof(*p->v));
	p->model = mem_array(m->n + 1, sizeof(*p->model));
	p->point = mem_array(M + 1, sizeof(*p->point));
	p->shown = mem_zero_array(M + 1, sizeof(*p->shown));
	memset(p->point, 0xff, M * sizeof(*p->point));
	for (size_t i = 0; i < m->n; i++) {
		p->v[i] = (struct viewport_point){m->v[i].x, m->v[i].y};
		p->model[i] = m->v[i].model;
		p->point[p->model[i]] = i;
		p->shown[p->model[i]] = true; /* so that the colours take all of the map */
	}
	map_color_set(&p->color, r, p->shown, color);
	viewport_fit(&p->viewport, p->n, p->v);
}

static bool has_point(const struct near_map *p, size_t model)
{
	return model != SIZE_MAX && p->n && p->point[model] != SIZE_MAX;
}

static bool cell_of(const struct near_map *p, const struct plot *plot, size_t model, int *y, int *x)
{
	const struct viewport_point *v;

	if (!has_point(p, model))
		return false;
	v = &p->v[p->point[model]];
	return plot_cell(plot, v->x, v->y, y, x);
}

static size_t count_inside(const struct near_map *p, const struct plot *plot)
{
	size_t n = 0;
	int y, x;

	for (size_t i = 0; i < p->n; i++)
		n += p->shown[p->model[i]] && plot_cell(plot, p->v[i].x, p->v[i].y, &y, &x);
	return n;
}

static void draw_dots(const struct near_map *p, struct plot *plot, bool shown)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->shown[p->model[i]] == shown)
			plot_dot(
			    plot, p->v[i].x, p->v[i].y, shown ? p->color.class[p->model[i]] : 0);
}

static void draw_signs(const struct near_map *p, struct plot *plot)
{
	uint32_t cp;
	unsigned style;
	int y, x;

	for (size_t i = 0; i < p->n; i++) {
		if (!p->shown[p->model[i]] || !plot_cell(plot, p->v[i].x, p->v[i].y, &y, &x))
			continue;
		map_color_sign(&p->color, p->model[i], &cp, &style);
		cells_put(plot->c, y, x, style, cp);
	}
}

static bool is_free(const struct cells *c, struct area a, int y, int x, int w)
{
	if (x < a.x || x + w > a.x + a.w)
		return false;
	for (int i = 0; i < w; i++) {
		const struct cell *k = &c->v[(size_t)y * (size_t)c->w + (size_t)(x + i)];

		if (k->cp != ' ' || k->width != 1)
			return false;
	}
	return true;
}

/* Beside the point, at its right or else its left; false where neither is free. */
static bool draw_name(
    struct cells *c, struct area a, int y, int x, unsigned style, const char *name)
{
	int w = cells_width(c, name);

	w = w > NAME_WIDTH ? NAME_WIDTH : w;
	if (is_free(c, a, y, x + 1, w + 2))
		x += 2;
	else if (is_free(c, a, y, x - w - 2, w + 2))
		x -= w + 1;
	else
		return false;
	cells_fit(c, y, x, w, style, name);
	return true;
}

static void draw_names(const struct near_map *p, const struct catalog *r, struct plot *plot,
    struct area a, const size_t *name, size_t n_names)
{
	int left = NAMES, y, x;

	if (cell_of(p, plot, p->at, &y, &x))
		left -= draw_name(plot->c, a, y, x, ROLE_DEFAULT | STYLE_BOLD,
		    model_name_short(&r->models[p->at]));
	if (cell_of(p, plot, p->anchor, &y, &x))
		left -= draw_name(plot->c, a, y, x, ROLE_HEADER | STYLE_BOLD,
		    model_name_short(&r->models[p->anchor]));
	for (size_t i = 0; i < n_names && left > 0; i++)
		if (name[i] != p->at && cell_of(p, plot, name[i], &y, &x))
			left -= draw_name(
			    plot->c, a, y, x, ROLE_DIM, model_name_short(&r->models[name[i]]));
}

void near_map_draw(struct near_map *p, const struct catalog *r, struct cells *c, struct area a,
    const size_t *name, size_t n_names, bool focused)
{
	static const uint8_t dim[PLOT_CLASSES] = {ROLE_DIM};
	struct plot plot;
	int y, x;

	if (a.h < 2 || a.w < 4)
		return;
	/* What the filter hides stays as a dim ground, under the rest. */
	viewport_plot(&p->viewport, &plot, c, a);
	plot.roles = dim;
	draw_dots(p, &plot, false);
	plot_finish(&plot);
	viewport_plot(&p->viewport, &plot, c, a);
	plot.roles = map_color_roles(&p->color);
	if (count_inside(p, &plot) * CELLS_A_SIGN > (size_t)(a.h * a.w)) {
		draw_dots(p, &plot, true);
		plot_finish(&plot);
	} else {
		plot_finish(&plot);
		draw_signs(p, &plot);
	}
	if (cell_of(p, &plot, p->anchor, &y, &x))
		cells_put(c, y, x, ROLE_HEADER | STYLE_BOLD, '@');
	if (cell_of(p, &plot, p->at, &y, &x)) {
		cells_flag(c, y, x, 1, STYLE_REVERSE | STYLE_BOLD);
		if (focused) {
			c->cursor_y = y;
			c->cursor_x = x;
		}
	}
	draw_names(p, r, &plot, a, name, n_names);
}

size_t near_map_next(const struct near_map *p, int right, int up)
{
	size_t from = has_point(p, p->at) ? p->at : p->anchor, i;
	bool *can;

	if (!has_point(p, from))
		return SIZE_MAX;
	can = mem_array(p->n, sizeof(*can));
	for (i = 0; i < p->n; i++)
		can[i] = p->shown[p->model[i]] && p->model[i] != p->anchor;
	i = viewport_next(p->n, p->v, can, p->point[from], right, up);
	mem_free(can);
	return p->model[i];
}

void near_map_zoom(struct near_map *p, double factor)
{
	const struct viewport_point middle = {p->viewport.x, p->viewport.y};
	const struct viewport_point *v = has_point(p, p->at) ? &p->v[p->point[p->at]] : &middle;

	viewport_zoom(&p->viewport, factor, v->x, v->y);
}

void near_map_show(struct near_map *p)
{
	if (has_point(p, p->at))
		viewport_show(&p->viewport, p->v[p->point[p->at]].x, p->v[p->point[p->at]].y);
}
