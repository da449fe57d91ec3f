#include "task/simulate.h"

#include "base/buf.h"
#include "base/mem.h"
#include "task/model_name.h"

#include <string.h>

void simulation_options_default(struct simulation_options *o)
{
	*o = (struct simulation_options){.folds = 5, .repeats = 1, .seed = 1};
}

/* group (n_models): the first model of the same family. */
static void find_families(const struct catalog *c, uint32_t *group)
{
	char **name = mem_array(c->n_models + 1, sizeof(*name));

	for (size_t m = 0; m < c->n_models; m++) {
		struct buf b = BUF_INIT;

		model_name_family(&c->models[m], &b);
		name[m] = mem_strdup(b.len ? b.s : "");
		buf_clear(&b);
		group[m] = 0;
		while (strcmp(name[group[m]], name[m]))
			group[m]++;
	}
	for (size_t m = 0; m < c->n_models; m++)
		mem_free(name[m]);
	mem_free(name);
}

static void list(const struct simulated *from, struct simulation *out)
{
	size_t most = SIMULATE_REGIMES * CHOOSE_COUNT * FEW_COUNT * SIMULATE_BUDGETS;

	out->v = arena_array(&out->arena, struct simulation_row, most);
	for (int r = 0; r < SIMULATE_REGIMES; r++)
		for (int c = 0; c < CHOOSE_COUNT; c++)
			for (int k = 0; k < FEW_COUNT; k++)
				for (size_t b = 0; b < SIMULATE_BUDGETS; b++)
					if (from->cell[r][c][k][b].n > 0)
						out->v[out->n++] =
						    (struct simulation_row){(enum simulate_regime)r,
							(enum chooser)c, (enum few_estimator)k, b,
							from->cell[r][c][k][b]};
}

bool task_simulate(const struct atlas *a, const struct simulation_options *o,
    const struct progress *p, struct simulation *out, struct err *e)
{
	const struct dataset *d = &a->data;
	struct pool pool = {d->n_models, d->n_questions, d->n_benchmarks, d->score, d->benchmark};
	struct simulated *cells = mem_array(1, sizeof(*cells));
	uint32_t *group = mem_array(d->n_models + 1, sizeof(*group));
	struct simulate_options how = {.folds = o->folds, .repeats = o->repeats, .seed = o->seed};
	bool ok;

	if (o->by_family) {
		find_families(&a->catalog, group);
		how.group = group;
	}
	ok = simulate(&pool, &how, p, cells, e);
	if (ok) {
		*out = (struct simulation){.models = cells->models, .questions = d->n_questions};
		arena_init(&out->arena);
		list(cells, out);
	}
	mem_free(group);
	mem_free(cells);
	return ok;
}

void simulation_clear(struct simulation *s)
{
	arena_clear(&s->arena);
	*s = (struct simulation){0};
}

static const struct column columns[SIMULATION_COLUMNS] = {
    [SIMULATION_REGIME] = {"regime", "hidden", .kind = COLUMN_TEXT,
	.about =
	    "inside: models like those that are known, each fold hidden in turn; stronger: the "
	    "weaker half is known, the best three tenths are hidden."},
    [SIMULATION_CHOOSER] = {"chooser", "questions by", .kind = COLUMN_TEXT,
	.about = "How the questions were chosen: at random; for the accuracy; for the profile (the "
		 "whole vector). Of the last two every fifth is random."},
    [SIMULATION_ESTIMATOR] = {"estimator", "estimate", .kind = COLUMN_TEXT,
	.about = "How the accuracy was estimated: mean of the random answers, ridge on the other "
		 "models' answers, AIPW, 1PL, the factor model, or the default."},
    [SIMULATION_ANSWERS] = {"answers", "answers", .kind = COLUMN_INT,
	.about = "Answers of the hidden model that were known."},
    [SIMULATION_MODELS] = {"models", "models", .kind = COLUMN_INT,
	.about = "Hidden models that the row is the mean of, repeats counted."},
    [SIMULATION_MAE] = {"mae", "error", .kind = COLUMN_SHARE, 2,
	.about = "Mean absolute error of the accuracy, in points."},
    [SIMULATION_BIAS] = {"bias", "bias", .kind = COLUMN_SHARE, 2, .plus = true,
	.about = "Mean error, in points: above 0 the models were thought too good."},
    [SIMULATION_COVERAGE] = {"coverage", "held", .kind = COLUMN_SHARE, 1,
	.about = "How many of the 95 % intervals held the true accuracy."},
    [SIMULATION_HALF_WIDTH] = {"half_width", "±", .kind = COLUMN_SHARE, 2,
	.about = "Half the interval's width in the mean, in points."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct simulation_row *r = &((const struct simulation *)t->rows)->v[row];
	const struct simulate_cell *c = &r->cell;

	(void)scratch;
	switch (column) {
	case SIMULATION_REGIME:
		return value_text(simulate_regime_name[r->regime]);
	case SIMULATION_CHOOSER:
		return value_text(choose_name[r->chooser]);
	case SIMULATION_ESTIMATOR:
		return value_text(few_name[r->estimator]);
	case SIMULATION_ANSWERS:
		return value_int((int64_t)simulate_budget[r->budget]);
	case SIMULATION_MODELS:
		return value_int((int64_t)c->n);
	case SIMULATION_MAE:
		return value_real(c->absolute / c->n);
	case SIMULATION_BIAS:
		return value_real(c->error / c->n);
	case SIMULATION_COVERAGE:
		return value_real(c->covered / c->n);
	default:
		return value_real(c->half_width / c->n);
	}
}

struct table simulation_table(const struct simulation *s)
{
	return (struct table){.name = "simulate",
	    .columns = columns,
	    .n_columns = SIMULATION_COLUMNS,
	    .value = value,
	    .n = s->n,
	    .rows = s};
}
