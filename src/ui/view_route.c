/* view_route.c */
#include "ui/view.h"

static void route_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_route = {
    .title = "Route",
    .scope = SCOPE_ROUTE,
    .needs = NEEDS_RUN,
    .size = sizeof(struct view),
    .draw = route_draw,
};

void view_route_ask(struct view *from, const char *text)
{
	(void)text;
	view_go(from, TAB_ROUTE);
}
