/* guide.h - one line over the status that says what comes next on the way from an empty database
 * to vectors. It is there in a session that began without a run, until it is hidden; :guide shows
 * or hides it, the setting `guide` keeps it away. */
#ifndef UI_GUIDE_H
#define UI_GUIDE_H

#include <stdbool.h>

struct host;
struct buf;

/* The database was read: decide, the first time, whether this session has a guide. */
void guide_loaded(struct host *h);
/* Whether there is a line now, and its text. */
bool guide_line(struct host *h, struct buf *out);
/* False where it is not shown. */
bool guide_hide(struct host *h);
void guide_toggle(struct host *h);

#endif
