/* map.h - the models on a plane: PCA, or exact t-SNE (van der Maaten and Hinton 2008). */
#ifndef TASK_MAP_H
#define TASK_MAP_H

#include "task/atlas.h"

enum map_method { MAP_PCA, MAP_TSNE };

struct map_options {
	enum map_method method;
	bool apart;        /* alike apart from ability: see vectors.h */
	double perplexity; /* 30, lowered where there are too few models */
	size_t iterations; /* 1000 */
	uint64_t seed;
};
void map_options_default(struct map_options *o);

struct map_point {
	size_t model;
	double x, y; /* centred; larger extent scaled to [-1, 1] */
};

struct map {
	struct arena arena;
	struct map_options options;
	size_t n;
	struct map_point *v;   /* models of the run, by catalog order */
	double explained[2];   /* PCA: shares of variance; t-SNE: NaN */
	double ability, share; /* apart: of what was taken out, see vectors.h */
	double kl;             /* t-SNE: Kullback-Leibler divergence reached; PCA: NaN */
};

bool task_map(const struct atlas *a, const struct map_options *o, const struct progress *p,
    struct map *out, struct err *e);
void map_clear(struct map *m);

#endif
