/* list.h - a table on the screen: columns that drop where it is narrow, sorting, search, filter,
 * marks.
 *
 * The rows are those of a struct table (base/table.h); a list keeps only indexes. Reading
 * them for a filter is spread over several turns of the event loop (list_work), so that tens of
 * thousands of rows do not hold it up; what was seen before stays until the new rows are complete.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/table.h"
#include "tui/cells.h"

struct list_column {
	const char *title;
	int width;  /* in cells; the least, where the column grows */
	int grow;   /* at most so wide; 0 = always `width` */
	int drop;   /* 0 = never; else the higher, the earlier it goes on a narrow screen */
	bool right; /* numbers: aligned right, first sorted from high to low */
	bool no_sort;
	bool hidden; /* until the user asks for it */
	int wide;    /* as the user chose; 0: nothing was said */
};

/* What a screen adds to the table. */
struct list_source {
	/* Draw the cell itself (bars); false: as text. May be NULL. */
	bool (*draw)(void *arg, size_t row, int column, struct cells *c, int y, int x, int w,
	    unsigned style);
	/* More text that a filter word or a search may match, beside the columns. May be NULL. */
	const char *(*more)(void *arg, size_t row);
};

/* A view sets name_column, and sort and reverse before the first rows; the rest is for
 * the files of the list, and what acts on it: see the functions. */
struct list {
	struct table table;          /* whose rows they are */
	struct list_column *columns; /* (n_columns) its columns on the screen */
	bool *off;  /* (n_columns) not to be seen: as the user chose, or else as `hidden` says */
	int *place; /* (n_columns) them from left to right */
	unsigned changes; /* of the user's choice that are taken up */
	int n_columns;
	const struct list_source *source;
	void *arg;
	size_t n;        /* rows in all */
	uint32_t *order; /* (shown) row indexes as seen */
	size_t shown;
	uint32_t *found; /* (n_found) what the filter has let through so far */
	size_t n_found;
	size_t scanned; /* rows the filter has looked at */
	bool narrow;    /* it looks only at rows that are seen: more of it was typed */
	bool *marked;   /* (n) */
	size_t n_marked;
	size_t at, top; /* cursor and first visible, positions in `order` */
	/* row to put the cursor on once the rows are found; SIZE_MAX: nothing is sought */
	size_t want;
	int left;       /* first column that scrolls into view, after column 1 */
	int sort;       /* column, -1 = as given */
	char *sort_key; /* of a column that is not there yet, or NULL */
	bool reverse;
	char *filter, *search;           /* NULL = none */
	struct filter *passing, *sought; /* what they mean; NULL with them */
	const char *empty; /* why there is no row, and what to press; NULL: nothing is said */
	int page;          /* rows of the last drawing */
	int *width;        /* (n_columns) cells of each column in it, 0 = hidden; NULL = none yet */
	struct area area;  /* where it was */
	unsigned frame;    /* in which frame (struct cells) */
	struct list_undo_step *undo; /* (n_undo) what list_undo goes back to, oldest first */
	size_t n_undo;
	int name_column; /* the one that `copy` takes */
};

/* The rows of a table: list_set_table brings them. `source` draws cells and knows more text of rows,
 * `arg` is for it; it may be NULL. */
void list_init(struct list *l, const struct table *t, const struct list_source *source, void *arg);
/* Other columns, of a table that makes them from its data; those before are still there, for the sort
 * goes with the key. Rows follow by list_set_table. */
void list_set_columns(struct list *l, const struct table *t);
/* Another table of the same columns, or the same with other rows: list_rows. */
void list_set_table(struct list *l, const struct table *t, size_t row);
/* Other hints than the table's for one of its columns: when it drops, how wide it is (0: hidden). */
void list_set_hints(struct list *l, int column, int drop, int width);
/* The user's choice of columns (tui/column_choice.h), where it changed; list_draw takes it too. */
void list_apply_choice(struct list *l);
/* The word of a choice for a column, without a width. */
void list_column_word(const struct column *c, struct buf *out);
void list_clear(struct list *l);
/* A cell as text, any bytes: the table's own, or put into `b`, which is emptied. */
const char *list_cell(const struct list *l, size_t row, int column, struct buf *b);
/* New rows. Marks and position are forgotten; filter and sort hold. `row` gets the cursor;
 * SIZE_MAX: the first one seen. */
void list_rows(struct list *l, size_t n, size_t row);
/* Go on filtering for a while; false where nothing was left to do. */
bool list_work(struct list *l);
bool list_waits(const struct list *l); /* there is work */
void list_finish(struct list *l);      /* all of it */

/* What is seen: how many rows, the row at a position, and that on a line of the screen, SIZE_MAX past
 * the last. */
static inline size_t list_shown(const struct list *l)
{
	return l->shown;
}
static inline size_t list_row_at(const struct list *l, size_t position)
{
	return l->order[position];
}
static inline size_t list_row_on_line(const struct list *l, size_t line)
{
	size_t position = l->top + line;

	return line < (size_t)l->page && position < l->shown ? l->order[position] : SIZE_MAX;
}
static inline bool list_is_marked(const struct list *l, size_t row)
{
	return l->n_marked && l->marked[row];
}
/* NULL where there is none. */
static inline const char *list_filter(const struct list *l)
{
	return l->filter;
}
static inline const char *list_search(const struct list *l)
{
	return l->search;
}

/* Mark a row, or not; rows beyond the last are ignored. */
void list_mark(struct list *l, size_t row, bool on);
void list_unmark(struct list *l); /* all rows */
/* The row under the cursor, SIZE_MAX if there is none. */
size_t list_row(const struct list *l);
/* Put the cursor on a row; false where the filter hides it. */
bool list_go(struct list *l, size_t row);
/* Down by n visible rows, within bounds. */
void list_move(struct list *l, long n);
void list_move_to(struct list *l, size_t position);
/* Scroll so that the cursor is among the rows seen. */
void list_keep_in_view(struct list *l);

/* Whether a row passes the filter, and is what is searched for (base/filter.h); true where there is
 * none. */
bool list_passes(const struct list *l, size_t row);
bool list_is_hit(const struct list *l, size_t row);
/* What is to be said of the filter (filter_note), or NULL. */
const char *list_filter_note(const struct list *l);
/* Why there is a word in it that means nothing (filter_fault), or NULL. */
const char *list_filter_fault(const struct list *l);
void list_set_filter(struct list *l, const char *s); /* NULL or "" = none */
void list_set_search(struct list *l, const char *s);
/* The next (or previous) row that the search matches, round the end; false if none does. */
bool list_find(struct list *l, bool forward, bool from_here);
void list_set_sort(struct list *l, int column, bool reverse);
/* Cells have changed: the order and what is filtered may hang on them. */
void list_renew(struct list *l);

/* Undo: list_remember keeps sort, filter, marks and cursor row as they are now; list_undo brings back
 * the last that was kept, and is false where there is none. New rows begin anew. */
void list_remember(struct list *l);
bool list_undo(struct list *l);
/* What a click there means: on a title sort by it, on a row go to it. False: the list was not drawn
 * there in this frame. */
bool list_click(struct list *l, const struct cells *c, int y, int x);

/* Header line and rows in `a`. The cursor row is marked with `>` and, if focused, reversed and
 * given the terminal's cursor. */
void list_draw(struct list *l, struct cells *c, struct area a, bool focused);
/* "2/112", "0 of 112 (filter: x)". */
void list_position(const struct list *l, struct buf *out);
/* What shapes the rows: "sort: accuracy v". */
void list_sort_shape(const struct list *l, struct buf *out);
/* And the filter: "filter: foo>3 (no column foo)"; nothing where there is none. */
void list_filter_shape(const struct list *l, const char *of, struct buf *out);
/* Sort and filter, for the next session; restore before the first list_rows. */
void list_save(const struct list *l, json_t *state);
void list_restore(struct list *l, const json_t *state);
/* Header and visible rows as TSV. */
void list_tsv(struct list *l, struct buf *out);

#endif
