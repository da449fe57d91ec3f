/* simulate.h - how far to trust an accuracy from few answers, on the user's own table. */
#ifndef TASK_SIMULATE_H
#define TASK_SIMULATE_H

#include "base/table.h"
#include "learn/simulate.h"
#include "task/atlas.h"

struct simulation_options {
	bool by_family; /* hide whole families (task/model_name.h), not single models */
	size_t folds, repeats;
	uint64_t seed;
};
void simulation_options_default(struct simulation_options *o);

struct simulation_row {
	enum simulate_regime regime;
	enum chooser chooser;
	enum few_estimator estimator;
	size_t budget; /* index into simulate_budget */
	struct simulate_cell cell;
};
struct simulation {
	struct arena arena;
	size_t models, questions;
	size_t n;
	struct simulation_row *v;
};

bool task_simulate(const struct atlas *a, const struct simulation_options *o,
    const struct progress *p, struct simulation *out, struct err *e);
void simulation_clear(struct simulation *s);

enum {
	SIMULATION_REGIME,
	SIMULATION_CHOOSER,
	SIMULATION_ESTIMATOR,
	SIMULATION_ANSWERS,
	SIMULATION_MODELS,
	SIMULATION_MAE,
	SIMULATION_BIAS,
	SIMULATION_COVERAGE,
	SIMULATION_HALF_WIDTH,
	SIMULATION_COLUMNS
};
struct table simulation_table(const struct simulation *s);

#endif
