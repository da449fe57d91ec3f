/* runs_compare.h - two runs against each other: the pane below the list of runs. */
#ifndef SCREEN_RUNS_COMPARE_H
#define SCREEN_RUNS_COMPARE_H

#include "task/runs_compare.h"
#include "tui/list.h"

struct compare_pane {
	struct runs_compare compare;
	bool known; /* there is a comparison */
	struct list list;
	double scale; /* of the bars: the largest end of an interval */
};

void compare_pane_init(struct compare_pane *p);
void compare_pane_clear(struct compare_pane *p);
/* Takes the comparison, which is zeroed. */
void compare_pane_set(struct compare_pane *p, struct runs_compare *c);
void compare_pane_draw(struct compare_pane *p, struct cells *c, struct area a, bool focused);

#endif
