/* act.h - what actions do: the explorer's own, then the view's, then those of every list. */
#ifndef UI_ACT_H
#define UI_ACT_H

#include "view/action.h"

struct host;

void act_do(struct host *h, enum action action);

#endif
