/* route_policy.h - how questions are to be routed, as a file: the run, what cost weighs, who may be
 * chosen at which price, and who gets what is unlike all that is known. JSON:
 *
 *   {"format": "embedllm-routing-policy", "version": 1, "run": 7, "data": "9f2c...",
 *    "cost_weight": 0.2, "tokens_in": null, "tokens_out": 300, "fallback": "NAME",
 *    "pool": [{"model": "NAME", "price_in": 0.5, "price_out": 1.5}, ...]}
 *
 * tokens_in null = guessed from the text; a price null = unknown; fallback null = none.
 */
#ifndef TASK_ROUTE_POLICY_H
#define TASK_ROUTE_POLICY_H

#include "task/route.h"

struct route_policy {
	struct arena arena;
	const char *path;
	int64_t run;
	const char *data; /* digest of the labels the run learned from */
	double cost_weight, tokens_in /* 0 = guessed */, tokens_out;
	const char *fallback; /* or NULL */
	size_t n;
	struct route_policy_model {
		const char *name;
		double price[2]; /* NaN = unknown */
	} * pool;
};

/* Written whole or not at all; "-" is stdout. `fallback` SIZE_MAX = none. */
bool route_policy_write(const char *path, const struct atlas *a, const struct route_options *o,
    size_t fallback, struct err *e);
/* An error names the file, the member and what it should be. route_policy_clear. */
bool route_policy_read(const char *path, struct route_policy *out, struct err *e);
void route_policy_clear(struct route_policy *p);
/* Sets pool, prices, weight, tokens and fallback of *o by the models of the atlas, which must be of the
 * policy's run: an error where it is of other data or lacks a model. Arrays are the policy's. */
bool route_policy_apply(
    struct route_policy *p, const struct atlas *a, struct route_options *o, struct err *e);

#endif
