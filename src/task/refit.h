/* refit.h - a run's method fitted once more, on other questions: what the vectors would have been. */
#ifndef TASK_REFIT_H
#define TASK_REFIT_H

#include "task/atlas.h"

/* Vectors (n_models, K) in canonical form of the run's method, with the run's settings or
 * hyper-parameters, fitted on d: a->data with other parts. mf_free. False: cancelled, or what d lacks. */
bool refit_vectors(const struct atlas *a, const struct dataset *d, const struct progress *p,
    struct mf *out, struct err *e);

#endif
