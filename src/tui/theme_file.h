/* theme_file.h - themes as small files, NAME.theme: the user's, in the themes folder of the
 * settings, and those that come with the program.
 *
 * A line is "ROLE = TEXT GROUND FLAG...": colours are a number (0-255), one of eight names, #rrggbb
 * (the nearest of the 256) or `default`; flags are bold, underline and reverse. GROUND and flags
 * may be left out. "base = THEME" takes the other roles from a built-in theme, else from auto. `#`
 * followed by a blank begins a comment.
 */
#ifndef TUI_THEME_FILE_H
#define TUI_THEME_FILE_H

#include <stdbool.h>

#include "tui/theme.h"

struct buf;
struct err;

/* The user's file of that name, else the one that came with the program, else the built-in theme.
 * A mistake in a file is an error with "FILE:LINE: ". */
bool theme_file_load(const char *name, struct theme *out, struct err *e);
/* The file alone. */
bool theme_file_read(const char *path, struct theme *out, struct err *e);
/* Names of the themes that are files and not built in, parted by '|'. */
void theme_file_list(struct buf *out);

#endif
