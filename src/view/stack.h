/* stack.h - a stack of views in each tab, the front one on screen. */
#ifndef VIEW_STACK_H
#define VIEW_STACK_H

#include "view/class.h"

struct view *stack_front(const struct host *h);
struct view *stack_bottom(const struct host *h, enum tab tab);
/* NULL where it is gone. */
struct view *stack_find(const struct host *h, unsigned id);
void stack_open(struct host *h, enum tab tab, const struct view_class *class, const void *arg);
/* The first view of every tab, (TAB_COUNT) classes. */
void stack_open_tabs(struct host *h, const struct view_class *const *classes);
/* Closes a view that is on top of its tab; the bottom one stays. */
void stack_close(struct host *h, struct view *v);
void stack_go(struct host *h, enum tab tab);
void stack_clear(struct host *h);
/* Other data from now on: every view is told before it is next drawn. */
void stack_renew(struct host *h);
/* Whether the view at the front has what it needs; if so its `data` was called. */
bool stack_ready(struct host *h);
/* The focused list of the front view, or NULL. */
struct list *stack_list(struct host *h);

#endif
