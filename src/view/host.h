/* host.h - the explorer itself, for the files that make up its frame: app.c (life and event
 * loop), app_keys.c (what keys do), app_jobs.c (the database and the workers), frame.c (all but the
 * body), ex.c (`:` commands) and state.c. Views see view.h only. */
#ifndef VIEW_HOST_H
#define VIEW_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/app.h"
#include "tui/cells.h"
#include "view/data.h"
#include "view/eta.h"
#include "view/keymap.h"
#include "view/messages.h"
#include "view/prompt.h"
#include "view/settings.h"
#include "view/view.h"
#include "work/worker.h"

#define APP_MIN_W 60
#define APP_MIN_H 15

enum app_leave { STAY, LEAVE, LEAVE_WHEN_IDLE };

enum guide_state { GUIDE_UNDECIDED, GUIDE_SHOWN, GUIDE_HIDDEN };

struct app {
	const struct app_options *options;
	bool scripted; /* no terminal */
	double clock;  /* of this turn */

	struct data *data;     /* never NULL once app_jobs_start has returned */
	bool loading;          /* it is being read */
	struct err load_error; /* why the last one failed */
	const char *noted;     /* what was said of the file, session_note */
	bool stale;            /* others have changed the database since it was read */
	double watched;        /* clock of the last look for changes by others */
	unsigned own_writes;   /* write_jobs of the long link at that look */
	struct link link[LANE_COUNT];
	struct worker *worker[LANE_COUNT];
	int notify[2]; /* pipe: a worker has something */
	struct eta eta;
	const char *eta_phase;      /* that `eta` is about */
	const struct job_ops *idle; /* kind of the last view_submit_idle */

	struct view *top[TAB_COUNT];
	enum tab tab;
	unsigned last_id;

	struct cells cells;
	struct keymap keymap;
	struct settings settings;
	struct theme theme;               /* in use */
	char *export_path;                /* of the question under way, app_export.c; may be NULL */
	char *settings_path, *state_path; /* NULL: nothing is read or kept */
	enum guide_state guide;
	struct prompt prompt;
	struct messages messages;
	size_t toast;       /* messages.said when the toast on screen was said; 0 = none */
	double toast_until; /* clock */
	bool interrupted;   /* ^C was the last key */
	bool pasting;       /* between the marks of a bracketed paste */
	double last_input;  /* clock, when all keys that had come were taken */

	bool dirty; /* the screen differs from what it should show */
	bool wait;  /* a script waits for all jobs */
	enum app_leave leave;
	struct err end; /* why the loop ends, if not at the user's wish */
};

/* app.c */
struct view *app_view(const struct app *a); /* at the front */
struct view *app_find_view(const struct app *a, unsigned id);
struct view *app_open(struct app *a, enum tab tab, const struct view_class *class, const void *arg);
void app_close_view(struct app *a, struct view *v);
void app_say(struct app *a, enum message_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_error(struct app *a, const struct err *e);
void app_apply_settings(struct app *a);
bool app_is_colorless(const struct app *a); /* whatever the theme: NO_COLOR or --color never */
void app_quit(struct app *a);               /* asks first where work would be lost */
void app_go(struct app *a, enum tab tab);
/* Whether the view at the front has what it needs; if so its `data` was called. */
bool app_ready(struct app *a);
bool app_resize_script(struct app *a, int h, int w);

/* app_export.c */
void app_export(struct app *a); /* asks for a file, and writes the focused table to it */

/* app_keys.c */
struct list *app_list(struct app *a); /* the focused one, or NULL */
void app_key(struct app *a, uint32_t key);
void app_act(struct app *a, enum action action);
/* Take the next choice of a setting, say and keep it. */
void app_next_setting(struct app *a, enum setting s);
void app_prompt_open(struct app *a, enum prompt_kind kind);

/* app_jobs.c */
void app_jobs_start(struct app *a);
/* The workers end; views may still look at the data. */
void app_jobs_stop(struct app *a);
void app_jobs_take(struct app *a); /* deliver what the workers have finished */
bool app_busy(struct app *a, enum lane lane);
bool app_any_busy(struct app *a);
bool app_cancel(struct app *a);    /* the query, else the long job, else the short one */
bool app_long_free(struct app *a); /* view_long_free */
void app_load(struct app *a);
void app_watch(struct app *a);
void app_import(struct app *a, const char *path);
void app_demo(struct app *a);

/* app_plot.c */
void app_export_plot(struct app *a);

/* frame.c */
int app_tab_at(const struct app *a, int x); /* the tab of that column of line 1, -1 = none */
void app_draw(struct app *a);
/* The screen as text, or with its styles where the name ends in .ansi; "-" is stdout. */
bool app_save_screen(struct app *a, const char *path, struct err *e);

/* ex.c */
void ex_dump(FILE *f); /* names of the commands, for app_dump */
void ex_run(struct app *a, const char *line);
/* The text with its last word completed, or NULL where nothing fits; mem_free. What fits is added to
 * `choices`, as far as that takes it. */
char *ex_complete(struct app *a, const char *line, struct buf *choices);

/* state.c: what is remembered between sessions of one database */
void state_restore(struct app *a);
void state_save(struct app *a);

#endif
