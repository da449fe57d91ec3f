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

#endif
