/* head.h - how sure is a forecast: bootstrap refits of each model's head, and what is made of them.
 *
 * With the question side fixed, a model's head is the logistic regression of its labels on the
 * questions' projections q (K). A refit on resampled training questions is taken by one Newton
 * step from the fitted p (the one-step bootstrap, Shao and Tu 1995, section 8.4):
 *   p_b = p + H^-1 sum_i (c_i - 1) (y_i - pi_i) q_i,   H = sum_i pi_i (1 - pi_i) q_i q_i' + D
 * with c_i ~ Poisson(1), the same for all models of a draw, and D diagonal: along each canonical
 * axis the prior that the models' own p have there, D_k = 1 / mean p_k^2.
 */
#ifndef LEARN_HEAD_H
#define LEARN_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/calibrate.h"
#include "learn/dataset.h"
#include "learn/mf.h"
#include "num/mat.h"

struct err;
struct progress;

/* draws (n_draws * M, K), model-major within a draw: *out, mat_free. */
bool head_bootstrap(const struct dataset *d, const struct mf *m, size_t n_draws, uint64_t seed,
    const struct progress *p, struct mat *out, struct err *e);

/* sd (n, M): standard deviation over the draws of the calibrated logit of n projected questions
 * q (n, K); draw b has heads b * M .. and calibration[b], bias is the model's b. */
void head_spread(const struct mat *heads, const struct calibration *calibration, float bias,
    size_t models, const float *q, size_t n, float *sd);

/* The 90 % interval of a forecast p is for the share of right answers among `cell` questions like
 * this one: in logits,
 *   z +- 1.645 * scale * sqrt(spread^2 + 1 / (cell * p * (1 - p)))
 * the forecast's own uncertainty and the noise of counting so many answers; a bound within half an
 * answer of none or all of them is 0 or 1, the share that so few answers have there. `scale` is 1,
 * or what
 * it takes for the interval to hold on the validation part: it is only ever widened. */
struct interval {
	double scale, cell;
};
void interval_bounds(const struct interval *v, double p, double spread, double *low, double *high);

/* The share of cells (a model, a group of about `v->cell` of its questions) whose share of right
 * answers lies within the mean of their intervals, each cell judged as one of its own size. Groups
 * are equal runs of the model's questions in order of their forecast: with n / 10 questions a cell,
 * its deciles. p, spread, label: (n, M); NaN where there are no cells. */
double interval_coverage(const struct interval *v, size_t n, size_t models, const float *p,
    const float *spread, const float *label);

/* The least scale from 1 to 8 that holds on the given labels of the validation part. */
struct interval interval_fit(
    double cell, size_t n, size_t models, const float *p, const float *spread, const float *label);

#endif
