#include "view/list_act.h"

#include "tui/list.h"

static void next_sort(struct list *l)
{
	int p = -1, c;

	for (int i = 0; i < l->n_columns && l->sort >= 0; i++)
		p = l->place[i] == l->sort ? i : p;
	do {
		p = p + 1 >= l->n_columns ? -1 : p + 1;
		c = p < 0 ? -1 : l->place[p];
	} while (c >= 0 && (l->columns[c].no_sort || l->off[c]));
	list_set_sort(l, c, c >= 0 && l->columns[c].right);
}

static void toggle_mark(struct list *l)
{
	size_t row = list_row(l);

	if (row == SIZE_MAX)
		return;
	list_mark(l, row, !l->marked[row]);
	list_move(l, 1);
}

static void clear_one(struct list *l)
{
	if (l->filter) {
		list_set_filter(l, NULL);
	} else if (l->n_marked) {
		list_unmark(l);
	} else {
		list_set_search(l, NULL);
	}
}

bool list_act(struct list *l, enum action a)
{
	switch (a) {
	case ACTION_DOWN:
		list_move(l, 1);
		return true;
	case ACTION_UP:
		list_move(l, -1);
		return true;
	case ACTION_HALF_DOWN:
		list_move(l, (l->page + 1) / 2);
		return true;
	case ACTION_HALF_UP:
		list_move(l, -(l->page + 1) / 2);
		return true;
	case ACTION_PAGE_DOWN:
		list_move(l, l->page);
		return true;
	case ACTION_PAGE_UP:
		list_move(l, -l->page);
		return true;
	case ACTION_FIRST:
		list_move(l, -(long)l->shown);
		return true;
	case ACTION_LAST:
		list_move(l, (long)l->shown);
		return true;
	case ACTION_LEFT:
		l->left -= l->left > 0;
		return true;
	case ACTION_RIGHT:
		l->left += l->left + 2 < l->n_columns;
		return true;
	case ACTION_SORT:
		list_remember(l);
		next_sort(l);
		return true;
	case ACTION_REVERSE:
		list_remember(l);
		list_set_sort(l, l->sort, !l->reverse);
		return true;
	case ACTION_MARK:
		list_remember(l);
		toggle_mark(l);
		return true;
	case ACTION_CLEAR:
		list_remember(l);
		clear_one(l);
		return true;
	default:
		return false;
	}
}
