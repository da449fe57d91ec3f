/* near_map.h - a map of the models: points in colour, signs where there is room for them, names of
 * the ones that matter. */
#ifndef SCREEN_NEAR_MAP_H
#define SCREEN_NEAR_MAP_H

#include "task/map.h"
#include "tui/cells.h"
#include "chart/map_color.h"
#include "tui/viewport.h"

struct near_map {
	struct viewport viewport;
	struct map_color color;
	size_t n;                 /* points */
	struct viewport_point *v; /* (n) */
	size_t *model;            /* (n) catalog index */
	size_t *point;            /* (n_models) index in v, SIZE_MAX = not on the map */
	bool *shown;       /* (n_models) by the filter; others are dim dots. The view's to set */
	size_t anchor, at; /* catalog indexes, SIZE_MAX = none */
};

/* The points of a map; zoom is reset. */
void near_map_set(struct near_map *p, const struct catalog *r, const struct map *m, int color);
void near_map_clear(struct near_map *p);

/* Names go to the anchor, the cursor, and then to `name` (catalog indexes) in their order, where
 * they do not overlap. `focused`: the terminal's cursor is put on the model's point. */
void near_map_draw(struct near_map *p, const struct catalog *r, struct cells *c, struct area a,
    const size_t *name, size_t n_names, bool focused);

/* The shown model nearest to the cursor's (or the anchor's) in a direction; SIZE_MAX if none. */
size_t near_map_next(const struct near_map *p, int right, int up);
/* About the cursor's point. */
void near_map_zoom(struct near_map *p, double factor);
/* Make sure that the cursor's point is in the window. */
void near_map_show(struct near_map *p);

#endif
