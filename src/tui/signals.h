/* signals.h - signals as bytes in a pipe, and faults that put the terminal back before they kill. */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM, SIGHUP, SIGWINCH and SIGTSTP are written to the pipe whose reading
 * end is returned; SIGSEGV and its like restore the terminal, report with write(), and are raised
 * again with their old handler. */
int signals_open(void);
void signals_close(void); /* old handlers back */
/* The next signal that came, or 0. */
int signals_next(void);

#endif
