/* view_runs.c */
#include "ui/view.h"

static void runs_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_runs = {
    .title = "Runs",
    .scope = SCOPE_RUNS,
    .needs = NEEDS_MODELS,
    .size = sizeof(struct view),
    .draw = runs_draw,
};
