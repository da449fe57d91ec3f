/* forecasts.h - a run's forecasts beside the labels, on chosen questions: what tasks judge with.
 *
 * A model that the run has no vector for is not judged, nor is a question that came after the run:
 * their labels are missing here.
 */
#ifndef TASK_FORECASTS_H
#define TASK_FORECASTS_H

#include "task/atlas.h"

struct forecasts {
	size_t n, M;
	uint32_t *question; /* (n) in the atlas */
	float *p, *y, *w;   /* (n, M) forecast, label, weight; w NULL = all 1 */
};

/* Takes `question` (n); forecasts_free. Needs a run. */
struct forecasts forecasts_new(const struct atlas *a, uint32_t *question, size_t n);
void forecasts_free(struct forecasts *j);

#endif
