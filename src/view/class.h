/* class.h - what a screen is: a struct that begins with struct view, and its class of functions.
 *
 * A view draws results and asks for them; it computes nothing. It submits a job, which runs a task
 * on a worker's thread and comes home through its own `done` (view.h).
 */
#ifndef VIEW_CLASS_H
#define VIEW_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "tui/cells.h"
#include "tui/panes.h"
#include "view/action.h"

struct chart;
struct host;
struct view;

enum tab {
	TAB_MODELS,
	TAB_QUESTIONS,
	TAB_NEAR,
	TAB_TRAIN,
	TAB_PROBE,
	TAB_ROUTE,
	TAB_RUNS,
	TAB_COUNT
};

/* What there must be before a view is drawn and gets actions; until then the explorer says in its
 * place what is missing and which key brings it. */
enum view_needs { NEEDS_NOTHING, NEEDS_MODELS, NEEDS_LABELS, NEEDS_RUN };

#define VIEW_STEPS 1         /* ] and [ go to the next and the previous item */
#define VIEW_OPENS_NOTHING 2 /* Enter does not open what the cursor is on */

struct view_class {
	const char *title; /* "Models"; of the tab and the path */
	enum scope scope;
	enum view_needs needs;
	unsigned flags; /* VIEW_... */
	size_t size;    /* of the struct that begins with struct view */
	void (*init)(struct view *v, const void *arg);
	void (*clear)(struct view *v);
	/* There is other data (view_data): names, labels or the run changed. Called once before the
	 * first drawing, when what the view needs is there. */
	void (*data)(struct view *v);
	/* Draw the body. Only the cursor position and what list_draw keeps may change. */
	void (*draw)(struct view *v, struct cells *c, struct area a);
	/* Line 2: after the title, where one is; at the right, what shapes the rows. May be NULL. */
	void (*where)(struct view *v, struct buf *path, struct buf *shape);
	/* The plot on screen, for a file; false where there is none now. May be NULL. */
	bool (*chart)(struct view *v, struct chart *out);
	void (*position)(struct view *v, struct buf *out); /* NULL: list_position of its list */
	bool (*act)(struct view *v, enum action a);        /* false: not an action of this view */
	/* Whether the action does something now, for the hint line, besides what panes and flags say.
	 * NULL: it does. */
	bool (*offers)(const struct view *v, enum action a);
	/* Every key while the view edits text, before actions are looked up: false = look it up. */
	bool (*key)(struct view *v, uint32_t key);
	bool (*editing)(const struct view *v); /* whether it does; NULL: never */
	/* After keys and results, before drawing: ask for what the cursor has come to. May be NULL. */
	void (*follow)(struct view *v);
	/* What to remember between sessions; both may be NULL. */
	void (*save)(const struct view *v, json_t *state);
	void (*restore)(struct view *v, const json_t *state);
};

struct view {
	const struct view_class *class;
	struct host *host;
	unsigned id;        /* never used twice */
	struct view *under; /* what q goes back to; NULL at the bottom */
	bool ready;         /* `data` was called */
	struct panes panes; /* `init` adds them; their lists are cleared after `clear` */
	/* While it has nothing to draw the explorer says in its place that it is being read, or why
	 * that failed (view_read). */
	bool reading;
	struct err error;
	unsigned reads; /* calls of view_read */
};

#endif
