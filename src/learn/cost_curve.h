/* cost_curve.h - quality against cost: what can be had for so much money.
 *
 * Points are strategies, each with a mean cost and a mean quality; NaN = no point. Whoever may draw
 * lots between two strategies gets every point on the line between them, so what a set of strategies
 * is worth is its upper hull, as far as that rises (Hu et al. 2024, RouterBench).
 */
#ifndef LEARN_COST_CURVE_H
#define LEARN_COST_CURVE_H

#include <stddef.h>
#include <stdint.h>

/* The hull's points in ascending order of cost into vertex (n); returns how many. It begins at the
 * cheapest point, of equal ones at the best, and ends at the best, of equal ones at the cheapest. */
size_t cost_hull(size_t n, const double *cost, const double *quality, uint32_t *vertex);

/* Quality of the mix of two neighbours among the k vertices that costs c: linear between them, flat
 * before the first and after the last. The qualities need not be those the hull was made of. */
double cost_hull_at(
    size_t k, const uint32_t *vertex, const double *cost, const double *quality, double c);

/* Mean height over low..high of the hull ("average improvement in quality"), and of the staircase of
 * the best point that costs at most so much (0 before the first). NaN where low >= high or there is no point. */
double cost_aiq(size_t n, const double *cost, const double *quality, double low, double high);
double cost_area(size_t n, const double *cost, const double *quality, double low, double high);

#endif
