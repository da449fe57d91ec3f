#include "tui/line.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/key.h"

#include <stdio.h>
#include <string.h>

void line_init(struct line *l)
{
	*l = (struct line){.draft = NULL};
	buf_init(&l->text, LINE_MAX);
}

void line_clear(struct line *l)
{
	buf_clear(&l->text);
	for (int i = 0; i < l->n_history; i++)
		mem_free(l->history[i]);
	mem_free(l->draft);
	*l = (struct line){.draft = NULL};
}

const char *line_text(const struct line *l)
{
	return buf_str(&l->text);
}

void line_set(struct line *l, const char *s)
{
	buf_reset(&l->text);
	buf_adds(&l->text, s);
	l->at = l->text.len;
}

void line_remember(struct line *l)
{
	const char *s = line_text(l);

	mem_free(l->draft);
	l->draft = NULL;
	if (*s && !(l->n_history && !strcmp(l->history[l->n_history - 1], s))) {
		if (l->n_history == LINE_HISTORY) {
			mem_free(l->history[0]);
			memmove(
			    l->history, l->history + 1, (LINE_HISTORY - 1) * sizeof(*l->history));
			l->n_history--;
		}
		l->history[l->n_history++] = mem_strdup(s);
	}
	l->place = l->n_history;
}

/* Byte offset of the character before or after `at`, with the marks that belong to it. */
static size_t before(const struct line *l, size_t at)
{
	const char *s = line_text(l);
	uint32_t cp;

	while (at > 0) {
		at--;
		while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
			at--;
		utf8_decode(s + at, l->text.len - at, &cp);
		if (utf8_cp_width(cp) > 0 || cp == '\n')
			break;
	}
	return at;
}

static size_t after(const struct line *l, size_t at)
{
	const char *s = line_text(l);
	uint32_t cp;

	if (at < l->text.len)
		at += utf8_decode(s + at, l->text.len - at, &cp);
	while (at < l->text.len) {
		size_t n = utf8_decode(s + at, l->text.len - at, &cp);

		if (utf8_cp_width(cp) > 0 || cp == '\n')
			break;
		at += n;
	}
	return at;
}

static bool erase(struct line *l, size_t from, size_t to)
{
	if (from == to)
		return false;
	memmove(l->text.s + from, l->text.s + to, l->text.len - to + 1);
	l->text.len -= to - from;
	l->at = from;
	return true;
}

static bool insert(struct line *l, uint32_t cp)
{
	char utf8[4];
	size_t n = utf8_encode(cp, utf8), tail = l->text.len - l->at;

	for (size_t i = 0; i < n; i++) {
		if (!buf_addc(&l->text, utf8[i])) {
			l->text.len -= i;
			if (l->text.s)
				l->text.s[l->text.len] = '\0';
			return false;
		}
	}
	memmove(l->text.s + l->at + n, l->text.s + l->at, tail);
	memcpy(l->text.s + l->at, utf8, n);
	l->at += n;
	return true;
}

bool line_insert(struct line *l, const char *s)
{
	while (*s) {
		uint32_t cp;

		s += utf8_decode(s, strlen(s), &cp);
		if (!insert(l, cp))
			return false;
	}
	return true;
}

static size_t word_before(const struct line *l)
{
	const char *s = line_text(l);
	size_t at = l->at;

	while (at > 0 && strchr(" \n", s[at - 1]))
		at--;
	while (at > 0 && !strchr(" \n", s[at - 1]))
		at--;
	return at;
}

static size_t word_after(const struct line *l)
{
	const char *s = line_text(l);
	size_t at = l->at;

	while (at < l->text.len && strchr(" \n", s[at]))
		at++;
	while (at < l->text.len && !strchr(" \n", s[at]))
		at++;
	return at;
}

static bool walk(struct line *l, int to)
{
	if (to < 0 || to > l->n_history || to == l->place)
		return false;
	if (l->place == l->n_history) {
		mem_free(l->draft);
		l->draft = mem_strdup(line_text(l));
	}
	l->place = to;
	line_set(l, to == l->n_history ? (l->draft ? l->draft : "") : l->history[to]);
	return true;
}

static enum line_event changed(bool yes)
{
	return yes ? LINE_CHANGED : LINE_MOVED;
}

enum line_event line_key(struct line *l, uint32_t key)
{
	if (key == '\n')
		return changed(insert(l, l->multiline ? '\n' : ' '));
	if (key_is_text(key))
		return changed(insert(l, key));
	switch (key) {
	case K_ENTER:
		return LINE_DONE;
	case K_ESC:
	case KEY_CTRL('c'):
		return LINE_CANCELLED;
	case K_LEFT:
	case KEY_CTRL('b'):
		l->at = before(l, l->at);
		return LINE_MOVED;
	case K_RIGHT:
	case KEY_CTRL('f'):
		l->at = after(l, l->at);
		return LINE_MOVED;
	case K_HOME:
	case KEY_CTRL('a'):
		l->at = 0;
		return LINE_MOVED;
	case K_END:
	case KEY_CTRL('e'):
		l->at = l->text.len;
		return LINE_MOVED;
	case K_BACKSPACE:
		return changed(erase(l, before(l, l->at), l->at));
	case K_DELETE:
	case KEY_CTRL('d'):
		return changed(erase(l, l->at, after(l, l->at)));
	case KEY_ALT('b'):
		l->at = word_before(l);
		return LINE_MOVED;
	case KEY_ALT('f'):
		l->at = word_after(l);
		return LINE_MOVED;
	case KEY_ALT('d'):
		return changed(erase(l, l->at, word_after(l)));
	case KEY_ALT(K_BACKSPACE):
	case KEY_CTRL('w'):
		return changed(erase(l, word_before(l), l->at));
	case KEY_CTRL('u'):
		return changed(erase(l, 0, l->at));
	case KEY_CTRL('k'):
		return changed(erase(l, l->at, l->text.len));
	case K_UP:
	case KEY_CTRL('p'):
		return changed(walk(l, l->place - 1));
	case K_DOWN:
	case KEY_CTRL('n'):
		return changed(walk(l, l->place + 1));
	default:
		return LINE_IGNORED;
	}
}

/* Cells of the character at `from`, which ends before `to`. */
static int character_width(const struct line *l, struct cells *c, size_t from, size_t to)
{
	char one[64];

	snprintf(one, sizeof(one), "%.*s", (int)(to - from), l->text.s + from);
	return cells_width(c, one);
}

void line_draw(struct line *l, struct cells *c, int y, int x, int w, unsigned style, bool focused)
{
	size_t from = l->at;
	int cursor = 0;

	if (w < 2)
		return;
	/* From the cursor back as far as fits, with a cell left for the cursor; never from the start,
	 * which may be thousands of characters away. */
	while (from > 0) {
		size_t to = before(l, from);
		int cells = character_width(l, c, to, from);

		if (cursor + cells > w - 1)
			break;
		cursor += cells;
		from = to;
	}
	cells_fill(c, y, x, w, style, ' ');
	cells_text(c, y, x, w, style, line_text(l) + from);
	if (focused) {
		c->cursor_y = y;
		c->cursor_x = x + cursor;
	}
}

/* The end of the visual line that begins at `from`, and where the next one does. */
static size_t visual_line(const struct line *l, struct cells *c, size_t from, int w, size_t *next)
{
	size_t end = from, to;
	int used = 0;

	while (end < l->text.len && l->text.s[end] != '\n') {
		int cells;

		to = after(l, end);
		cells = character_width(l, c, end, to);
		if (used + cells > w && end > from)
			break;
		used += cells;
		end = to;
	}
	*next = end + (end < l->text.len && l->text.s[end] == '\n');
	return end;
}

int line_height(const struct line *l, struct cells *c, int w)
{
	size_t at = 0;
	int n = 0;

	do {
		visual_line(l, c, at, w, &at);
		n++;
	} while (at < l->text.len);
	return n + (l->text.len && l->text.s[l->text.len - 1] == '\n');
}

int line_draw_wrapped(struct line *l, struct cells *c, struct area a, unsigned style, bool focused)
{
	size_t at = 0, next;
	int row = 0, height = line_height(l, c, a.w), cursor = 0, top;

	/* The cursor's line. */
	for (int i = 0; i < height; i++, at = next) {
		visual_line(l, c, at, a.w, &next);
		if (l->at >= at)
			cursor = i;
	}
	top = cursor >= a.h ? cursor - a.h + 1 : 0;
	at = 0;
	for (int i = 0; i < height; i++, at = next) {
		size_t end = visual_line(l, c, at, a.w, &next);
		char *text;

		if (i < top || row == a.h)
			continue;
		text = mem_strndup(line_text(l) + at, end - at);
		cells_text(c, a.y + row, a.x, a.w, style, text);
		if (focused && i == cursor) {
			text[l->at - at] = '\0';
			c->cursor_y = a.y + row;
			c->cursor_x = a.x + cells_width(c, text);
		}
		mem_free(text);
		row++;
	}
	return row;
}

json_t *line_history(const struct line *l)
{
	json_t *v = json_array();

	for (int i = 0; i < l->n_history; i++)
		json_array_append_new(v, json_string(l->history[i]));
	return v;
}

void line_recall(struct line *l, const json_t *v)
{
	size_t i;
	json_t *s;

	json_array_foreach(v, i, s)
	{
		if (json_is_string(s)) {
			line_set(l, json_string_value(s));
			line_remember(l);
		}
	}
	line_set(l, "");
}
