/* few.h - the accuracy of a model on many questions, from its answers to few of them: by unlike
 * methods, each with a 95 % interval, and which of them to believe.
 *
 * A model's accuracy is the mean over the questions asked for: of its answers where it has them, of
 * a forecast on the rest.
 */
#ifndef LEARN_FEW_H
#define LEARN_FEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/factor.h"

enum few_estimator {
	FEW_MEAN,    /* of the random answers: Wilson's interval for a finite population */
	FEW_RIDGE,   /* ridge on the pool's answers to the same questions; the interval is how wrong
			the same is about the pool's own models, each from the others */
	FEW_AIPW,    /* the factors' forecast, corrected by its mean error on the random answers:
			augmented inverse probability weighting (Robins, Rotnitzky and Zhao 1994) */
	FEW_RASCH,   /* difficulty and ability alone (1PL) */
	FEW_FACTORS, /* posterior of the factor model */
	FEW_DEFAULT, /* the factors; beyond the pool corrected by the random answers */
	FEW_COUNT
};
extern const char
    *const few_name[FEW_COUNT]; /* "mean", "ridge", "aipw", "1pl", "factors", "default" */

struct few_answers {
	size_t n;
	uint32_t *question;
	float *y;
	bool *random; /* drawn at random from the questions asked for */
};

/* What stands behind an estimate. */
struct few_world {
	const struct pool *pool;
	const struct factor *factor;
	const struct factor *rasch; /* or NULL: no FEW_RASCH */
	const bool *of;             /* (N) the questions asked for */
};

struct few_figure {
	double value, low, high; /* NaN where there is none */
};
struct few {
	struct few_figure v[FEW_COUNT];
	bool disagree; /* the factors and AIPW, by far more than their errors */
	bool outside;  /* better or worse than every model of the pool, or they disagree */
};

/* At least one answer. */
void few_estimate(const struct few_world *w, const struct few_answers *a, struct few *out);

/* The answers of one model, y (N), NaN = none, in the order of questions; those are `random` that
 * come, without a gap, first in `order` (n), a random order of the questions asked for. Arrays of
 * its own: few_answers_free. */
struct few_answers few_answers_new(const float *y, size_t N, const uint32_t *order, size_t n);
void few_answers_free(struct few_answers *a);

#endif
