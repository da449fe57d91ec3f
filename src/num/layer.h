/* layer.h - what a transformer does between its products, row by row. */
#ifndef NUM_LAYER_H
#define NUM_LAYER_H

#include <stddef.h>

/* x = x * P(Z <= x), Z standard normal: GELU by the error function, which is within 5e-7. */
void layer_gelu(size_t n, float *x);
/* x = softmax(scale * x + bias); bias may be NULL. */
void layer_softmax(size_t n, float *x, float scale, const float *bias);
/* x = gain * (x + y - mean) / sqrt(variance + eps) + offset, mean and variance those of x + y. */
void layer_add_norm(
    size_t n, float *x, const float *y, const float *gain, const float *offset, float eps);

#endif
