/* question_pane.h - one question as the Questions screens show it: its figures in a line, its text,
 * who is right, and the questions like it. */
#ifndef SCREEN_QUESTION_PANE_H
#define SCREEN_QUESTION_PANE_H

#include "base/buf.h"
#include "task/questions.h"
#include "tui/cells.h"

/* "right for 42 of 112 (38% Â±9) Â· predicted 41% Â· discrimination .34" */
void question_figures(const struct questions_row *r, struct buf *out);
/* The pane below a list: figures, text and, once `d` is known (else NULL), who is right or wrong,
 * the most accurate models first, and the questions like it. Returns the lines taken. */
int question_pane_draw(const struct atlas *a, const struct questions_row *r,
    const struct question_detail *d, struct cells *c, struct area at);

#endif
