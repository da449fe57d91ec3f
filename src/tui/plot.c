#include "tui/plot.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

void plot_bar(struct cells *c, int y, int x, int w, unsigned style, double share)
{
	bool ascii = c->glyphs == GLYPHS_ASCII;
	int steps = ascii ? 2 : 8, n;

	if (isnan(share) || w <= 0)
		return;
	share = share < 0 ? 0 : share > 1 ? 1 : share;
	n = (int)lround(share * w * steps);
	for (int i = 0; i < w && n > 0; i++, n -= steps) {
		uint32_t eighths = U'▐' - (uint32_t)(n < 8 ? n : 8), half = n >= 2 ? '#' : ':';

		cells_put(c, y, x + i, style, ascii ? half : eighths);
	}
}

void plot_interval(struct cells *c, int y, int x, int w, unsigned style, double low, double high)
{
	int from, to;

	if (isnan(low) || isnan(high) || w <= 0)
		return;
	low = low < 0 ? 0 : low > 1 ? 1 : low;
	high = high < low ? low : high > 1 ? 1 : high;
	from = (int)lround(low * (w - 1));
	to = (int)lround(high * (w - 1));
	cells_span(c, y, x + from, to - from + 1, style);
}

void plot_difference(struct cells *c, int y, int x, int w, unsigned style, double value, double low,
    double high, double scale)
{
	int half = (w - 1) / 2, zero = x + half;

	if (w < 3 || isnan(value) || scale <= 0)
		return;
	value = value < -scale ? -scale : value > scale ? scale : value;
	cells_put(c, y, zero, ROLE_AXIS, U'│');
	plot_interval(c, y, x, 2 * half + 1, style, (low / scale + 1) / 2, (high / scale + 1) / 2);
	cells_put(c, y, zero + (int)lround(value / scale * half), style | STYLE_BOLD, U'●');
}

void plot_spark(struct cells *c, int y, int x, unsigned style, double v)
{
	int n;

	if (isnan(v)) {
		cells_put(c, y, x, ROLE_DIM, U'–');
		return;
	}
	v = v < 0 ? 0 : v > 1 ? 1 : v;
	if (c->glyphs == GLYPHS_ASCII) {
		n = (int)(v * 10);
		cells_put(c, y, x, style, (uint32_t)('0' + (n > 9 ? 9 : n)));
	} else {
		n = (int)(v * 8);
		cells_put(c, y, x, style, U'▁' + (uint32_t)(n > 7 ? 7 : n));
	}
}

void plot_init(
    struct plot *p, struct cells *c, struct area a, double x0, double x1, double y0, double y1)
{
	*p = (struct plot){.c = c, .a = a, .x0 = x0, .x1 = x1, .y0 = y0, .y1 = y1};
	p->dots_y = c->glyphs == GLYPHS_BRAILLE ? 4 : 2;
	p->dots_x = c->glyphs == GLYPHS_BRAILLE ? 2 : 1;
	if (a.h > 0 && a.w > 0)
		p->dot = mem_zero_array((size_t)(a.h * p->dots_y) * (size_t)(a.w * p->dots_x), 1);
}

/* A data point in dots; false where it is outside or not a number. */
static bool to_dot(const struct plot *p, double x, double y, int *dy, int *dx)
{
	double w = p->a.w * p->dots_x, h = p->a.h * p->dots_y;
	double fx = p->x1 > p->x0 ? (x - p->x0) / (p->x1 - p->x0) : .5;
	double fy = p->y1 > p->y0 ? (y - p->y0) / (p->y1 - p->y0) : .5;

	if (p->a.h <= 0 || p->a.w <= 0 || !(fx >= 0 && fx <= 1 && fy >= 0 && fy <= 1))
		return false;
	*dx = (int)lround(fx * (w - 1));
	*dy = (int)lround((1 - fy) * (h - 1));
	return true;
}

static void set(struct plot *p, int dy, int dx, unsigned class)
{
	p->dot[(size_t)dy * (size_t)(p->a.w * p->dots_x) + (size_t)dx] = (uint8_t)(class + 1);
}

void plot_dot(struct plot *p, double x, double y, unsigned class)
{
	int dy, dx;

	if (p->dot && to_dot(p, x, y, &dy, &dx))
		set(p, dy, dx, class);
}

void plot_line(struct plot *p, double xa, double ya, double xb, double yb, unsigned class)
{
	int ay, ax, by, bx, n;

	if (!p->dot || !to_dot(p, xa, ya, &ay, &ax) || !to_dot(p, xb, yb, &by, &bx))
		return;
	n = abs(bx - ax) > abs(by - ay) ? abs(bx - ax) : abs(by - ay);
	for (int i = 0; i <= n; i++) {
		double t = n ? (double)i / n : 0;

		set(p, (int)lround(ay + t * (by - ay)), (int)lround(ax + t * (bx - ax)), class);
	}
}

bool plot_cell(const struct plot *p, double x, double y, int *cy, int *cx)
{
	int dy, dx;

	if (!to_dot(p, x, y, &dy, &dx))
		return false;
	*cy = p->a.y + dy / p->dots_y;
	*cx = p->a.x + dx / p->dots_x;
	return true;
}

static uint32_t glyph(const struct plot *p, unsigned bits)
{
	/* Bit i is the dot of row i / dots_x, column i % dots_x. */
	static const uint8_t braille[8] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
	static const uint32_t half[4] = {' ', U'▀', U'▄', U'█'};
	static const char ascii[4] = {' ', '\'', '.', ':'};
	uint32_t cp = 0x2800;

	if (p->c->glyphs == GLYPHS_BLOCKS)
		return half[bits];
	if (p->c->glyphs == GLYPHS_ASCII)
		return (uint32_t)ascii[bits];
	for (int i = 0; i < 8; i++)
		cp |= bits >> i & 1 ? braille[i] : 0;
	return cp;
}

static void finish_cell(struct plot *p, int y, int x)
{
	unsigned bits = 0, count[PLOT_CLASSES + 1] = {0}, best = 0;

	for (int i = 0; i < p->dots_y * p->dots_x; i++) {
		int dy = y * p->dots_y + i / p->dots_x, dx = x * p->dots_x + i % p->dots_x;
		unsigned k = p->dot[(size_t)dy * (size_t)(p->a.w * p->dots_x) + (size_t)dx];

		if (k) {
			bits |= 1u << i;
			count[k]++;
		}
	}
	for (unsigned k = 1; k <= PLOT_CLASSES; k++)
		best = count[k] > count[best] ? k : best;
	if (bits)
		cells_put(p->c, p->a.y + y, p->a.x + x,
		    p->roles ? p->roles[best - 1] : theme_series(best - 1), glyph(p, bits));
}

void plot_finish(struct plot *p)
{
	for (int y = 0; p->dot && y < p->a.h; y++) {
		for (int x = 0; x < p->a.w; x++)
			finish_cell(p, y, x);
	}
	mem_free(p->dot);
	p->dot = NULL;
}

struct area plot_axes(struct cells *c, struct area a, int left, const char *y_low,
    const char *y_high, const char *x_low, const char *x_title, const char *x_high)
{
	struct area in = {a.y, a.x + left + 1, a.h - 2, a.w - left - 1};
	int title;

	if (in.h < 1 || in.w < 4)
		return (struct area){a.y, a.x, 0, 0};
	cells_right(c, in.y, a.x, left, ROLE_AXIS, y_high);
	cells_right(c, in.y + in.h - 1, a.x, left, ROLE_AXIS, y_low);
	cells_vline(c, in.y, in.x - 1, in.h);
	cells_put(c, in.y + in.h, in.x - 1, ROLE_AXIS, U'└');
	cells_fill(c, in.y + in.h, in.x, in.w, ROLE_AXIS, U'─');
	cells_text(c, in.y + in.h + 1, in.x, in.w, ROLE_AXIS, x_low);
	title = cells_width(c, x_title);
	if (title < in.w - 10)
		cells_text(c, in.y + in.h + 1, in.x + (in.w - title) / 2, in.w, ROLE_AXIS, x_title);
	cells_right(c, in.y + in.h + 1, in.x, in.w, ROLE_AXIS, x_high);
	return in;
}

double plot_nice_up(double v)
{
	double unit;

	if (!(v > 0) || isinf(v))
		return 1;
	unit = pow(10, floor(log10(v)));
	if (v <= unit * 1.0000001)
		return unit;
	if (v <= 2 * unit)
		return 2 * unit;
	return v <= 5 * unit ? 5 * unit : 10 * unit;
}
