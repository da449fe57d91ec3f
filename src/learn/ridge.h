/* ridge.h - ridge regression with an intercept that is not penalised, in closed form: beta and the
 * intercept minimise  sum_i (y_i - intercept - x_i' beta)^2 + lambda * n * |beta|^2. */
#ifndef LEARN_RIDGE_H
#define LEARN_RIDGE_H

#include <stddef.h>

/* Held-out forecasts (n) by cross-validation: fold[i] < folds; in each training part lambda is
 * chosen among `lambdas` by an inner cross-validation over the remaining folds. mean (n) gets the
 * training part's mean, the forecast that knows nothing; chosen (folds) the lambda of each fold. */
void ridge_forecast(size_t n, size_t K, const double *x, const double *y, const size_t *fold,
    size_t folds, const double *lambdas, size_t n_lambdas, double *forecast, double *mean,
    double *chosen);

#endif
