#include "tui/viewport.h"

#include <math.h>

#define ZOOM_MOST 1000.0
#define MARGIN 0.04 /* of the window, free on each side of what is shown */

static void reset(struct viewport *p)
{
	p->zoom = 1;
	p->x = (p->x0 + p->x1) / 2;
	p->y = (p->y0 + p->y1) / 2;
}

void viewport_fit(struct viewport *p, size_t n, const struct viewport_point *v)
{
	*p = (struct viewport){.x0 = -1, .x1 = 1, .y0 = -1, .y1 = 1, .half_w = 1, .half_h = 1};
	for (size_t i = 0; i < n; i++) {
		p->x0 = i ? fmin(p->x0, v[i].x) : v[i].x;
		p->x1 = i ? fmax(p->x1, v[i].x) : v[i].x;
		p->y0 = i ? fmin(p->y0, v[i].y) : v[i].y;
		p->y1 = i ? fmax(p->y1, v[i].y) : v[i].y;
	}
	reset(p);
}

static double clamp(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

static void bound(struct viewport *p)
{
	p->x = clamp(p->x, p->x0, p->x1);
	p->y = clamp(p->y, p->y0, p->y1);
}

void viewport_zoom(struct viewport *p, double factor, double x, double y)
{
	double zoom = clamp(p->zoom * factor, 1, ZOOM_MOST), by = zoom / p->zoom;

	if (zoom <= 1) {
		reset(p);
		return;
	}
	p->zoom = zoom;
	p->x = x + (p->x - x) / by;
	p->y = y + (p->y - y) / by;
	bound(p);
}

void viewport_pan(struct viewport *p, double right, double up)
{
	p->x += 2 * right * p->half_w;
	p->y += 2 * up * p->half_h;
	bound(p);
}

void viewport_show(struct viewport *p, double x, double y)
{
	double w = p->half_w * (1 - 2 * MARGIN), h = p->half_h * (1 - 2 * MARGIN);

	p->x = clamp(p->x, x - w, x + w);
	p->y = clamp(p->y, y - h, y + h);
}

void viewport_plot(struct viewport *p, struct plot *out, struct cells *c, struct area a)
{
	double w = p->x1 - p->x0, h = p->y1 - p->y0, across, down, unit;

	plot_init(out, c, a, 0, 1, 0, 1);
	across = a.w * out->dots_x;
	down = a.h * out->dots_y;
	/* Data units a dot, so that the box fits both ways. */
	unit = fmax(w / across, h / down) / (1 - 2 * MARGIN) / p->zoom;
	if (!(unit > 0))
		unit = 1;
	p->half_w = unit * across / 2;
	p->half_h = unit * down / 2;
	out->x0 = p->x - p->half_w;
	out->x1 = p->x + p->half_w;
	out->y0 = p->y - p->half_h;
	out->y1 = p->y + p->half_h;
}

size_t viewport_next(
    size_t n, const struct viewport_point *v, const bool *can, size_t from, int right, int up)
{
	double best = INFINITY;
	size_t at = from;

	for (size_t i = 0; i < n; i++) {
		double dx = v[i].x - v[from].x, dy = v[i].y - v[from].y;
		double along = dx * right + dy * up, aside = fabs(dx * up) + fabs(dy * right);
		double cost = along * along + 4 * aside * aside;

		if (i != from && can[i] && along > 0 && aside <= 2 * along && cost < best) {
			best = cost;
			at = i;
		}
	}
	return at;
}
