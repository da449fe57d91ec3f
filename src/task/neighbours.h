/* neighbours.h - which models behave like this one. */
#ifndef TASK_NEIGHBOURS_H
#define TASK_NEIGHBOURS_H

#include "base/table.h"
#include "task/atlas.h"

enum neighbour_metric { NEIGHBOUR_COSINE, NEIGHBOUR_L2 };

struct neighbours_options {
	enum neighbour_metric metric;
	size_t k;   /* at most so many; 0 = all */
	bool apart; /* alike apart from ability: see vectors.h */
};

struct neighbour {
	size_t model; /* index in the catalog */
	double cosine, distance;
	double agreement; /* share of equal answers on questions both have, NaN if none */
	double chance;    /* what it would be if the two erred independently at their accuracies */
	bool at_chance;   /* the agreement is within error of that (chi-square test, 5 %) */
	double stays;     /* share of refits that have it among the nearest ten, NaN unknown */
	size_t common;    /* questions both have */
};

struct neighbours {
	struct arena arena;
	size_t model;
	struct neighbours_options options;
	double ability, share; /* apart: of what was taken out, see vectors.h */
	size_t n;
	struct neighbour *v; /* nearest first by the metric, the model itself left out */
};

enum {
	NEIGHBOURS_RANK,
	NEIGHBOURS_NAME,
	NEIGHBOURS_COSINE,
	NEIGHBOURS_DISTANCE,
	NEIGHBOURS_AGREEMENT,
	NEIGHBOURS_HALF_WIDTH,
	NEIGHBOURS_CHANCE,
	NEIGHBOURS_AT_CHANCE,
	NEIGHBOURS_STAYS,
	NEIGHBOURS_COMMON,
	NEIGHBOURS_ACCURACY,
	NEIGHBOURS_COLUMNS
};
/* NULL for none yet: columns alone. */
struct table neighbours_table(const struct neighbours *n, const struct catalog *r);

/* Cosine, or the distance, of two vectors (n). */
double neighbours_similarity(
    size_t n, const float *x, const float *y, enum neighbour_metric metric);

/* Needs a run. */
bool task_neighbours(const struct atlas *a, size_t model, const struct neighbours_options *o,
    struct neighbours *out, struct err *e);
void neighbours_clear(struct neighbours *n);

#endif
