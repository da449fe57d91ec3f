/* probe_scatter.h - one benchmark's held-out forecasts against the truth: the models as a list and
 * as points. */
#ifndef SCREEN_PROBE_SCATTER_H
#define SCREEN_PROBE_SCATTER_H

#include "task/probe.h"
#include "chart/charts.h"
#include "tui/list.h"
#include "tui/viewport.h"
#include "view/view.h"

struct probe_scatter {
	const struct view *view;     /* for the catalog */
	const struct probe *probe;   /* that `row` is of */
	const struct probe_row *row; /* NULL = nothing to show */
	struct list list;
	uint32_t *model;          /* (rows) catalog index */
	struct viewport_point *v; /* (rows) forecast, truth */
};

void probe_scatter_init(struct probe_scatter *s, const struct view *view);
void probe_scatter_clear(struct probe_scatter *s);
/* Another benchmark (NULL: none, and no data is read); the cursor stays on its model, or goes to
 * `model` unless that is SIZE_MAX. */
void probe_scatter_set(
    struct probe_scatter *s, const struct probe *p, const struct probe_row *row, size_t model);
size_t probe_scatter_model(const struct probe_scatter *s); /* under the cursor, SIZE_MAX if none */
/* The models that the list shows, as a plot. */
void probe_scatter_chart(const struct probe_scatter *s, struct chart *out);
/* To the nearest point in a direction: -1, 0 or 1. */
void probe_scatter_go(struct probe_scatter *s, int right, int up);
void probe_scatter_draw(struct probe_scatter *s, struct cells *c, struct area a, bool on_plot);

#endif
