/* route_pool.h - which models may get a question, and what their cost weighs: what the user changes on
 * the Route screen, and takes back. */
#ifndef SCREEN_ROUTE_POOL_H
#define SCREEN_ROUTE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct catalog;

#define ROUTE_POOL_UNDO 50 /* steps that can be undone */

struct route_pool {
	double weight; /* of cost, 0..1 */
	int64_t *out;  /* (n_out) ids of models that are left out */
	size_t n_out, cap_out;
	struct route_pool_step {
		double weight;
		int64_t *out; /* (n_out) */
		size_t n_out;
	} undo[ROUTE_POOL_UNDO]; /* (n_undo) oldest first */
	size_t n_undo;
	bool moving; /* the last change was of the weight: its steps are undone together */
};

void route_pool_clear(struct route_pool *p);
/* Forget models that the catalog has no more. */
void route_pool_renew(struct route_pool *p, const struct catalog *c);
/* Who is in: (n_models), mem_free. */
bool *route_pool_mask(const struct route_pool *p, const struct catalog *c);
/* By a number of steps up or down, within bounds. */
void route_pool_weigh(struct route_pool *p, int steps);
void route_pool_weigh_to(struct route_pool *p, double weight);
/* Take a model of n candidates out, or back in; false where it is the last one. */
bool route_pool_toggle(struct route_pool *p, int64_t model, size_t n);
/* Those of `among` whose name matches, "" = all; false where none does, and all are in. */
bool route_pool_choose(
    struct route_pool *p, const struct catalog *c, const bool *among, const char *pattern);
/* The last change; false where there is none. */
bool route_pool_undo(struct route_pool *p);
void route_pool_save(const struct route_pool *p, json_t *state);
void route_pool_restore(struct route_pool *p, const json_t *state);

#endif
