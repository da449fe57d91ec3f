/* runs_compare.h - two runs against each other: the pane below the list of runs. */
#ifndef SCREEN_RUNS_COMPARE_H
#define SCREEN_RUNS_COMPARE_H

#include "task/runs_compare.h"
#include "tui/list.h"

struct runs_compare_pane {
	struct runs_compare compare;
	bool known; /* there is a comparison */
	struct list list;
	double scale; /* of the bars: the largest end of an interval */
};

void runs_compare_pane_init(struct runs_compare_pane *p);
void runs_compare_pane_clear(struct runs_compare_pane *p);
/* Takes the comparison, which is zeroed. */
void runs_compare_pane_set(struct runs_compare_pane *p, struct runs_compare *c);
void runs_compare_pane_draw(
    struct runs_compare_pane *p, struct cells *c, struct area a, bool focused);

#endif
