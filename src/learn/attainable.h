/* attainable.h - how much of the oracle is more than luck.
 *
 * The oracle takes, question by question, a model whose answer happened to be right: of a hundred
 * guessers one always is, and a wrong key makes some model right that should not be. What a choice
 * could attain is estimated from what the models' answers have in common. The label of model m on
 * question q is taken as
 *   rate(m, benchmark of q) + sd_m * sum over k of u_mk z_qk + noise,   z ~ N(0, 1), noise alike
 * (probabilistic principal components, Tipping and Bishop 1999, of the training part's standardised
 * deviations), with the components that rise above those of pure noise, (1 + sqrt(M / n))^2. Given all
 * answers to a question, the posterior mean is what each model would get right were it asked once
 * more. What no other model shares counts as luck, so it is an estimate from below.
 */
#ifndef LEARN_ATTAINABLE_H
#define LEARN_ATTAINABLE_H

#include "learn/baseline.h"
#include "learn/dataset.h"

/* surplus (n) <- how much more likely right the best model for the question is than the one of highest
 * `rates->ability` among those with a label, 0 or more; NaN for a question without a label. */
void attainable_surplus(const struct dataset *d, const struct baseline *rates,
    const uint32_t *questions, size_t n, float *surplus);

#endif
