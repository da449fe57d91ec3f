/* stats.h - quantiles, ranks, correlations and intervals. NaN where a figure is undefined. */
#ifndef NUM_STATS_H
#define NUM_STATS_H

#include <stddef.h>

void stats_sort(size_t n, double *v); /* ascending; no NaN */
/* Quantile q in 0..1 of an ascending array, interpolated linearly between order statistics (type 7
 * of Hyndman and Fan 1996, what numpy.quantile and R do by default). */
double stats_quantile(size_t n, const double *sorted, double q);

/* Pearson's correlation. */
double stats_pearson(size_t n, const double *x, const double *y);
/* rank (n) <- the places of x in ascending order, from 1; equal ones get the mean of theirs. Pearson's
 * correlation of two such is Spearman's. */
void stats_ranks(size_t n, const double *x, double *rank);

/* Kendall's tau-b in O(n log n) (Knight 1966). */
double stats_kendall(size_t n, const double *x, const double *y);

/* Area under the ROC curve: the chance that a positive row scores above a negative one, ties
 * counting half. Row i is positive with weight weight[i] * label[i] and negative with weight[i] *
 * (1 - label[i]), so fractional labels are allowed; label NaN = left out; weight NULL = 1 each. */
double stats_auc(size_t n, const float *score, const float *label, const float *weight);

/* order (n) <- the rows by ascending score. */
void stats_order(size_t n, const float *score, unsigned *order);

/* Percentile interval of n bootstrap draws (sorted in place; NaN draws are dropped): the central
 * `level`, e.g. .95. Both NaN where fewer than 20 draws are left. */
void stats_interval(size_t n, double *draws, double level, double *low, double *high);

/* 95 % interval of a/n - b/n, two shares of the same n things of which `both` had both: Newcombe's
 * square-and-add interval for paired data (1998, method 10). It has a width even where the two
 * never differ. n > 0. */
void stats_paired_shares(double n, double a, double b, double both, double *low, double *high);

#endif
