/* cells.h - a grid of character cells: what a view draws into and a terminal or a file shows.
 *
 * Drawing outside the grid is clipped, never an error. Text is made printable on its way in, so no
 * control character of a file can reach a terminal. Views write their own signs in UTF-8; where
 * the glyph set is ASCII they are folded to one-cell stand-ins here.
 */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/theme.h"

enum glyphs { GLYPHS_ASCII, GLYPHS_BLOCKS, GLYPHS_BRAILLE, GLYPHS_COUNT };
bool cells_parse_glyphs(const char *s, enum glyphs *out);

#define CELL_MARKS 4

struct cell {
	uint32_t cp;
	uint32_t mark[CELL_MARKS]; /* combining marks, 0 = none */
	uint16_t style;            /* role and flags, theme.h */
	uint8_t width;             /* 1, 2, or 0: the right half of the cell before */
	uint8_t pad;
};

struct cells {
	int h, w;
	struct cell *v; /* (h, w) */
	enum glyphs glyphs;
	int cursor_y, cursor_x; /* y < 0: hidden */
	unsigned frame;         /* counts the erasures */
	struct buf scratch;
};

struct area {
	int y, x, h, w;
};

void cells_init(struct cells *c, int h, int w, enum glyphs g);
void cells_clear(struct cells *c);
/* Blank everything, at a size which may be new. */
void cells_erase(struct cells *c, int h, int w);
struct area cells_area(const struct cells *c);

void cells_put(struct cells *c, int y, int x, unsigned style, uint32_t cp);
void cells_fill(struct cells *c, int y, int x, int w, unsigned style, uint32_t cp);
/* At most w cells of s; returns the cells taken. */
int cells_text(struct cells *c, int y, int x, int w, unsigned style, const char *s);
/* The same, but text that does not fit ends in an ellipsis. */
int cells_fit(struct cells *c, int y, int x, int w, unsigned style, const char *s);
/* Against the right edge of x .. x + w. */
void cells_right(struct cells *c, int y, int x, int w, unsigned style, const char *s);
int cells_printf(struct cells *c, int y, int x, int w, unsigned style, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* Text over several lines, broken at spaces; newlines in it break too. Returns the lines used. */
int cells_wrap(struct cells *c, struct area a, unsigned style, const char *s);
/* Put flags on cells that are there; or exchange their role. */
void cells_flag(struct cells *c, int y, int x, int w, unsigned flags);
/* A rule with a title in it: "- Nearest -----". */
void cells_rule(struct cells *c, int y, int x, int w, const char *title, bool focused);
void cells_vline(struct cells *c, int y, int x, int h);
/* |----| of w cells; one cell: a cross. */
void cells_span(struct cells *c, int y, int x, int w, unsigned style);
/* The same between two panes that begin with a rule each, which it joins. */
void cells_split(struct cells *c, int y, int x, int h);

/* Cells that s takes in cells_text. */
int cells_width(struct cells *c, const char *s);

/* As plain text, one line a row, without trailing blanks. */
void cells_dump(const struct cells *c, struct buf *out);
/* The same with the styles as ECMA-48 sequences for 256 colours: a screenshot. */
void cells_dump_ansi(const struct cells *c, const struct theme *t, struct buf *out);

#endif
