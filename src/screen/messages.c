/* messages.c - everything the explorer has said, newest first. */
#include "screen/screens.h"

#include "tui/list.h"
#include "view/host.h"
#include "view/view.h"

#include <string.h>
#include <time.h>

enum { WHEN, LEVEL, TEXT, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [WHEN] = {"When", 8, 0, 1, false, true},
    [LEVEL] = {"", 1, 0, 2, false, true},
    [TEXT] = {"Message", 30, 1000, 0, false, true},
};

struct messages_view {
	struct view view;
	struct list list;
	size_t said; /* messages the list knows of */
};

static const struct message *message_at(const struct messages_view *v, size_t row)
{
	const struct messages *m = &v->view.host->messages;

	return &m->v[m->n - 1 - row];
}

static void message_text(void *arg, size_t row, int column, struct buf *out)
{
	const struct message *m = message_at(arg, row);
	struct tm t;
	char when[16];

	switch (column) {
	case WHEN:
		localtime_r(&m->when, &t);
		strftime(when, sizeof(when), "%H:%M:%S", &t);
		buf_adds(out, when);
		break;
	case LEVEL:
		buf_addc(out, message_sign(m->level));
		break;
	default:
		buf_adds(out, m->text);
		break;
	}
}

static const struct list_source source = {message_text, NULL, NULL, NULL};

static void shown_data(struct view *view)
{
	struct messages_view *v = (struct messages_view *)view;

	v->said = view->host->messages.said;
	list_rows(&v->list, view->host->messages.n, 0);
}

static void shown_follow(struct view *view)
{
	if (((struct messages_view *)view)->said != view->host->messages.said)
		shown_data(view);
}

static void shown_init(struct view *view, const void *arg)
{
	struct messages_view *v = (struct messages_view *)view;

	(void)arg;
	list_init(&v->list, columns, COLUMNS, &source, v);
	v->list.name_column = TEXT;
	panes_add(&view->panes, &v->list);
}

static void shown_draw(struct view *view, struct cells *c, struct area a)
{
	struct messages_view *v = (struct messages_view *)view;
	struct area text = {a.y + a.h - 6, a.x + 1, 6, a.w - 2};
	size_t row;

	if (!v->list.n) {
		cells_text(c, a.y + 1, 2, c->w - 4, ROLE_DIM, "Nothing has been said yet.");
		return;
	}
	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - 7, a.w}, true);
	/* The chosen one in full. */
	row = list_row(&v->list);
	cells_rule(c, a.y + a.h - 7, a.x, a.w, "In full", false);
	if (row != SIZE_MAX)
		cells_wrap(c, text, ROLE_DEFAULT, message_at(v, row)->text);
}

const struct view_class screen_messages = {
    .title = "Messages",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct messages_view),
    .init = shown_init,
    .data = shown_data,
    .draw = shown_draw,
    .follow = shown_follow,
};
