/* term.h - the terminal: the only door to curses.
 *
 * One thread owns it. term_restore alone may be called from anywhere, signal handlers included.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/cells.h"

struct err;

/* ERR_USAGE where stdin or stdout is no terminal, or one that cannot place a cursor. */
bool term_open(struct err *e);
void term_close(void); /* any number of times */
/* Put the terminal back with tcsetattr and write only; then term_close has nothing left to do. */
void term_restore(void);

bool term_is_utf8(void); /* the locale's character set; also before term_open */
void term_theme(const struct theme *t);

/* Clicks and the wheel come as keys, and the terminal no longer selects text by itself. */
void term_mouse(bool on);

/* After SIGWINCH; reads the size anew. */
void term_resize(void);
void term_size(int *h, int *w);
/* The next key that waits, or K_NONE. */
uint32_t term_read(void);
/* How long, in ms, until there may be one though nothing more is sent (an Esc alone, a torn sequence);
 * -1: never. */
int term_patience(void);
/* Show the grid, sending only what differs from what is there. */
void term_draw(const struct cells *c);
/* Throw away what is known of the screen: the next draw sends everything. */
void term_redraw(void);
/* Give the terminal back, stop the process group as ^Z does, and take it again on fg. */
void term_suspend(void);
/* Text to the clipboard of the terminal by OSC 52 (wrapped for tmux). False where it is too long. */
bool term_copy(const char *s, size_t n);

#endif
