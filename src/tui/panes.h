/* panes.h - the parts of a screen that Tab goes through, each with the list that keys act on. */
#ifndef TUI_PANES_H
#define TUI_PANES_H

#include <stdbool.h>

struct cells;
struct list;

#define PANES_MAX 3
#define PANES_BESIDE                                                                               \
	76 /* cells from which on they stand side by side; below, only the focused one */

struct panes {
	struct list *list[PANES_MAX]; /* a plot has that of its points */
	int n;                        /* there now */
	int focus;
};

void panes_clear(struct panes *p); /* and the lists */
void panes_add(struct panes *p, struct list *l);
/* Only the first n are there now; a focus on another goes to the first. */
void panes_limit(struct panes *p, int n);
/* The focus on another one, round the end. */
void panes_step(struct panes *p, bool forward);
/* The list of the one with the focus, NULL where there is none, or one without columns. */
struct list *panes_list(const struct panes *p);
/* A click on a list, which gets the focus. */
void panes_click(struct panes *p, const struct cells *c, int y, int x);

#endif
