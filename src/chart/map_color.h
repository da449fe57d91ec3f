/* map_color.h - what the points of a map are coloured by, and the sign that says the same.
 *
 * Quantities (accuracy over all or one benchmark, size) go on the ramp and show a digit, the tenth
 * of their range; families are classes with a sign each.
 */
#ifndef CHART_MAP_COLOR_H
#define CHART_MAP_COLOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "task/atlas.h"
#include "tui/cells.h"
#include "tui/plot.h"

/* By what: one of these, or MAP_COLOR_BENCHMARK + a benchmark's index. */
enum { MAP_COLOR_ACCURACY, MAP_COLOR_FAMILY, MAP_COLOR_SIZE, MAP_COLOR_BENCHMARK };

#define MAP_FAMILIES (PLOT_CLASSES - 1) /* the largest; the rest is one class more */
#define MAP_RAMP 6
#define MAP_NONE MAP_RAMP /* class of a model without the quantity */

struct map_color {
	int by;
	size_t n;
	uint8_t *class; /* (n_models) for plot_dot */
	uint8_t *digit; /* (n_models) of a quantity */
	double low, high;
	bool unknown; /* some model is without the quantity */
	char *family[MAP_FAMILIES];
	size_t members[PLOT_CLASSES]; /* of each family */
};

/* `in` (n_models): the models on the map. */
void map_color_set(struct map_color *k, const struct catalog *r, const bool *in, int by);
void map_color_clear(struct map_color *k);
/* What comes after `by`, round the end. */
int map_color_next(const struct catalog *r, int by);
void map_color_name(const struct catalog *r, int by, struct buf *out);

/* The ends of the range as text; false for families and where no model has the quantity. */
bool map_color_ends(const struct map_color *k, struct buf *low, struct buf *high);
/* For struct plot. */
const uint8_t *map_color_roles(const struct map_color *k);
/* The point as a sign in a cell of its own. */
void map_color_sign(const struct map_color *k, size_t model, uint32_t *cp, unsigned *style);
/* "accuracy 24.0 0123456789 93.8" over at most w cells. */
void map_color_legend(
    const struct map_color *k, const struct catalog *r, struct cells *c, int y, int x, int w);

#endif
