/* choose.h - which questions to ask a model next.
 *
 * With S the covariance of its vector, x what a question multiplies it with and w = p (1 - p) of its
 * forecast, the answer to it
 *   takes  w (x' S g)^2 / (1 + w x' S x)  off the variance of the mean forecast, g = sum_i w_i x_i,
 *   adds   log(1 + w x' S x)              to the information about the vector (D-optimal).
 * Questions are taken one by one, S updated after each as if it had been answered.
 */
#ifndef LEARN_CHOOSE_H
#define LEARN_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/place.h"

enum chooser {
	CHOOSE_RANDOM,
	CHOOSE_ACCURACY, /* what makes the mean forecast surest */
	CHOOSE_PROFILE,  /* what makes the vector surest */
	CHOOSE_COUNT
};
extern const char *const choose_name[CHOOSE_COUNT + 1]; /* "random", "accuracy", "profile", NULL */

struct choice {
	uint32_t question;
	bool random;
};

/* Up to n of the `open` questions (N), which are closed; returns how many. Every fifth question of a
 * model that has `answered` already is random by any chooser: the first open one of `order` (n_order),
 * a random order. theta (K), cov (K, K): the model's place; not read by CHOOSE_RANDOM. */
size_t choose_next(enum chooser by, const struct place_side *side, const double *theta,
    const double *cov, const uint32_t *order, size_t n_order, size_t answered, bool *open, size_t n,
    struct choice *out);

#endif
