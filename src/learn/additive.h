/* additive.h - a table of rates, models by benchmarks with holes, as ability plus ease on the logit
 * scale (a Rasch model of cells): what is known of a cell that nobody has seen.
 *
 *   logit(rate of m on b) = ability_m + ease_b + e_mb,   e_mb ~ (0, sd^2)
 *
 * Cells weigh what their rates are worth: 1 / (1 / (n p (1 - p)) + sd^2).
 */
#ifndef LEARN_ADDITIVE_H
#define LEARN_ADDITIVE_H

#include <stddef.h>

struct additive {
	size_t models, benchmarks;
	double *ability; /* (models) NaN: no cell */
	double *ease;    /* (benchmarks) NaN: no cell */
	double *weight;  /* (models) sum of the weights of its cells */
	double sd; /* of e, beyond the noise of counting; NaN where no two cells can be compared */
};

/* right, seen (models, benchmarks): sums of labels and their number; seen 0 = a hole. */
struct additive additive_fit(
    size_t models, size_t benchmarks, const double *right, const double *seen);
void additive_free(struct additive *a);
/* The logit of a cell, NaN where the model or the benchmark has none. For a hole that is what it is
 * thought to be. */
double additive_logit(const struct additive *a, size_t model, size_t benchmark);

#endif
