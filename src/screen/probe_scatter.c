#include "screen/probe_scatter.h"

#include "base/mem.h"
#include "base/share.h"
#include "task/model_name.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME, TRUTH, WIDTH, FORECAST, ERROR, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = {"model", .brief = "Model", .kind = COLUMN_CLIP, .width = 16, .grow = 44,
	.about = "The model."},
    [TRUTH] = {"accuracy", .brief = "True", .kind = COLUMN_SHARE, .decimals = 1, .width = 5,
	.about = "Its accuracy on the benchmark, in percent."},
    [WIDTH] = {"half_width", .brief = "±", .kind = COLUMN_SHARE, .decimals = 1, .width = 4,
	.drop = 2, .about = "Half the 95 % interval of that (Wilson's score), in points."},
    [FORECAST] = {"forecast", .brief = "Fcst", .kind = COLUMN_SHARE, .decimals = 1, .width = 5,
	.about = "What is foretold from its vector, by a fit that did not see it, in percent."},
    [ERROR] = {"error", .brief = "Error", .kind = COLUMN_SHARE, .decimals = 1, .width = 5,
	.plus = true, .about = "Forecast minus truth, in points."},
};

static const struct catalog_model *model_of(const struct probe_scatter *s, size_t row)
{
	return &view_catalog(s->view)->models[s->model[row]];
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct probe_scatter *s = t->rows;
	const struct catalog *r = view_catalog(s->view);
	size_t i = s->model[row] * r->n_benchmarks + s->row->benchmark;

	(void)scratch;
	switch (column) {
	case NAME:
		return value_text(model_of(s, row)->name);
	case TRUTH:
		return value_real(s->v[row].y / 100);
	case WIDTH:
		return value_real(share_half_width(r->right[i], r->seen[i]));
	case FORECAST:
		return value_real(s->v[row].x / 100);
	default:
		return value_real((s->v[row].x - s->v[row].y) / 100);
	}
}

static bool scatter_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct catalog_model *m = model_of(arg, row);

	if (column != NAME || cells_width(c, m->name) <= w)
		return false;
	cells_fit(c, y, x, w, style, model_name_short(m));
	return true;
}

static const struct list_source source = {.draw = scatter_draw_cell};

void probe_scatter_init(struct probe_scatter *s, const struct view *view)
{
	struct table t = {.name = "probe_models",
	    .columns = columns,
	    .n_columns = COLUMNS,
	    .value = value,
	    .rows = s};

	*s = (struct probe_scatter){.view = view};
	list_init(&s->list, &t, &source, s);
	s->list.name_column = NAME;
	s->list.sort = ERROR;
	s->list.reverse = true;
}

static void drop_rows(struct probe_scatter *s)
{
	list_rows(&s->list, 0, SIZE_MAX);
	mem_free(s->model);
	mem_free(s->v);
	s->model = NULL;
	s->v = NULL;
}

void probe_scatter_clear(struct probe_scatter *s)
{
	drop_rows(s);
	list_clear(&s->list);
}

void probe_scatter_set(
    struct probe_scatter *s, const struct probe *p, const struct probe_row *row, size_t model)
{
	size_t n = 0, at = SIZE_MAX, models;

	if (model == SIZE_MAX)
		model = probe_scatter_model(s);
	drop_rows(s);
	s->probe = p;
	s->row = row;
	if (!row)
		return;
	models = view_catalog(s->view)->n_models;
	s->model = mem_array(models + 1, sizeof(*s->model));
	s->v = mem_array(models + 1, sizeof(*s->v));
	for (size_t m = 0; m < models; m++) {
		if (isnan(row->forecast[m]) || isnan(row->truth[m]))
			continue;
		at = m == model ? n : at;
		s->v[n] = (struct viewport_point){100 * row->forecast[m], 100 * row->truth[m]};
		s->model[n++] = (uint32_t)m;
	}
	list_rows(&s->list, n, at);
}

size_t probe_scatter_model(const struct probe_scatter *s)
{
	size_t row = list_row(&s->list);

	return row == SIZE_MAX ? SIZE_MAX : s->model[row];
}

void probe_scatter_go(struct probe_scatter *s, int right, int up)
{
	size_t row = list_row(&s->list);
	bool *can;

	if (row == SIZE_MAX)
		return;
	can = mem_zero_array(s->list.n, sizeof(*can));
	for (size_t i = 0; i < list_shown(&s->list); i++)
		can[list_row_at(&s->list, i)] = true;
	list_go(&s->list, viewport_next(s->list.n, s->v, can, row, right, up));
	mem_free(can);
}

void probe_scatter_chart(const struct probe_scatter *s, struct chart *out)
{
	const struct catalog *r = view_catalog(s->view);
	bool *in = mem_zero_array(r->n_models + 1, sizeof(*in));

	for (size_t i = 0; i < list_shown(&s->list); i++)
		in[s->model[list_row_at(&s->list, i)]] = true;
	chart_of_forecasts(out, r, view_atlas(s->view)->run_name, s->probe, s->row, in);
	mem_free(in);
}

static void draw_points(struct probe_scatter *s, struct cells *c, struct area a, bool focused)
{
	size_t row = list_row(&s->list);
	const struct chart_panel *p;
	struct chart chart;
	struct plot plot;
	int y, x;

	probe_scatter_chart(s, &chart);
	p = &chart.panel[0];
	if (!chart_draw(p, c, a, 4, &plot) || row == SIZE_MAX ||
	    !plot_cell(
		&plot, chart_share(&p->x, s->v[row].x), chart_share(&p->y, s->v[row].y), &y, &x)) {
		chart_clear(&chart);
		return;
	}
	chart_clear(&chart);
	cells_put(c, y, x, ROLE_DEFAULT | STYLE_REVERSE | STYLE_BOLD, 'o');
	cells_fit(c, y, x + 2, a.x + a.w - x - 2 < 24 ? a.x + a.w - x - 2 : 24,
	    ROLE_DEFAULT | STYLE_BOLD, model_name_short(model_of(s, row)));
	if (focused) {
		c->cursor_y = y;
		c->cursor_x = x;
	}
}

static void draw_plot(struct probe_scatter *s, struct cells *c, struct area a, bool focused)
{
	const struct probe_row *r = s->row;

	cells_rule(c, a.y, a.x, a.w, "Truth (up) against forecast, %", focused);
	draw_points(s, c, (struct area){a.y + 1, a.x, a.h - 3, a.w - 1}, focused);
	cells_printf(c, a.y + a.h - 2, a.x + 1, a.w - 2, ROLE_DIM,
	    "R² %.2f ±%.2f  tau %.2f ±%.2f  λ %.2g", r->r2.value, (r->r2.high - r->r2.low) / 2,
	    r->tau.value, (r->tau.high - r->tau.low) / 2, r->lambda);
	cells_printf(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM,
	    "mean error %.1f ±%.1f points; of the mean %.1f", 100 * r->mae.value,
	    50 * (r->mae.high - r->mae.low), 100 * r->base_mae);
}

void probe_scatter_draw(struct probe_scatter *s, struct cells *c, struct area a, bool on_plot)
{
	bool both = a.w >= PANES_BESIDE;
	int left = a.w * 9 / 20 < 40 ? 40 : a.w * 9 / 20;

	if (!s->row)
		return;
	if (s->row->why_not) {
		cells_wrap(c, (struct area){a.y + 2, a.x + 2, a.h - 2, a.w - 4}, ROLE_DEFAULT,
		    s->row->why_not);
		return;
	}
	if (both) {
		cells_split(c, a.y, a.x + left, a.h);
	}
	if (both || !on_plot) {
		struct area l = {a.y, a.x, a.h, both ? left : a.w};

		cells_rule(c, l.y, l.x, l.w, both ? "Held-out forecasts" : "Forecasts (Tab: plot)",
		    both && !on_plot);
		list_draw(&s->list, c, (struct area){l.y + 1, l.x, l.h - 1, l.w}, !on_plot);
	}
	if (both || on_plot)
		draw_plot(s, c, both ? (struct area){a.y, a.x + left + 1, a.h, a.w - left - 1} : a,
		    on_plot);
}
