/* cost.h - accuracy against dollars on held-out questions: each model, the router at each weight of
 * cost, the oracle; and what the router saves.
 *
 * Candidates are the models of the run that have a price: one without is unpriced, and no candidate.
 * A question costs what `route` says it would (route_cost). The best single model is, as everywhere,
 * the best on training data, here of the candidates. The weight that is advised, the cheapest whose
 * accuracy is within two points of that model, is chosen on validation questions.
 */
#ifndef TASK_COST_H
#define TASK_COST_H

#include "base/table.h"
#include "num/figure.h"
#include "task/atlas.h"
#include "task/route.h"

#define COST_WITHIN 0.02 /* of the accuracy of the best single model */
#define COST_STEPS 50    /* weights of cost are multiples of 1 / COST_STEPS */

struct cost_options {
	enum part part;             /* PART_TEST */
	size_t bootstrap;           /* 1000 */
	uint64_t seed;              /* 1 */
	struct route_options route; /* pool, tokens; its weight is not used */
};
void cost_options_default(struct cost_options *o);

enum cost_kind { COST_ROUTER, COST_MODEL, COST_ORACLE };

struct cost_point {
	enum cost_kind kind;
	double weight; /* of COST_ROUTER, else NaN */
	size_t model;  /* of COST_MODEL, else SIZE_MAX */
	size_t n;      /* questions it has an answer to */
	struct figure accuracy;
	double cost; /* dollars a thousand questions */
	/* Against the best single model: accuracy minus its, paired; share of its cost saved. */
	struct figure gain;
	double saved;
	/* COST_ROUTER: accuracy minus that of models drawn by lot for the same money, paired. */
	struct figure over_mix;
};

struct cost_curve {
	struct arena arena;
	int64_t run;
	enum part part;
	size_t n_questions, n_priced, n_unpriced; /* models */
	size_t n;
	struct cost_point *v; /* the router by weight, the models cheapest first, the oracle */
	size_t n_router;
	size_t best;    /* the point of the best single model */
	size_t advised; /* the point of the weight within COST_WITHIN, SIZE_MAX where none is */
	enum part advised_on; /* PART_VAL, or `part` where there is no validation part */
	/* Mean height over the costs from the cheapest to the dearest model, see learn/cost_curve.h: of
	 * the hull, and of the staircase. */
	struct figure aiq, aiq_mix, aiq_oracle, aiq_gain /* over the mix */, area;
};

/* Needs a run and a part with labels, and two models with prices: ERR_DATA without. */
bool task_cost(const struct atlas *a, const struct cost_options *o, const struct progress *p,
    struct cost_curve *out, struct err *e);
void cost_clear(struct cost_curve *c);

/* "within 2 points of the best (NAME): save 71 %": of a point, for people. */
void cost_print_point(
    const struct cost_curve *c, const struct catalog *r, size_t point, struct buf *out);
/* What is advised, in a sentence or two. */
void cost_print_advice(const struct cost_curve *c, const struct catalog *r, struct buf *out);

enum {
	COST_COLUMN_STRATEGY,
	COST_COLUMN_WEIGHT,
	COST_COLUMN_MODEL,
	COST_COLUMN_ACCURACY,
	COST_COLUMN_COST,
	COST_COLUMN_SAVED,
	COST_COLUMN_GAIN,
	COST_COLUMN_OVER_MIX,
	COST_COLUMN_QUESTIONS,
	COST_COLUMNS
};
struct table cost_table(const struct cost_curve *c, const struct catalog *r);

#endif
