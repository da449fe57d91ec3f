#include "ui/keys.h"

#include "base/mem.h"
#include "tui/key.h"
#include "tui/list.h"
#include "ui/act.h"
#include "ui/ex.h"
#include "ui/frame.h"
#include "view/host.h"
#include "view/stack.h"

#include <string.h>

#define WHEEL_ROWS 3     /* a notch */
#define CHOICES_MAX 1024 /* bytes, more than a line shows */

/* The prompt */

/* Shown while it is typed. */
static void preview(struct host *h)
{
	struct list *l = stack_list(h);

	if (!l)
		return;
	if (h->prompt.kind == PROMPT_FILTER) {
		list_set_filter(l, prompt_text(&h->prompt));
	} else if (h->prompt.kind == PROMPT_SEARCH) {
		list_set_search(l, prompt_text(&h->prompt));
		list_find(l, true, true);
	}
}

static void cancel_prompt(struct host *h)
{
	struct list *l = stack_list(h);

	/* The row, too; other data may have come in between, which forgets what was. */
	if (l && h->prompt.kind == PROMPT_FILTER && !list_undo(l))
		list_set_filter(l, h->prompt.before);
	if (l && h->prompt.kind == PROMPT_SEARCH)
		list_set_search(l, h->prompt.before);
	prompt_close(&h->prompt);
}

static void finish_prompt(struct host *h)
{
	enum prompt_kind kind = h->prompt.kind;
	char *text = mem_strdup(prompt_text(&h->prompt));
	void (*done)(struct view *, const char *) = h->prompt.text;
	struct view *v = stack_find(h, h->prompt.view);
	struct list *l = stack_list(h);

	line_remember(&h->prompt.line[kind]);
	prompt_close(&h->prompt);
	if (kind == PROMPT_FILTER && l && list_filter_fault(l))
		host_say(h, MESSAGE_WARN, "%s", list_filter_note(l));
	else if (kind == PROMPT_SEARCH && l && *text && !list_find(l, true, true))
		host_say(h, MESSAGE_WARN, "no row matches %s", text);
	else if (kind == PROMPT_COMMAND)
		ex_run(h, text);
	else if (kind == PROMPT_TEXT && v)
		done(v, text);
	mem_free(text);
}

static void answer(struct host *h, uint32_t key)
{
	void (*fn)(struct view *, uint32_t) = h->prompt.answer;
	struct view *v = stack_find(h, h->prompt.view);
	bool known = key < 0x80 && key && strchr(h->prompt.keys, (int)key);

	prompt_close(&h->prompt);
	if (known && v)
		fn(v, key);
}

/* As far as it is one; the second Tab shows what there is to choose from. */
static void complete(struct host *h)
{
	struct prompt *p = &h->prompt;
	struct buf choices;
	char *more;

	buf_init(&choices, CHOICES_MAX);
	more = ex_complete(h, prompt_text(p), &choices);
	if (more && !strcmp(more, prompt_text(p)) && choices.len)
		p->choices = mem_strdup(buf_str(&choices));
	if (more)
		line_set(&p->line[p->kind], more);
	mem_free(more);
	buf_clear(&choices);
}

static void prompt_key(struct host *h, uint32_t key)
{
	struct prompt *p = &h->prompt;

	if (p->kind == PROMPT_KEY) {
		answer(h, key);
		return;
	}
	mem_free(p->choices);
	p->choices = NULL;
	if (p->kind == PROMPT_COMMAND && key == K_TAB) {
		complete(h);
		return;
	}
	/* Nothing left to erase: leave, as vi does. */
	if (key == K_BACKSPACE && !*prompt_text(p)) {
		cancel_prompt(h);
		return;
	}
	switch (line_key(&p->line[p->kind], key)) {
	case LINE_CHANGED:
		preview(h);
		break;
	case LINE_DONE:
		finish_prompt(h);
		break;
	case LINE_CANCELLED:
		cancel_prompt(h);
		break;
	default:
		break;
	}
}

static void interrupt_key(struct host *h)
{
	if (h->interrupted)
		h->leave = LEAVE;
	else
		host_say(h, MESSAGE_WARN, "^C again quits; Q does, too");
	h->interrupted = true;
}

/* The mouse */

static void click(struct host *h, int y, int x)
{
	int tab = y == 0 ? frame_tab_at(h, x) : -1;

	if (tab >= 0)
		stack_go(h, (enum tab)tab);
	else if (y > 0 && stack_ready(h))
		panes_click(&stack_front(h)->panes, &h->cells, y, x);
}

static void mouse_key(struct host *h, uint32_t key)
{
	if (h->prompt.kind != PROMPT_NONE)
		return;
	if (key_is_click(key))
		click(h, key_click_y(key), key_click_x(key));
	else
		for (int i = 0; i < WHEEL_ROWS; i++)
			act_do(h, key == K_WHEEL_UP ? ACTION_UP : ACTION_DOWN);
}

/* A key of the table, or none. Enter after such a one only takes away what was said of it: whoever
 * types on into a field that was left starts nothing. */
static void table_key(struct host *h, uint32_t key)
{
	enum action action = keymap_find(&h->keymap, stack_front(h)->class->scope, key);
	bool answer = h->stray && key == K_ENTER;
	char label[KEY_LABEL_SIZE];

	h->stray = !action;
	if (action && !answer)
		act_do(h, action);
	else if (!action)
		host_say(h, MESSAGE_INFO, "%s does nothing here; ? shows the keys",
		    key_label(key, label));
}

void keys_press(struct host *h, uint32_t key)
{
	struct view *v = stack_front(h);

	h->dirty = true;
	h->toast = 0;
	if (key == K_PASTE_BEGIN || key == K_PASTE_END) {
		h->pasting = key == K_PASTE_BEGIN;
		return;
	}
	if (key_is_click(key) || key == K_WHEEL_UP || key == K_WHEEL_DOWN) {
		mouse_key(h, key);
		return;
	}
	/* Pasted text is text, never keys. */
	if (h->pasting && !key_is_text(key)) {
		if (key != K_ENTER && key != K_TAB)
			return;
		key = key == K_ENTER ? '\n' : ' ';
	}
	if (h->prompt.kind != PROMPT_NONE) {
		prompt_key(h, key);
		return;
	}
	if (key == KEY_CTRL('c')) {
		interrupt_key(h);
		return;
	}
	h->interrupted = false;
	if (stack_ready(h) && v->class->key && v->class->key(v, key))
		return;
	if (h->pasting) {
		host_say(
		    h, MESSAGE_INFO, "text can be pasted into a field only: i on 6 Route, /, f, :");
		return;
	}
	table_key(h, key);
}
