/* simulate.h - how far to trust an accuracy from few answers: models of the table are hidden, asked
 * question by question, answered for from the table, and every estimate compared with the truth. */
#ifndef LEARN_SIMULATE_H
#define LEARN_SIMULATE_H

#include "learn/choose.h"
#include "learn/few.h"

struct err;
struct progress;

enum simulate_regime {
	SIMULATE_INSIDE,   /* models like the pool's: each fold hidden in turn */
	SIMULATE_STRONGER, /* the pool is the weaker half, hidden are the best three tenths */
	SIMULATE_REGIMES
};
extern const char *const simulate_regime_name[SIMULATE_REGIMES]; /* "inside", "stronger" */

#define SIMULATE_BUDGETS 7
extern const size_t simulate_budget[SIMULATE_BUDGETS]; /* 8 .. 512 answers */

struct simulate_options {
	const uint32_t
	    *group;     /* (pool.M) models of one group are hidden together; NULL: each alone */
	size_t folds;   /* of groups; 5 */
	size_t repeats; /* with other folds and orders; 1 */
	uint64_t seed;
};

/* Sums over the hidden models. */
struct simulate_cell {
	double n, absolute, error, covered, half_width;
};
struct simulated {
	struct simulate_cell cell[SIMULATE_REGIMES][CHOOSE_COUNT][FEW_COUNT][SIMULATE_BUDGETS];
	size_t
	    models; /* with answers to at least nine tenths of the questions: only they take part */
};

/* False: cancelled, or fewer than 10 models take part. */
bool simulate(const struct pool *all, const struct simulate_options *o, const struct progress *p,
    struct simulated *out, struct err *e);

#endif
