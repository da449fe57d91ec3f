/* vectors.h - the model vectors as Near, map and geometry look at them: the run's own, or apart from
 * ability.
 *
 * Most of what vectors say is who is better. Apart from that: the mean of the run's models is taken
 * from each, and the first principal direction of what is left is taken out. What remains says where
 * models differ that are equally good.
 */
#ifndef TASK_VECTORS_H
#define TASK_VECTORS_H

#include <stdbool.h>

#include "num/mat.h"

struct atlas;
struct err;

struct vectors {
	struct mat v; /* (n_models, K); rows of models that the run does not know are 0 */
	/* Apart: the correlation (Pearson's, its size) of what was taken out with the models' accuracy, and
	 * its share of the variance. Else NaN. */
	double ability, share;
};

/* Needs a run; vectors_free. */
bool vectors_of(const struct atlas *a, bool apart, struct vectors *out, struct err *e);
void vectors_free(struct vectors *v);

#endif
