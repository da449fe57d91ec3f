/* settings.h - the user's preferences: a file of lines "NAME = CHOICE", `#` begins a comment. A line
 * "columns.TABLE = KEY KEY:WIDTH ..." holds which columns of a table are shown (tui/column_choice.h).
 *
 * The file belongs to the user: saving changes the one line of that setting and keeps the rest.
 */
#ifndef VIEW_SETTINGS_H
#define VIEW_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum setting {
#define SETTING(id, name, choices, help) SETTING_##id,
#include "view/settings.def"
#undef SETTING
	SETTING_COUNT
};

struct setting_info {
	const char *name, *choices, *help; /* choices separated by '|', the default first */
};
const struct setting_info *setting_info(enum setting s);
/* SETTING_COUNT if unknown. */
enum setting setting_find(const char *name);
/* The i-th choice, in `out`; false past the last. */
#define SETTING_CHOICE_SIZE 24
/* Choices beside those of settings.def, parted by '|', in place of those of an earlier call. */
void setting_more_choices(enum setting s, const char *choices);
bool setting_choice(enum setting s, int i, char out[SETTING_CHOICE_SIZE]);

struct settings {
	int v[SETTING_COUNT]; /* which choice */
};

/* "name" and "choice"; an unknown one is an error that lists what there is. */
bool settings_set(struct settings *s, const char *name, const char *choice, struct err *e);
/* Any mistake is an error with "FILE:LINE: ", and nothing is changed. A file that is not there, or a
 * NULL path, is fine. */
bool settings_load(struct settings *s, const char *path, struct err *e);
/* Write one setting into the file, which is made if need be. */
bool settings_save(const struct settings *s, enum setting which, const char *path, struct err *e);
/* The line of a table's columns as they are chosen now; none where nothing is. */
bool settings_save_columns(const char *table, const char *path, struct err *e);

#endif
