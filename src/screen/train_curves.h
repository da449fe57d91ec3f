/* train_curves.h - loss and accuracy over the epochs, of one run or several. */
#ifndef SCREEN_TRAIN_CURVES_H
#define SCREEN_TRAIN_CURVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/train.h"
#include "tui/cells.h"
#include "chart/charts.h"

#define CURVES_MAX 4

struct curve {
	int64_t run;
	size_t dim; /* of its vectors */
	uint64_t seed;
	size_t n, cap;
	struct trainer_epoch *v; /* mem_free */
};

void curve_add(struct curve *k, const struct trainer_epoch *t);
void curve_clear(struct curve *k);

/* The same as a chart, for a file. n > 0. */
void curves_chart(const struct curve *k, size_t n, double base_loss, double base_accuracy,
    bool log_axis, struct chart *out);
/* k[0] with its training and validation lines, the others with their validation lines. base_loss
 * and base_accuracy are drawn across where they lie in range; NaN = none. */
void curves_draw(const struct curve *k, size_t n, double base_loss, double base_accuracy,
    bool log_axis, struct cells *c, struct area a);

#endif
