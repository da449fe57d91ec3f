/* factor.h - what the answers of a pool of models say of the questions: a logistic factor model of
 * the table of labels alone, no text.
 *
 *   logit P(m answers j rightly) = d_j + a_m + c_m[benchmark of j] + u_m' v_j
 *
 * with Gaussian priors: on a question's d and v, on a model's a, c and u. It is fitted by turns, the
 * questions given the models and the models given the questions, each a convex fit (learn/place.h);
 * the priors' variances are learned between the turns by expectation maximisation, so that a factor
 * for which the answers have no use shrinks to nothing. A model is then one vector theta = (a, c, u)
 * over the features x_j = (1, benchmark, v_j) of the questions, and a new model's prior is what the
 * pool's vectors are like, but wide in ability: it may be better or worse than all of them.
 */
#ifndef LEARN_FACTOR_H
#define LEARN_FACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/place.h"

struct err;
struct progress;

/* Labels of some models, borrowed. */
struct pool {
	size_t M, N, B;            /* models, questions, benchmarks */
	const float *y;            /* (N, M) 0..1, NaN = missing */
	const uint32_t *benchmark; /* (N) < B */
};

struct factor {
	size_t M, B, factors;     /* B is 0 where effects of benchmarks are left out */
	struct place_side side;   /* K = 1 + B + factors; the offsets are d */
	double *theta;            /* (M, K) */
	struct place_prior prior; /* of a new model */
};

/* At most `rank` factors; FACTOR_AUTO: one for eight models, up to 8; 0: difficulty and ability alone,
 * which is the Rasch model (1PL). False: cancelled. */
#define FACTOR_AUTO SIZE_MAX
bool factor_fit(const struct pool *pool, size_t rank, const struct progress *p, struct factor *out,
    struct err *e);
void factor_free(struct factor *f);

#endif
