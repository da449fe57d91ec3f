#include "chart/charts.h"

#include "task/model_name.h"

#include <math.h>

static void fit_axes(struct chart_panel *p, const struct cost_curve *v)
{
	double low = INFINITY, high = 0, least = 1, most = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (!(v->v[i].cost > 0))
			continue;
		low = fmin(low, v->v[i].cost);
		high = fmax(high, v->v[i].cost);
		least = fmin(least, v->v[i].accuracy.value);
		most = fmax(most, v->v[i].accuracy.value);
	}
	if (!(high > 0))
		low = high = 1;
	p->x = (struct chart_axis){.title = "$ per 1000 questions, log",
	    .low = low / 1.12,
	    .high = high * 1.12,
	    .log = true};
	p->y = (struct chart_axis){.title = "accuracy, %",
	    .low = fmax(0, 100 * least - 2),
	    .high = fmin(100, 100 * most + 2)};
}

static struct chart_series *add(struct chart *chart, struct chart_panel *p,
    const struct cost_curve *v, const char *name, enum cost_kind kind, enum chart_mark mark,
    enum role role)
{
	struct chart_series *s = chart_add_series(chart, p, name, mark, role, v->n);

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].kind == kind && v->v[i].cost > 0)
			chart_add(s, v->v[i].cost, 100 * v->v[i].accuracy.value);
	return s;
}

/* No other model is as cheap and as right. */
static bool on_frontier(const struct cost_curve *v, size_t i)
{
	for (size_t k = 0; k < v->n; k++)
		if (v->v[k].kind == COST_MODEL && k != i && v->v[k].cost <= v->v[i].cost &&
		    v->v[k].accuracy.value > v->v[i].accuracy.value)
			return false;
	return true;
}

void chart_of_cost(struct chart *chart, const struct catalog *r, const char *run,
    const struct cost_curve *v, size_t at)
{
	struct chart_panel *p;
	struct chart_series *mark;

	*chart = (struct chart){.title = "Accuracy against cost on held-out questions"};
	chart->note = chart_text(chart, "%s; %zu questions; unpriced models are left out: %zu", run,
	    v->n_questions, v->n_unpriced);
	p = chart_add_panel(chart, "");
	fit_axes(p, v);
	add(chart, p, v, "models", COST_MODEL, CHART_DOTS, theme_series(1))->shaped = true;
	add(chart, p, v, "router", COST_ROUTER, CHART_LINE, theme_series(0));
	add(chart, p, v, "oracle", COST_ORACLE, CHART_DOTS, theme_series(2))->shaped = true;
	at = at == SIZE_MAX ? v->advised : at;
	mark = chart_add_series(
	    chart, p, at == SIZE_MAX ? NULL : "here", CHART_DOTS, theme_series(3), 1);
	mark->shaped = true;
	if (at != SIZE_MAX && v->v[at].cost > 0)
		chart_add(mark, v->v[at].cost, 100 * v->v[at].accuracy.value);
	chart_make_labels(chart, p, v->n);
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].kind == COST_MODEL && v->v[i].cost > 0 &&
		    (i == v->best || on_frontier(v, i)))
			chart_add_label(p, v->v[i].cost, 100 * v->v[i].accuracy.value,
			    model_name_short(&r->models[v->v[i].model]));
}
