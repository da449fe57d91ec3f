/* train_curves.h - loss and accuracy over the epochs, of one run or several. */
#ifndef SCREEN_TRAIN_CURVES_H
#define SCREEN_TRAIN_CURVES_H

#include <stdbool.h>
#include <stddef.h>

#include "chart/charts.h"
#include "tui/cells.h"

#define CURVES_MAX 4

/* k[0] with its training and validation lines, the others with their validation lines. base_loss
 * and base_accuracy are drawn across where they lie in range; NaN = none. */
void train_curves_draw(
    const struct chart_curve *k, size_t n, bool log_axis, struct cells *c, struct area a);

#endif
