/* place.h - where a model stands, from few answers: the question side is fixed, so its vector is a
 * logistic regression with a Gaussian prior, which has one optimum.
 *
 *   minimise  sum_i w_i log-loss(y_i, offset_i + x_i' theta) + 1/2 (theta - mean)' P (theta - mean)
 *
 * by Newton's method in double precision, in the order of the answers, so that the same answers give
 * the same bits. The posterior is taken as Gaussian there (Laplace): its covariance is the inverse
 * of the curvature.
 */
#ifndef LEARN_PLACE_H
#define LEARN_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fixed side. */
struct place_side {
	size_t N, K;    /* questions, numbers of a model's vector */
	double *x;      /* (N, K) what the vector is multiplied with */
	double *offset; /* (N) what the logit of every model has besides */
};

struct place_prior {
	size_t K;
	double *mean;      /* (K) */
	double *precision; /* (K, K) symmetric, positive definite */
};
struct place_prior place_prior_new(size_t K); /* zeroed; place_prior_free */
void place_prior_free(struct place_prior *p);

struct place_answers {
	size_t n;
	const double *x;      /* (n, K) */
	const double *offset; /* (n), or NULL = 0 */
	const double *y;      /* (n) 0..1 */
	const double *w;      /* (n), or NULL = 1 each */
};

/* theta (K): the start on the way in, the optimum on the way out; at most `steps` steps. cov (K, K),
 * unless NULL. Returns how many steps were taken. */
size_t place_fit(const struct place_prior *prior, const struct place_answers *a, size_t steps,
    double *theta, double *cov);

/* The same from the prior's mean, to the end, for answers y (n) to the questions `question` (n). */
void place_model(const struct place_side *side, const struct place_prior *prior, size_t n,
    const uint32_t *question, const float *y, double *theta, double *cov);

/* P(right) of a question for a model of vector theta known to within cov (K, K): the mean of the
 * logistic over the logit's normal, by MacKay's approximation (1992). *spread, unless NULL: the
 * logit's variance. */
double place_forecast(const struct place_side *side, size_t question, const double *theta,
    const double *cov, double *spread);

/* a (n, n), symmetric and positive definite: its Cholesky factor in the lower triangle, the upper one is
 * left; false: it is not, and a is destroyed. */
bool place_root(size_t n, double *a);
/* a (n, n), symmetric and positive definite, becomes its inverse; false: it is not, and a is
 * destroyed. */
bool place_invert(size_t n, double *a);

/* x' A y for A (n, n). */
double place_form(size_t n, const double *x, const double *a, const double *y);

#endif
