#include "tui/list.h"

#include "base/clock.h"
#include "base/filter.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/column_choice.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 0.008        /* seconds a turn of list_work takes */
#define STRIDE 256         /* rows between two looks at the clock */
#define UNDO_MAX 50        /* steps that can be undone */
#define TOP (SIZE_MAX - 1) /* wanted: not a row, but the first position */

/* Cells of a column whose table says nothing: what its kind takes, or its heading and the sign of
 * sorting. */
static int usual_width(const struct column *c)
{
	int decimals = c->decimals ? c->decimals + 1 : 0, w,
	    title = (int)utf8_width(column_heading(c)) + 1;

	switch (c->kind) {
	case COLUMN_TEXT:
	case COLUMN_CLIP:
	case COLUMN_MAP:
		w = 10;
		break;
	case COLUMN_INT:
		w = 5;
		break;
	case COLUMN_SHARE:
		w = 3 + decimals;
		break;
	case COLUMN_REAL:
		w = 2 + decimals;
		break;
	case COLUMN_MONEY:
		w = 7;
		break;
	case COLUMN_BOOL:
		w = 3;
		break;
	case COLUMN_PM:
	case COLUMN_SHARE_PM:
		w = 6 + 2 * decimals;
		break;
	default:
		w = 10 + 3 * decimals;
	}
	return w > title ? w : title;
}

static const char *name_of(const struct list *l, int column)
{
	const char *key = l->table.columns[column].key;

	return key ? key : column_heading(&l->table.columns[column]);
}

/* The column of that key, else -1; the key is then kept, for columns that come later. */
static void sort_by_key(struct list *l, const char *key)
{
	char *copy = key ? mem_strdup(key) : NULL;

	l->sort = -1;
	for (int i = 0; copy && i < l->n_columns; i++)
		if (!strcmp(name_of(l, i), copy))
			l->sort = i;
	mem_free(l->sort_key);
	l->sort_key = l->sort < 0 ? copy : NULL;
	if (l->sort >= 0)
		mem_free(copy);
}

void list_set_columns(struct list *l, const struct table *t)
{
	char *sort = l->sort >= 0  ? mem_strdup(name_of(l, l->sort))
		     : l->sort_key ? mem_strdup(l->sort_key)
				   : NULL;

	l->table = *t;
	l->table.n = 0;
	l->n_columns = (int)t->n_columns;
	l->columns = mem_resize_array(l->columns, t->n_columns + 1, sizeof(*l->columns));
	l->place = mem_resize_array(l->place, t->n_columns + 1, sizeof(*l->place));
	l->off = mem_resize_array(l->off, t->n_columns + 1, sizeof(*l->off));
	mem_free(l->width);
	l->width = NULL;
	l->changes = 0;
	for (size_t j = 0; j < t->n_columns; j++) {
		const struct column *c = &t->columns[j];

		l->columns[j] = (struct list_column){
		    .title = column_heading(c),
		    .width = c->width ? c->width : usual_width(c),
		    .grow = c->grow,
		    .drop = c->drop,
		    .right = c->key && *column_heading(c) && !column_is_left(c),
		    .no_sort = c->no_sort || !c->key,
		    .hidden = c->hidden,
		};
	}
	list_apply_choice(l);
	sort_by_key(l, sort);
	mem_free(sort);
}

void list_init(struct list *l, const struct table *t, const struct list_source *source, void *arg)
{
	static const struct list_source plain = {NULL, NULL};

	*l = (struct list){.source = source ? source : &plain, .arg = arg, .sort = -1};
	l->want = SIZE_MAX;
	l->page = 1000; /* until it is drawn */
	list_set_columns(l, t);
}

void list_set_hints(struct list *l, int column, int drop, int width)
{
	l->columns[column].drop = drop;
	l->columns[column].hidden = width == 0;
	if (width)
		l->columns[column].width = width;
	l->changes = 0;
	list_apply_choice(l);
}

/* What undo goes back to. */
struct list_undo_step {
	int sort;
	bool reverse;
	char *filter;
	uint32_t *marked; /* (n_marked) rows */
	size_t n_marked;
	size_t row; /* of the cursor */
};

static void undo_clear(struct list_undo_step *p)
{
	mem_free(p->filter);
	mem_free(p->marked);
}

static void forget_undo(struct list *l)
{
	for (size_t i = 0; i < l->n_undo; i++)
		undo_clear(&l->undo[i]);
	l->n_undo = 0;
}

void list_clear(struct list *l)
{
	mem_free(l->order);
	mem_free(l->found);
	mem_free(l->width);
	forget_undo(l);
	mem_free(l->undo);
	mem_free(l->marked);
	mem_free(l->filter);
	mem_free(l->search);
	filter_free(l->passing);
	filter_free(l->sought);
	mem_free(l->sort_key);
	mem_free(l->columns);
	mem_free(l->off);
	mem_free(l->place);
	*l = (struct list){.sort = -1};
}

/* Long texts are not copied: a filter reads them in tens of thousands of rows. */
const char *list_cell(const struct list *l, size_t row, int column, struct buf *b)
{
	const struct column *c = &l->table.columns[column];
	struct buf scratch = BUF_INIT;
	const char *text;
	struct value v;

	buf_reset(b);
	if (!c->key)
		return "";
	v = table_get(&l->table, row, (size_t)column, &scratch);
	text = column_cell(c, &v, b);
	if (scratch.len && text == v.text) { /* it goes with the scratch */
		buf_adds(b, text);
		text = buf_str(b);
	}
	buf_clear(&scratch);
	return text;
}

/* Its number, in the unit shown (percent); false where it is text. */
static bool cell_number(const struct list *l, size_t row, int column, double *out)
{
	const struct column *c = &l->table.columns[column];
	struct buf scratch = BUF_INIT;
	struct value v;
	bool is;

	if (!c->key || (column_is_left(c) && c->kind != COLUMN_BOOL))
		return false;
	v = table_get(&l->table, row, (size_t)column, &scratch);
	is = column_number(c, &v, out);
	buf_clear(&scratch);
	return is;
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
		if (!cell_number(l, l->order[i], l->sort, &keys[i].v)) {
			keys[i].s = mem_strdup(list_cell(l, l->order[i], l->sort, &b));
			for (char *p = keys[i].s; *p; p++)
				*p = utf8_lower_ascii(*p);
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

void list_keep_in_view(struct list *l)
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

/* The columns may be others now, and the rows. */
static void understand(struct list *l)
{
	filter_free(l->passing);
	filter_free(l->sought);
	l->passing = l->filter ? filter_new(&l->table, l->filter) : NULL;
	l->sought = l->search ? filter_new(&l->table, l->search) : NULL;
}

static bool passes(const struct list *l, const struct filter *f, size_t row)
{
	const char *more = l->source->more ? l->source->more(l->arg, row) : NULL;

	return !f || filter_match(f, &l->table, row, more, l->off);
}

bool list_passes(const struct list *l, size_t row)
{
	return passes(l, l->passing, row);
}

bool list_is_hit(const struct list *l, size_t row)
{
	return passes(l, l->sought, row);
}

const char *list_filter_note(const struct list *l)
{
	return l->passing ? filter_note(l->passing) : NULL;
}

const char *list_filter_fault(const struct list *l)
{
	return l->passing ? filter_fault(l->passing) : NULL;
}

/* Look for rows anew, in all or in those that are seen; until they are found, the ones before are
 * seen. */
static void rescan(struct list *l, size_t row, bool narrow)
{
	l->scanned = l->n_found = 0;
	l->narrow = narrow;
	understand(l);
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
	double until = clock_now() + SLICE;
	size_t n = to_scan(l);

	while (l->scanned < n) {
		size_t end = n - l->scanned > STRIDE ? l->scanned + STRIDE : n;

		for (; l->scanned < end; l->scanned++) {
			size_t row = l->narrow ? l->order[l->scanned] : l->scanned;

			if (list_passes(l, row))
				l->found[l->n_found++] = (uint32_t)row;
		}
		if (clock_now() >= until)
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
	list_keep_in_view(l);
	return true;
}

void list_finish(struct list *l)
{
	while (list_work(l))
		;
}

void list_rows(struct list *l, size_t n, size_t row)
{
	forget_undo(l);
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

void list_set_table(struct list *l, const struct table *t, size_t row)
{
	assert(t->n_columns == (size_t)l->n_columns);
	l->table = *t;
	list_rows(l, t->n, row);
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
	list_keep_in_view(l);
	return true;
}

void list_move(struct list *l, long n)
{
	if (n < 0)
		l->at = (size_t)-n > l->at ? 0 : l->at - (size_t)-n;
	else
		l->at += (size_t)n;
	list_keep_in_view(l);
}

void list_move_to(struct list *l, size_t position)
{
	list_move(l, (long)position - (long)l->at);
}

static void replace(char **p, const char *s)
{
	char *new = s &&*s ? mem_strdup(s) : NULL;

	mem_free(*p);
	*p = new;
}

void list_set_filter(struct list *l, const char *s)
{
	size_t row = list_row(l);
	bool narrow = !list_waits(l) && l->filter && s && filter_narrows(l->filter, s);

	replace(&l->filter, s);
	rescan(l, row == SIZE_MAX ? TOP : row, narrow);
}

void list_set_search(struct list *l, const char *s)
{
	replace(&l->search, s);
	understand(l);
}

bool list_find(struct list *l, bool forward, bool from_here)
{
	list_finish(l);
	if (!l->search)
		return false;
	for (size_t i = from_here ? 0 : 1; i <= l->shown; i++) {
		size_t at = (l->at + (forward ? i : 2 * l->shown - i)) % (l->shown ? l->shown : 1);

		if (at < l->shown && list_is_hit(l, l->order[at])) {
			l->at = at;
			list_keep_in_view(l);
			return true;
		}
	}
	return false;
}

void list_set_sort(struct list *l, int column, bool reverse)
{
	size_t row = list_row(l);

	mem_free(l->sort_key);
	l->sort_key = NULL;
	l->sort = column;
	l->reverse = reverse;
	rescan(l, row == SIZE_MAX ? TOP : row, false);
}

void list_renew(struct list *l)
{
	if (l->sort >= 0 || l->filter)
		list_set_sort(l, l->sort, l->reverse);
}

void list_remember(struct list *l)
{
	struct list_undo_step *p;
	size_t k = 0;

	if (!l->undo)
		l->undo = mem_array(UNDO_MAX, sizeof(*l->undo));
	if (l->n_undo == UNDO_MAX) {
		undo_clear(&l->undo[0]);
		memmove(l->undo, l->undo + 1, (UNDO_MAX - 1) * sizeof(*l->undo));
		l->n_undo--;
	}
	p = &l->undo[l->n_undo++];
	*p = (struct list_undo_step){l->sort, l->reverse, l->filter ? mem_strdup(l->filter) : NULL,
	    mem_array(l->n_marked + 1, sizeof(*p->marked)), l->n_marked, list_row(l)};
	for (size_t i = 0; i < l->n && k < l->n_marked; i++)
		if (l->marked[i])
			p->marked[k++] = (uint32_t)i;
}

bool list_undo(struct list *l)
{
	struct list_undo_step *p;

	if (!l->n_undo)
		return false;
	p = &l->undo[--l->n_undo];
	l->sort = p->sort;
	l->reverse = p->reverse;
	replace(&l->filter, p->filter);
	list_unmark(l);
	for (size_t i = 0; i < p->n_marked; i++)
		list_mark(l, p->marked[i], true);
	rescan(l, p->row == SIZE_MAX ? TOP : p->row, false);
	undo_clear(p);
	return true;
}

void list_mark(struct list *l, size_t row, bool on)
{
	if (row >= l->n || l->marked[row] == on)
		return;
	l->marked[row] = on;
	l->n_marked += on ? 1 : (size_t)-1;
}

void list_unmark(struct list *l)
{
	if (l->n)
		memset(l->marked, 0, l->n * sizeof(*l->marked));
	l->n_marked = 0;
}

void list_save(const struct list *l, json_t *state)
{
	json_object_set_new(
	    state, "sort", l->sort >= 0 ? json_string(name_of(l, l->sort)) : json_null());
	json_object_set_new(state, "reverse", json_boolean(l->reverse));
	json_object_set_new(state, "filter", l->filter ? json_string(l->filter) : json_null());
}

void list_restore(struct list *l, const json_t *state)
{
	const char *sort = json_get_string(state, "sort"),
		   *filter = json_get_string(state, "filter");

	sort_by_key(l, sort);
	l->reverse = json_is_true(json_object_get(state, "reverse"));
	replace(&l->filter, filter);
}

void list_tsv(struct list *l, struct buf *out)
{
	struct buf scratch = BUF_INIT;

	list_finish(l);
	table_keys(&l->table, TABLE_TSV, out);
	for (size_t r = 0; r < l->shown; r++)
		if (l->order[r] >= l->table.totals)
			table_line(&l->table, l->order[r], TABLE_TSV, &scratch, out);
	buf_clear(&scratch);
}
