/* line.h - one line of text being edited: every printable key is text, ^A ^E ^W ^U ^K edit, up and
 * down walk the history. */
#ifndef TUI_LINE_H
#define TUI_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "tui/cells.h"

#define LINE_MAX 16384 /* bytes; a pasted question may be long */
#define LINE_HISTORY 50

struct line {
	struct buf text;             /* UTF-8, one line unless `multiline` */
	size_t at;                   /* cursor, a byte offset on a character's start */
	char *history[LINE_HISTORY]; /* oldest first */
	int n_history, place;        /* place == n_history: the line being written */
	char *draft;                 /* that line, while history is shown */
	bool multiline;              /* a newline stays one */
};

enum line_event { LINE_IGNORED, LINE_MOVED, LINE_CHANGED, LINE_DONE, LINE_CANCELLED };

void line_init(struct line *l);
void line_clear(struct line *l);
const char *line_text(const struct line *l);
void line_set(struct line *l, const char *s); /* cursor at the end */
/* Add the text to the history unless it is empty or the newest there. */
void line_remember(struct line *l);
/* The history for the next session, and back; the line is empty then. */
json_t *line_history(const struct line *l);
void line_recall(struct line *l, const json_t *history);
/* Enter is done, Esc and ^C cancel; keys that are not for a line are ignored. A newline, which a
 * paste may hold, is text. */
enum line_event line_key(struct line *l, uint32_t key);
/* In w cells, scrolled so that the cursor is seen, which is put there if `focused`. */
void line_draw(struct line *l, struct cells *c, int y, int x, int w, unsigned style, bool focused);
/* The text over several lines, broken at newlines and at the edge, scrolled so that the cursor is
 * seen. Returns how many lines of a.h it takes. */
int line_draw_wrapped(struct line *l, struct cells *c, struct area a, unsigned style, bool focused);
int line_height(const struct line *l, struct cells *c, int w); /* how many it would take */
bool line_insert(struct line *l, const char *s); /* at the cursor; false where it does not fit */

#endif
