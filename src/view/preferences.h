/* preferences.h - the user's settings, keys and themes: read at the start, put to use, kept. */
#ifndef VIEW_PREFERENCES_H
#define VIEW_PREFERENCES_H

#include <stdbool.h>

#include "view/settings.h"

struct host;

/* `glyphs`, of the command line, may be NULL: it goes before the file, for this session and until
 * another one is chosen. What is wrong with the files is said. */
void preferences_load(struct host *h, const char *glyphs);
/* Take a choice, and keep it; an unknown one is an error. */
bool preferences_set(struct host *h, const char *name, const char *choice, struct err *e);
/* Take the next choice of a setting, say and keep it. */
void preferences_next(struct host *h, enum setting s);
/* Keep which columns of a table are chosen. */
void preferences_keep_columns(struct host *h, const char *table);

#endif
