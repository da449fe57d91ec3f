/* app.h - the explorer: one call that runs it from the first screen to the last. */
#ifndef UI_APP_H
#define UI_APP_H

#include <stdbool.h>
#include <stdio.h>

struct err;

enum app_color { APP_COLOR_AUTO, APP_COLOR_ALWAYS, APP_COLOR_NEVER };

struct app_options {
	const char *db; /* path; need not exist: an empty database has a first screen too */
	/* keys to play without a terminal ("-" = stdin), or NULL = the terminal */
	const char *script;
	const char *size; /* "WxH" of the screen a script draws on; NULL = 80x24 */
	enum app_color color;
	const char *glyphs; /* "braille", "blocks" or "ascii"; NULL = by the locale */
	bool fresh;         /* ignore the last session's view, row, sort and filter */
};

/* Until the user quits or the script ends. ERR_USAGE where the size is none, and where there is no usable terminal (none at
 * all, or TERM=dumb), naming the verbs to use instead; ERR_CANCELLED after SIGINT, SIGTERM or
 * SIGHUP. The terminal is as it was, on every way out. */
bool app_run(const struct app_options *o, struct err *e);

/* For embedllm.1 and its check: the key table as mdoc list items; the commands, settings and roles
 * of themes, a line each: "setting", name. */
void app_print_man_keys(FILE *f);
void app_dump(FILE *f);

#endif
