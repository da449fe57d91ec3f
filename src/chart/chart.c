#include "chart/chart.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void chart_clear(struct chart *chart)
{
	arena_clear(&chart->arena);
	*chart = (struct chart){.n_panels = 0};
}

const char *chart_text(struct chart *chart, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	const char *s;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	s = utf8_printable(&chart->arena, buf_str(&b), b.len);
	buf_clear(&b);
	return s;
}

struct chart_panel *chart_add_panel(struct chart *chart, const char *title)
{
	struct chart_panel *p = &chart->panel[chart->n_panels++];

	assert(chart->n_panels <= CHART_PANELS_MAX);
	p->title = arena_strdup(&chart->arena, title);
	return p;
}

struct chart_series *chart_add_series(struct chart *chart, struct chart_panel *p, const char *name,
    enum chart_mark mark, enum role role, size_t cap)
{
	struct chart_series *s = &p->series[p->n_series++];

	assert(p->n_series <= CHART_SERIES_MAX);
	*s = (struct chart_series){.mark = mark, .role = role, .cap = cap};
	s->name = name ? chart_text(chart, "%s", name) : NULL;
	s->x = arena_array(&chart->arena, double, cap + 1);
	s->y = arena_array(&chart->arena, double, cap + 1);
	return s;
}

void chart_add(struct chart_series *s, double x, double y)
{
	assert(s->n < s->cap);
	s->x[s->n] = x;
	s->y[s->n++] = y;
}

void chart_make_labels(struct chart *chart, struct chart_panel *p, size_t cap)
{
	p->label = arena_array(&chart->arena, struct chart_label, cap + 1);
	p->cap_labels = cap;
}

void chart_add_label(struct chart_panel *p, double x, double y, const char *text)
{
	if (p->n_labels < p->cap_labels)
		p->label[p->n_labels++] = (struct chart_label){x, y, text};
}

/* Axes */

double chart_share(const struct chart_axis *a, double v)
{
	double low = a->low, high = a->high;

	if (a->log) {
		low = log10(low);
		high = log10(high);
		v = log10(v);
	}
	return high > low ? (v - low) / (high - low) : 0.5;
}

static void put_tick(struct chart_tick *t, double at, int decimals)
{
	t->at = at;
	if (decimals < 0)
		snprintf(t->text, sizeof(t->text), "%.6g", at);
	else
		snprintf(t->text, sizeof(t->text), "%.*f", decimals, at);
}

static size_t log_ticks(const struct chart_axis *a, size_t max, struct chart_tick *out)
{
	static const double digits[] = {1, 2, 5};
	int from = (int)floor(log10(a->low)), to = (int)ceil(log10(a->high));
	bool decades = (size_t)(3 * (to - from)) > max;
	size_t n = 0;

	for (int e = from; e <= to && n < max; e++) {
		for (int d = 0; d < (decades ? 1 : 3) && n < max; d++) {
			double v = digits[d] * pow(10, e);

			if (v >= a->low * (1 - 1e-9) && v <= a->high * (1 + 1e-9))
				put_tick(&out[n++], v, -1);
		}
	}
	return n;
}

size_t chart_ticks(const struct chart_axis *a, size_t max, struct chart_tick out[CHART_TICKS_MAX])
{
	double step, first;
	int decimals;
	size_t n = 0;

	if (a->log)
		return log_ticks(a, max, out);
	step = plot_nice_up((a->high - a->low) / (double)(max > 1 ? max - 1 : 1));
	decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
	first = ceil(a->low / step - 1e-9) * step;
	for (double v = first; v <= a->high + 1e-9 * step && n < max; v = first + (double)n * step)
		put_tick(&out[n++], fabs(v) < 1e-9 * step ? 0 : v, decimals);
	return n;
}

/* In cells */

/* As one dot a column: the mean of the points that fall in it. */
static void draw_line(
    const struct chart_panel *p, const struct chart_series *s, struct plot *plot, unsigned class)
{
	double columns = plot->a.w * plot->dots_x, x0 = NAN, y0 = NAN;
	size_t i = 0;

	while (i < s->n) {
		long column = lround(chart_share(&p->x, s->x[i]) * (columns - 1));
		double x = 0, y = 0, n = 0;

		for (; i < s->n && lround(chart_share(&p->x, s->x[i]) * (columns - 1)) == column;
		     i++) {
			if (isnan(s->y[i]))
				continue;
			x += chart_share(&p->x, s->x[i]);
			y += chart_share(&p->y, s->y[i]);
			n++;
		}
		if (n == 0)
			continue;
		x /= n;
		y /= n;
		if (isnan(x0))
			plot_dot(plot, x, y, class);
		else
			plot_line(plot, x0, y0, x, y, class);
		x0 = x;
		y0 = y;
	}
}

/* Every second column between neighbouring points. */
static void draw_dashed(
    const struct chart_panel *p, const struct chart_series *s, struct plot *plot, unsigned class)
{
	for (size_t i = 0; i + 1 < s->n; i++) {
		double xa = chart_share(&p->x, s->x[i]), xb = chart_share(&p->x, s->x[i + 1]);
		double ya = chart_share(&p->y, s->y[i]), yb = chart_share(&p->y, s->y[i + 1]);
		int steps = (int)(fabs(xb - xa) * plot->a.w);

		for (int k = 0; k <= steps; k += 2) {
			double t = steps ? (double)k / steps : 0;

			plot_dot(plot, xa + t * (xb - xa), ya + t * (yb - ya), class);
		}
	}
}

static void draw_series(
    const struct chart_panel *p, const struct chart_series *s, struct plot *plot, unsigned class)
{
	switch (s->mark) {
	case CHART_LINE:
		draw_line(p, s, plot, class);
		break;
	case CHART_DASHED:
		draw_dashed(p, s, plot, class);
		break;
	case CHART_DOTS:
		for (size_t i = 0; i < s->n; i++)
			plot_dot(
			    plot, chart_share(&p->x, s->x[i]), chart_share(&p->y, s->y[i]), class);
		break;
	}
}

/* Beside its colour, a line has a sign at its end where there are several; 0 = none is needed. */
static uint32_t line_sign(const struct chart_panel *p, size_t index)
{
	static const uint32_t signs[] = {U'●', U'○', U'▲', U'■', U'◆', U'△', U'◇', U'▽'};
	size_t lines = 0, above = 0;

	for (size_t i = 0; i < p->n_series; i++) {
		lines += p->series[i].mark == CHART_LINE;
		above += p->series[i].mark == CHART_LINE && i > index;
	}
	return p->series[index].mark == CHART_LINE && lines > 1
		   ? signs[above % (sizeof(signs) / sizeof(*signs))]
		   : 0;
}

static void draw_sign(const struct chart_panel *p, size_t index, const struct plot *plot)
{
	const struct chart_series *s = &p->series[index];
	uint32_t sign = line_sign(p, index);
	size_t last = s->n;
	int y, x;

	while (last > 0 && isnan(s->y[last - 1]))
		last--;
	if (sign && last &&
	    plot_cell(plot, chart_share(&p->x, s->x[last - 1]), chart_share(&p->y, s->y[last - 1]),
		&y, &x))
		cells_put(plot->c, y, x, s->role, sign);
}

bool chart_draw(
    const struct chart_panel *p, struct cells *c, struct area a, int left, struct plot *plot)
{
	char y_low[16], y_high[16], x_low[16], x_high[16];
	uint8_t roles[PLOT_CLASSES] = {0};
	struct area in;

	snprintf(y_low, sizeof(y_low), "%.3g", p->y.low);
	snprintf(y_high, sizeof(y_high), "%.3g", p->y.high);
	snprintf(x_low, sizeof(x_low), "%.3g", p->x.low);
	snprintf(x_high, sizeof(x_high), "%.3g", p->x.high);
	in = plot_axes(c, a, left, y_low, y_high, x_low, p->x.title, x_high);
	if (in.h <= 0)
		return false;
	plot_init(plot, c, in, 0, 1, 0, 1);
	for (size_t i = 0; i < p->n_series; i++)
		roles[i] = (uint8_t)p->series[i].role;
	plot->roles = roles;
	for (size_t i = 0; i < p->n_series; i++)
		draw_series(p, &p->series[i], plot, (unsigned)i);
	plot_finish(plot);
	for (size_t i = 0; i < p->n_series; i++)
		draw_sign(p, i, plot);
	plot->roles = NULL;
	return true;
}

void chart_draw_legend(const struct chart_panel *p, struct cells *c, int y, int x, int w)
{
	static const char *const sign[] = {
	    [CHART_DOTS] = "●", [CHART_LINE] = "──", [CHART_DASHED] = "··"};
	int end = x + w;

	for (size_t i = p->n_series; i-- > 0;) {
		const struct chart_series *s = &p->series[i];

		if (!s->name || x + 4 + cells_width(c, s->name) > end)
			continue;
		if (line_sign(p, i))
			cells_put(c, y, x + 2, s->role, line_sign(p, i));
		x += cells_printf(c, y, x, end - x, s->role, "%s", sign[s->mark]) + 1;
		x += line_sign(p, i) != 0;
		x += 2 + cells_text(c, y, x, end - x, ROLE_DEFAULT, s->name);
	}
}
