/* view.h - what a screen is, and what it may ask of the explorer.
 *
 * A view draws results and asks for them; it computes nothing. It submits a job, which runs a task
 * on a worker's thread, and gets it back in `done`. One file view_X.c is one view: its class at the
 * end, everything else static. Views that others open have a function for it at the end of this
 * header.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "view/action.h"
#include "tui/cells.h"
#include "view/data.h"
#include "view/messages.h"
#include "work/worker.h"

struct app;
struct chart;
struct list;
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

struct view_class {
	const char *title; /* "Models"; of the tab and the path */
	enum scope scope;
	enum view_needs needs;
	size_t size; /* of the struct that begins with struct view */
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
	struct list *(*list)(struct view *v);       /* the focused list, or NULL; may be NULL */
	bool (*act)(struct view *v, enum action a); /* false: not an action of this view */
	/* Whether the action does something in the focused pane, for the hint line. NULL: all do, but
	 * there are neither panes nor items, and Enter opens something where there is an act. */
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
	struct app *app;
	unsigned id;        /* never used twice */
	struct view *under; /* what q goes back to; NULL at the bottom */
	bool ready;         /* `data` was called */
	/* While it has nothing to draw the explorer says in its place that it is being read, or why
	 * that failed (view_read). */
	bool reading;
	struct err error;
	unsigned reads; /* calls of view_read */
};

/* Jobs */

/* Short: what a key waits for. Long: one at a time, for seconds or minutes. Query: what the user has
 * written, which may take any time and must hold up neither. */
enum lane { LANE_SHORT, LANE_LONG, LANE_QUERY, LANE_COUNT };

/* First member of a job's own struct, the struct job first in it. */
struct view_job {
	struct job job;
	unsigned view;     /* that asked, the owner of job_ops.done; 0: the explorer is */
	unsigned read;     /* which view_read it was, 0 = none */
	struct data *data; /* its own reference to the data it runs on, or NULL */
};
/* A zeroed job of `size` bytes for the view; on_data: on the data of now, and its result is dropped
 * unseen if there is other data by then. */
void *view_job_new(struct view *v, size_t size, const struct job_ops *ops, bool on_data);
void view_job_free(struct view_job *j); /* the last thing of every job_ops.free */
/* Takes the job, which comes home through its `done`, the view as owner, and is freed after it. */
void view_submit(struct view *v, enum lane lane, void *job);
/* The same on the short lane, for the job without which there is nothing to draw. Its `done` is
 * called where it succeeds and no newer one was asked for. */
void view_read(struct view *v, void *job);
/* There is nothing to draw: the explorer says why in its place. */
void view_fail(struct view *v, const char *why);
/* Work on the long lane that the explorer does by itself: it gives way to what the user asks for. */
void view_submit_idle(struct view *v, void *job);
bool view_cancel(struct view *v, enum lane lane, const struct job_ops *ops);
/* Whether the long worker is free for what the user asks for; says so where it is not. */
bool view_long_free(struct view *v);
/* What a worker is at. */
void view_lane_status(const struct view *v, enum lane lane, struct worker_status *out);
/* Within a job: the worker's connection. */
static inline struct link *view_job_link(struct job *j)
{
	return worker_arg(j->worker);
}

/* The explorer's services */

const struct data *view_data(const struct view *v);
static inline const struct catalog *view_catalog(const struct view *v)
{
	return data_catalog(view_data(v));
}
/* The atlas; for views that need labels. */
static inline const struct atlas *view_atlas(const struct view *v)
{
	return view_data(v)->atlas;
}

/* A toast in the bottom line, kept in :messages. */
void view_say(struct view *v, enum message_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A question in the bottom line, answered by one key of `keys`, which `answer` gets; any other key
 * drops it. */
void view_ask(struct view *v, const char *keys, void (*answer)(struct view *v, uint32_t key),
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A line of text in the bottom line, `initial` in it; `done` gets it on Enter. */
void view_prompt(struct view *v, const char *label, const char *initial,
    void (*done)(struct view *v, const char *text));

void view_push(struct view *v, const struct view_class *class, const void *arg);
void view_back(struct view *v);
/* Go to a tab, to the bottom of its stack, and return that view. */
struct view *view_go(struct view *v, enum tab tab);
/* Read the database again: something in it was changed. */
void view_reload(struct view *v);
/* Text to the clipboard; `what` ("16 rows") is for the toast. */
void view_copy(struct view *v, const struct buf *text, const char *what);
/* Seconds on a clock that only goes forward; in a script it stands still. */
double view_clock(const struct view *v);
/* No key came for a while: the time to ask for what is shown of the row under the cursor, so that
 * running through a list asks for nothing. `follow` is called again once it is so. */
bool view_rested(const struct view *v);
/* A date of the database, ISO 8601 UTC, as a person says it: "today 14:02". */
void view_date(const struct view *v, const char *iso, struct buf *out);

extern const struct job_ops train_ops; /* the training job's */

extern const struct view_class view_models, view_model, view_questions, view_question, view_near,
    view_train, view_probe, view_route, view_runs, view_compare, view_flips, view_messages,
    view_help, view_settings, view_sql;

/* Opened from other views. `arg` of their init: */
struct view_model_arg {
	int64_t model; /* id */
};
struct view_compare_arg {
	int64_t model[6]; /* (n) ids */
	size_t n;
};
struct view_flips_arg {
	int64_t one, other; /* ids of two models */
	int64_t benchmark;  /* id, 0 = all */
};
struct view_question_arg {
	int64_t question; /* id */
};
/* Move the cursor of view_questions; the id it comes to, 0 = none. */
int64_t view_questions_step(struct view *questions, bool forward);
void view_questions_of(
    struct view *from, int64_t benchmark);             /* the questions of a benchmark, 0 = all */
void view_near_look(struct view *from, int64_t model); /* neighbours of a model */
void view_route_ask(struct view *from, const char *text); /* route this question */
void view_sql_ask(struct view *from, const char *sql);    /* run it; "" = let one be typed */
void view_train_form(struct view *from);                  /* the form for a new run */
void view_train_discard(struct view *train);              /* stop training and delete its run */

#endif
