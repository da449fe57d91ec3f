#include "chart/reproduce_charts.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

/* A row of the learning curves: accuracies by the rule that the last row has. */
static bool on_curve(const struct reproduce *r, const struct reproduce_row *row)
{
	const char *rule = NULL;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].experiment == EXPERIMENT_FORECAST)
			rule = r->v[i].rule;
	return row->experiment == EXPERIMENT_FORECAST && !strcmp(row->measure, "accuracy") &&
	       (!rule || !strcmp(rule, row->rule));
}

static struct chart_series *series_of(struct chart *chart, struct chart_panel *p, const char *name)
{
	for (size_t i = 0; i < p->n_series; i++)
		if (!strcmp(p->series[i].name, name))
			return &p->series[i];
	return p->n_series < CHART_SERIES_MAX
		   ? chart_add_series(chart, p, chart_text(chart, "%s", name), CHART_LINE,
			 theme_series((unsigned)p->n_series), 16)
		   : NULL;
}

/* Out to whole percents. */
static void stretch(struct chart_axis *y, double percent)
{
	y->low = fmin(y->low, floor(percent - .5));
	y->high = fmax(y->high, ceil(percent + .5));
}

static bool learning_curves(struct chart *chart, const struct reproduce *r)
{
	struct chart_panel *p = chart_add_panel(chart, "");
	struct chart_series *base;
	double knows_nothing = NAN;

	p->x = (struct chart_axis){
	    .title = "training questions", .low = INFINITY, .high = 0, .log = true};
	p->y = (struct chart_axis){.title = "test accuracy, %", .low = 100, .high = 0};
	for (size_t i = 0; i < r->n; i++) {
		const struct reproduce_row *row = &r->v[i];
		struct chart_series *s;

		if (!on_curve(r, row) || !(s = series_of(chart, p, row->subject)))
			continue;
		chart_add(s, row->questions, 100 * row->figure.value);
		p->x.low = fmin(p->x.low, row->questions);
		p->x.high = fmax(p->x.high, row->questions);
		stretch(&p->y, 100 * row->figure.value);
		knows_nothing = 100 * row->base;
	}
	if (!(p->x.high > p->x.low))
		return false;
	stretch(&p->y, knows_nothing);
	if (p->n_series < CHART_SERIES_MAX) {
		base = chart_add_series(chart, p, "model rate", CHART_DASHED, ROLE_AXIS, 2);
		chart_add(base, p->x.low, knows_nothing);
		chart_add(base, p->x.high, knows_nothing);
	}
	chart->title = "Accuracy by the number of training questions";
	return true;
}

static size_t name_index(const char **names, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(names[i], name))
			return i;
	names[*n] = name;
	return (*n)++;
}

/* "gsm8k to mathqa": from a row to a column; a name with " to " in it is parted at the first. */
static bool part(
    struct chart *chart, const struct reproduce_row *row, const char **from, const char **to)
{
	const char *at =
	    row->experiment == EXPERIMENT_CONTRIBUTION ? strstr(row->subject, " to ") : NULL;

	if (!at)
		return false;
	*from = chart_text(chart, "%.*s", (int)(at - row->subject), row->subject);
	*to = chart_text(chart, "%s", at + 4);
	return true;
}

static bool contributions(struct chart *chart, const struct reproduce *r)
{
	const char **names = arena_array(&chart->arena, const char *, 2 * r->n + 1), *from, *to;
	struct chart_heat *h = arena_array(&chart->arena, struct chart_heat, 1);
	struct chart_panel *p;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (part(chart, &r->v[i], &from, &to))
			name_index(names, &n, from);
	for (size_t i = 0; i < r->n; i++)
		if (part(chart, &r->v[i], &from, &to))
			name_index(names, &n, to);
	*h = (struct chart_heat){
	    .rows = n, .columns = n, .row = names, .column = names, .scale = 100};
	h->v = arena_array(&chart->arena, double, n *n + 1);
	for (size_t i = 0; i < n * n; i++)
		h->v[i] = NAN;
	for (size_t i = 0; i < r->n; i++)
		if (part(chart, &r->v[i], &from, &to))
			h->v[name_index(names, &n, from) * n + name_index(names, &n, to)] =
			    100 * (1 - r->v[i].figure.value / r->v[i].base);
	p = chart_add_panel(chart, "");
	p->heat = h;
	p->scale = (struct chart_scale){.name = "squared error of the mean spared, %",
	    .low = "-100",
	    .high = "100",
	    .diverging = true};
	chart->title = "What a benchmark (row) tells of another (column)";
	return n > 0;
}

bool chart_of_experiment(struct chart *chart, const struct reproduce *r, enum experiment experiment)
{
	bool some;

	*chart = (struct chart){.title = "", .note = ""};
	some = experiment == EXPERIMENT_FORECAST       ? learning_curves(chart, r)
	       : experiment == EXPERIMENT_CONTRIBUTION ? contributions(chart, r)
						       : false;
	if (!some)
		chart_clear(chart);
	return some;
}
