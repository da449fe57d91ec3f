/* view_model.c */
#include "ui/view.h"

static void model_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_model = {
    .title = "",
    .scope = SCOPE_MODEL,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct view),
    .draw = model_draw,
};
