/* runs_compare.c - see runs_compare.h */
#include "screen/runs_compare.h"

#include "tui/plot.h"

#include <math.h>

enum { NAME, QUESTIONS, A, B, DIFFERENCE, LOW, HIGH, BAR, VERDICT, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [NAME] = {"Accuracy on", 12, 26, 0, false, false},
    [QUESTIONS] = {"n", 6, 0, 5, true, false},
    [A] = {"first", 6, 0, 3, true, false},
    [B] = {"second", 6, 0, 3, true, false},
    [DIFFERENCE] = {"diff.", 6, 0, 0, true, false},
    [LOW] = {"low", 6, 0, 2, true, false},
    [HIGH] = {"high", 6, 0, 2, true, false},
    [BAR] = {"-        0        +", 19, 41, 4, false, true},
    [VERDICT] = {"Better", 12, 0, 1, false, true},
};

static bool row_value(void *arg, size_t row, int column, double *out)
{
	const struct runs_compare_row *r = &((const struct runs_compare_pane *)arg)->compare.v[row];

	*out = column == QUESTIONS ? (double)r->n_questions
	       : column == A       ? 100 * r->a
	       : column == B       ? 100 * r->b
	       : column == LOW     ? 100 * r->difference.low
	       : column == HIGH    ? 100 * r->difference.high
				   : 100 * r->difference.value;
	return column != NAME && column != VERDICT;
}

static void row_text(void *arg, size_t row, int column, struct buf *out)
{
	const struct runs_compare_row *r = &((const struct runs_compare_pane *)arg)->compare.v[row];
	double v;

	if (column == NAME)
		buf_adds(out, r->name);
	else if (column == VERDICT)
		buf_adds(out, r->difference.low > 0    ? "first"
			      : r->difference.high < 0 ? "second"
						       : "within noise");
	else if (!row_value(arg, row, column, &v) || isnan(v))
		buf_adds(out, "–");
	else if (column == QUESTIONS)
		buf_printf(out, "%.0f", v);
	else
		buf_printf(out, column == A || column == B ? "%.1f" : "%+.1f", v);
}

static bool row_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct runs_compare_pane *p = arg;
	const struct figure *d = &p->compare.v[row].difference;

	if (column != BAR)
		return false;
	plot_difference(c, y, x, w, d->low > 0 || d->high < 0 ? ROLE_BAR : style, d->value, d->low,
	    d->high, p->scale);
	return true;
}

static const struct list_source source = {row_text, row_value, row_draw, NULL};

void runs_compare_pane_init(struct runs_compare_pane *p)
{
	*p = (struct runs_compare_pane){.known = false};
	list_init(&p->list, columns, COLUMNS, &source, p);
	p->list.bar_column = BAR;
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
	forget(p);
	p->compare = *c;
	*c = (struct runs_compare){.n = 0};
	p->known = true;
	p->scale = 0;
	for (size_t i = 0; i < p->compare.n; i++) {
		const struct figure *d = &p->compare.v[i].difference;

		p->scale = fmax(p->scale, fmax(fabs(d->value), fmax(fabs(d->low), fabs(d->high))));
	}
	list_rows(&p->list, p->compare.n, SIZE_MAX);
}

void runs_compare_pane_draw(
    struct runs_compare_pane *p, struct cells *c, struct area a, bool focused)
{
	const struct runs_compare *v = &p->compare;
	struct buf b = BUF_INIT;
	int notes = a.h >= 10 ? 2 : 0;

	buf_printf(&b, "Run %lld against run %lld: %zu common %s questions, %zu models",
	    (long long)v->run_a, (long long)v->run_b, v->n_questions, part_name(v->part),
	    v->n_models);
	cells_rule(c, a.y, a.x, a.w, buf_str(&b), focused);
	list_draw(&p->list, c, (struct area){a.y + 1, a.x, a.h - 1 - notes, a.w}, focused);
	if (notes) {
		buf_reset(&b);
		buf_printf(&b, "log-loss %+.4f [%+.4f, %+.4f]   routed %+.1f [%+.1f, %+.1f]",
		    v->log_loss.value, v->log_loss.low, v->log_loss.high, 100 * v->routed.value,
		    100 * v->routed.low, 100 * v->routed.high);
		if (!isnan(v->overlap))
			buf_printf(
			    &b, "   same among the 10 nearest models %.0f%%", 100 * v->overlap);
		cells_fit(c, a.y + a.h - 2, a.x + 1, a.w - 2, ROLE_DEFAULT, buf_str(&b));
		buf_reset(&b);
		buf_printf(&b, "Settings that differ: %s", *v->differ ? v->differ : "none");
		cells_fit(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM, buf_str(&b));
	}
	buf_clear(&b);
}
