/* prompt.h - the bottom line while it takes text or one key: search, filter, command, a file's
 * name, a question. Each kind has a history of its own. */
#ifndef VIEW_PROMPT_H
#define VIEW_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/cells.h"
#include "tui/line.h"

struct view;

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_SEARCH,
	PROMPT_FILTER,
	PROMPT_COMMAND,
	PROMPT_TEXT, /* a view's own, view_prompt */
	PROMPT_KEY,  /* one key of a few, view_ask */
	PROMPT_SQL,  /* not in the bottom line: what the SQL view edits */
	PROMPT_COUNT
};

struct prompt {
	enum prompt_kind kind;
	struct line line[PROMPT_COUNT];
	char *label;   /* in front of the text; of PROMPT_KEY, the question */
	char *before;  /* search or filter as it was, to go back to; may be NULL */
	char *choices; /* what Tab found, where that is several; until the next key. NULL = none */
	char keys[16]; /* PROMPT_KEY: the answers */
	unsigned view; /* PROMPT_TEXT, PROMPT_KEY: who asked */
	void (*text)(struct view *view, const char *text);
	void (*answer)(struct view *view, uint32_t key);
};

void prompt_init(struct prompt *p);
void prompt_clear(struct prompt *p);
/* Takes `before` and `label` (mem_free, may be NULL). */
void prompt_open(struct prompt *p, enum prompt_kind kind, char *label, char *before);
void prompt_close(struct prompt *p);
const char *prompt_text(const struct prompt *p);
void prompt_draw(struct prompt *p, struct cells *c, int y);

#endif
