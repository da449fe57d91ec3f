/* chart_file.c - see chart_file.h. Lengths are points (1/72 inch); the origin is at the top left. */
#include "config.h"

#include "chart/chart_file.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "chart/chart.h"

#include <string.h>
#include <strings.h>

enum format { SVG, PDF, PNG, FORMATS };

static const char *const suffixes[FORMATS] = {".svg", ".pdf", ".png"};

#ifndef HAVE_CAIRO
#define NO_CAIRO                                                                                   \
	"this embedllm was built without cairo, which draws plots; build it with cairo (Debian: "  \
	"libcairo2-dev), or take the figures with --tsv or e"
#endif

static bool find_format(const char *path, enum format *out, struct err *e)
{
	const char *dot = strrchr(file_base(path), '.');

	for (int i = 0; dot && i < FORMATS; i++) {
		if (!strcasecmp(dot, suffixes[i])) {
			*out = (enum format)i;
			return true;
		}
	}
	return err_set(e, ERR_USAGE, "%s: a plot's name ends in .svg, .pdf or .png", path);
}

#ifndef HAVE_CAIRO

bool chart_file_check(const char *path, struct err *e)
{
	enum format format;

	return find_format(path, &format, e) && err_set(e, ERR_FAILED, "%s: %s", path, NO_CAIRO);
}

bool chart_file_write(const struct chart *chart, const char *path, struct err *e)
{
	(void)chart;
	return chart_file_check(path, e);
}

bool chart_svg(const struct chart *chart, struct buf *out, struct err *e)
{
	(void)chart;
	(void)out;
	return err_set(e, ERR_FAILED, "no plot: %s", NO_CAIRO);
}

#else

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>

#define WIDTH 504.0
#define HEIGHT 360.0
#define PANELS_HEIGHT 250.0 /* of two side by side */
#define PNG_SCALE 3.0       /* 216 dots an inch */
#define MARGIN 10.0
#define FONT "sans-serif"
#define TITLE_SIZE 11.0
#define AXIS_SIZE 9.0
#define TICK_SIZE 8.0
#define SMALL_SIZE 7.0
#define TICK_LENGTH 3.0

#define INK 0x222222
#define FAINT 0x777777
#define GRID 0xe8e8e8

struct box {
	double x, y, w, h;
};

static void set_rgb(cairo_t *cr, unsigned rgb)
{
	cairo_set_source_rgb(
	    cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void set_font(cairo_t *cr, double size, bool bold)
{
	cairo_select_font_face(cr, FONT, CAIRO_FONT_SLANT_NORMAL,
	    bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, size);
}

static double text_width(cairo_t *cr, const char *s)
{
	cairo_text_extents_t t;

	cairo_text_extents(cr, s, &t);
	return t.x_advance;
}

/* `anchor`: which share of the text lies left of x. */
static void text(cairo_t *cr, double x, double y, double anchor, const char *s)
{
	cairo_move_to(cr, x - anchor * text_width(cr, s), y);
	cairo_show_text(cr, s);
}

/* `s` cut at the last character that starts within n bytes, with an ellipsis where that is not all. */
static void cut_text(struct buf *b, const char *s, size_t n)
{
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	buf_reset(b);
	buf_add(b, s, n);
	if (s[n])
		buf_adds(b, "…");
}

/* The longest beginning that fits, found by halving: a name may have a million characters. */
static void fit_text(cairo_t *cr, double x, double y, double anchor, double w, const char *s)
{
	enum { MOST = 1024 }; /* bytes that no plot is wide enough for */
	size_t fits = 0, n = strnlen(s, MOST), too_long = n + 1;
	struct buf b = BUF_INIT;

	for (size_t at = n; fits + 1 < too_long; at = fits + (too_long - fits) / 2) {
		cut_text(&b, s, at);
		if (text_width(cr, buf_str(&b)) <= w)
			fits = at;
		else
			too_long = at;
	}
	cut_text(&b, s, fits);
	text(cr, x, y, anchor, buf_str(&b));
	buf_clear(&b);
}

static void line(cairo_t *cr, double xa, double ya, double xb, double yb)
{
	cairo_move_to(cr, xa, ya);
	cairo_line_to(cr, xb, yb);
	cairo_stroke(cr);
}

/* Marks: shapes that differ without colour. */

static void shape_path(cairo_t *cr, unsigned shape, double x, double y, double r)
{
	static const struct {
		int corners;
		double turn;
	} polygon[] = {{0, 0}, {4, .25}, {3, -.5}, {4, 0}, {3, .5}, {5, -.5}, {6, 0}, {8, .125}};
	int n = polygon[shape % 8].corners;

	cairo_new_sub_path(cr);
	if (n == 0) {
		cairo_arc(cr, x, y, r, 0, 2 * M_PI);
		return;
	}
	for (int i = 0; i < n; i++) {
		double a = M_PI * (2.0 * i / n + polygon[shape % 8].turn);

		cairo_line_to(cr, x + 1.2 * r * cos(a), y + 1.2 * r * sin(a));
	}
	cairo_close_path(cr);
}

static unsigned darker(unsigned rgb)
{
	return (rgb >> 16 & 255) * 6 / 10 << 16 | (rgb >> 8 & 255) * 6 / 10 << 8 |
	       (rgb & 255) * 6 / 10;
}

static void dot(
    cairo_t *cr, const struct chart_series *s, unsigned shape, double x, double y, double r)
{
	shape_path(cr, s->shaped ? shape : 0, x, y, r);
	set_rgb(cr, theme_paper(s->role));
	cairo_fill_preserve(cr);
	set_rgb(cr, darker(theme_paper(s->role)));
	cairo_set_line_width(cr, .4);
	cairo_stroke(cr);
}

/* The series on top has the first. */
static unsigned shape_of(const struct chart_panel *p, unsigned index)
{
	return (unsigned)p->n_series - 1 - index;
}

static void set_stroke(cairo_t *cr, const struct chart_series *s)
{
	static const double dashes[] = {4, 3};

	set_rgb(cr, theme_paper(s->role));
	cairo_set_line_width(cr, s->mark == CHART_DASHED || s->role == ROLE_AXIS ? .9 : 1.5);
	cairo_set_dash(cr, dashes, s->mark == CHART_DASHED ? 2 : 0, 0);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
}

/* Axes */

static double place_x(const struct chart_panel *p, struct box in, double x)
{
	return in.x + chart_share(&p->x, x) * in.w;
}

static double place_y(const struct chart_panel *p, struct box in, double y)
{
	return in.y + (1 - chart_share(&p->y, y)) * in.h;
}

static void draw_x_axis(cairo_t *cr, const struct chart_panel *p, struct box in)
{
	struct chart_tick tick[CHART_TICKS_MAX];
	size_t n = p->x.bare ? 0 : chart_ticks(&p->x, in.w > 300 ? 9 : 6, tick);

	set_font(cr, TICK_SIZE, false);
	for (size_t i = 0; i < n; i++) {
		double x = place_x(p, in, tick[i].at);

		cairo_set_line_width(cr, .6);
		set_rgb(cr, GRID);
		line(cr, x, in.y, x, in.y + in.h);
		set_rgb(cr, INK);
		line(cr, x, in.y + in.h, x, in.y + in.h + TICK_LENGTH);
		text(cr, x, in.y + in.h + TICK_LENGTH + TICK_SIZE + 1, .5, tick[i].text);
	}
	set_font(cr, AXIS_SIZE, false);
	set_rgb(cr, INK);
	text(cr, in.x + in.w / 2,
	    in.y + in.h + AXIS_SIZE + 4 + (n ? TICK_LENGTH + TICK_SIZE + 1 : 0), .5, p->x.title);
}

static void draw_y_axis(cairo_t *cr, const struct chart_panel *p, struct box in)
{
	struct chart_tick tick[CHART_TICKS_MAX];
	size_t n = p->y.bare ? 0 : chart_ticks(&p->y, 7, tick);
	double wide = 0;

	set_font(cr, TICK_SIZE, false);
	for (size_t i = 0; i < n; i++) {
		double y = place_y(p, in, tick[i].at);

		cairo_set_line_width(cr, .6);
		set_rgb(cr, GRID);
		line(cr, in.x, y, in.x + in.w, y);
		set_rgb(cr, INK);
		line(cr, in.x - TICK_LENGTH, y, in.x, y);
		text(cr, in.x - TICK_LENGTH - 2, y + TICK_SIZE * .35, 1, tick[i].text);
		wide = fmax(wide, text_width(cr, tick[i].text));
	}
	set_font(cr, AXIS_SIZE, false);
	set_rgb(cr, INK);
	cairo_save(cr);
	cairo_translate(cr, in.x - wide - (n ? TICK_LENGTH + 7 : 5), in.y + in.h / 2);
	cairo_rotate(cr, -M_PI / 2);
	text(cr, 0, 0, .5, p->y.title);
	cairo_restore(cr);
}

static void draw_frame(cairo_t *cr, const struct chart_panel *p, struct box in)
{
	bool bare = p->x.bare && p->y.bare;

	cairo_set_line_width(cr, .8);
	set_rgb(cr, bare ? 0xcccccc : INK);
	if (bare) {
		cairo_rectangle(cr, in.x, in.y, in.w, in.h);
	} else {
		cairo_move_to(cr, in.x, in.y);
		cairo_line_to(cr, in.x, in.y + in.h);
		cairo_line_to(cr, in.x + in.w, in.y + in.h);
	}
	cairo_stroke(cr);
}

/* Series */

static void draw_series(
    cairo_t *cr, const struct chart_panel *p, unsigned index, struct box in, double r)
{
	const struct chart_series *s = &p->series[index];
	bool pen = false;

	if (s->mark == CHART_DOTS) {
		for (size_t i = 0; i < s->n; i++)
			dot(cr, s, shape_of(p, index), place_x(p, in, s->x[i]),
			    place_y(p, in, s->y[i]), r);
		return;
	}
	cairo_save(cr);
	cairo_rectangle(cr, in.x - 1, in.y - 1, in.w + 2, in.h + 2);
	cairo_clip(cr);
	set_stroke(cr, s);
	for (size_t i = 0; i < s->n; i++) {
		if (isnan(s->x[i]) || isnan(s->y[i])) {
			pen = false;
			continue;
		}
		(pen ? cairo_line_to : cairo_move_to)(
		    cr, place_x(p, in, s->x[i]), place_y(p, in, s->y[i]));
		pen = true;
	}
	cairo_stroke(cr);
	cairo_restore(cr);
}

static bool overlaps(struct box a, struct box b)
{
	return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

#define LABELS_PLACED_MAX 200

/* Whether a dot lies under the box, other than the one at (x, y). */
static bool on_dots(
    const struct chart_panel *p, struct box in, struct box b, double x, double y, double r)
{
	for (size_t i = 0; i < p->n_series; i++) {
		const struct chart_series *s = &p->series[i];

		for (size_t k = 0; s->mark == CHART_DOTS && k < s->n; k++) {
			double px = place_x(p, in, s->x[k]), py = place_y(p, in, s->y[k]);

			if (fabs(px - x) + fabs(py - y) > .01 &&
			    overlaps(b, (struct box){px - r, py - r, 2 * r, 2 * r}))
				return true;
		}
	}
	return false;
}

/* Right of the point, left, above or below, where nothing else is; else not at all. */
static void draw_labels(cairo_t *cr, const struct chart_panel *p, struct box in, double r)
{
	struct box taken[LABELS_PLACED_MAX];
	size_t n = 0;

	set_font(cr, SMALL_SIZE, false);
	set_rgb(cr, INK);
	for (size_t i = 0; i < p->n_labels && n < LABELS_PLACED_MAX; i++) {
		double x = place_x(p, in, p->label[i].x), y = place_y(p, in, p->label[i].y);
		double w = text_width(cr, p->label[i].text), h = SMALL_SIZE;
		const struct box tries[] = {{x + r + 2, y - h / 2, w, h},
		    {x - r - 2 - w, y - h / 2, w, h}, {x - w / 2, y - r - 2 - h, w, h},
		    {x - w / 2, y + r + 2, w, h}};

		for (size_t t = 0; t < 4; t++) {
			struct box b = tries[t];
			bool free = b.x >= in.x + 1 && b.x + b.w <= in.x + in.w - 1 &&
				    b.y >= in.y + 1 && b.y + b.h <= in.y + in.h - 1;

			for (size_t k = 0; k < n && free; k++)
				free = !overlaps(b, taken[k]);
			if (!free || on_dots(p, in, b, x, y, r))
				continue;
			taken[n++] = b;
			text(cr, b.x, b.y + h * .85, 0, p->label[i].text);
			break;
		}
	}
}

/* Legend and colour bar, in one line above the panel. */

static double draw_entry(
    cairo_t *cr, const struct chart_series *s, unsigned shape, double x, double y)
{
	if (s->mark == CHART_DOTS) {
		dot(cr, s, shape, x + 4, y - 3, 3);
		x += 11;
	} else {
		set_stroke(cr, s);
		line(cr, x, y - 3, x + 16, y - 3);
		cairo_set_dash(cr, NULL, 0, 0);
		x += 20;
	}
	set_rgb(cr, INK);
	text(cr, x, y, 0, s->name);
	return x + text_width(cr, s->name) + 12;
}

static void draw_bar(cairo_t *cr, const struct chart_scale *s, double x, double y)
{
	int steps = s->diverging ? 7 : 6;

	set_rgb(cr, INK);
	text(cr, x, y, 0, s->name);
	x += text_width(cr, s->name) + 8;
	text(cr, x, y, 0, s->low);
	x += text_width(cr, s->low) + 4;
	for (int i = 0; i < steps; i++) {
		enum role role =
		    s->diverging ? theme_diverge((i - 3) / 3.0) : theme_ramp((i + .5) / steps);

		set_rgb(cr, theme_paper(role));
		cairo_rectangle(cr, x, y - 7, 14, 8);
		cairo_fill(cr);
		x += 14;
	}
	set_rgb(cr, INK);
	text(cr, x + 4, y, 0, s->high);
}

static void draw_legend(cairo_t *cr, const struct chart_panel *p, struct box in, double y)
{
	double x = in.x;

	set_font(cr, TICK_SIZE, false);
	for (size_t i = p->n_series; i-- > 0;) {
		const struct chart_series *s = &p->series[i];

		if (s->name && s->n && x + 24 + text_width(cr, s->name) < in.x + in.w + 30)
			x = draw_entry(cr, s, shape_of(p, (unsigned)i), x, y);
	}
	if (p->scale.name)
		draw_bar(cr, &p->scale, x, y);
}

/* A unit as long across as it is up: the shorter range is widened about its middle. */
static struct chart_panel squared(const struct chart_panel *p, struct box in)
{
	struct chart_panel q = *p;
	double per_x = (p->x.high - p->x.low) / in.w, per_y = (p->y.high - p->y.low) / in.h;
	struct chart_axis *a = per_x < per_y ? &q.x : &q.y;
	double half = (per_x < per_y ? per_y * in.w : per_x * in.h) / 2,
	       middle = (a->low + a->high) / 2;

	a->low = middle - half;
	a->high = middle + half;
	return q;
}

static void draw_points(cairo_t *cr, const struct chart_panel *given, struct box out)
{
	double left = given->y.bare ? 14 : 40, bottom = given->x.bare ? 18 : 32;
	struct box in = {out.x + left, out.y + 16, out.w - left - 8, out.h - 16 - bottom};
	struct chart_panel p = *given;
	size_t points = 0;
	double r;

	/* Where both axes have a meaning the panel itself is square; a map fills what there is. */
	if (p.square && !p.x.bare && in.w > in.h) {
		in.x += (in.w - in.h) / 2;
		in.w = in.h;
	} else if (p.square) {
		p = squared(given, in);
	}
	for (size_t i = 0; i < p.n_series; i++)
		points += p.series[i].mark == CHART_DOTS ? p.series[i].n : 0;
	r = points > 600 ? 1.6 : points > 150 ? 2.2 : 2.8;
	if (*p.title) {
		set_font(cr, AXIS_SIZE, true);
		set_rgb(cr, INK);
		text(cr, in.x, out.y + 8, 0, p.title);
		draw_legend(cr, &p, (struct box){in.x + text_width(cr, p.title) + 14, 0, in.w, 0},
		    out.y + 8);
	} else {
		draw_legend(cr, &p, in, out.y + 8);
	}
	draw_x_axis(cr, &p, in);
	draw_y_axis(cr, &p, in);
	draw_frame(cr, &p, in);
	for (size_t i = 0; i < p.n_series; i++)
		draw_series(cr, &p, (unsigned)i, in, r);
	draw_labels(cr, &p, in, r);
}

/* Heat maps */

#define HEAT_TOP 74.0   /* for the names of the columns, which stand up */
#define HEAT_ROW 9.0    /* a row that has its name */
#define HEAT_HIGH 700.0 /* with more rows than fit, they are thin and without names */
#define HEAT_NAMES 130.0

static double heat_row(const struct chart_heat *h)
{
	double room = HEAT_HIGH / (double)(h->rows ? h->rows : 1);

	return room < HEAT_ROW ? room : HEAT_ROW;
}

static bool is_light(unsigned rgb)
{
	return 299 * (rgb >> 16 & 255) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255) > 140000;
}

static void draw_heat_cell(cairo_t *cr, double v, double scale, struct box b)
{
	unsigned rgb = theme_paper(theme_diverge(v / scale));
	char s[16];

	set_rgb(cr, isnan(v) ? 0xdddddd : rgb);
	cairo_rectangle(cr, b.x, b.y, b.w + .2, b.h + .2); /* no seams */
	cairo_fill(cr);
	if (isnan(v) || b.w < 16 || b.h < HEAT_ROW)
		return;
	snprintf(s, sizeof(s), fabs(v) < .5 ? "0" : "%+.0f", v);
	set_rgb(cr, is_light(rgb) ? 0 : 0xffffff);
	text(cr, b.x + b.w / 2, b.y + b.h - 2.2, .5, s);
}

static void draw_heat(cairo_t *cr, const struct chart_panel *p, struct box out)
{
	const struct chart_heat *h = p->heat;
	bool names = heat_row(h) >= HEAT_ROW;
	double left = names ? HEAT_NAMES : 0, row = heat_row(h);
	struct box in = {out.x + left, out.y + HEAT_TOP, out.w - left - 30, row * (double)h->rows};
	double column = in.w / (double)(h->columns ? h->columns : 1);

	draw_legend(cr, p, (struct box){out.x, 0, out.w, 0}, out.y + 8);
	column = fmin(column, names ? 40 : 90);
	set_font(cr, SMALL_SIZE, false);
	for (size_t j = 0; j < h->columns && column >= 6; j++) {
		set_rgb(cr, INK);
		cairo_save(cr);
		cairo_translate(cr, in.x + column * ((double)j + .5) + 2, in.y - 3);
		cairo_rotate(cr, -M_PI / 4);
		fit_text(cr, 0, 0, 0, (HEAT_TOP - 20) * 1.3, h->column[j]);
		cairo_restore(cr);
	}
	for (size_t i = 0; i < h->rows; i++) {
		double y = in.y + row * (double)i;

		if (names) {
			set_rgb(cr, INK);
			fit_text(cr, in.x - 4, y + row - 2.2, 1, left - 4, h->row[i]);
		}
		for (size_t j = 0; j < h->columns; j++)
			draw_heat_cell(cr, h->v[i * h->columns + j], h->scale,
			    (struct box){in.x + column * (double)j, y, column, row});
	}
}

/* The page */

static double page_height(const struct chart *chart)
{
	if (chart->n_panels && chart->panel[0].heat)
		return HEAT_TOP + 50 +
		       heat_row(chart->panel[0].heat) * (double)chart->panel[0].heat->rows;
	return chart->n_panels > 1 ? PANELS_HEIGHT : HEIGHT;
}

static void draw_page(cairo_t *cr, const struct chart *chart, double height)
{
	double top = MARGIN + TITLE_SIZE + 8, bottom = MARGIN + SMALL_SIZE + 2;
	double w = (WIDTH - 2 * MARGIN) / (double)(chart->n_panels ? chart->n_panels : 1);

	set_rgb(cr, 0xffffff);
	cairo_paint(cr);
	set_font(cr, TITLE_SIZE, true);
	set_rgb(cr, INK);
	fit_text(cr, MARGIN, MARGIN + TITLE_SIZE, 0, WIDTH - 2 * MARGIN, chart->title);
	set_font(cr, SMALL_SIZE, false);
	set_rgb(cr, FAINT);
	fit_text(cr, MARGIN, height - MARGIN, 0, WIDTH - 2 * MARGIN, chart->note);
	for (size_t i = 0; i < chart->n_panels; i++) {
		struct box out = {MARGIN + w * (double)i, top, w, height - top - bottom};

		if (chart->panel[i].heat)
			draw_heat(cr, &chart->panel[i], out);
		else
			draw_points(cr, &chart->panel[i], out);
	}
}

static cairo_status_t add_bytes(void *arg, const unsigned char *p, unsigned n)
{
	return buf_add(arg, p, n) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *new_surface(enum format format, double height, struct buf *out)
{
	switch (format) {
	case SVG:
		return cairo_svg_surface_create_for_stream(add_bytes, out, WIDTH, height);
	case PDF:
		return cairo_pdf_surface_create_for_stream(add_bytes, out, WIDTH, height);
	default:
		return cairo_image_surface_create(
		    CAIRO_FORMAT_RGB24, (int)(WIDTH * PNG_SCALE), (int)(height * PNG_SCALE));
	}
}

static cairo_status_t render(const struct chart *chart, enum format format, struct buf *out)
{
	double height = page_height(chart);
	cairo_surface_t *s = new_surface(format, height, out);
	cairo_t *cr = cairo_create(s);
	cairo_status_t status;

	if (format == PNG)
		cairo_scale(cr, PNG_SCALE, PNG_SCALE);
	if (format == PDF)
		cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, chart->title);
	draw_page(cr, chart, height);
	status = cairo_status(cr);
	cairo_destroy(cr);
	if (status == CAIRO_STATUS_SUCCESS && format == PNG)
		status = cairo_surface_write_to_png_stream(s, add_bytes, out);
	cairo_surface_finish(s);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(s);
	cairo_surface_destroy(s);
	return status;
}

bool chart_svg(const struct chart *chart, struct buf *out, struct err *e)
{
	cairo_status_t status = render(chart, SVG, out);

	return status == CAIRO_STATUS_SUCCESS ||
	       err_set(e, ERR_FAILED, "cairo: %s", cairo_status_to_string(status));
}

bool chart_file_check(const char *path, struct err *e)
{
	enum format format;

	return find_format(path, &format, e);
}

bool chart_file_write(const struct chart *chart, const char *path, struct err *e)
{
	struct buf bytes = BUF_INIT;
	cairo_status_t status;
	enum format format;
	struct file_out o;
	bool ok;

	if (!find_format(path, &format, e))
		return false;
	status = render(chart, format, &bytes);
	ok = status == CAIRO_STATUS_SUCCESS ||
	     err_set(e, ERR_FAILED, "%s: cairo: %s", path, cairo_status_to_string(status));
	ok = ok && file_create(&o, path, e);
	if (ok) {
		fwrite(bytes.s, 1, bytes.len, o.f);
		ok = file_commit(&o, e);
	}
	buf_clear(&bytes);
	return ok;
}

#endif
