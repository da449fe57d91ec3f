/* view.h - what a screen may ask of the explorer: jobs, the data, other views, a word to the user. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "view/class.h"
#include "view/data.h"
#include "view/jobs.h"
#include "view/messages.h"

/* Jobs */

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
/* job_ops.free of a job that owns nothing else, and the last thing of any other. */
void view_job_free(struct job *j);
/* Takes the job, which comes home through its `done`, the view as owner, and is freed after it. */
void view_submit(struct view *v, enum queue_name queue, void *job);
/* The same on the short queue, for the job without which there is nothing to draw. Its `done` is
 * called where it succeeds and no newer one was asked for. */
void view_read(struct view *v, void *job);
/* There is nothing to draw: the explorer says why in its place. */
void view_fail(struct view *v, const char *why);
/* Long work that the explorer does by itself: it gives way to what the user asks for. */
void view_submit_idle(struct view *v, void *job);
bool view_cancel(struct view *v, enum queue_name queue, const struct job_ops *ops);
/* Whether the long queue is free for what the user asks for; says so where it is not. */
bool view_long_free(struct view *v);
struct worker_status view_queue_status(const struct view *v, enum queue_name queue);
/* Within a job: the worker's connection. */
static inline struct connection *view_job_connection(struct job *j)
{
	return worker_arg(j->worker);
}
/* For the event loop: hand over what the workers have finished. */
void view_deliver(struct host *h);

/* Data and other views */

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
/* Read the database again: something in it was changed. */
void view_reload(struct view *v);
void view_push(struct view *v, const struct view_class *class, const void *arg);
/* Go to a tab, to the bottom of its stack, and return that view. */
struct view *view_go(struct view *v, enum tab tab);

/* To and from the user */

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
/* Text to the clipboard; `what` ("16 rows") is for the toast. */
void view_copy(struct view *v, const struct buf *text, const char *what);

/* Time */

/* Seconds on a clock that only goes forward; in a script it stands still. */
double view_clock(const struct view *v);
/* No key came for a while: the time to ask for what is shown of the row under the cursor, so that
 * running through a list asks for nothing. `follow` is called again once it is so. */
bool view_rested(const struct view *v);
/* Seconds until then, <= 0 if it is so; for the event loop. */
double view_rest_left(const struct host *h, double clock);
/* A date of the database, ISO 8601 UTC, as a person says it: "today 14:02". */
void view_date(const char *iso, struct buf *out);

#endif
