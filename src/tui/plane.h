/* plane.h - a window on points in the plane: zoom, pan, and going from point to point.
 *
 * One unit is as long across as it is down, whatever the shape of the window.
 */
#ifndef TUI_PLANE_H
#define TUI_PLANE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/plot.h"

struct plane_point {
	double x, y;
};

struct plane {
	double x0, x1, y0, y1; /* the box of all points */
	double zoom;           /* 1 = the box just fits */
	double x, y;           /* the middle of the window */
	double half_w, half_h; /* of the window as last drawn */
};

/* The whole box, from now on. */
void plane_fit(struct plane *p, size_t n, const struct plane_point *v);
/* Larger by `factor`, the point (x, y) staying where it is; never smaller than the box. */
void plane_zoom(struct plane *p, double factor, double x, double y);
/* By shares of the window; not past the box. */
void plane_pan(struct plane *p, double right, double up);
/* Pan until the point is inside, off the edge. */
void plane_show(struct plane *p, double x, double y);
/* A plot of the window in `a`; ended by plot_finish. */
void plane_plot(struct plane *p, struct plot *out, struct cells *c, struct area a);

/* The nearest point that lies in the direction (right, up: -1, 0 or 1) of point `from`, among those
 * that `can` allows; `from` itself where there is none. */
size_t plane_next(
    size_t n, const struct plane_point *v, const bool *can, size_t from, int right, int up);

#endif
