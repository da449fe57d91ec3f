/* interval.h - between which bounds a forecast's share of right answers lies. */
#ifndef LEARN_INTERVAL_H
#define LEARN_INTERVAL_H

#include <stddef.h>

/* The 90 % interval of a forecast p is for the share of right answers among `cell` questions like
 * this one: in logits,
 *   z +- 1.645 * scale * sqrt(spread^2 + 1 / (cell * p * (1 - p)))
 * the forecast's own uncertainty and the noise of counting so many answers; a bound within half an
 * answer of none or all of them is 0 or 1, the share that so few answers have there. `scale` is 1,
 * or what it takes for the interval to hold on the validation part: it is only ever widened. */
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
