/* corank.h - ridge regression of all models' labels at once, with a penalty of its own for each
 * direction among the models.
 *
 * The residuals T (n, M) are rotated to the principal directions of their covariance over models,
 * T V; each direction is regressed on the features with the penalty that leave-one-out favours
 * (closed form, Allen 1974), and the forecasts are rotated back. What the models have in common is
 * followed closely, what sets single ones apart only as far as it foretells. It is the mean of a
 * Gaussian process with covariance k(question, question') x B(model, model') (Bonilla, Chai and
 * Williams, NIPS 2007), B learned.
 *
 * All of it hangs on one eigendecomposition of F'F. Missing labels are filled with the forecast of
 * the question left out and the regression is solved again, a few times (EM: where a label is what
 * the others foretell, it weighs nothing).
 */
#ifndef METHOD_CORANK_H
#define METHOD_CORANK_H

#include <stdbool.h>
#include <stddef.h>

#include "num/mat.h"

struct err;
struct progress;

struct corank {
	struct mat weights; /* (K, M) owned */
	struct mat offset;  /* (1, M) owned: forecast of a question at the features' mean */
	double penalty;     /* of the first direction, divided by n */
};
void corank_clear(struct corank *c);

/* f (n, K) features whose columns have mean 0; t (n, M) residuals, NaN = missing. held (n, M) gets
 * the forecast of each row by the regression without it, in closed form. False: cancelled, or LAPACK
 * did not converge. */
bool corank_fit(const float *f, size_t n, size_t K, const float *t, size_t M,
    const struct progress *p, struct corank *out, float *held, struct err *e);

#endif
