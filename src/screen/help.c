/* help.c - the keys of the view it was opened from, made from the key table. */
#include "screen/screens.h"

#include "base/mem.h"
#include "tui/list.h"
#include "view/host.h"
#include "view/view.h"

#include <string.h>

enum { KEYS, WHAT, NAME, COLUMNS };

static const struct column columns[COLUMNS] = {
    [KEYS] = {"keys", .brief = "Keys", .width = 16, .grow = 20, .no_sort = true,
	.about = "The keys, or the column's heading."},
    [WHAT] = {"about", .brief = "What they do", .kind = COLUMN_CLIP, .width = 34, .grow = 100,
	.no_sort = true, .about = "What they do, or what the column says."},
    [NAME] = {"action", .brief = "Name in the keys file", .width = 16, .drop = 1, .no_sort = true,
	.about = "What a line of the keys file calls it."},
};

/* A heading, or an action, or a column of the table. */
struct help_row {
	const char *heading;
	enum action action; /* ACTION_NONE: a column */
	const char *name, *about;
};

struct help {
	struct view view;
	struct list list;
	enum scope scope;
	struct help_row *rows; /* (n) */
	size_t n, cap;
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct help *v = t->rows;
	const struct help_row *r = &v->rows[row];

	if (r->heading)
		return value_text(column == KEYS ? r->heading : "");
	if (r->action == ACTION_NONE)
		return value_text(column == KEYS ? r->name : column == WHAT ? r->about : "");
	if (column == KEYS) {
		keymap_labels(&v->view.host->keymap, r->action, 4, scratch);
		return value_text(buf_str(scratch));
	}
	return value_text(
	    column == WHAT ? action_info(r->action)->help : action_info(r->action)->name);
}

static bool help_draw_cell(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct help *v = arg;

	(void)style;
	if (!v->rows[row].heading)
		return false;
	if (column == KEYS)
		cells_printf(c, y, x - 2, w, ROLE_HEADER | STYLE_BOLD, "%s%s%s",
		    v->rows[row].heading, v->rows[row].name ? " of " : "",
		    v->rows[row].name ? v->rows[row].name : "");
	return true;
}

static const struct list_source source = {.draw = help_draw_cell};

static void add_row(struct help *v, struct help_row row)
{
	v->rows = mem_grow(v->rows, &v->cap, v->n + 1, sizeof(*v->rows));
	v->rows[v->n++] = row;
}

/* What the columns of a list say. */
static void add_columns(struct help *v, const struct list *l)
{
	add_row(v, (struct help_row){.heading = "Columns", .name = l->table.name});
	for (int p = 0; p < l->n_columns; p++) {
		int i = l->place[p];

		add_row(v, (struct help_row){
			       .name = l->columns[i].title, .about = l->table.columns[i].about});
	}
}

/* Of the pane with the focus first. */
static void add_panes(struct help *v, const struct panes *p)
{
	const struct list *first = p->n ? p->list[p->focus] : NULL;

	for (int i = 0; i < p->n; i++) {
		const struct list *l = p->list[(p->focus + i) % p->n];

		/* A plot has the list of its points. */
		if (l && (i == 0 || l != first))
			add_columns(v, l);
	}
}

static void add_figures(struct help *v, enum scope scope)
{
	static const struct {
		enum scope scope;
		const char *name, *about;
	} figures[] = {
#define FIGURE(scope, name, about) {SCOPE_##scope, name, about},
#include "screen/figures.def"
#undef FIGURE
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		if (figures[i].scope != scope)
			continue;
		if (!any)
			add_row(v, (struct help_row){.heading = "Figures"});
		any = true;
		add_row(v, (struct help_row){.name = figures[i].name, .about = figures[i].about});
	}
}

static void add_group(struct help *v, enum scope scope, enum action_group group, const char *title)
{
	bool any = false;

	for (int a = 1; a < ACTION_COUNT; a++) {
		const struct action_info *info = action_info((enum action)a);

		if (info->scope != scope || info->group != group)
			continue;
		if (!any)
			add_row(v, (struct help_row){.heading = title});
		any = true;
		add_row(v, (struct help_row){.action = (enum action)a});
	}
}

static void help_init(struct view *view, const void *arg)
{
	static const enum action_group order[] = {
	    ACTION_GROUP_GO, ACTION_GROUP_MOVE, ACTION_GROUP_FIND, ACTION_GROUP_OTHER};
	const struct help_arg *from = arg;
	struct help *v = (struct help *)view;
	struct table t = {.columns = columns, .n_columns = COLUMNS, .value = value, .rows = v};

	v->scope = from->scope;
	if (v->scope != SCOPE_GLOBAL)
		add_group(v, v->scope, ACTION_GROUP_VIEW, action_group_title(ACTION_GROUP_VIEW));
	add_panes(v, from->panes);
	add_figures(v, v->scope);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		add_group(v, SCOPE_GLOBAL, order[i], action_group_title(order[i]));
	list_init(&v->list, &t, &source, v);
	v->list.name_column = WHAT;
	list_rows(&v->list, v->n, 0);
	panes_add(&view->panes, &v->list);
}

static void help_clear(struct view *view)
{
	mem_free(((struct help *)view)->rows);
}

static void help_draw(struct view *view, struct cells *c, struct area a)
{
	struct help *v = (struct help *)view;

	size_t row = list_row(&v->list);
	bool column = row != SIZE_MAX && v->rows[row].about;
	int foot = column && a.h > 8 ? 3 : 1;

	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - foot, a.w}, true);
	/* In full what the row has no room for. */
	if (column)
		cells_wrap(c, (struct area){a.y + a.h - foot, 1, foot, c->w - 2}, ROLE_DIM,
		    v->rows[row].about);
	else
		cells_printf(c, a.y + a.h - 1, 1, c->w - 2, ROLE_DIM, "data %s · man embedllm",
		    view->host->db);
}

static void help_where(struct view *view, struct buf *path, struct buf *shape)
{
	(void)path;
	(void)view;
	buf_adds(shape, "/ search  f filter  q close");
}

const struct view_class screen_help = {
    .title = "Help",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct help),
    .init = help_init,
    .clear = help_clear,
    .draw = help_draw,
    .where = help_where,
};
