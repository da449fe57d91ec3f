/* metric.h - how good probabilities are, with bootstrap intervals over questions.
 *
 * Labels may be fractional (a mean over repeats) and weighted: a row of weight w and label y counts
 * as w * y right and w * (1 - y) wrong answers.
 *   accuracy  share of answers on the side of 1/2 the probability is on
 *   auc       pooled over all rows, ties half; auc_within: mean of the models' own AUCs, weighted
 *             by their rows (the pooled one also rewards knowing who is good)
 *   log_loss  mean of -y log p - (1 - y) log(1 - p)
 *   brier     mean of (p - y)^2, spelled out for fractional labels
 *   ece       calibration error: mean |share right - mean p| over 15 bins of equal mass
 */
#ifndef LEARN_METRIC_H
#define LEARN_METRIC_H

#include <stddef.h>
#include <stdint.h>

enum metric {
	METRIC_ACCURACY,
	METRIC_AUC,
	METRIC_AUC_WITHIN,
	METRIC_LOG_LOSS,
	METRIC_BRIER,
	METRIC_ECE,
	METRIC_COUNT
};

/* n rows of one part, one per label. */
struct metric_rows {
	size_t n, n_questions, n_models;
	float *p;           /* forecast 0..1 */
	float *y, *w;       /* label, weight */
	uint32_t *question; /* < n_questions */
	uint32_t *model;    /* < n_models */
};

/* Rows with label[i] not NaN of dense tables (n_questions, n_models) p, label, weight (or NULL).
 * Owned arrays, metric_rows_free. keep (n_questions) selects questions, NULL = all. */
struct metric_rows metric_rows_new(size_t n_questions, size_t n_models, const float *p,
    const float *label, const float *weight, const unsigned char *keep);
void metric_rows_free(struct metric_rows *r);

/* The six figures; NaN where undefined (no rows, one class). */
void metric_compute(const struct metric_rows *r, double out[METRIC_COUNT]);

/* Question counts of `draws` bootstrap resamples: (draws, n_questions), new array, mem_free. */
uint16_t *metric_resample(size_t n_questions, size_t draws, uint64_t seed);

/* The figures in each resample: out (draws, METRIC_COUNT). Two forecasts of the same rows with the
 * same counts give a paired comparison. */
void metric_bootstrap(
    const struct metric_rows *r, size_t draws, const uint16_t *counts, double *out);

#endif
