/* plot.h - bars, curves and scatter maps out of character cells.
 *
 * Three glyph sets: braille (2 x 4 dots a cell), blocks (1 x 2 half blocks), ASCII (1 x 2 dots as
 * ' . :). A cell has one colour: the class with most dots in it wins.
 */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/cells.h"

/* A bar of `share` (0..1) of w cells; eighths of a cell, or '#' and ':' for a half. */
void plot_bar(struct cells *c, int y, int x, int w, unsigned style, double share);
/* An interval low..high (shares of w cells) drawn over what is there: |--|. */
void plot_interval(struct cells *c, int y, int x, int w, unsigned style, double low, double high);
/* A difference as a dot on its interval low..high, in w cells that span -scale..scale; zero is a line
 * in the middle. */
void plot_difference(struct cells *c, int y, int x, int w, unsigned style, double value, double low,
    double high, double scale);
/* One cell for a value 0..1: an eighth block, or a digit (tenths); a dash where it is NaN. */
void plot_spark(struct cells *c, int y, int x, unsigned style, double v);

/* A canvas of dots over an area, with data ranges. */
#define PLOT_CLASSES 8
struct plot {
	struct cells *c;
	struct area a;      /* without the axes */
	int dots_y, dots_x; /* a cell */
	double x0, x1, y0, y1;
	uint8_t *dot;         /* (a.h * dots_y, a.w * dots_x) class + 1, 0 = none */
	const uint8_t *roles; /* (PLOT_CLASSES) role of each class; NULL = the series */
};

void plot_init(
    struct plot *p, struct cells *c, struct area a, double x0, double x1, double y0, double y1);
/* Draws the dots and frees them. */
void plot_finish(struct plot *p);
void plot_dot(struct plot *p, double x, double y, unsigned class);
void plot_line(struct plot *p, double xa, double ya, double xb, double yb, unsigned class);
/* The cell of a point; false where it is outside. After plot_finish, too. */
bool plot_cell(const struct plot *p, double x, double y, int *cy, int *cx);

/* Axes round the area: labels of the y range in `left` cells at its left, the x range in the line
 * below. Returns the area inside. */
struct area plot_axes(struct cells *c, struct area a, int left, const char *y_low,
    const char *y_high, const char *x_low, const char *x_title, const char *x_high);

/* The next number up (or down) of the form 1, 2 or 5 times a power of ten. */
double plot_nice_up(double v);

#endif
