/* landmarks.h - features that make linear methods follow a Gaussian kernel: Nystroem's
 * approximation (Williams and Seeger, NIPS 2000) on landmarks drawn from the training questions.
 *
 *   k(x, z) = exp(-gamma |x - z|^2),   phi(x) = k(x, Z) E diag(1 / sqrt(w)),   k(Z, Z) = E diag(w) E'
 */
#ifndef METHOD_LANDMARKS_H
#define METHOD_LANDMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct err;

/* From the rows of x (n, D): z (L, D) the landmarks, at most `most` of them; map (L, K) what k(x, Z)
 * is multiplied with, K at most `rank`. New matrices, mat_free. */
bool landmarks_fit(const float *x, size_t n, size_t D, double gamma, size_t most, size_t rank,
    uint64_t seed, struct mat *z, struct mat *map, struct err *e);

/* phi (n, K) of the rows of x (n, D). */
void landmarks_features(
    const struct mat *z, const struct mat *map, double gamma, const float *x, size_t n, float *phi);

#endif
