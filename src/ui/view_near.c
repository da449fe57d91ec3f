/* view_near.c */
#include "ui/view.h"

static void near_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_near = {
    .title = "Near",
    .scope = SCOPE_NEAR,
    .needs = NEEDS_RUN,
    .size = sizeof(struct view),
    .draw = near_draw,
};

void view_near_look(struct view *from, int64_t model)
{
	(void)model;
	view_go(from, TAB_NEAR);
}
