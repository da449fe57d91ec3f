/* stack.h - weights of unlike methods in one forecast. */
#ifndef METHOD_STACK_H
#define METHOD_STACK_H

#include <stddef.h>

#include "method/method.h"

#define STACK_MAX 16

/* w (J + 1): shares of the J <= STACK_MAX methods, none negative, and the intercept, from their
 * out-of-fold logits z[j] (s->n, s->M) and the labels. */
void stack_weights(size_t J, const float *const *z, const struct sample *s, double *w);

#endif
