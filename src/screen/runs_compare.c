#include "screen/runs_compare.h"

#include "base/plural.h"

#include "tui/plot.h"

#include <math.h>

static bool row_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct runs_compare_pane *p = arg;
	const struct figure *d = &p->compare.v[row].difference;

	if (column != RUNS_COMPARE_BAR)
		return false;
	plot_difference(c, y, x, w, d->low > 0 || d->high < 0 ? ROLE_BAR : style, d->value, d->low,
	    d->high, p->scale);
	return true;
}

static const struct list_source source = {.draw = row_draw};

void runs_compare_pane_init(struct runs_compare_pane *p)
{
	struct table t = runs_compare_table(NULL);

	*p = (struct runs_compare_pane){.known = false};
	list_init(&p->list, &t, &source, p);
}

static void forget(struct runs_compare_pane *p)
{
	if (p->known)
		runs_compare_clear(&p->compare);
	p->known = false;
	list_rows(&p->list, 0, SIZE_MAX);
}

void runs_compare_pane_clear(struct runs_compare_pane *p)
{
	forget(p);
	list_clear(&p->list);
}

void runs_compare_pane_set(struct runs_compare_pane *p, struct runs_compare *c)
{
	struct table t;

	forget(p);
	p->compare = *c;
	*c = (struct runs_compare){.n = 0};
	p->known = true;
	p->scale = 0;
	for (size_t i = 0; i < p->compare.n; i++) {
		const struct figure *d = &p->compare.v[i].difference;

		p->scale = fmax(p->scale, fmax(fabs(d->value), fmax(fabs(d->low), fabs(d->high))));
	}
	t = runs_compare_table(&p->compare);
	list_set_table(&p->list, &t, SIZE_MAX);
}

void runs_compare_pane_draw(
    struct runs_compare_pane *p, struct cells *c, struct area a, bool focused)
{
	const struct runs_compare *v = &p->compare;
	struct buf b = BUF_INIT;
	int notes = a.h >= 10 ? 2 : 0;

	buf_printf(&b, "Run %lld against run %lld: %zu common %s question%s, %zu model%s",
	    (long long)v->run_a, (long long)v->run_b, v->n_questions, part_name(v->part),
	    plural(v->n_questions), v->n_models, plural(v->n_models));
	cells_rule(c, a.y, a.x, a.w, buf_str(&b), focused);
	list_draw(&p->list, c, (struct area){a.y + 1, a.x, a.h - 1 - notes, a.w}, focused);
	if (notes) {
		buf_reset(&b);
		buf_printf(&b, "log-loss %+.4f [%+.4f, %+.4f]   routed %+.1f [%+.1f, %+.1f]",
		    v->all[METRIC_LOG_LOSS].value, v->all[METRIC_LOG_LOSS].low,
		    v->all[METRIC_LOG_LOSS].high, 100 * v->all[RUNS_COMPARE_ROUTED].value,
		    100 * v->all[RUNS_COMPARE_ROUTED].low, 100 * v->all[RUNS_COMPARE_ROUTED].high);
		buf_printf(&b, "   same route %.0f%%", 100 * v->agreement);
		if (!isnan(v->overlap))
			buf_printf(&b, ", same among the 10 nearest %.0f%%", 100 * v->overlap);
		cells_fit(c, a.y + a.h - 2, a.x + 1, a.w - 2, ROLE_DEFAULT, buf_str(&b));
		buf_reset(&b);
		buf_printf(&b, "Settings that differ: %s", *v->differ ? v->differ : "none");
		cells_fit(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM, buf_str(&b));
	}
	buf_clear(&b);
}
