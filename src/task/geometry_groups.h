/* geometry_groups.h - private to geometry: are models of a group nearer to each other than to others. */
#ifndef TASK_GEOMETRY_GROUPS_H
#define TASK_GEOMETRY_GROUPS_H

#include "num/mat.h"
#include "task/geometry.h"

/* g->group <- the groups of the g->n_models models (catalog indexes), with d the distances (n, n) in
 * each space. */
void geometry_find_groups(const struct catalog *c, const uint32_t *model,
    const struct mat d[SPACE_COUNT], struct geometry *g);

#endif
