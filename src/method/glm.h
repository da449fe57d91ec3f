/* glm.h - linear models with many outputs at once, by one factorisation.
 *
 * The curvature of a logistic or softmax likelihood is bounded by a multiple of X'X whatever the
 * weights are (Boehning 1992), so one Cholesky factor serves every step and every output; the steps
 * are accelerated (Nesterov 1983).
 */
#ifndef METHOD_GLM_H
#define METHOD_GLM_H

#include <stdbool.h>
#include <stddef.h>

#include "num/mat.h"

struct err;
struct progress;

struct glm {
	size_t n, D;    /* rows, features */
	const float *x; /* (n, D) */
	double bound;   /* on the curvature of one output: 1/4 logistic, 1/2 softmax */
	double penalty; /* half of it times the square of every weight, a row; not of intercepts */
	size_t steps;
	/* z (n, C) scores in, label minus probability out, 0 where missing */
	void (*residual)(void *arg, float *z);
	void *arg;
};

/* w (C, D + 1), intercepts last; started at what it holds. False: cancelled. */
bool glm_fit(const struct glm *g, const struct progress *p, struct mat *w, struct err *e);
/* z (n, C) = x (n, D) w' with the intercepts. */
void glm_scores(const struct mat *w, const float *x, size_t n, float *z);

#endif
