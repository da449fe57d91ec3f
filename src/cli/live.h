/* live.h - work that takes a while: a line on stderr that says how far it is, and ^C.
 *
 * The line is drawn only where stderr is a terminal. ^C makes the next tick return false, so that
 * the work ends by itself and keeps what is finished; a second ^C kills the process, which the
 * database survives.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <stdbool.h>

#include "base/progress.h"

/* Progress of this process; from now on ^C is cooperative. `quiet` draws nothing. */
const struct progress *live_progress(bool quiet);
/* Whether the line is drawn. */
bool live_on_screen(void);
/* Words to stand behind the progress on the line, such as the figures of the last epoch. */
void live_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Take the line off the screen, before something else is printed. */
void live_clear(void);

#endif
