/* frame.h - the screen: the lines round the body, and the view in it. */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include <stdbool.h>

struct err;
struct host;

void frame_draw(struct host *h);
int frame_tab_at(const struct host *h, int x); /* the tab of that column of line 1, -1 = none */
/* The screen as text, or with its styles where the name ends in .ansi; "-" is stdout. */
bool frame_save(struct host *h, const char *path, struct err *e);

#endif
