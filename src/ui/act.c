#include "ui/act.h"

#include "base/mem.h"
#include "base/plural.h"
#include "screen/screens.h"
#include "tui/list.h"
#include "tui/term.h"
#include "ui/export.h"
#include "ui/guide.h"
#include "view/host.h"
#include "view/list_act.h"
#include "view/preferences.h"
#include "view/stack.h"
#include "view/view.h"

/* The search, filter or command line. */
static void open_prompt(struct host *h, enum prompt_kind kind)
{
	static const char *const label[] = {
	    [PROMPT_SEARCH] = "/", [PROMPT_FILTER] = "filter: ", [PROMPT_COMMAND] = ":"};
	struct list *l = stack_list(h);
	const char *before = NULL;

	if (kind == PROMPT_SEARCH || kind == PROMPT_FILTER) {
		if (!l) {
			host_say(h, MESSAGE_INFO, "there is no table to look through here");
			return;
		}
		before = kind == PROMPT_SEARCH ? list_search(l) : list_filter(l);
	}
	prompt_open(&h->prompt, kind, mem_strdup(label[kind]), before ? mem_strdup(before) : NULL);
	if (kind == PROMPT_FILTER)
		list_remember(l);
	if (kind == PROMPT_FILTER && before)
		line_set(&h->prompt.line[kind], before);
}

static void answer_quit(struct view *v, uint32_t key)
{
	struct host *h = v->host;

	if (key == 'k')
		jobs_cancel(&h->jobs, QUEUE_LONG, NULL);
	else if (key == 'd')
		train_discard(stack_bottom(h, TAB_TRAIN));
	h->leave = LEAVE_WHEN_IDLE;
	if (key == 'w')
		view_say(v, MESSAGE_INFO, "the explorer closes when the work is done");
}

/* Asks first where work would be lost. */
static void quit(struct host *h)
{
	struct worker_status s = jobs_status(&h->jobs, QUEUE_LONG);

	if (!s.busy)
		h->leave = LEAVE;
	else if (s.ops == &train_ops)
		view_ask(stack_front(h), "kwd", answer_quit,
		    "Training is at %.0f%%. Quit?  k keep checkpoint  w wait  d discard  Esc stay",
		    s.tick.total > 0 ? 100 * s.tick.done / s.tick.total : 0);
	else
		view_ask(stack_front(h), "kw", answer_quit,
		    "%s goes on. Quit?  k stop it  w wait  Esc stay",
		    s.ops && s.ops->name ? s.ops->name : "Work");
}

static void copy(struct host *h, bool table)
{
	struct list *l = stack_list(h);
	struct buf b = BUF_INIT, what = BUF_INIT;
	size_t row = l ? list_row(l) : SIZE_MAX;

	if (row == SIZE_MAX) {
		host_say(h, MESSAGE_WARN, "there is nothing to copy here");
		return;
	}
	if (table) {
		list_tsv(l, &b);
		buf_printf(&what, "%zu row%s", list_shown(l), plural(list_shown(l)));
	} else {
		buf_adds(&what, list_cell(l, row, l->name_column, &b));
	}
	view_copy(stack_front(h), table ? &b : &what, buf_str(&what));
	buf_clear(&b);
	buf_clear(&what);
}

static void back(struct host *h)
{
	struct view *v = stack_front(h);

	if (v->under)
		stack_close(h, v);
	else
		host_say(h, MESSAGE_INFO,
		    guide_hide(h) ? ":guide shows that line again; Q quits" : "Q quits");
}

static void search_again(struct host *h, bool forward)
{
	struct list *l = stack_list(h);

	if (!l || !list_search(l))
		host_say(h, MESSAGE_INFO, "nothing was searched for yet: /");
	else if (!list_find(l, forward, false))
		host_say(h, MESSAGE_WARN, "no row matches %s", list_search(l));
}

static void help(struct host *h)
{
	struct view *v = stack_front(h);
	struct help_arg arg = {v->class->scope, &v->panes};

	if (v->class != &screen_help)
		view_push(v, &screen_help, &arg);
}

static void choose_columns(struct host *h)
{
	struct columns_arg arg = {stack_list(h)};

	if (arg.list && arg.list->table.name)
		view_push(stack_front(h), &screen_columns, &arg);
	else
		host_say(h, MESSAGE_INFO, "there is no table here whose columns can be chosen");
}

/* The explorer's own, which no view may take over. */
static bool frame_act(struct host *h, enum action action)
{
	if (action >= ACTION_VIEW_MODELS && action <= ACTION_VIEW_RUNS) {
		stack_go(h, (enum tab)(action - ACTION_VIEW_MODELS));
		return true;
	}
	switch (action) {
	case ACTION_COMMAND:
		open_prompt(h, PROMPT_COMMAND);
		return true;
	case ACTION_HELP:
		help(h);
		return true;
	case ACTION_COLUMNS:
		choose_columns(h);
		return true;
	case ACTION_IMPORTS:
		imports_show(stack_front(h), (struct imports_arg){0});
		return true;
	case ACTION_PLOT:
		export_plot(h);
		return true;
	case ACTION_STOP:
		if (!jobs_cancel_any(&h->jobs))
			host_say(h, MESSAGE_INFO, "nothing runs that could be stopped");
		return true;
	case ACTION_RELOAD:
		h->reload = h->asked = true;
		return true;
	case ACTION_REDRAW:
		if (!h->scripted)
			term_redraw();
		return true;
	case ACTION_SUSPEND:
		if (!h->scripted)
			term_suspend();
		return true;
	case ACTION_MOUSE:
		preferences_next(h, SETTING_MOUSE);
		return true;
	case ACTION_THEME:
		preferences_next(h, SETTING_THEME);
		return true;
	case ACTION_GLYPHS:
		preferences_next(h, SETTING_GLYPHS);
		return true;
	case ACTION_QUIT:
		quit(h);
		return true;
	default:
		return false;
	}
}

/* What a view did not want. */
static void default_act(struct host *h, enum action action)
{
	struct list *l = stack_list(h);

	switch (action) {
	case ACTION_SEARCH:
		open_prompt(h, PROMPT_SEARCH);
		break;
	case ACTION_FILTER:
		open_prompt(h, PROMPT_FILTER);
		break;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		search_again(h, action == ACTION_NEXT);
		break;
	case ACTION_EXPORT:
		export_table(h);
		break;
	case ACTION_UNDO:
		if (!l || !list_undo(l))
			host_say(h, MESSAGE_INFO, "nothing to undo in this table");
		break;
	case ACTION_COPY:
	case ACTION_COPY_TABLE:
		copy(h, action == ACTION_COPY_TABLE);
		break;
	case ACTION_PANE:
	case ACTION_PANE_BACK:
		panes_step(&stack_front(h)->panes, action == ACTION_PANE);
		break;
	case ACTION_BACK:
		back(h);
		break;
	default:
		if (l)
			list_act(l, action);
		break;
	}
}

void act_do(struct host *h, enum action action)
{
	struct view *v = stack_front(h);

	if (frame_act(h, action))
		return;
	if (stack_ready(h) && v->class->act && v->class->act(v, action))
		return;
	default_act(h, action);
}
