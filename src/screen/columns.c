/* columns.c - the columns of the table one came from: which are shown, in which order, how wide. Every
 * change is seen when one goes back, and is kept (settings.h). */
#include "screen/screens.h"

#include "base/mem.h"
#include "tui/column_choice.h"
#include "tui/list.h"
#include "view/preferences.h"
#include "view/view.h"

#define WIDTH_MIN 3
#define WIDTH_MAX 200

struct columns_view {
	struct view view;
	struct list list; /* rows: columns of `of`, as they lie from left to right */
	struct list *of;  /* of the view below */
};

enum { SHOWN, HEADING, WIDTH, ABOUT, COLUMNS };

static const struct column columns[COLUMNS] = {
    [SHOWN] = {"shown", .brief = "Shown", .kind = COLUMN_BOOL, .width = 5, .no_sort = true,
	.about = "Whether the column is seen."},
    [HEADING] = {"column", .brief = "Column", .kind = COLUMN_TEXT, .width = 12, .grow = 24,
	.no_sort = true, .about = "Its heading."},
    [WIDTH] = {"width", .brief = "Width", .kind = COLUMN_INT, .width = 5, .no_sort = true,
	.about = "Its cells, the least where it grows with the screen."},
    [ABOUT] = {"about", .brief = "What it is", .kind = COLUMN_CLIP, .width = 20, .grow = 400,
	.no_sort = true, .about = "What it says, in which unit."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct list *of = t->rows;
	int i = of->place[row];

	(void)scratch;
	switch (column) {
	case SHOWN:
		return value_bool(!of->off[i]);
	case HEADING:
		return value_text(of->columns[i].title);
	case WIDTH:
		return value_int(of->columns[i].wide ? of->columns[i].wide : of->columns[i].width);
	default:
		return value_text(of->table.columns[i].about);
	}
}

static void columns_init(struct view *view, const void *arg)
{
	struct columns_view *v = (struct columns_view *)view;
	struct table t = {.columns = columns, .n_columns = COLUMNS, .value = value};

	v->of = ((const struct columns_arg *)arg)->list;
	t.n = (size_t)v->of->n_columns;
	t.rows = v->of;
	list_init(&v->list, &t, NULL, v);
	v->list.name_column = HEADING;
	list_set_table(&v->list, &t, 0);
	panes_add(&view->panes, &v->list);
}

struct entry {
	int column, wide;
	bool off;
};

/* Make it the user's choice, and put the cursor on `row`. */
static void choose(struct columns_view *v, const struct entry *entries, size_t row)
{
	const char *table = v->of->table.name;
	struct buf b = BUF_INIT;

	for (int p = 0; p < v->of->n_columns; p++) {
		if (entries[p].off)
			continue;
		if (b.len)
			buf_addc(&b, ' ');
		list_column_word(&v->of->table.columns[entries[p].column], &b);
		if (entries[p].wide)
			buf_printf(&b, ":%d", entries[p].wide);
	}
	if (b.len) {
		column_choice_set(table, buf_str(&b));
		list_apply_choice(v->of);
		list_go(&v->list, row);
		preferences_keep_columns(v->view.host, table);
	} else {
		view_say(&v->view, MESSAGE_INFO, "one column stays");
	}
	buf_clear(&b);
}

static void change(struct columns_view *v, enum action a, size_t row)
{
	size_t n = (size_t)v->of->n_columns, to = a == ACTION_COLUMNS_UP ? row - 1 : row + 1;
	struct entry *entries = mem_array(n + 1, sizeof(*entries)), moved;
	int wide;

	for (size_t p = 0; p < n; p++) {
		int i = v->of->place[p];

		entries[p] = (struct entry){i, v->of->columns[i].wide, v->of->off[i]};
	}
	moved = entries[row];
	switch (a) {
	case ACTION_COLUMNS_UP:
	case ACTION_COLUMNS_DOWN:
		if (to < n) {
			entries[row] = entries[to];
			entries[to] = moved;
			row = to;
		}
		break;
	case ACTION_COLUMNS_WIDER:
	case ACTION_COLUMNS_NARROWER:
		wide = moved.wide ? moved.wide : v->of->columns[moved.column].width;
		wide += a == ACTION_COLUMNS_WIDER ? 1 : -1;
		entries[row].wide = wide < WIDTH_MIN   ? WIDTH_MIN
				    : wide > WIDTH_MAX ? WIDTH_MAX
						       : wide;
		break;
	default:
		entries[row].off = !moved.off;
		break;
	}
	choose(v, entries, row);
	mem_free(entries);
}

static bool columns_act(struct view *view, enum action a)
{
	struct columns_view *v = (struct columns_view *)view;
	size_t row = list_row(&v->list);

	if (row == SIZE_MAX)
		return false;
	switch (a) {
	case ACTION_OPEN:
	case ACTION_MARK:
	case ACTION_COLUMNS_UP:
	case ACTION_COLUMNS_DOWN:
	case ACTION_COLUMNS_WIDER:
	case ACTION_COLUMNS_NARROWER:
		change(v, a, row);
		return true;
	case ACTION_COLUMNS_RESET:
		column_choice_set(v->of->table.name, NULL);
		list_apply_choice(v->of);
		preferences_keep_columns(view->host, v->of->table.name);
		return true;
	default:
		return false;
	}
}

static void columns_draw(struct view *view, struct cells *c, struct area a)
{
	struct columns_view *v = (struct columns_view *)view;
	size_t row = list_row(&v->list);
	int foot = a.h > 10 ? 4 : 0;

	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - foot, a.w}, true);
	if (!foot || row == SIZE_MAX)
		return;
	cells_rule(c, a.y + a.h - foot, a.x, a.w, v->of->columns[v->of->place[row]].title, false);
	cells_wrap(c, (struct area){a.y + a.h - foot + 1, a.x + 1, foot - 1, a.w - 2}, ROLE_DIM,
	    v->of->table.columns[v->of->place[row]].about);
}

static void columns_where(struct view *view, struct buf *path, struct buf *shape)
{
	(void)view;
	(void)path;
	buf_adds(shape, "Space shows or hides");
}

const struct view_class screen_columns = {
    .title = "Columns",
    .scope = SCOPE_COLUMNS,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct columns_view),
    .init = columns_init,
    .draw = columns_draw,
    .where = columns_where,
    .act = columns_act,
};
