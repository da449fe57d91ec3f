/* figure.h - a figure and how sure it is. */
#ifndef NUM_FIGURE_H
#define NUM_FIGURE_H

#include <stddef.h>

struct figure {
	double value, low, high; /* 95 % bootstrap interval; NaN where undefined */
};

/* The value with the interval of its bootstrap draws: column `column` of draws (n, stride). */
struct figure figure_of_draws(
    double value, const double *draws, size_t n, size_t stride, size_t column);

#endif
