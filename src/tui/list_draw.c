/* list_draw.c - a list on the screen: how wide its columns are, its header and rows, what a click on
 * them means. See list.h. */
#include "tui/list.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>

#define GAP 1  /* cells between columns */
#define LEAD 4 /* "> * " before the first column */

/* Widths of the columns in w cells, 0 = not shown; whether all that are wanted are there. */
static bool lay_out(const struct list *l, int w, int width[])
{
	int used = LEAD, worst, seen = 0;
	bool all = true;

	for (int p = 0; p < l->n_columns; p++) {
		int i = l->place[p];
		const struct list_column *k = &l->columns[i];

		/* Scrolled sideways: the columns after the first two go, from the left. */
		width[i] = l->off[i] || (seen >= 2 && seen < 2 + l->left) ? 0
			   : k->wide                                      ? k->wide
									  : k->width;
		seen += !l->off[i];
		used += width[i] ? width[i] + GAP : 0;
	}
	while (used - GAP > w) {
		worst = -1;
		for (int i = 0; i < l->n_columns; i++) {
			if (width[i] && l->columns[i].drop &&
			    (worst < 0 || l->columns[i].drop > l->columns[worst].drop))
				worst = i;
		}
		if (worst < 0)
			break;
		used -= width[worst] + GAP;
		width[worst] = 0;
		all = false;
	}
	for (int p = 0; p < l->n_columns && used - GAP < w; p++) {
		int i = l->place[p], more = 0;

		if (width[i] && !l->columns[i].wide)
			more = l->columns[i].grow - width[i];
		if (more > w - (used - GAP))
			more = w - (used - GAP);
		if (more > 0) {
			width[i] += more;
			used += more;
		}
	}
	return all;
}

/* Columns that may be scrolled away: all that are wanted but the first two and one more. */
static int left_most(const struct list *l)
{
	int seen = 0;

	for (int i = 0; i < l->n_columns; i++)
		seen += !l->off[i];
	return seen > 3 ? seen - 3 : 0;
}

/* Whether the last heading reaches the right edge of its column. */
static bool is_full(const struct list *l, const int width[])
{
	int last = -1;

	for (int p = 0; p < l->n_columns; p++)
		last = width[l->place[p]] ? l->place[p] : last;
	return last >= 0 && (l->columns[last].right ||
				(int)utf8_width(l->columns[last].title) >= width[last] - 1);
}

static void draw_header(struct list *l, struct cells *c, struct area a, const int width[])
{
	int x = a.x + LEAD;

	for (int p = 0; p < l->n_columns; p++) {
		int i = l->place[p];
		char title[64];
		const char *sign = i != l->sort ? "" : l->reverse ? "▾" : "▴";

		if (!width[i])
			continue;
		snprintf(title, sizeof(title), "%s%s", l->columns[i].title, sign);
		if (l->columns[i].right)
			cells_right(c, a.y, x, width[i], ROLE_HEADER, title);
		else
			cells_fit(c, a.y, x, width[i], ROLE_HEADER, title);
		x += width[i] + GAP;
	}
}

static void draw_row(struct list *l, struct cells *c, struct area a, const int width[], size_t row,
    bool current, struct buf *b)
{
	bool hit = l->search && list_is_hit(l, row);
	unsigned style = l->marked[row] ? ROLE_MARKED : hit ? ROLE_MATCH : ROLE_DEFAULT;
	int x = a.x + LEAD;

	if (current)
		cells_put(c, a.y, a.x, ROLE_DEFAULT | STYLE_BOLD, '>');
	if (l->marked[row])
		cells_put(c, a.y, a.x + 1, ROLE_MARKED, '*');
	else if (hit)
		cells_put(c, a.y, a.x + 1, ROLE_MATCH, '~');
	for (int p = 0; p < l->n_columns; p++) {
		int i = l->place[p];

		if (!width[i])
			continue;
		if (!l->source->draw ||
		    !l->source->draw(l->arg, row, i, c, a.y, x, width[i], style)) {
			const char *text = list_cell(l, row, i, b);

			if (l->columns[i].right)
				cells_right(c, a.y, x, width[i], style, text);
			else
				cells_fit(c, a.y, x, width[i], style, text);
		}
		x += width[i] + GAP;
	}
}

/* Why there is no row. */
static void draw_empty(const struct list *l, struct cells *c, struct area a)
{
	struct buf b = BUF_INIT;

	if (l->n > l->table.totals && l->filter)
		buf_printf(&b, "No row passes the filter %s%s%s. x clears it.", l->filter,
		    list_filter_note(l) ? ": " : "",
		    list_filter_note(l) ? list_filter_note(l) : "");
	else if (l->empty)
		buf_adds(&b, l->empty);
	cells_wrap(c, (struct area){a.y + 1, a.x + 2, a.h - 1, a.w - 3}, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
}

void list_draw(struct list *l, struct cells *c, struct area a, bool focused)
{
	int *width;
	bool all;
	struct buf b = BUF_INIT;

	if (a.h < 2 || a.w < LEAD)
		return;
	width = l->width = mem_resize_array(l->width, (size_t)l->n_columns, sizeof(*width));
	l->area = a;
	l->frame = c->frame;
	l->page = a.h - 1;
	list_keep_in_view(l);
	list_apply_choice(l);
	l->left = l->left > left_most(l) ? left_most(l) : l->left;
	all = lay_out(l, a.w, width);
	if (!all && is_full(l, width)) /* no room for the mark */
		lay_out(l, a.w - 1, width);
	draw_header(l, c, a, width);
	/* Columns are hidden to the left, to the right. */
	if (l->left)
		cells_text(c, a.y, a.x, 1, ROLE_HEADER, "‹");
	if (!all)
		cells_text(c, a.y, a.x + a.w - 1, 1, ROLE_HEADER, "›");
	for (int i = 0; i < l->page && l->top + (size_t)i < l->shown; i++) {
		size_t at = l->top + (size_t)i;
		bool current = at == l->at;

		draw_row(l, c, (struct area){a.y + 1 + i, a.x, 1, a.w}, width, l->order[at],
		    current, &b);
		if (current && focused) {
			cells_flag(c, a.y + 1 + i, a.x, a.w, STYLE_REVERSE);
			c->cursor_y = a.y + 1 + i;
			c->cursor_x = a.x;
		}
	}
	if (!l->shown && !list_waits(l))
		draw_empty(l, c, a);
	buf_clear(&b);
}

void list_position(const struct list *l, struct buf *out)
{
	buf_printf(out, "%zu/%zu", l->shown ? l->at + 1 : 0, l->shown);
	if (l->filter)
		buf_printf(out, " of %zu", l->n);
	if (list_waits(l))
		buf_adds(out, " …");
	if (l->n_marked)
		buf_printf(out, "  %zu marked", l->n_marked);
}

void list_filter_shape(const struct list *l, const char *of, struct buf *out)
{
	const char *fault = list_filter_fault(l);

	if (!l->filter)
		return;
	buf_printf(out, "%sfilter%s%s: %s", out->len ? " · " : "", of ? " of " : "", of ? of : "",
	    l->filter);
	if (fault)
		buf_printf(out, " (%s)", fault);
}

void list_sort_shape(const struct list *l, struct buf *out)
{
	if (l->sort >= 0)
		buf_printf(out, "%ssort: %s %s", out->len ? " · " : "",
		    *l->columns[l->sort].title ? l->columns[l->sort].title
					       : l->table.columns[l->sort].key,
		    l->reverse ? "▾" : "▴");
}

static bool list_is_at(const struct list *l, const struct cells *c, int y, int x)
{
	const struct area *a = &l->area;

	return l->frame == c->frame && y >= a->y && y < a->y + a->h && x >= a->x && x < a->x + a->w;
}

static void click_title(struct list *l, int x)
{
	int at = l->area.x + LEAD;

	for (int p = 0; p < l->n_columns; p++) {
		int i = l->place[p];

		if (!l->width[i])
			continue;
		if (x >= at && x < at + l->width[i] && !l->columns[i].no_sort) {
			list_remember(l);
			list_set_sort(l, i, i == l->sort ? !l->reverse : l->columns[i].right);
		}
		at += l->width[i] + GAP;
	}
}

bool list_click(struct list *l, const struct cells *c, int y, int x)
{
	if (!list_is_at(l, c, y, x))
		return false;
	if (y == l->area.y)
		click_title(l, x);
	else if (l->top + (size_t)(y - l->area.y - 1) < l->shown)
		list_move(l, (long)l->top + (y - l->area.y - 1) - (long)l->at);
	return true;
}
