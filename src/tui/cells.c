#include "tui/cells.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

#define LINE_MAX_BYTES 8192 /* of one drawn text; no screen is wider */

static const char *const names[GLYPHS_COUNT] = {"ascii", "blocks", "braille"};

bool cells_parse_glyphs(const char *s, enum glyphs *out)
{
	for (int i = 0; i < GLYPHS_COUNT; i++) {
		if (!strcmp(names[i], s)) {
			*out = (enum glyphs)i;
			return true;
		}
	}
	return false;
}

static void blank(struct cell *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (struct cell){.cp = ' ', .width = 1};
}

void cells_init(struct cells *c, int h, int w, enum glyphs g)
{
	*c = (struct cells){.glyphs = g};
	buf_init(&c->scratch, 1 << 20);
	cells_erase(c, h, w);
}

void cells_clear(struct cells *c)
{
	mem_free(c->v);
	buf_clear(&c->scratch);
	*c = (struct cells){0};
}

void cells_erase(struct cells *c, int h, int w)
{
	if (h != c->h || w != c->w) {
		mem_free(c->v);
		c->v = h > 0 && w > 0 ? mem_zero_array((size_t)h * (size_t)w, sizeof(*c->v)) : NULL;
		c->h = c->v ? h : 0;
		c->w = c->v ? w : 0;
	}
	blank(c->v, (size_t)c->h * (size_t)c->w);
	c->cursor_y = c->cursor_x = -1;
	c->frame++;
}

struct area cells_area(const struct cells *c)
{
	return (struct area){0, 0, c->h, c->w};
}

static struct cell *at(struct cells *c, int y, int x)
{
	return y < 0 || y >= c->h || x < 0 || x >= c->w
		   ? NULL
		   : &c->v[(size_t)y * (size_t)c->w + (size_t)x];
}

/* The signs our own screens use, as one ASCII character each. */
static uint32_t fold(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		char ascii;
	} table[] = {
	    {U'–', '-'},
	    {U'−', '-'},
	    {U'±', '~'},
	    {U'·', '|'},
	    {U'›', '>'},
	    {U'…', '~'},
	    {U'─', '-'},
	    {U'│', '|'},
	    {U'┊', ':'},
	    {U'├', '|'},
	    {U'┤', '|'},
	    {U'┬', '+'},
	    {U'┴', '+'},
	    {U'┼', '+'},
	    {U'┌', '+'},
	    {U'┐', '+'},
	    {U'└', '+'},
	    {U'┘', '+'},
	    {U'●', 'o'},
	    {U'○', 'x'},
	    {U'▲', '+'},
	    {U'△', '*'},
	    {U'■', '#'},
	    {U'□', '@'},
	    {U'▽', '$'},
	    {U'◆', '%'},
	    {U'◇', '&'},
	    {U'▶', '>'},
	    {U'‹', '<'},
	    {U'↑', '^'},
	    {U'↓', 'v'},
	    {U'←', '<'},
	    {U'→', '>'},
	    {U'▾', 'v'},
	    {U'▴', '^'},
	    {U'×', 'x'},
	    {U'≥', '>'},
	    {U'≤', '<'},
	    {U'≈', '~'},
	    {U'λ', 'l'},
	    {U'²', '2'},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (table[i].cp == cp)
			return (uint32_t)table[i].ascii;
	}
	return cp;
}

void cells_put(struct cells *c, int y, int x, unsigned style, uint32_t cp)
{
	struct cell *k = at(c, y, x), *next = at(c, y, x + 1);
	int width;

	if (!k)
		return;
	if (cp >= 0x80 && c->glyphs == GLYPHS_ASCII)
		cp = fold(cp);
	width = utf8_cp_width(cp);
	if (width < 1 || (width == 2 && !next)) {
		cp = width < 1 ? '?' : ' ';
		width = 1;
	}
	/* Half of a wide character does not stay behind. */
	if (k->width == 0)
		blank(k - 1, 1);
	if (width == 1 && k->width == 2)
		blank(next, 1);
	if (width == 2 && next->width == 2)
		blank(next + 1, 1);
	*k = (struct cell){.cp = cp, .style = (uint16_t)style, .width = (uint8_t)width};
	if (width == 2)
		*next = (struct cell){.cp = ' ', .style = (uint16_t)style, .width = 0};
}

static void add_mark(struct cell *k, uint32_t cp)
{
	for (int i = 0; k && i < CELL_MARKS; i++) {
		if (!k->mark[i]) {
			k->mark[i] = cp;
			return;
		}
	}
}

void cells_fill(struct cells *c, int y, int x, int w, unsigned style, uint32_t cp)
{
	for (int i = 0; i < w; i++)
		cells_put(c, y, x + i, style, cp);
}

/* Whether cp only changes how the emoji before it looks: joins it with the next, picks its form or
 * skin. Terminals disagree on how many cells such a group takes, so it is shown without. */
static bool is_emoji_joint(uint32_t cp, int width_before)
{
	return cp == 0xfe0e || cp == 0xfe0f ||
	       (width_before == 2 && (cp == 0x200d || (cp >= 0x1f3fb && cp <= 0x1f3ff)));
}

static void drop_joints(struct buf *b)
{
	size_t n = b->len, kept = 0, len;
	int before = 0;

	for (size_t i = 0; i < n; i += len) {
		uint32_t cp;

		len = utf8_decode(b->s + i, n - i, &cp);
		if (is_emoji_joint(cp, before))
			continue;
		if (utf8_cp_width(cp) > 0)
			before = utf8_cp_width(cp);
		memmove(b->s + kept, b->s + i, len);
		kept += len;
	}
	b->len = kept;
	if (b->s)
		b->s[kept] = '\0';
}

/* s made safe to show, valid until the next call. */
static const char *printable(struct cells *c, const char *s)
{
	size_t n = strnlen(s, LINE_MAX_BYTES);
	const char *p;

	for (p = s; p < s + n && *p >= 0x20 && *p < 0x7f; p++)
		;
	if (p == s + n && !*p)
		return s;
	/* Not in the middle of a character: its first half would show as an escape. */
	while (s[n] && n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	buf_reset(&c->scratch);
	utf8_printable_add(&c->scratch, s, n);
	drop_joints(&c->scratch);
	return buf_str(&c->scratch);
}

static int put_text(struct cells *c, int y, int x, int w, unsigned style, const char *s)
{
	int used = 0, last = -1;
	size_t n = strlen(s), len;

	for (size_t i = 0; i < n; i += len) {
		uint32_t cp;
		int width;

		len = utf8_decode(s + i, n - i, &cp);
		width = utf8_cp_width(cp);
		if (width == 0) {
			if (last >= 0)
				add_mark(at(c, y, last), cp);
			continue;
		}
		if (used + width > w)
			break;
		last = x + used;
		cells_put(c, y, last, style, cp);
		used += width;
	}
	return used;
}

int cells_text(struct cells *c, int y, int x, int w, unsigned style, const char *s)
{
	return put_text(c, y, x, w, style, printable(c, s));
}

int cells_fit(struct cells *c, int y, int x, int w, unsigned style, const char *s)
{
	const char *p = printable(c, s);
	int used;

	if (w <= 0)
		return 0;
	if (utf8_width(p) <= (size_t)w)
		return put_text(c, y, x, w, style, p);
	used = put_text(c, y, x, w - 1, style, p);
	cells_put(c, y, x + used, style, U'…');
	return used + 1;
}

int cells_width(struct cells *c, const char *s)
{
	return (int)utf8_width(printable(c, s));
}

void cells_right(struct cells *c, int y, int x, int w, unsigned style, const char *s)
{
	int n = cells_width(c, s);

	cells_text(c, y, x + (n < w ? w - n : 0), w, style, s);
}

int cells_printf(struct cells *c, int y, int x, int w, unsigned style, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;
	int used;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	used = cells_fit(c, y, x, w, style, buf_str(&b));
	buf_clear(&b);
	return used;
}

/* Bytes of `s` for a line of w cells: up to a newline, else to the last space that fits. */
static size_t line_length(const char *s, int w, size_t *skip)
{
	size_t i = 0, space = 0, n = strlen(s), len;
	int used = 0;

	for (; i < n && s[i] != '\n'; i += len) {
		uint32_t cp;

		len = utf8_decode(s + i, n - i, &cp);
		used += utf8_cp_width(cp);
		if (used > w)
			break;
		if (cp == ' ')
			space = i;
	}
	*skip = i < n && (s[i] == '\n' || s[i] == ' ');
	if (i < n && s[i] != '\n' && s[i] != ' ' && space > 0) {
		*skip = 1;
		return space;
	}
	if (i == 0 && !*skip && n > 0) /* narrower than one wide character */
		return utf8_decode(s, n, &(uint32_t){0});
	return i;
}

int cells_wrap(struct cells *c, struct area a, unsigned style, const char *s)
{
	char line[1024];
	int y = 0;

	while (*s && y < a.h && a.w > 0) {
		size_t skip, n = line_length(s, a.w, &skip);

		if (n >= sizeof(line))
			n = sizeof(line) - 1;
		memcpy(line, s, n);
		line[n] = '\0';
		cells_text(c, a.y + y++, a.x, a.w, style, line);
		s += n + skip;
	}
	return y;
}

void cells_flag(struct cells *c, int y, int x, int w, unsigned flags)
{
	for (int i = 0; i < w; i++) {
		struct cell *k = at(c, y, x + i);

		if (k)
			k->style |= (uint16_t)flags;
	}
}

void cells_rule(struct cells *c, int y, int x, int w, const char *title, bool focused)
{
	unsigned style = focused ? ROLE_HEADER | STYLE_BOLD : ROLE_HEADER;

	cells_fill(c, y, x, w, ROLE_AXIS, U'─');
	if (title && *title && w > 6) {
		int n;

		cells_put(c, y, x + 1, style, ' ');
		n = cells_fit(c, y, x + 2, w - 5, style, title);
		cells_put(c, y, x + 2 + n, style, ' ');
		if (focused)
			cells_put(c, y, x + 1, style, '>');
	}
}

void cells_vline(struct cells *c, int y, int x, int h)
{
	for (int i = 0; i < h; i++)
		cells_put(c, y + i, x, ROLE_AXIS, U'│');
}

void cells_span(struct cells *c, int y, int x, int w, unsigned style)
{
	cells_fill(c, y, x, w, style, U'─');
	cells_put(c, y, x, style, w > 1 ? U'├' : U'┼');
	if (w > 1)
		cells_put(c, y, x + w - 1, style, U'┤');
}

void cells_split(struct cells *c, int y, int x, int h)
{
	cells_put(c, y, x, ROLE_AXIS, U'┬');
	cells_vline(c, y + 1, x, h - 1);
}

static void add_cell(const struct cell *k, struct buf *out)
{
	char utf8[4];

	buf_add(out, utf8, utf8_encode(k->cp, utf8));
	for (int m = 0; m < CELL_MARKS && k->mark[m]; m++)
		buf_add(out, utf8, utf8_encode(k->mark[m], utf8));
}

void cells_dump(const struct cells *c, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		const struct cell *row = c->v + (size_t)y * (size_t)c->w;
		int end = c->w;

		while (end > 0 && row[end - 1].cp == ' ')
			end--;
		for (int x = 0; x < end; x++)
			if (row[x].width > 0)
				add_cell(&row[x], out);
		buf_addc(out, '\n');
	}
}

static void add_style(unsigned style, const struct theme *t, struct buf *out)
{
	struct ink ink = theme_ink(t, 256, (enum role)(style & STYLE_ROLE));
	unsigned flags = ink.flags | (style & ~(unsigned)STYLE_ROLE);

	buf_adds(out, "\033[0");
	buf_adds(out, flags & STYLE_BOLD ? ";1" : "");
	buf_adds(out, flags & STYLE_UNDERLINE ? ";4" : "");
	buf_adds(out, flags & STYLE_REVERSE ? ";7" : "");
	if (ink.fg >= 0)
		buf_printf(out, ";38;5;%d", ink.fg);
	if (ink.bg >= 0)
		buf_printf(out, ";48;5;%d", ink.bg);
	buf_addc(out, 'm');
}

void cells_dump_ansi(const struct cells *c, const struct theme *t, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		const struct cell *row = c->v + (size_t)y * (size_t)c->w;

		for (int x = 0; x < c->w; x++) {
			if (row[x].width == 0)
				continue;
			if (x == 0 || row[x].style != row[x - 1].style)
				add_style(row[x].style, t, out);
			add_cell(&row[x], out);
		}
		buf_adds(out, "\033[0m\n");
	}
}
