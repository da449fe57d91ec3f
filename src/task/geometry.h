/* geometry.h - does it mean anything that two models' vectors are near: distance against disagreement.
 *
 * Distances of all pairs of models in four spaces side by side: the run's vectors, the same apart from
 * ability (vectors.h), normal noise of the same width, and the accuracies on the benchmarks, which need
 * no vectors. Each is held against the share of held-out questions on which the two models do not do
 * equally well, by correlations and by Mantel's test (1967), and against groups of models by tag.
 */
#ifndef TASK_GEOMETRY_H
#define TASK_GEOMETRY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/part.h"
#include "base/table.h"
#include "task/geometry_groups.h"
#include "task/neighbours.h"

struct progress;

#define GEOMETRY_NEIGHBOURS 10
#define GEOMETRY_MODELS 1000 /* more are drawn from by the seed */

struct geometry_options {
	enum neighbour_metric metric; /* of the first three spaces; of profiles always Euclid's */
	size_t permutations;          /* 999 */
	uint64_t seed;
	const char *tag; /* only groups of this tag, "family" and "size" too; NULL = of all */
};
void geometry_options_default(struct geometry_options *o);

struct geometry_fit {
	double pearson, spearman, kendall;     /* of distance and disagreement over the pairs */
	double p;                              /* Mantel: share of permutations that do as well */
	double agreement[GEOMETRY_NEIGHBOURS]; /* with the k-th neighbour, mean over models */
};

struct geometry {
	struct arena arena;
	struct geometry_options options;
	size_t n_models, n_pairs; /* pairs with 20 questions in common */
	size_t n_questions;       /* of ... */
	enum part part;           /* ... this part: test, else validation, else (PART_NONE) all */
	double agreement;         /* mean over the pairs */
	struct geometry_fit fit[SPACE_COUNT];
	size_t n_groups;
	struct geometry_group *group; /* by tag, the largest first */
};

/* Needs a run and three models of it. */
bool task_geometry(const struct atlas *a, const struct geometry_options *o,
    const struct progress *p, struct geometry *out, struct err *e);
void geometry_clear(struct geometry *g);

enum {
	GEOMETRY_SPACE,
	GEOMETRY_PEARSON,
	GEOMETRY_SPEARMAN,
	GEOMETRY_KENDALL,
	GEOMETRY_P,
	GEOMETRY_FIRST, /* agreement with the nearest, ... */
	GEOMETRY_LAST = GEOMETRY_FIRST + GEOMETRY_NEIGHBOURS - 1, /* ... with the tenth */
	GEOMETRY_COLUMNS
};
struct table geometry_table(const struct geometry *g);
enum { GROUPS_TAG, GROUPS_VALUE, GROUPS_MODELS, GROUPS_SPACES };
/* Then for each space: within, between, p. */
#define GROUPS_COLUMNS (GROUPS_SPACES + 3 * SPACE_COUNT)
struct table geometry_groups_table(const struct geometry *g);

#endif
