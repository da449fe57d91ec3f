/* near_list.h - the neighbours of a model as a list. */
#ifndef SCREEN_NEAR_LIST_H
#define SCREEN_NEAR_LIST_H

#include "task/neighbours.h"
#include "tui/list.h"
#include "view/view.h"

struct near_list {
	const struct view *view; /* for the catalog */
	struct list list;        /* rows: found.v */
	struct neighbours found;
	size_t *place; /* (n_models) row of a model, SIZE_MAX = none */
};

void near_list_init(struct near_list *l, const struct view *view);
void near_list_clear(struct near_list *l);
/* Other rows, taken from *found; the cursor goes to `model`. */
void near_list_set(struct near_list *l, struct neighbours *found, size_t model);
void near_list_drop(struct near_list *l); /* none */
/* Roster index of the row under the cursor, SIZE_MAX if there is none. */
size_t near_list_model(const struct near_list *l);
bool near_list_go(struct near_list *l, size_t model);
/* Rows; below them what the cursor's row says in full and, with room, the farthest. */
void near_list_draw(struct near_list *l, struct cells *c, struct area a, bool focused);

#endif
