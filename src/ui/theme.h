/* theme.h - styles are roles; a theme says how each looks.
 *
 * Colour is the second channel: whatever it says, a letter, a mark or a number says too, so the
 * mono theme loses nothing.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_DEFAULT,
	ROLE_DIM,
	ROLE_HEADER,
	ROLE_TAB_ON,
	ROLE_MARKED,
	ROLE_MATCH,
	ROLE_OK,
	ROLE_WARN,
	ROLE_ERROR,
	ROLE_AXIS,
	ROLE_BAR,
	ROLE_SERIES1, /* eight categories, Okabe and Ito's colours */
	ROLE_SERIES8 = ROLE_SERIES1 + 7,
	ROLE_RAMP0, /* low to high */
	ROLE_RAMP5 = ROLE_RAMP0 + 5,
	ROLE_DIVERGE0, /* under, 3 = none, over */
	ROLE_DIVERGE6 = ROLE_DIVERGE0 + 6,
	ROLE_COUNT
};

/* A cell's style is a role and any of these. */
enum { STYLE_ROLE = 0xff, STYLE_BOLD = 0x100, STYLE_REVERSE = 0x200, STYLE_UNDERLINE = 0x400 };

enum theme {
	THEME_AUTO, /* the terminal's own colours */
	THEME_LIGHT,
	THEME_DARK,
	THEME_HIGHCONTRAST,
	THEME_MONO,
	THEME_COUNT
};

struct ink {
	int fg, bg;      /* colour numbers, -1 = the terminal's default */
	unsigned flags;  /* STYLE_BOLD, ... */
};

const char *theme_name(enum theme t);
bool theme_parse(const char *s, enum theme *out);
/* How a role looks on a terminal of so many colours (under 8: as mono). */
struct ink theme_ink(enum theme t, int colors, enum role r);

/* A role on white paper, as 0xRRGGBB. */
unsigned theme_paper(enum role r);

/* $NO_COLOR is set and not empty. */
bool theme_no_color(void);

/* Role of a value in 0..1 on the ramp; of one in -1..1 on the diverging scale. */
enum role theme_ramp(double v);
enum role theme_diverge(double v);
static inline enum role theme_series(unsigned i)
{
	return (enum role)(ROLE_SERIES1 + i % 8);
}

#endif
