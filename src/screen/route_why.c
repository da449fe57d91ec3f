#include "screen/route_why.h"

#include "chart/charts.h"

#include <math.h>

void route_why_init(struct route_why *w)
{
	struct table t = evidence_table(NULL, NULL);

	*w = (struct route_why){.route = NULL};
	list_init(&w->list, &t, NULL, w);
	w->list.name_column = EVIDENCE_TEXT;
}

void route_why_clear(struct route_why *w)
{
	list_clear(&w->list);
}

void route_why_evidence(struct route_why *w, const struct atlas *atlas, const struct route *route)
{
	struct table t;

	w->atlas = atlas;
	w->route = route && route->n ? route : NULL;
	t = evidence_table(w->route, atlas);
	list_set_table(&w->list, &t, SIZE_MAX);
}

static bool has_price(const struct route *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].cost > 0)
			return true;
	return false;
}

static void draw_frontier(
    struct cells *c, struct area a, const struct atlas *atlas, const struct route *r)
{
	const struct chart_panel *p;
	struct chart chart;
	struct plot plot;
	int y, x;

	cells_rule(c, a.y, a.x, a.w, "Cost against p(right)", false);
	if (!chart_of_costs(&chart, &atlas->catalog, atlas->run_name, r))
		return;
	p = &chart.panel[0];
	if (chart_draw(p, c, (struct area){a.y + 1, a.x, a.h - 1, a.w}, 3, &plot) &&
	    r->v[0].cost > 0 &&
	    plot_cell(
		&plot, chart_share(&p->x, r->v[0].cost), chart_share(&p->y, r->v[0].p), &y, &x))
		cells_put(c, y, x, ROLE_OK | STYLE_BOLD, '*');
	chart_clear(&chart);
}

/* What the pick adds: who would be it without it; and what the pool costs: who is likelier, but out. */
static void draw_without(
    struct cells *c, struct area a, const struct atlas *atlas, const struct route *r)
{
	const struct catalog_model *m = atlas->catalog.models;
	const struct route_candidate *pick = &r->v[0], *out = &r->v[r->n];
	struct buf b = BUF_INIT;

	if (r->n_out && out->p > pick->p)
		buf_printf(&b, "with %s: p %+.3f; ", m[out->model].name, out->p - pick->p);
	else if (r->n_out)
		buf_adds(&b, "none excluded is likelier; ");
	if (r->n > 1)
		buf_printf(&b, "without %s: p %+.3f by %s", m[pick->model].name,
		    r->v[1].p - pick->p, m[r->v[1].model].name);
	cells_fit(c, a.y, a.x + 1, a.w - 2, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
}

int64_t route_why_question(const struct route_why *w, size_t row)
{
	return w->atlas->questions[w->route->evidence[row].question].id;
}

void route_why_draw(struct route_why *w, struct cells *c, struct area a, const struct atlas *atlas,
    const struct route *route, bool priced, bool focused)
{
	int plot_w = priced && a.w >= 90 && a.h >= 6 && has_price(route) ? a.w / 3 : 0;
	struct area left = {a.y, a.x, a.h, a.w - plot_w - (plot_w > 0)};

	cells_rule(c, left.y, left.x, left.w, "Why", focused);
	list_draw(&w->list, c, (struct area){left.y + 1, left.x, left.h - 2, left.w}, focused);
	draw_without(c, (struct area){left.y + left.h - 1, left.x, 1, left.w}, atlas, route);
	if (plot_w) {
		cells_split(c, a.y, a.x + left.w, a.h);
		draw_frontier(c, (struct area){a.y, a.x + left.w + 1, a.h, plot_w}, atlas, route);
	}
}
