/* settings.c - all settings: what they are, what they can be; Enter takes the next choice. */
#include "screen/screens.h"

#include "tui/list.h"
#include "view/host.h"
#include "view/preferences.h"
#include "view/view.h"

#include <string.h>

enum { NAME, NOW, CHOICES, HELP, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = {"setting", .brief = "Setting", .width = 9, .about = "Its name for :set."},
    [NOW] = {"now", .brief = "Now", .width = 15, .about = "What is chosen."},
    [CHOICES] = {"choices", .brief = "Choices, the default first", .kind = COLUMN_CLIP, .width = 20,
	.grow = 70, .drop = 2, .no_sort = true, .about = "What it can be."},
    [HELP] = {"about", .brief = "What it does", .kind = COLUMN_CLIP, .width = 20, .grow = 80,
	.drop = 1, .no_sort = true, .about = "What it changes."},
};

struct settings_view {
	struct view view;
	struct list list; /* rows: settings.def */
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct settings_view *v = t->rows;
	const struct setting_info *info = setting_info((enum setting)row);
	char now[SETTING_CHOICE_SIZE];

	switch (column) {
	case NAME:
		return value_text(info->name);
	case NOW:
		setting_choice((enum setting)row, v->view.host->settings.v[row], now);
		buf_adds(scratch, now);
		return value_text(buf_str(scratch));
	case CHOICES:
		for (const char *p = info->choices; *p; p++)
			buf_addc(scratch, *p == '|' ? ' ' : *p);
		return value_text(buf_str(scratch));
	default:
		return value_text(info->help);
	}
}

static void settings_init(struct view *view, const void *arg)
{
	struct settings_view *v = (struct settings_view *)view;
	struct table t = {.columns = columns, .n_columns = COLUMNS, .value = value, .rows = v};

	(void)arg;
	list_init(&v->list, &t, NULL, v);
	v->list.name_column = NAME;
	panes_add(&view->panes, &v->list);
}

static void settings_data(struct view *view)
{
	list_rows(&((struct settings_view *)view)->list, SETTING_COUNT, 0);
}

static void settings_draw(struct view *view, struct cells *c, struct area a)
{
	struct settings_view *v = (struct settings_view *)view;
	size_t row = list_row(&v->list);
	struct buf b = BUF_INIT, choices = BUF_INIT;
	int foot = a.h >= 14 ? 7 : 5;

	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - foot, a.w}, true);
	cells_rule(c, a.y + a.h - foot, a.x, a.w, "Enter takes the next choice", false);
	if (row != SIZE_MAX) {
		buf_printf(&b, "%s\none of: ", setting_info((enum setting)row)->help);
		buf_adds(&b, list_cell(&v->list, row, CHOICES, &choices));
	}
	if (view->host->settings_path)
		buf_printf(&b, "\nkept in %s", view->host->settings_path);
	cells_wrap(c, (struct area){a.y + a.h - foot + 1, a.x + 1, foot - 1, a.w - 2}, ROLE_DIM,
	    buf_str(&b));
	buf_clear(&b);
	buf_clear(&choices);
}

static bool settings_act(struct view *view, enum action a)
{
	size_t row = list_row(&((struct settings_view *)view)->list);

	if (a != ACTION_OPEN || row == SIZE_MAX)
		return false;
	preferences_next(view->host, (enum setting)row);
	return true;
}

const struct view_class screen_settings = {
    .title = "Settings",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct settings_view),
    .init = settings_init,
    .data = settings_data,
    .draw = settings_draw,
    .act = settings_act,
};
