/* keys.c - what keys do: the prompt, the view's text field, then actions by the key table. */
#include "view/host.h"

#include "base/mem.h"
#include "ui/guide.h"
#include "tui/key.h"
#include "tui/list.h"
#include "tui/term.h"

#include <stdlib.h>
#include <string.h>

#define WHEEL_ROWS 3     /* a notch */
#define CHOICES_MAX 1024 /* bytes, more than a line shows */

struct list *app_list(struct app *a)
{
	struct view *v = app_view(a);

	return app_ready(a) && v->class->list ? v->class->list(v) : NULL;
}

/* The prompt */

void app_prompt_open(struct app *a, enum prompt_kind kind)
{
	static const char *const label[] = {
	    [PROMPT_SEARCH] = "/", [PROMPT_FILTER] = "filter: ", [PROMPT_COMMAND] = ":"};
	struct list *l = app_list(a);
	const char *before = NULL;

	if (kind == PROMPT_SEARCH || kind == PROMPT_FILTER) {
		if (!l) {
			app_say(a, MESSAGE_INFO, "there is no table to look through here");
			return;
		}
		before = kind == PROMPT_SEARCH ? l->search : l->filter;
	}
	prompt_open(&a->prompt, kind, mem_strdup(label[kind]), before ? mem_strdup(before) : NULL);
	if (kind == PROMPT_FILTER)
		list_remember(l);
	if (kind == PROMPT_FILTER && before)
		line_set(&a->prompt.line[kind], before);
}

/* Shown while it is typed. */
static void preview(struct app *a)
{
	struct list *l = app_list(a);

	if (!l)
		return;
	if (a->prompt.kind == PROMPT_FILTER) {
		list_set_filter(l, prompt_text(&a->prompt));
	} else if (a->prompt.kind == PROMPT_SEARCH) {
		list_set_search(l, prompt_text(&a->prompt));
		list_find(l, true, true);
	}
}

static void cancel_prompt(struct app *a)
{
	struct list *l = app_list(a);

	/* The row, too; other data may have come in between, which forgets what was. */
	if (l && a->prompt.kind == PROMPT_FILTER && !list_undo(l))
		list_set_filter(l, a->prompt.before);
	if (l && a->prompt.kind == PROMPT_SEARCH)
		list_set_search(l, a->prompt.before);
	prompt_close(&a->prompt);
}

static void finish_prompt(struct app *a)
{
	enum prompt_kind kind = a->prompt.kind;
	char *text = mem_strdup(prompt_text(&a->prompt));
	void (*done)(struct view *, const char *) = a->prompt.text;
	struct view *v = app_find_view(a, a->prompt.view);
	struct list *l = app_list(a);

	line_remember(&a->prompt.line[kind]);
	prompt_close(&a->prompt);
	if (kind == PROMPT_SEARCH && l && *text && !list_find(l, true, true))
		app_say(a, MESSAGE_WARN, "no row matches %s", text);
	else if (kind == PROMPT_COMMAND)
		ex_run(a, text);
	else if (kind == PROMPT_TEXT && v)
		done(v, text);
	mem_free(text);
}

static void answer(struct app *a, uint32_t key)
{
	void (*fn)(struct view *, uint32_t) = a->prompt.answer;
	struct view *v = app_find_view(a, a->prompt.view);
	bool known = key < 0x80 && key && strchr(a->prompt.keys, (int)key);

	prompt_close(&a->prompt);
	if (known && v)
		fn(v, key);
}

/* As far as it is one; the second Tab shows what there is to choose from. */
static void complete(struct app *a)
{
	struct prompt *p = &a->prompt;
	struct buf choices;
	char *more;

	buf_init(&choices, CHOICES_MAX);
	more = ex_complete(a, prompt_text(p), &choices);
	if (more && !strcmp(more, prompt_text(p)) && choices.len)
		p->choices = mem_strdup(buf_str(&choices));
	if (more)
		line_set(&p->line[p->kind], more);
	mem_free(more);
	buf_clear(&choices);
}

static void prompt_key(struct app *a, uint32_t key)
{
	struct prompt *p = &a->prompt;

	if (p->kind == PROMPT_KEY) {
		answer(a, key);
		return;
	}
	mem_free(p->choices);
	p->choices = NULL;
	if (p->kind == PROMPT_COMMAND && key == K_TAB) {
		complete(a);
		return;
	}
	/* Nothing left to erase: leave, as vi does. */
	if (key == K_BACKSPACE && !*prompt_text(p)) {
		cancel_prompt(a);
		return;
	}
	switch (line_key(&p->line[p->kind], key)) {
	case LINE_CHANGED:
		preview(a);
		break;
	case LINE_DONE:
		finish_prompt(a);
		break;
	case LINE_CANCELLED:
		cancel_prompt(a);
		break;
	default:
		break;
	}
}

/* Actions */

void app_next_setting(struct app *a, enum setting s)
{
	struct err e = ERR_INIT;
	char choice[SETTING_CHOICE_SIZE];

	if (!setting_choice(s, ++a->settings.v[s], choice)) {
		a->settings.v[s] = 0;
		setting_choice(s, 0, choice);
	}
	app_apply_settings(a);
	app_say(a, MESSAGE_INFO, "%s %s%s", setting_info(s)->name, choice,
	    s == SETTING_THEME && app_is_colorless(a)
		? ", once colour is not off (NO_COLOR, --color)"
		: "");
	if (a->settings_path && !a->scripted &&
	    !settings_save(&a->settings, s, a->settings_path, &e))
		app_error(a, &e);
}

static void copy(struct app *a, bool table)
{
	struct list *l = app_list(a);
	struct buf b = BUF_INIT, what = BUF_INIT;
	size_t row = l ? list_row(l) : SIZE_MAX;

	if (row == SIZE_MAX) {
		app_say(a, MESSAGE_WARN, "there is nothing to copy here");
		return;
	}
	if (table) {
		list_tsv(l, &b);
		buf_printf(&what, "%zu rows", l->shown);
	} else {
		list_text(l, row, l->name_column, &b);
		buf_adds(&what, buf_str(&b));
	}
	view_copy(app_view(a), &b, buf_str(&what));
	buf_clear(&b);
	buf_clear(&what);
}

static void back(struct app *a)
{
	struct view *v = app_view(a);

	if (v->under)
		app_close_view(a, v);
	else
		app_say(a, MESSAGE_INFO,
		    guide_hide(a) ? ":guide shows that line again; Q quits" : "Q quits");
}

static void search_again(struct app *a, bool forward)
{
	struct list *l = app_list(a);

	if (!l || !l->search)
		app_say(a, MESSAGE_INFO, "nothing was searched for yet: /");
	else if (!list_find(l, forward, false))
		app_say(a, MESSAGE_WARN, "no row matches %s", l->search);
}

/* The explorer's own, which no view may take over. */
static bool frame_act(struct app *a, enum action action)
{
	if (action >= ACTION_VIEW_MODELS && action <= ACTION_VIEW_RUNS) {
		app_go(a, (enum tab)(action - ACTION_VIEW_MODELS));
		return true;
	}
	switch (action) {
	case ACTION_COMMAND:
		app_prompt_open(a, PROMPT_COMMAND);
		return true;
	case ACTION_HELP:
		if (app_view(a)->class != &view_help)
			view_push(app_view(a), &view_help, &app_view(a)->class->scope);
		return true;
	case ACTION_PLOT:
		app_export_plot(a);
		return true;
	case ACTION_STOP:
		if (!app_cancel(a))
			app_say(a, MESSAGE_INFO, "nothing runs that could be stopped");
		return true;
	case ACTION_RELOAD:
		app_load(a);
		return true;
	case ACTION_REDRAW:
		if (!a->scripted)
			term_redraw();
		return true;
	case ACTION_SUSPEND:
		if (!a->scripted)
			term_suspend();
		return true;
	case ACTION_MOUSE:
		app_next_setting(a, SETTING_MOUSE);
		return true;
	case ACTION_THEME:
		app_next_setting(a, SETTING_THEME);
		return true;
	case ACTION_GLYPHS:
		app_next_setting(a, SETTING_GLYPHS);
		return true;
	case ACTION_QUIT:
		app_quit(a);
		return true;
	default:
		return false;
	}
}

/* What a view did not want. */
static void default_act(struct app *a, enum action action)
{
	struct list *l = app_list(a);

	switch (action) {
	case ACTION_SEARCH:
		app_prompt_open(a, PROMPT_SEARCH);
		break;
	case ACTION_FILTER:
		app_prompt_open(a, PROMPT_FILTER);
		break;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		search_again(a, action == ACTION_NEXT);
		break;
	case ACTION_EXPORT:
		app_export(a);
		break;
	case ACTION_UNDO:
		if (!l || !list_undo(l))
			app_say(a, MESSAGE_INFO, "nothing to undo in this table");
		break;
	case ACTION_COPY:
	case ACTION_COPY_TABLE:
		copy(a, action == ACTION_COPY_TABLE);
		break;
	case ACTION_BACK:
		back(a);
		break;
	default:
		if (l)
			list_act(l, action);
		break;
	}
}

void app_act(struct app *a, enum action action)
{
	struct view *v = app_view(a);

	if (frame_act(a, action))
		return;
	if (app_ready(a) && v->class->act && v->class->act(v, action))
		return;
	default_act(a, action);
}

static void interrupt_key(struct app *a)
{
	if (a->interrupted)
		a->leave = LEAVE;
	else
		app_say(a, MESSAGE_WARN, "^C again quits; Q does, too");
	a->interrupted = true;
}

/* The mouse */

/* A click on a list of another pane focuses it: panes are tried in turn. */
static void click(struct app *a, int y, int x)
{
	struct list *first = app_list(a), *l = first;
	int tab = y == 0 ? app_tab_at(a, x) : -1;

	if (tab >= 0)
		app_go(a, (enum tab)tab);
	if (y == 0)
		return;
	for (int tries = 0; tries < 6; tries++) {
		if (l && list_click(l, &a->cells, y, x))
			return;
		app_act(a, ACTION_PANE);
		l = app_list(a);
		if (l == first)
			return;
	}
}

static void mouse_key(struct app *a, uint32_t key)
{
	if (a->prompt.kind != PROMPT_NONE)
		return;
	if (key_is_click(key))
		click(a, key_click_y(key), key_click_x(key));
	else
		for (int i = 0; i < WHEEL_ROWS; i++)
			app_act(a, key == K_WHEEL_UP ? ACTION_UP : ACTION_DOWN);
}

void app_key(struct app *a, uint32_t key)
{
	struct view *v = app_view(a);

	a->dirty = true;
	a->toast = 0;
	if (key == K_PASTE_BEGIN || key == K_PASTE_END) {
		a->pasting = key == K_PASTE_BEGIN;
		return;
	}
	if (key_is_click(key) || key == K_WHEEL_UP || key == K_WHEEL_DOWN) {
		mouse_key(a, key);
		return;
	}
	/* Pasted text is text, never keys. */
	if (a->pasting && !key_is_text(key)) {
		if (key != K_ENTER && key != K_TAB)
			return;
		key = key == K_ENTER ? '\n' : ' ';
	}
	if (a->prompt.kind != PROMPT_NONE) {
		prompt_key(a, key);
		return;
	}
	if (key == KEY_CTRL('c')) {
		interrupt_key(a);
		return;
	}
	a->interrupted = false;
	if (app_ready(a) && v->class->key && v->class->key(v, key))
		return;
	if (a->pasting) {
		app_say(
		    a, MESSAGE_INFO, "text can be pasted into a field only: i on 6 Route, /, f, :");
		return;
	}
	app_act(a, keymap_find(&a->keymap, v->class->scope, key));
}
