/* geometry_groups.h - are the models of a group nearer to each other than to others. */
#ifndef TASK_GEOMETRY_GROUPS_H
#define TASK_GEOMETRY_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct arena;
struct catalog;

enum geometry_space { SPACE_RUN, SPACE_APART, SPACE_NOISE, SPACE_PROFILE, SPACE_COUNT };
extern const char *const geometry_space_name[SPACE_COUNT];

/* Models with the same value of a tag, or of about the same size. */
struct geometry_group {
	const char *tag, *value;
	size_t n;
	double within[SPACE_COUNT], between[SPACE_COUNT]; /* mean distance */
	double p[SPACE_COUNT]; /* by permuted labels, within < between; Holm over the groups */
};

/* What is looked at: n models (catalog indexes) and their distances (n, n) in each space. */
struct geometry_distances {
	const struct catalog *catalog;
	const uint32_t *model;
	size_t n;
	struct mat d[SPACE_COUNT];
};

/* The groups of three models or more, in the arena: by tag, the largest first. `tag` NULL: of all tags,
 * with "family" and "size" that names tell too. */
struct geometry_group *geometry_find_groups(const struct geometry_distances *g, const char *tag,
    size_t permutations, uint64_t seed, struct arena *arena, size_t *n_groups);

#endif
