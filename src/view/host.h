/* host.h - the explorer as one struct, for the files that make up its frame. Of the screens only
 * those see it that show the explorer itself: help, messages, settings, and sql its history. */
#ifndef VIEW_HOST_H
#define VIEW_HOST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "tui/cells.h"
#include "tui/theme.h"
#include "view/class.h"
#include "view/data.h"
#include "view/eta.h"
#include "view/jobs.h"
#include "view/keymap.h"
#include "view/messages.h"
#include "view/prompt.h"
#include "view/settings.h"

enum leave { STAY, LEAVE, LEAVE_WHEN_IDLE };

enum guide_state { GUIDE_UNDECIDED, GUIDE_SHOWN, GUIDE_HIDDEN };

struct host {
	const char *db;
	bool scripted;  /* no terminal */
	bool colorless; /* whatever the theme: NO_COLOR or --color never */
	double clock;   /* of this turn */

	struct data *data;     /* never NULL */
	bool reload;           /* it is to be read again, in the next turn of the loop */
	bool asked;            /* because the user wants it, whatever is there now */
	bool loading;          /* it is being read */
	struct err load_error; /* why the last one failed */
	const char *noted;     /* what was said of the file, session_note */
	bool stale;            /* others have changed the database since it was read */
	bool lost;             /* the file is another one than was read, or gone */
	double watched;        /* clock of the last look for changes by others */
	unsigned own_writes;   /* write_jobs of the long connection at that look */
	struct jobs jobs;
	struct eta eta;
	const char *eta_phase; /* that `eta` is about */

	struct view *top[TAB_COUNT];
	enum tab tab;
	unsigned last_id;

	struct cells cells;
	struct keymap keymap;
	struct settings settings;
	struct theme theme;               /* in use */
	char *export_path;                /* of the question under way, export.c; may be NULL */
	char *settings_path, *state_path; /* NULL: nothing is read or kept */
	enum guide_state guide;
	struct prompt prompt;
	struct messages messages;
	size_t toast;       /* messages.said when the toast on screen was said; 0 = none */
	double toast_until; /* clock */
	bool interrupted;   /* ^C was the last key */
	bool stray;         /* the last one does nothing */
	bool pasting;       /* between the marks of a bracketed paste */
	double last_input;  /* clock, when all keys that had come were taken */

	bool dirty; /* the screen differs from what it should show */
	bool wait;  /* a script waits for all jobs */
	enum leave leave;
	struct err end; /* why the loop ends, if not at the user's wish */
};

/* A toast in the bottom line, kept in :messages. */
void host_say(struct host *h, enum message_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void host_say_v(struct host *h, enum message_level level, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
void host_error(struct host *h, const struct err *e);

#endif
