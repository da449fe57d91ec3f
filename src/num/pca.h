/* pca.h - principal components. */
#ifndef NUM_PCA_H
#define NUM_PCA_H

#include <stdbool.h>
#include <stddef.h>

#include "num/mat.h"

struct err;

/* Coordinates (n, k) of the rows of x (n, d) on its first k principal axes, by descending
 * variance, and the share of all variance each explains (k). Columns are centred, not scaled. Axes
 * past min(n - 1, d) give zeros. The sign of an axis is made definite: its coordinate of greatest
 * size is positive. */
bool pca(const struct mat *x, size_t k, float *coords, double *explained, struct err *e);

#endif
