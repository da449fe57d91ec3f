/* messages.c - everything the explorer has said, newest first. */
#include "screen/screens.h"

#include "tui/list.h"
#include "view/host.h"
#include "view/view.h"

#include <string.h>
#include <time.h>

enum { WHEN, LEVEL, TEXT, COLUMNS };

static const struct column columns[COLUMNS] = {
    [WHEN] = {"time", .brief = "When", .width = 8, .drop = 1, .no_sort = true,
	.about = "When it was said, by the clock of this place."},
    [LEVEL] = {"level", .brief = "", .width = 1, .drop = 2, .no_sort = true,
	.about = "i for information, ! for a warning, E for an error."},
    [TEXT] = {"message", .brief = "Message", .kind = COLUMN_CLIP, .width = 30, .grow = 1000,
	.no_sort = true, .about = "What was said."},
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

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct message *m = message_at(t->rows, row);
	struct tm tm;
	char when[16];

	switch (column) {
	case WHEN:
		localtime_r(&m->when, &tm);
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
		buf_adds(scratch, when);
		break;
	case LEVEL:
		buf_addc(scratch, messages_sign(m->level));
		break;
	default:
		return value_text(m->text);
	}
	return value_text(buf_str(scratch));
}

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
	struct table t = {.columns = columns, .n_columns = COLUMNS, .value = value, .rows = v};

	(void)arg;
	list_init(&v->list, &t, NULL, v);
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
