/* view_questions.c */
#include "ui/view.h"

static void questions_draw(struct view *view, struct cells *c, struct area a)
{
	(void)view;
	(void)c;
	(void)a;
}

const struct view_class view_questions = {
    .title = "Questions",
    .scope = SCOPE_QUESTIONS,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct view),
    .draw = questions_draw,
};
