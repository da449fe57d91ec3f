/* list.c - see list.h */
#include "tui/list.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/filter.h"
#include "work/worker.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 0.008        /* seconds a turn of list_work takes */
#define STRIDE 256         /* rows between two looks at the clock */
#define PAST 50            /* steps that can be undone */
#define GAP 1              /* cells between columns */
#define LEAD 4             /* "> * " before the first column */
#define TOP (SIZE_MAX - 1) /* wanted: not a row, but the first position */

void list_init(struct list *l, const struct list_column *columns, int n_columns,
    const struct list_source *source, void *arg)
{
	*l =
	    (struct list){.columns = columns, .n_columns = n_columns, .source = source, .arg = arg};
	l->sort = -1;
	l->want = SIZE_MAX;
	l->page = 1000; /* until it is drawn */
}

/* What undo goes back to. */
struct list_past {
	int sort;
	bool reverse;
	char *filter;
	uint32_t *marked; /* (n_marked) rows */
	size_t n_marked;
	size_t row; /* of the cursor */
};

static void past_clear(struct list_past *p)
{
	mem_free(p->filter);
	mem_free(p->marked);
}

static void forget_past(struct list *l)
{
	for (size_t i = 0; i < l->n_past; i++)
		past_clear(&l->past[i]);
	l->n_past = 0;
}

void list_clear(struct list *l)
{
	mem_free(l->order);
	mem_free(l->found);
	mem_free(l->width);
	forget_past(l);
	mem_free(l->past);
	mem_free(l->marked);
	mem_free(l->filter);
	mem_free(l->search);
	*l = (struct list){.sort = -1};
}

static bool value_of(struct list *l, size_t row, int column, double *v)
{
	return l->source->value && l->source->value(l->arg, row, column, v);
}

static bool row_matches(struct list *l, const char *what, size_t row)
{
	return filter_match(what, l->columns, l->n_columns, l->source, l->arg, row);
}

struct sort_key {
	uint32_t row;
	int sign; /* -1 = from high to low */
	double v;
	char *s;
};

/* Missing values come last whichever way round, and equal ones stay in the order of the rows. */
static int compare_keys(const void *pa, const void *pb)
{
	const struct sort_key *a = pa, *b = pb;

	bool no_a = !a->s && isnan(a->v), no_b = !b->s && isnan(b->v);

	if (no_a || no_b) {
		if (no_a != no_b)
			return no_a ? 1 : -1;
	} else if (a->s || b->s) {
		int d = strcmp(a->s ? a->s : "", b->s ? b->s : "");

		if (d)
			return a->sign * d;
	} else if (a->v != b->v) {
		return a->v < b->v ? -a->sign : a->sign;
	}
	return a->row < b->row ? -1 : a->row > b->row;
}

static void sort_rows(struct list *l)
{
	struct sort_key *keys;
	struct buf b = BUF_INIT;

	if (l->sort < 0 || l->shown < 2) {
		if (l->reverse) {
			for (size_t i = 0; i < l->shown / 2; i++) {
				uint32_t t = l->order[i];

				l->order[i] = l->order[l->shown - 1 - i];
				l->order[l->shown - 1 - i] = t;
			}
		}
		return;
	}
	keys = mem_zero_array(l->shown, sizeof(*keys));
	for (size_t i = 0; i < l->shown; i++) {
		keys[i].row = l->order[i];
		keys[i].sign = l->reverse ? -1 : 1;
		if (!value_of(l, l->order[i], l->sort, &keys[i].v)) {
			buf_reset(&b);
			l->source->text(l->arg, l->order[i], l->sort, &b);
			keys[i].s = mem_strdup(buf_str(&b));
			for (char *p = keys[i].s; *p; p++)
				*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p;
		}
	}
	qsort(keys, l->shown, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < l->shown; i++) {
		l->order[i] = keys[i].row;
		mem_free(keys[i].s);
	}
	mem_free(keys);
	buf_clear(&b);
}

static size_t position_of(const struct list *l, size_t row)
{
	for (size_t i = 0; i < l->shown; i++) {
		if (l->order[i] == row)
			return i;
	}
	return SIZE_MAX;
}

static void keep_in_view(struct list *l)
{
	size_t page = l->page > 0 ? (size_t)l->page : 1;

	if (l->at >= l->shown)
		l->at = l->shown ? l->shown - 1 : 0;
	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + page)
		l->top = l->at - page + 1;
	if (l->top + page > l->shown)
		l->top = l->shown > page ? l->shown - page : 0;
}

/* Look for rows anew, in all or in those that are seen; until they are found, the ones before are
 * seen. */
static void rescan(struct list *l, size_t row, bool narrow)
{
	l->scanned = l->n_found = 0;
	l->narrow = narrow;
	l->want = row;
	if (!l->filter)
		list_finish(l);
	else
		list_work(l);
}

static size_t to_scan(const struct list *l)
{
	return l->narrow ? l->shown : l->n;
}

static void scan(struct list *l)
{
	double until = worker_clock() + SLICE;
	size_t n = to_scan(l);

	while (l->scanned < n) {
		size_t end = n - l->scanned > STRIDE ? l->scanned + STRIDE : n;

		for (; l->scanned < end; l->scanned++) {
			size_t row = l->narrow ? l->order[l->scanned] : l->scanned;

			if (!l->filter || row_matches(l, l->filter, row))
				l->found[l->n_found++] = (uint32_t)row;
		}
		if (worker_clock() >= until)
			return;
	}
}

bool list_waits(const struct list *l)
{
	return l->want != SIZE_MAX;
}

bool list_work(struct list *l)
{
	uint32_t *before = l->order;
	size_t at;

	if (!list_waits(l))
		return false;
	scan(l);
	if (l->scanned < to_scan(l))
		return true;
	l->order = l->found;
	l->shown = l->n_found;
	l->found = before;
	if (!l->narrow) /* else they are in order */
		sort_rows(l);
	at = position_of(l, l->want);
	l->at = at == SIZE_MAX ? 0 : at;
	l->want = SIZE_MAX;
	keep_in_view(l);
	return true;
}

void list_finish(struct list *l)
{
	while (list_work(l))
		;
}

void list_rows(struct list *l, size_t n, size_t row)
{
	forget_past(l);
	l->n = n;
	l->shown = 0;
	l->order = mem_resize_array(l->order, n + 1, sizeof(*l->order));
	l->found = mem_resize_array(l->found, n + 1, sizeof(*l->found));
	mem_free(l->marked);
	l->marked = n ? mem_zero_array(n, sizeof(*l->marked)) : NULL;
	l->n_marked = 0;
	l->at = l->top = 0;
	rescan(l, row == SIZE_MAX ? TOP : row, false);
}

size_t list_row(const struct list *l)
{
	return l->at < l->shown ? l->order[l->at] : SIZE_MAX;
}

bool list_go(struct list *l, size_t row)
{
	size_t at;

	list_finish(l);
	at = position_of(l, row);
	if (at == SIZE_MAX)
		return false;
	l->at = at;
	keep_in_view(l);
	return true;
}

void list_move(struct list *l, long n)
{
	if (n < 0)
		l->at = (size_t)-n > l->at ? 0 : l->at - (size_t)-n;
	else
		l->at += (size_t)n;
	keep_in_view(l);
}

static void replace(char **p, const char *s)
{
	char *new = s &&*s ? mem_strdup(s) : NULL;

	mem_free(*p);
	*p = new;
}

/* Whether only rows that pass `before` can pass `after`: more of the last word was typed, or another
 * word. Tests of a column ("acc>5") may let through more as they grow. */
static bool narrows(const char *before, const char *after)
{
	const char *last = after ? strrchr(after, ' ') : NULL;

	return before && after && !strncmp(before, after, strlen(before)) &&
	       !strpbrk(last ? last : after, ":<>=");
}

void list_set_filter(struct list *l, const char *s)
{
	size_t row = list_row(l);
	bool narrow = !list_waits(l) && narrows(l->filter, s);

	replace(&l->filter, s);
	rescan(l, row == SIZE_MAX ? TOP : row, narrow);
}

void list_set_search(struct list *l, const char *s)
{
	replace(&l->search, s);
}

bool list_find(struct list *l, bool forward, bool from_here)
{
	list_finish(l);
	if (!l->search)
		return false;
	for (size_t i = from_here ? 0 : 1; i <= l->shown; i++) {
		size_t at = (l->at + (forward ? i : 2 * l->shown - i)) % (l->shown ? l->shown : 1);

		if (at < l->shown && row_matches(l, l->search, l->order[at])) {
			l->at = at;
			keep_in_view(l);
			return true;
		}
	}
	return false;
}

void list_set_sort(struct list *l, int column, bool reverse)
{
	size_t row = list_row(l);

	l->sort = column;
	l->reverse = reverse;
	rescan(l, row == SIZE_MAX ? TOP : row, false);
}

void list_remember(struct list *l)
{
	struct list_past *p;
	size_t k = 0;

	if (!l->past)
		l->past = mem_array(PAST, sizeof(*l->past));
	if (l->n_past == PAST) {
		past_clear(&l->past[0]);
		memmove(l->past, l->past + 1, (PAST - 1) * sizeof(*l->past));
		l->n_past--;
	}
	p = &l->past[l->n_past++];
	*p = (struct list_past){l->sort, l->reverse, l->filter ? mem_strdup(l->filter) : NULL,
	    mem_array(l->n_marked + 1, sizeof(*p->marked)), l->n_marked, list_row(l)};
	for (size_t i = 0; i < l->n && k < l->n_marked; i++)
		if (l->marked[i])
			p->marked[k++] = (uint32_t)i;
}

bool list_undo(struct list *l)
{
	struct list_past *p;

	if (!l->n_past)
		return false;
	p = &l->past[--l->n_past];
	l->sort = p->sort;
	l->reverse = p->reverse;
	replace(&l->filter, p->filter);
	if (l->n)
		memset(l->marked, 0, l->n * sizeof(*l->marked));
	l->n_marked = 0;
	for (size_t i = 0; i < p->n_marked; i++)
		list_mark(l, p->marked[i], true);
	rescan(l, p->row == SIZE_MAX ? TOP : p->row, false);
	past_clear(p);
	return true;
}

bool list_is_at(const struct list *l, const struct cells *c, int y, int x)
{
	const struct area *a = &l->area;

	return l->frame == c->frame && y >= a->y && y < a->y + a->h && x >= a->x && x < a->x + a->w;
}

static void click_title(struct list *l, int x)
{
	int at = l->area.x + LEAD;

	for (int i = 0; i < l->n_columns; i++) {
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

static void next_sort(struct list *l)
{
	int c = l->sort;

	do
		c = c + 1 >= l->n_columns ? -1 : c + 1;
	while (c >= 0 && l->columns[c].no_sort);
	list_set_sort(l, c, c >= 0 && l->columns[c].right);
}

void list_mark(struct list *l, size_t row, bool on)
{
	if (row >= l->n || l->marked[row] == on)
		return;
	l->marked[row] = on;
	l->n_marked += on ? 1 : (size_t)-1;
}

static void toggle_mark(struct list *l)
{
	size_t row = list_row(l);

	if (row == SIZE_MAX)
		return;
	list_mark(l, row, !l->marked[row]);
	list_move(l, 1);
}

static void clear_one(struct list *l)
{
	if (l->filter) {
		list_set_filter(l, NULL);
	} else if (l->n_marked) {
		memset(l->marked, 0, l->n * sizeof(*l->marked));
		l->n_marked = 0;
	} else {
		list_set_search(l, NULL);
	}
}

bool list_act(struct list *l, enum action a)
{
	switch (a) {
	case ACTION_DOWN:
		list_move(l, 1);
		return true;
	case ACTION_UP:
		list_move(l, -1);
		return true;
	case ACTION_HALF_DOWN:
		list_move(l, (l->page + 1) / 2);
		return true;
	case ACTION_HALF_UP:
		list_move(l, -(l->page + 1) / 2);
		return true;
	case ACTION_PAGE_DOWN:
		list_move(l, l->page);
		return true;
	case ACTION_PAGE_UP:
		list_move(l, -l->page);
		return true;
	case ACTION_FIRST:
		list_move(l, -(long)l->shown);
		return true;
	case ACTION_LAST:
		list_move(l, (long)l->shown);
		return true;
	case ACTION_LEFT:
		l->left -= l->left > 0;
		return true;
	case ACTION_RIGHT:
		l->left += l->left + 2 < l->n_columns;
		return true;
	case ACTION_SORT:
		list_remember(l);
		next_sort(l);
		return true;
	case ACTION_REVERSE:
		list_remember(l);
		list_set_sort(l, l->sort, !l->reverse);
		return true;
	case ACTION_MARK:
		list_remember(l);
		toggle_mark(l);
		return true;
	case ACTION_CLEAR:
		list_remember(l);
		clear_one(l);
		return true;
	default:
		return false;
	}
}

/* Widths of the columns in w cells; 0 = not shown. */
static void lay_out(const struct list *l, int w, int width[])
{
	int used = LEAD, worst;

	for (int i = 0; i < l->n_columns; i++) {
		/* Scrolled sideways: the columns after the first two go, from the left. */
		width[i] = i >= 2 && i < 2 + l->left ? 0 : l->columns[i].width;
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
	}
	for (int i = 0; i < l->n_columns && used - GAP < w; i++) {
		int more = width[i] ? l->columns[i].grow - width[i] : 0;

		if (more > w - (used - GAP))
			more = w - (used - GAP);
		if (more > 0) {
			width[i] += more;
			used += more;
		}
	}
}

static void draw_header(struct list *l, struct cells *c, struct area a, const int width[])
{
	int x = a.x + LEAD;

	for (int i = 0; i < l->n_columns; i++) {
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
	bool hit = l->search && row_matches(l, l->search, row);
	unsigned style = l->marked[row] ? ROLE_MARKED : hit ? ROLE_MATCH : ROLE_DEFAULT;
	int x = a.x + LEAD;

	if (current)
		cells_put(c, a.y, a.x, ROLE_DEFAULT | STYLE_BOLD, '>');
	if (l->marked[row])
		cells_put(c, a.y, a.x + 1, ROLE_MARKED, '*');
	else if (hit)
		cells_put(c, a.y, a.x + 1, ROLE_MATCH, '~');
	for (int i = 0; i < l->n_columns; i++) {
		if (!width[i])
			continue;
		if (!l->source->draw ||
		    !l->source->draw(l->arg, row, i, c, a.y, x, width[i], style)) {
			buf_reset(b);
			l->source->text(l->arg, row, i, b);
			if (l->columns[i].right)
				cells_right(c, a.y, x, width[i], style, buf_str(b));
			else
				cells_fit(c, a.y, x, width[i], style, buf_str(b));
		}
		x += width[i] + GAP;
	}
}

void list_draw(struct list *l, struct cells *c, struct area a, bool focused)
{
	int *width;
	struct buf b = BUF_INIT;

	if (a.h < 2 || a.w < LEAD)
		return;
	width = l->width = mem_resize_array(l->width, (size_t)l->n_columns, sizeof(*width));
	l->area = a;
	l->frame = c->frame;
	l->page = a.h - 1;
	keep_in_view(l);
	lay_out(l, a.w, width);
	draw_header(l, c, a, width);
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

void list_shape(const struct list *l, struct buf *out)
{
	if (l->sort >= 0)
		buf_printf(out, "%ssort: %s %s", out->len ? " · " : "", l->columns[l->sort].title,
		    l->reverse ? "▾" : "▴");
	if (l->filter)
		buf_printf(out, "%sfilter: %s", out->len ? " · " : "", l->filter);
}

void list_save(const struct list *l, json_t *state)
{
	json_object_set_new(
	    state, "sort", l->sort >= 0 ? json_string(l->columns[l->sort].title) : json_null());
	json_object_set_new(state, "reverse", json_boolean(l->reverse));
	json_object_set_new(state, "filter", l->filter ? json_string(l->filter) : json_null());
}

void list_restore(struct list *l, const json_t *state)
{
	const char *sort = json_get_string(state, "sort"),
		   *filter = json_get_string(state, "filter");

	if (json_is_null(json_object_get(state, "sort")))
		l->sort = -1;
	for (int i = 0; sort && i < l->n_columns; i++)
		if (!strcmp(l->columns[i].title, sort))
			l->sort = i;
	l->reverse = json_is_true(json_object_get(state, "reverse"));
	replace(&l->filter, filter);
}

void list_tsv(struct list *l, struct buf *out)
{
	struct buf b = BUF_INIT;

	list_finish(l);
	for (int i = 0; i < l->n_columns; i++)
		buf_printf(out, "%s%s", i ? "\t" : "", l->columns[i].title);
	buf_addc(out, '\n');
	for (size_t r = 0; r < l->shown; r++) {
		for (int i = 0; i < l->n_columns; i++) {
			buf_reset(&b);
			l->source->text(l->arg, l->order[r], i, &b);
			if (i)
				buf_addc(out, '\t');
			utf8_printable_add(out, buf_str(&b), b.len);
		}
		buf_addc(out, '\n');
	}
	buf_clear(&b);
}
