#include "chart/charts.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/plural.h"
#include "chart/map_color.h"
#include "task/model_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_MAX 60

/* Curves */

void chart_curve_add(struct chart_curve *k, const struct epoch *t)
{
	k->v = mem_grow(k->v, &k->cap, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = *t;
}

void chart_curve_clear(struct chart_curve *k)
{
	mem_free(k->v);
	*k = (struct chart_curve){.v = NULL};
}

/* The accuracy in percent. */
static double value(const struct epoch *t, bool accuracy, bool train)
{
	if (accuracy)
		return 100 * (train ? t->train_accuracy : t->val_accuracy);
	return train ? t->train_loss : t->val_loss;
}

/* Out to round numbers, so that the lines do not jump with every epoch. */
static bool value_range(
    const struct chart_curve *k, size_t n, bool accuracy, double base, struct chart_axis *axis)
{
	double step, low = isnan(base) ? INFINITY : base, high = isnan(base) ? -INFINITY : base;

	for (size_t i = 0; i < n; i++) {
		for (size_t t = 0; t < k[i].n; t++) {
			double a = value(&k[i].v[t], accuracy, false);
			double b = i == 0 ? value(&k[i].v[t], accuracy, true) : a;

			low = fmin(low, fmin(a, b));
			high = fmax(high, fmax(a, b));
		}
	}
	if (!(high >= low) || isinf(low) || isinf(high))
		return false;
	step = plot_nice_up(fmax(high - low, accuracy ? 0.1 : 1e-3) / 5);
	axis->low = floor(low / step) * step;
	axis->high = fmax(ceil(high / step) * step, axis->low + step);
	if (axis->log && axis->low <= 0)
		axis->low = fmin(low, step) / 2;
	return true;
}

static void add_curve(struct chart *chart, struct chart_panel *p, const struct chart_curve *k,
    bool accuracy, bool train, const char *name, enum role role)
{
	struct chart_series *s = chart_add_series(chart, p, name, CHART_LINE, role, k->n);

	for (size_t t = 0; t < k->n; t++)
		chart_add(s, (double)k->v[t].epoch, value(&k->v[t], accuracy, train));
}

static void add_panel_of_curves(struct chart *chart, const struct chart_curve *k, size_t n,
    double base, bool accuracy, bool log_axis)
{
	const char *loss = log_axis ? "Loss (log)" : "Loss";
	struct chart_panel *p = chart_add_panel(chart, accuracy ? "Accuracy, %" : loss);
	struct chart_series *s;
	double last = 2;

	for (size_t i = 0; i < n; i++)
		if (k[i].n)
			last = fmax(last, (double)k[i].v[k[i].n - 1].epoch);
	p->x = (struct chart_axis){.title = "epoch", .low = 1, .high = last};
	p->y = (struct chart_axis){.title = accuracy ? "accuracy, %" : "log-loss",
	    .low = 0,
	    .high = accuracy ? 100 : 1,
	    .log = log_axis};
	if (!value_range(k, n, accuracy, base, &p->y))
		return;
	if (!isnan(base)) {
		s = chart_add_series(chart, p, "model rate", CHART_DASHED, theme_series(7), 2);
		chart_add(s, 1, base);
		chart_add(s, last, base);
	}
	for (size_t i = n; i > 1; i--)
		add_curve(chart, p, &k[i - 1], accuracy, false,
		    chart_text(chart, "run %lld valid", (long long)k[i - 1].run),
		    theme_series((unsigned)i));
	add_curve(chart, p, &k[0], accuracy, true, "train", theme_series(1));
	add_curve(chart, p, &k[0], accuracy, false,
	    chart_text(chart, "run %lld valid", (long long)k[0].run), theme_series(0));
}

void chart_of_curves(struct chart *chart, const struct chart_curve *k, size_t n, bool log_axis)
{
	*chart = (struct chart){.title = "Training", .note = ""};
	if (!n)
		return;
	chart->title = chart_text(chart, "Training of run %lld", (long long)k[0].run);
	for (size_t i = 0; i < n; i++)
		if (k[i].dim)
			chart->note = chart_text(chart, "%s%srun %lld: mf K=%zu, seed %llu",
			    chart->note, i ? "; " : "", (long long)k[i].run, k[i].dim,
			    (unsigned long long)k[i].seed);
	add_panel_of_curves(chart, k, n, k[0].base_loss, false, log_axis);
	add_panel_of_curves(chart, k, n, 100 * k[0].base_accuracy, true, false);
}

/* The map */

int chart_map_by(const struct catalog *r, const char *name, struct err *e)
{
	static const char *const plain[] = {"accuracy", "family", "size"};
	struct buf b = BUF_INIT;

	for (int i = 0; i < 3; i++)
		if (!strcmp(name, plain[i]))
			return i;
	for (size_t i = 0; i < r->n_benchmarks; i++)
		if (!strcmp(name, r->benchmarks[i].name))
			return MAP_COLOR_BENCHMARK + (int)i;
	for (size_t i = 0; i < r->n_benchmarks; i++)
		buf_printf(&b, ", %s", r->benchmarks[i].name);
	err_set(e, ERR_USAGE, "'%s' is nothing to colour by: accuracy, family, size%s", name,
	    buf_str(&b));
	buf_clear(&b);
	return -1;
}

static const struct catalog *ranking; /* of by_accuracy, one thread at a time */

static int by_accuracy(const void *pa, const void *pb)
{
	const struct catalog_model *a = &ranking->models[*(const size_t *)pa];
	const struct catalog_model *b = &ranking->models[*(const size_t *)pb];
	double x = a->seen > 0 ? a->right / a->seen : -1, y = b->seen > 0 ? b->right / b->seen : -1;

	return (x < y) - (x > y);
}

/* The most and the least accurate by turns, so that both ends of the map are named. */
static void label_models(
    struct chart *chart, struct chart_panel *p, const struct atlas *a, const struct map *m)
{
	size_t *order = mem_array(m->n + 1, sizeof(*order)), *point;

	point = mem_array(a->catalog.n_models + 1, sizeof(*point));
	for (size_t i = 0; i < m->n; i++) {
		order[i] = m->v[i].model;
		point[order[i]] = i;
	}
	ranking = &a->catalog;
	qsort(order, m->n, sizeof(*order), by_accuracy);
	chart_make_labels(chart, p, m->n < LABELS_MAX ? m->n : LABELS_MAX);
	for (size_t i = 0; i < p->cap_labels; i++) {
		size_t model = order[i % 2 ? m->n - 1 - i / 2 : i / 2];

		chart_add_label(p, m->v[point[model]].x, m->v[point[model]].y,
		    chart_text(chart, "%s", model_name_short(&a->catalog.models[model])));
	}
	mem_free(order);
	mem_free(point);
}

static void add_map_series(
    struct chart *chart, struct chart_panel *p, const struct map *m, const struct map_color *k)
{
	const uint8_t *roles = map_color_roles(k);

	/* From the last: the first are drawn on top and come first in the legend. */
	for (unsigned class = PLOT_CLASSES; class -- > 0;) {
		enum role role = roles ? (enum role)roles[class] : theme_series(class);
		const char *name = NULL;
		struct chart_series *s;

		if (!roles && k->members[class])
			name = class < MAP_FAMILIES ? k->family[class] : "other";
		else if (roles && class == MAP_NONE && k->unknown)
			name = "unknown";
		s = chart_add_series(chart, p, name, CHART_DOTS, role, m->n);
		s->shaped = !roles;
		for (size_t i = 0; i < m->n; i++)
			if (k->class[m->v[i].model] == class)
				chart_add(s, m->v[i].x, m->v[i].y);
	}
}

static void set_map_axis(struct chart *chart, struct chart_axis *x, const struct map *m, int which)
{
	double low = INFINITY, high = -INFINITY, margin;

	for (size_t i = 0; i < m->n; i++) {
		double v = which ? m->v[i].y : m->v[i].x;

		low = fmin(low, v);
		high = fmax(high, v);
	}
	margin = 0.04 * fmax(high - low, 1e-9);
	*x = (struct chart_axis){
	    .title = "", .low = low - margin, .high = high + margin, .bare = true};
	if (m->options.method == MAP_PCA)
		x->title = chart_text(chart, "component %d (%.0f %% of the variance)", which + 1,
		    100 * m->explained[which]);
}

void chart_of_map(struct chart *chart, const struct atlas *a, const struct map *m, int by)
{
	bool tsne = m->options.method == MAP_TSNE;
	struct map_color k = {0};
	struct buf name = BUF_INIT, low = BUF_INIT, high = BUF_INIT;
	struct chart_panel *p;

	*chart = (struct chart){.n_panels = 0};
	map_color_set(&k, &a->catalog, a->has_vector, by);
	map_color_name(&a->catalog, by, &name);
	chart->title =
	    chart_text(chart, "%zu model%s by %s", m->n, plural(m->n), tsne ? "t-SNE" : "PCA");
	chart->note =
	    tsne ? chart_text(chart, "%s, perplexity %.0f, seed %llu, KL %.3f", a->run_name,
		       m->options.perplexity, (unsigned long long)m->options.seed, m->kl)
		 : chart_text(chart, "%s", a->run_name);
	p = chart_add_panel(chart, "");
	p->square = true;
	if (m->n) {
		set_map_axis(chart, &p->x, m, 0);
		set_map_axis(chart, &p->y, m, 1);
		add_map_series(chart, p, m, &k);
		label_models(chart, p, a, m);
	}
	if (by != MAP_COLOR_FAMILY && map_color_ends(&k, &low, &high))
		p->scale = (struct chart_scale){chart_text(chart, "%s", buf_str(&name)),
		    chart_text(chart, "%s", buf_str(&low)), chart_text(chart, "%s", buf_str(&high)),
		    false};
	buf_clear(&name);
	buf_clear(&low);
	buf_clear(&high);
	map_color_clear(&k);
}

/* Probe */

static const char *forecast_source(const struct probe *p)
{
	return p->options.seen ? "vectors that have seen the benchmark"
			       : "vectors refitted without the benchmark";
}

/* One range for both axes, so that the diagonal is where forecast and truth agree. */
static void set_forecast_axes(struct chart_panel *p, const struct probe_row *row, size_t models)
{
	double low = 100, high = 0;

	for (size_t m = 0; m < models; m++) {
		if (isnan(row->forecast[m]) || isnan(row->truth[m]))
			continue;
		low = fmin(low, 100 * fmin(row->forecast[m], row->truth[m]));
		high = fmax(high, 100 * fmax(row->forecast[m], row->truth[m]));
	}
	low = fmax(0, 10 * floor(low / 10));
	high = fmax(fmin(100, 10 * ceil(high / 10)), low + 10);
	p->x = (struct chart_axis){.title = "forecast, %", .low = low, .high = high};
	p->y = (struct chart_axis){.title = "accuracy, %", .low = low, .high = high};
}

void chart_of_forecasts(struct chart *chart, const struct catalog *r, const char *run,
    const struct probe *probe, const struct probe_row *row, const bool *in)
{
	struct chart_series *diagonal, *over, *under;
	struct chart_panel *p;

	*chart = (struct chart){.n_panels = 0};
	chart->title = chart_text(chart,
	    "%s: R² %.2f [%.2f, %.2f], mean error %.1f points (of the mean: %.1f)",
	    r->benchmarks[row->benchmark].name, row->r2.value, row->r2.low, row->r2.high,
	    100 * row->mae.value, 100 * row->base_mae);
	chart->note = chart_text(chart, "%s, ridge, %zu folds, %s, seed %llu", run,
	    probe->options.folds, forecast_source(probe), (unsigned long long)probe->options.seed);
	p = chart_add_panel(chart, "");
	p->square = true;
	set_forecast_axes(p, row, r->n_models);
	diagonal = chart_add_series(chart, p, NULL, CHART_LINE, ROLE_AXIS, 2);
	chart_add(diagonal, p->x.low, p->x.low);
	chart_add(diagonal, p->x.high, p->x.high);
	under = chart_add_series(
	    chart, p, "forecast too low", CHART_DOTS, theme_series(1), r->n_models);
	over = chart_add_series(
	    chart, p, "forecast too high", CHART_DOTS, theme_series(0), r->n_models);
	under->shaped = over->shaped = true;
	chart_make_labels(chart, p, LABELS_MAX);
	for (size_t m = 0; m < r->n_models; m++) {
		double x = 100 * row->forecast[m], y = 100 * row->truth[m];

		if (in && !in[m])
			continue;
		if (!isnan(x) && !isnan(y))
			chart_add(x > y ? over : under, x, y);
		/* The ones that are missed by most are named. */
		if (fabs(x - y) > 250 * row->mae.value)
			chart_add_label(
			    p, x, y, chart_text(chart, "%s", model_name_short(&r->models[m])));
	}
}

static double error_of(const struct probe *p, size_t benchmark, size_t model)
{
	return 100 * (p->v[benchmark].forecast[model] - p->v[benchmark].truth[model]);
}

/* Mean size of the errors of one model; NaN where it has none. */
static double mean_error(const struct probe *p, size_t model)
{
	double sum = 0, n = 0;

	for (size_t b = 0; b < p->n; b++) {
		double e = error_of(p, b, model);

		sum += isnan(e) ? 0 : fabs(e);
		n += !isnan(e);
	}
	return n > 0 ? sum / n : NAN;
}

struct erring {
	uint32_t model;
	double error;
};

static int by_error(const void *pa, const void *pb)
{
	const struct erring *a = pa, *b = pb;

	return a->error != b->error ? (a->error < b->error) - (a->error > b->error)
				    : (a->model > b->model) - (a->model < b->model);
}

static size_t all_by_error(const struct catalog *r, const struct probe *p, uint32_t *order)
{
	struct erring *v = mem_array(r->n_models + 1, sizeof(*v));
	size_t n = 0;

	for (size_t m = 0; m < r->n_models; m++)
		if (!isnan(mean_error(p, m)))
			v[n++] = (struct erring){(uint32_t)m, mean_error(p, m)};
	qsort(v, n, sizeof(*v), by_error);
	for (size_t i = 0; i < n; i++)
		order[i] = v[i].model;
	mem_free(v);
	return n;
}

static double mean_of_errors(const struct chart_heat *h)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < h->rows * h->columns; i++) {
		sum += isnan(h->v[i]) ? 0 : fabs(h->v[i]);
		n += !isnan(h->v[i]);
	}
	return n > 0 ? sum / n : 0;
}

void chart_of_errors(struct chart *chart, const struct catalog *r, const char *run,
    const struct probe *probe, const uint32_t *order, size_t n, double scale)
{
	struct chart_heat *h;
	struct chart_panel *p;
	uint32_t *own = NULL;

	*chart = (struct chart){.n_panels = 0};
	if (!order) {
		own = mem_array(r->n_models + 1, sizeof(*own));
		n = all_by_error(r, probe, own);
		order = own;
	}
	chart->title =
	    chart_text(chart, "Forecast minus truth of %zu model%s, in points", n, plural(n));
	chart->note = chart_text(chart, "%s, ridge, %zu folds, %s, seed %llu", run,
	    probe->options.folds, forecast_source(probe), (unsigned long long)probe->options.seed);
	p = chart_add_panel(chart, "");
	h = arena_new(&chart->arena, struct chart_heat);
	h->rows = n;
	h->columns = probe->n;
	h->row = arena_array(&chart->arena, const char *, n + 1);
	h->column = arena_array(&chart->arena, const char *, probe->n + 1);
	h->v = arena_array(&chart->arena, double, n * probe->n + 1);
	for (size_t b = 0; b < probe->n; b++)
		h->column[b] = chart_text(chart, "%s", r->benchmarks[probe->v[b].benchmark].name);
	for (size_t i = 0; i < n; i++) {
		h->row[i] = chart_text(chart, "%s", model_name_short(&r->models[order[i]]));
		for (size_t b = 0; b < probe->n; b++)
			h->v[i * probe->n + b] = error_of(probe, b, order[i]);
	}
	h->scale = scale > 0 ? scale : plot_nice_up(2 * mean_of_errors(h));
	p->heat = h;
	p->scale = (struct chart_scale){"points", chart_text(chart, "−%.3g too low", h->scale),
	    chart_text(chart, "+%.3g too high", h->scale), true};
	mem_free(own);
}

/* Route */

/* Nobody is as cheap and more likely right. */
static bool on_frontier(const struct route *r, size_t i)
{
	for (size_t k = 0; k < r->n; k++)
		if (r->v[k].cost <= r->v[i].cost && r->v[k].p > r->v[i].p)
			return false;
	return true;
}

static int by_cost(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

/* The steps of the frontier, from the cheapest to the dearest. */
static void add_frontier(struct chart *chart, struct chart_panel *p, const struct route *route)
{
	double(*v)[2] = mem_array(route->n + 1, sizeof(*v));
	struct chart_series *line, *s;
	size_t n = 0;

	for (size_t i = 0; i < route->n; i++) {
		if (!(route->v[i].cost > 0) || !on_frontier(route, i))
			continue;
		v[n][0] = route->v[i].cost;
		v[n++][1] = route->v[i].p;
	}
	qsort(v, n, sizeof(*v), by_cost);
	line = chart_add_series(chart, p, NULL, CHART_LINE, ROLE_AXIS, n);
	s = chart_add_series(chart, p, "best at its price", CHART_DOTS, theme_series(0), n);
	for (size_t i = 0; i < n; i++) {
		chart_add(line, v[i][0], v[i][1]);
		chart_add(s, v[i][0], v[i][1]);
	}
	s->shaped = true;
	mem_free(v);
}

bool chart_of_costs(
    struct chart *chart, const struct catalog *r, const char *run, const struct route *route)
{
	double low = INFINITY, high = 0;
	struct chart_series *others;
	struct chart_panel *p;

	*chart = (struct chart){.title = "Cost against the probability of a right answer"};
	for (size_t i = 0; i < route->n; i++) {
		if (!(route->v[i].cost > 0))
			continue;
		low = fmin(low, route->v[i].cost);
		high = fmax(high, route->v[i].cost);
	}
	if (!(high > 0))
		return false;
	chart->note = chart_text(chart, "%s; the pick: %s; question: %.80s", run,
	    r->models[route->v[0].model].name, route->text);
	p = chart_add_panel(chart, "");
	p->x = (struct chart_axis){.title = "$ per 1000 questions, log",
	    .low = low / 1.12,
	    .high = high * 1.12,
	    .log = true};
	p->y = (struct chart_axis){.title = "p(right)", .low = 0, .high = 1};
	others = chart_add_series(chart, p, "others", CHART_DOTS, theme_series(1), route->n);
	others->shaped = true;
	chart_make_labels(chart, p, route->n);
	for (size_t i = 0; i < route->n; i++) {
		if (!(route->v[i].cost > 0))
			continue;
		if (!on_frontier(route, i))
			chart_add(others, route->v[i].cost, route->v[i].p);
		if (i == 0 || on_frontier(route, i))
			chart_add_label(p, route->v[i].cost, route->v[i].p,
			    chart_text(
				chart, "%s", model_name_short(&r->models[route->v[i].model])));
	}
	add_frontier(chart, p, route);
	return true;
}
