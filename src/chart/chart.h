/* chart.h - a plot as data, which both the screen (chart_draw) and a file (chart_file_write.h) show.
 *
 * A chart is one panel or several side by side; a panel is series of points between two axes, or
 * a heat map. It owns everything in it (its arena), so that it can go to another thread. Colours
 * are roles of the theme.
 */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "tui/cells.h"
#include "tui/plot.h"
#include "tui/theme.h"

#define CHART_SERIES_MAX PLOT_CLASSES
#define CHART_PANELS_MAX 2

enum chart_mark { CHART_DOTS, CHART_LINE, CHART_DASHED };

struct chart_series {
	const char *name; /* in the legend; NULL = not there */
	enum chart_mark mark;
	enum role role;
	bool shaped; /* dots have a shape of their own, for who sees no colour */
	size_t n, cap;
	double *x, *y; /* in the units of the axes; a NaN breaks a line */
};

struct chart_axis {
	const char *title;
	double low, high;
	bool log;  /* both ends are above 0 */
	bool bare; /* only the title: coordinates mean nothing */
};

/* A point that is named, where there is room; the first have the first choice. */
struct chart_label {
	double x, y;
	const char *text;
};

struct chart_heat {
	size_t rows, columns;
	const char **row, **column; /* their names */
	double *v;                  /* (rows, columns), NaN = none */
	double scale;               /* value at which a colour is full */
};

/* The colours of a quantity: a bar with its name and both ends. */
struct chart_scale {
	const char *name, *low, *high; /* name NULL = none */
	bool diverging;
};

struct chart_panel {
	const char *title; /* "" = none */
	struct chart_axis x, y;
	bool square;                                  /* a unit is as long across as it is up */
	struct chart_series series[CHART_SERIES_MAX]; /* later ones are drawn over earlier ones */
	size_t n_series;
	struct chart_label *label;
	size_t n_labels, cap_labels;
	const struct chart_heat *heat; /* in place of series */
	struct chart_scale scale;
};

struct chart {
	struct arena arena;
	const char *title, *note; /* note: method, seed, run */
	struct chart_panel panel[CHART_PANELS_MAX];
	size_t n_panels;
};

void chart_clear(struct chart *chart);
/* Text of the chart's arena, made printable. */
const char *chart_text(struct chart *chart, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct chart_panel *chart_add_panel(struct chart *chart, const char *title);
/* A series of at most `cap` points. */
struct chart_series *chart_add_series(struct chart *chart, struct chart_panel *p, const char *name,
    enum chart_mark mark, enum role role, size_t cap);
void chart_add(struct chart_series *s, double x, double y);
/* Room for `cap` labels must have been made first. */
void chart_make_labels(struct chart *chart, struct chart_panel *p, size_t cap);
void chart_add_label(struct chart_panel *p, double x, double y, const char *text);

/* Where to mark an axis: at most `max` (<= CHART_TICKS_MAX) round numbers, and each as text. */
#define CHART_TICKS_MAX 16
struct chart_tick {
	double at;
	char text[16];
};
size_t chart_ticks(const struct chart_axis *a, size_t max, struct chart_tick out[CHART_TICKS_MAX]);
/* A value as a share of the axis, logarithmic where that is. */
double chart_share(const struct chart_axis *a, double v);

/* The panel's series with their axes in cells; `left` cells for the labels of the y axis. *plot is
 * finished; its plot_cell takes shares of the axes (chart_share). False where there is no room. */
bool chart_draw(
    const struct chart_panel *p, struct cells *c, struct area a, int left, struct plot *plot);
/* "-- train  .. model rate": what the named series are, in one line. */
void chart_draw_legend(const struct chart_panel *p, struct cells *c, int y, int x, int w);

#endif
