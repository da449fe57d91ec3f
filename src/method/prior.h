/* prior.h - what a regression starts from: the models' rates, or the forecast of the benchmark that
 * the text looks like (posterior.c). It is fitted to what this leaves over.
 *
 * A posterior's own training questions tell nothing of what it leaves over, so that its forecasts of
 * them are held: by posteriors that were fitted without them.
 */
#ifndef METHOD_PRIOR_H
#define METHOD_PRIOR_H

#include <stdbool.h>
#include <stddef.h>

#include "method/method.h"

enum prior_kind { PRIOR_RATES, PRIOR_POSTERIOR };

/* p (n_train, M): probabilities of the training questions. What prior_at needs goes into *out. */
bool prior_fit(
    enum prior_kind kind, const struct fit *in, struct params *out, float *p, struct err *e);
/* p (n, M) of encodings (n, D). */
void prior_at(const struct params *params, const float *enc, size_t n, float *p);

#endif
