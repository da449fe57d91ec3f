/* cost_table.c - the points of a cost curve as a table and as sentences */
#include "task/cost.h"

#include "task/model_name.h"

#include <math.h>

void cost_print_point(
    const struct cost_curve *c, const struct catalog *r, size_t point, struct buf *out)
{
	const struct cost_point *x = &c->v[point];
	const char *best = model_name_short(&r->models[c->v[c->best].model]);
	double points = 100 * x->gain.value;

	if (point == c->best) {
		buf_printf(
		    out, "the best single model on training data: the others are measured by it");
		return;
	}
	if (fabs(points) < 0.05)
		buf_printf(out, "as right as the best (%s)", best);
	else if (points > 0)
		buf_printf(out, "%.1f points over the best (%s)", points, best);
	else if (points >= -100 * COST_WITHIN)
		buf_printf(out, "within 2 points of the best (%s, %+.1f)", best, points);
	else
		buf_printf(out, "%.1f points under the best (%s)", -points, best);
	if (x->saved >= 0)
		buf_printf(out, ": save %.0f %%", 100 * x->saved);
	else if (x->saved < 0)
		buf_printf(out, ": costs %.0f %% more", -100 * x->saved);
	else
		buf_adds(out, ", which costs nothing");
}

void cost_print_advice(const struct cost_curve *c, const struct catalog *r, struct buf *out)
{
	const char *on =
	    c->advised_on == c->part ? "these very questions: it flatters" : "validation questions";

	if (c->advised == SIZE_MAX) {
		buf_printf(out, "no weight of cost is within 2 points of the best (%s)",
		    model_name_short(&r->models[c->v[c->best].model]));
		return;
	}
	buf_printf(out, "weight %.2f is ", c->v[c->advised].weight);
	cost_print_point(c, r, c->advised, out);
	buf_printf(out, "; chosen on %s", on);
}

static const struct column columns[COST_COLUMNS] = {
    [COST_COLUMN_STRATEGY] = {"strategy", "strategy", "Strategy", COLUMN_TEXT, .width = 8,
	.drop = 3,
	.about = "The router at a weight of cost, always one model, or the oracle, which takes the "
		 "cheapest model that is right."},
    [COST_COLUMN_WEIGHT] = {"weight", "weight", "Weight", COLUMN_REAL, 2, .width = 6,
	.about = "How much the router lets cost weigh, 0 to 1: as on the Route screen."},
    [COST_COLUMN_MODEL] = {"model", "model", "Model", COLUMN_CLIP, .width = 13, .grow = 40,
	.about = "The model that gets every question."},
    [COST_COLUMN_ACCURACY] = {"accuracy", "accuracy [95 % interval]", "Accuracy [95 %]",
	COLUMN_SHARE_FIGURE, 1, .width = 19,
	.about = "Share of the held-out questions answered rightly, in percent, with the 95 % "
		 "interval over questions (bootstrap)."},
    [COST_COLUMN_COST] = {"cost", "$/1k", "$/1k", COLUMN_MONEY, .width = 7,
	.about = "Dollars a thousand of these questions, by the prices and the tokens assumed."},
    [COST_COLUMN_SAVED] = {"saved", "saved", "Saved", COLUMN_SHARE, 0, .width = 6,
	.about =
	    "Share of the best single model's cost that is saved, in percent; below 0: more is "
	    "spent."},
    [COST_COLUMN_GAIN] = {"gain", "over the best single [95 %]", "Over best [95 %]",
	COLUMN_SHARE_FIGURE, 1, .plus = true, .width = 19, .drop = 4,
	.about = "Accuracy minus that of the model which is best on training data, in points, with "
		 "the 95 % interval (paired bootstrap)."},
    [COST_COLUMN_OVER_MIX] = {"over_mix", "over a mix of that cost [95 %]", "Over mix [95 %]",
	COLUMN_SHARE_FIGURE, 1, .plus = true, .width = 19, .drop = 5,
	.about = "Accuracy minus that of two models drawn by lot so that they cost as much, chosen "
		 "on training data, in points: what looking at the question is worth."},
    [COST_COLUMN_QUESTIONS] = {"questions", "questions", "n", COLUMN_INT, .width = 6, .drop = 6,
	.about = "Held-out questions that it has an answer to."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	static const char *const kind[] = {"router", "model", "oracle"};
	const struct cost_point *x = &((const struct cost_curve *)t->rows)->v[row];

	(void)scratch;
	switch (column) {
	case COST_COLUMN_STRATEGY:
		return value_text(kind[x->kind]);
	case COST_COLUMN_WEIGHT:
		return value_real(x->weight);
	case COST_COLUMN_MODEL:
		return x->kind == COST_MODEL
			   ? value_text(((const struct catalog *)t->world)->models[x->model].name)
			   : value_missing();
	case COST_COLUMN_ACCURACY:
		return value_figure(x->accuracy.value, x->accuracy.low, x->accuracy.high);
	case COST_COLUMN_COST:
		return value_real(x->cost);
	case COST_COLUMN_SAVED:
		return value_real(x->saved);
	case COST_COLUMN_GAIN:
		return value_figure(x->gain.value, x->gain.low, x->gain.high);
	case COST_COLUMN_OVER_MIX:
		return value_figure(x->over_mix.value, x->over_mix.low, x->over_mix.high);
	default:
		return value_int((int64_t)x->n);
	}
}

struct table cost_table(const struct cost_curve *c, const struct catalog *r)
{
	return (struct table){.name = "cost",
	    .columns = columns,
	    .n_columns = COST_COLUMNS,
	    .value = value,
	    .n = c ? c->n : 0,
	    .rows = c,
	    .world = r};
}
