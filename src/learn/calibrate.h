/* calibrate.h - Platt scaling (Platt 1999): logit' = a * logit + b, fitted on the validation part. */
#ifndef LEARN_CALIBRATE_H
#define LEARN_CALIBRATE_H

#include <stddef.h>
#include <stdint.h>

struct calibration {
	double a, b;
};

/* n logits with labels 0..1 (NaN = missing) and weights (or NULL). Newton's method on the
 * log-loss with a faint pull towards a = 1, b = 0; where it does not converge to an increasing
 * map (no labels, one class, a <= 0) the identity. */
struct calibration calibrate_fit(
    size_t n, const float *logit, const float *label, const float *weight);

/* The same for logit and label (n_questions, n_models), but the identity where calibrating does not
 * show to help: fitted on four fifths of the questions and judged on the others, in turn, its gain in
 * log-loss a question must be above its own standard error. */
struct calibration calibrate_if_better(size_t n_questions, size_t n_models, const float *logit,
    const float *label, const float *weight);

/* What the fit could have been: for each of n_draws resamples of the questions (Poisson(1) counts)
 * one Newton step from c, the fit on logit and label (n_questions, n_models). draws (n_draws). */
void calibrate_bootstrap(const struct calibration *c, size_t n_questions, size_t n_models,
    const float *logit, const float *label, const float *weight, uint64_t seed, size_t n_draws,
    struct calibration *draws);

#endif
