/* view_probe.c */
#include "ui/view.h"

static void probe_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_probe = {
    .title = "Probe",
    .scope = SCOPE_PROBE,
    .needs = NEEDS_RUN,
    .size = sizeof(struct view),
    .draw = probe_draw,
};
