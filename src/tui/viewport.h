/* viewport.h - a window on points in the plane: zoom, pan, and going from point to point.
 *
 * One unit is as long across as it is down, whatever the shape of the window.
 */
#ifndef TUI_VIEWPORT_H
#define TUI_VIEWPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/plot.h"

struct viewport_point {
	double x, y;
};

struct viewport {
	double x0, x1, y0, y1; /* the box of all points */
	double zoom;           /* 1 = the box just fits */
	double x, y;           /* the middle of the window */
	double half_w, half_h; /* of the window as last drawn */
};

/* The whole box, from now on. */
void viewport_fit(struct viewport *p, size_t n, const struct viewport_point *v);
/* Larger by `factor`, the point (x, y) staying where it is; never smaller than the box. */
void viewport_zoom(struct viewport *p, double factor, double x, double y);
/* By shares of the window; not past the box. */
void viewport_pan(struct viewport *p, double right, double up);
/* Pan until the point is inside, off the edge. */
void viewport_show(struct viewport *p, double x, double y);
/* A plot of the window in `a`; ended by plot_finish. */
void viewport_plot(struct viewport *p, struct plot *out, struct cells *c, struct area a);

/* The nearest point that lies in the direction (right, up: -1, 0 or 1) of point `from`, among those
 * that `can` allows; `from` itself where there is none. */
size_t viewport_next(
    size_t n, const struct viewport_point *v, const bool *can, size_t from, int right, int up);

#endif
