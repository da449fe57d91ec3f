#include "screen/probe_heat.h"

#include "base/mem.h"
#include "tui/plot.h"
#include "tui/theme.h"
#include "task/model_name.h"

#include <math.h>
#include <string.h>

enum { NAME, ACCURACY, ERROR, STRIP, ALL, COLUMNS };

#define CELL_LEAST 6 /* "+12.3 " without the point: sign, two digits, room */
#define CELL_MOST 12
#define NAMES_LEAST 29 /* cells for marks, name, mean error and their gaps */

static const struct column columns[COLUMNS] = {
    [NAME] = {"name", .brief = "Model", .kind = COLUMN_CLIP, .width = 16, .grow = 40,
	.about = "The model."},
    [ACCURACY] = {"accuracy", .brief = "Acc.", .kind = COLUMN_SHARE, .decimals = 1, .width = 5,
	.drop = 2, .about = "Of all its answers, how many are right, in percent."},
    [ERROR] = {"mean_error", .brief = "|Err|", .kind = COLUMN_SHARE, .decimals = 1, .width = 5,
	.drop = 1, .about = "Mean distance of forecast and truth over the benchmarks, in points."},
    [STRIP] = {"error", .brief = "", .kind = COLUMN_SHARE, .decimals = 1, .plus = true,
	.width = 4 * CELL_LEAST, .grow = 400,
	.about =
	    "Forecast minus truth on each benchmark, in points; sorted, and in a file, that on "
	    "the benchmark under the cursor."},
    [ALL] = {"errors", .brief = "Errors", .kind = COLUMN_MAP, .width = 20, .grow = 200, .drop = 3,
	.hidden = true, .about = "Forecast minus truth on every benchmark, in points."},
};

/* Forecast minus truth, in points. */
static double error_of(const struct probe_heat *h, size_t benchmark, size_t model)
{
	const struct probe_row *r = &h->probe->v[benchmark];

	return 100 * (r->forecast[model] - r->truth[model]);
}

static double mean_error(const struct probe_heat *h, size_t model)
{
	double sum = 0, n = 0;

	for (size_t b = 0; b < h->probe->n; b++) {
		double e = error_of(h, b, model);

		sum += isnan(e) ? 0 : fabs(e);
		n += !isnan(e);
	}
	return n > 0 ? sum / n : NAN;
}

static const struct catalog_model *model_of(const struct probe_heat *h, size_t row)
{
	return &view_catalog(h->view)->models[h->model[row]];
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct probe_heat *h = t->rows;
	const struct catalog *c = view_catalog(h->view);
	size_t model = h->model[row];

	switch (column) {
	case NAME:
		return value_text(model_of(h, row)->name);
	case ACCURACY:
		return value_real(catalog_model_accuracy(model_of(h, row)));
	case ERROR:
		return value_real(mean_error(h, model) / 100);
	case STRIP:
		return value_real(error_of(h, h->column, model) / 100);
	default:
		for (size_t b = 0; b < h->probe->n; b++) {
			char text[16];

			snprintf(text, sizeof(text), "%+.1f", error_of(h, b, model));
			value_map_add(scratch, c->benchmarks[h->probe->v[b].benchmark].name, text);
		}
		return value_map(scratch, h->probe->n);
	}
}

static size_t cell_width(const struct probe_heat *h, int w)
{
	int each = h->probe->n ? w / (int)h->probe->n : w;

	return (size_t)(each < CELL_LEAST ? CELL_LEAST : each > CELL_MOST ? CELL_MOST : each);
}

static void draw_strip(
    struct probe_heat *h, size_t model, struct cells *c, int y, int x, int w, unsigned style)
{
	size_t each = cell_width(h, w), fit = (size_t)w / each;

	for (size_t i = 0; i < fit && h->left + i < h->probe->n; i++) {
		double e = error_of(h, h->left + i, model);
		unsigned flags = style & ~(unsigned)STYLE_ROLE;
		char text[16];

		if (isnan(e)) {
			cells_right(
			    c, y, x + (int)(i * each), (int)each - 1, ROLE_DIM | flags, "–");
			continue;
		}
		snprintf(text, sizeof(text), "%+.0f", fabs(e) < 0.5 ? 0 : e);
		cells_fill(c, y, x + (int)(i * each), (int)each - 1,
		    theme_diverge(e / h->scale) | flags, ' ');
		cells_right(c, y, x + (int)(i * each), (int)each - 1,
		    theme_diverge(e / h->scale) | flags, fabs(e) < 0.5 ? "0" : text);
	}
}

static bool heat_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	struct probe_heat *h = arg;

	if (column == NAME && cells_width(c, model_of(h, row)->name) > w) {
		cells_fit(c, y, x, w, style, model_name_short(model_of(h, row)));
		return true;
	}
	if (column != STRIP)
		return false;
	h->strip_x = x;
	h->strip_w = w;
	draw_strip(h, h->model[row], c, y, x, w, style);
	return true;
}

static const struct list_source source = {.draw = heat_draw_cell};

void probe_heat_init(struct probe_heat *h, const struct view *view)
{
	struct table t = {.name = "probe_errors",
	    .columns = columns,
	    .n_columns = COLUMNS,
	    .value = value,
	    .rows = h};

	*h = (struct probe_heat){.view = view};
	list_init(&h->list, &t, &source, h);
	h->list.name_column = NAME;
	h->list.sort = ERROR;
	h->list.reverse = true;
}

void probe_heat_clear(struct probe_heat *h)
{
	list_clear(&h->list);
	mem_free(h->model);
}

/* Colours are full at three times the mean error, at a round number. */
static double full_scale(const struct probe_heat *h)
{
	double sum = 0, n = 0;

	for (size_t b = 0; b < h->probe->n; b++)
		for (size_t i = 0; i < view_catalog(h->view)->n_models; i++) {
			double e = error_of(h, b, i);

			sum += isnan(e) ? 0 : fabs(e);
			n += !isnan(e);
		}
	return plot_nice_up(n > 0 ? 2 * sum / n : 1);
}

void probe_heat_set(struct probe_heat *h, const struct probe *p)
{
	size_t at = probe_heat_model(h), n = 0, row = SIZE_MAX, models;

	list_rows(&h->list, 0, SIZE_MAX);
	mem_free(h->model);
	h->model = NULL;
	h->probe = p;
	if (!p)
		return;
	models = view_catalog(h->view)->n_models;
	h->model = mem_array(models + 1, sizeof(*h->model));
	for (size_t m = 0; m < models; m++) {
		if (isnan(mean_error(h, m)))
			continue;
		row = m == at ? n : row;
		h->model[n++] = (uint32_t)m;
	}
	h->column = h->column < p->n ? h->column : 0;
	h->left = 0;
	h->scale = full_scale(h);
	list_rows(&h->list, n, row);
}

size_t probe_heat_model(const struct probe_heat *h)
{
	size_t row = list_row(&h->list);

	return row == SIZE_MAX ? SIZE_MAX : h->model[row];
}

void probe_heat_move(struct probe_heat *h, long n)
{
	long at = (long)h->column + n, last = (long)(h->probe ? h->probe->n : 1) - 1;

	h->column = (size_t)(at < 0 ? 0 : at > last ? last : at);
	if (h->list.sort == STRIP)
		list_set_sort(&h->list, STRIP, h->list.reverse);
}

/* Bytes that all names begin with, up to a separator: nothing to tell them apart by. */
static size_t common_start(const struct catalog *r)
{
	const char *first = r->n_benchmarks > 1 ? r->benchmarks[0].name : "";
	size_t n = strlen(first);

	for (size_t b = 1; b < r->n_benchmarks; b++) {
		const char *name = r->benchmarks[b].name;
		size_t i = 0;

		while (i < n && name[i] == first[i])
			i++;
		n = i;
	}
	while (n > 0 && !strchr("_-/:. ", first[n - 1]))
		n--;
	return n;
}

/* Names of the benchmarks over the strip; the column of the cursor stands out. */
static void draw_names(struct probe_heat *h, struct cells *c, int y, bool focused)
{
	size_t each = cell_width(h, h->strip_w), fit = (size_t)h->strip_w / each;
	const struct catalog *r = view_catalog(h->view);
	size_t start = common_start(r);

	for (size_t i = 0; i < fit && h->left + i < h->probe->n; i++) {
		size_t b = h->left + i;
		bool here = b == h->column;
		int x = h->strip_x + (int)(i * each);
		unsigned style = ROLE_HEADER | (here && focused ? STYLE_REVERSE : 0);

		cells_fit(c, y, x, (int)each - 1, style,
		    r->benchmarks[h->probe->v[b].benchmark].name + start);
		if (here && focused)
			cells_put(c, y, x - 1, style & ~(unsigned)STYLE_REVERSE, '>');
		if (here && h->list.sort == STRIP)
			cells_put(c, y, x + (int)each - 2, style, h->list.reverse ? U'▾' : U'▴');
	}
}

static void draw_legend(const struct probe_heat *h, struct cells *c, int y, int x, int w)
{
	int end = x + w;

	x += cells_text(c, y, x, end - x, ROLE_DIM, "points; too low ");
	for (int i = -3; i <= 3; i++, x += 4) {
		cells_fill(c, y, x, 4, theme_diverge(i / 3.0), ' ');
		cells_printf(c, y, x, 4, theme_diverge(i / 3.0), "%+3.0f", i * h->scale / 3);
	}
	cells_printf(c, y, x + 1, end - x - 1, ROLE_DIM, "too high%s",
	    h->left || h->probe->n > (size_t)h->strip_w / cell_width(h, h->strip_w)
		? "; more benchmarks: Tab, then h l"
		: "");
}

void probe_heat_draw(struct probe_heat *h, struct cells *c, struct area a, bool focused)
{
	int want = h->probe ? CELL_LEAST * (int)h->probe->n : 0, room = a.w - NAMES_LEAST;
	size_t fit;

	list_set_hints(&h->list, STRIP, 0,
	    want < CELL_LEAST ? CELL_LEAST
	    : want < room     ? want
			      : room);
	if (a.h < 3 || !h->probe || !h->list.n)
		return;
	/* The width of the strip is known once a row was drawn. */
	if (h->strip_w > 0) {
		fit = (size_t)h->strip_w / cell_width(h, h->strip_w);
		if (h->column < h->left)
			h->left = h->column;
		if (fit && h->column >= h->left + fit)
			h->left = h->column - fit + 1;
	}
	h->strip_w = 0;
	list_draw(&h->list, c, (struct area){a.y, a.x, a.h - 1, a.w}, focused);
	if (h->strip_w > 0) {
		draw_names(h, c, a.y, focused);
		draw_legend(h, c, a.y + a.h - 1, a.x + 1, a.w - 2);
	}
}
