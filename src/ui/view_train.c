/* view_train.c */
#include "ui/view.h"

static void train_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_train = {
    .title = "Train",
    .scope = SCOPE_TRAIN,
    .needs = NEEDS_MODELS,
    .size = sizeof(struct view),
    .draw = train_draw,
};

void view_train_form(struct view *from)
{
	view_go(from, TAB_TRAIN);
}

void view_train_discard(struct view *train)
{
	view_cancel(train, LANE_LONG, JOB_TRAIN);
}
