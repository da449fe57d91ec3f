/* list_act.h - what actions do to a list. */
#ifndef VIEW_LIST_ACT_H
#define VIEW_LIST_ACT_H

#include <stdbool.h>

#include "view/action.h"

struct list;

/* Movement, sort, reverse, marks, clear; what can be undone is remembered before. False: not an
 * action of lists. */
bool list_act(struct list *l, enum action a);

#endif
