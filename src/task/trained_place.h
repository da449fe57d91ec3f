/* trained_place.h - vectors of models that came after a run, from their answers, without training.
 *
 * The run's question side is fixed, so that a model's vector is a convex fit (learn/place.h): its
 * prior is what the vectors of the run's own models are like, but wide along the direction in which
 * their abilities differ. The same answers give the same bits. */
#ifndef TASK_TRAINED_PLACE_H
#define TASK_TRAINED_PLACE_H

#include "learn/dataset.h"
#include "task/trained.h"

/* Every model of d that is not in the run and has answers to encoded questions gets its row of mf.p,
 * and draws from its posterior as heads. answers (d->n_models): by how many it was placed, 0 = not. */
void trained_place(
    struct trained *t, const struct dataset *d, const bool *encoded, size_t *answers);

#endif
