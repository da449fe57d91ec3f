/* probe_heat.h - errors of held-out forecasts, models by benchmarks: a list whose last column is a
 * strip of numbers on diverging colours. */
#ifndef SCREEN_PROBE_HEAT_H
#define SCREEN_PROBE_HEAT_H

#include "task/probe.h"
#include "tui/list.h"
#include "view/view.h"

struct probe_heat {
	const struct view *view; /* for the catalog */
	const struct probe *probe;
	struct list list;     /* rows: models of the catalog that have a forecast */
	uint32_t *model;      /* (rows) */
	size_t column;        /* the benchmark under the cursor */
	size_t left;          /* the first one that is seen */
	double scale;         /* error at which colours are full */
	int strip_x, strip_w; /* of the last drawing */
};

void probe_heat_init(struct probe_heat *h, const struct view *view);
void probe_heat_clear(struct probe_heat *h);
/* NULL: nothing to show, and no data is read. Sort and cursor hold. */
void probe_heat_set(struct probe_heat *h, const struct probe *p);
/* Roster index of the row under the cursor, SIZE_MAX if there is none. */
size_t probe_heat_model(const struct probe_heat *h);
/* To another benchmark: by n columns. */
void probe_heat_move(struct probe_heat *h, long n);
void probe_heat_draw(struct probe_heat *h, struct cells *c, struct area a, bool focused);

#endif
