/* theme.h - styles are roles; a theme says how each looks.
 *
 * Colour is the second channel: whatever it says, a letter, a mark or a number says too, so the
 * mono theme loses nothing.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

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

struct ink {
	int fg, bg;     /* colour numbers of 256, -1 = the terminal's default */
	unsigned flags; /* STYLE_BOLD, ... */
};

#define THEME_NAME_SIZE 24

struct theme {
	char name[THEME_NAME_SIZE];
	bool mono;                   /* no colours at all */
	struct ink full[ROLE_COUNT]; /* on a terminal of 256 colours */
	struct ink few[ROLE_COUNT];  /* of 8 or 16 */
};

/* Names of the themes that need no file: auto (made for light and dark grounds alike), light, dark,
 * highcontrast, colorblind, mono. Ends in NULL. */
extern const char *const theme_builtins[];
/* False where there is none of that name. */
bool theme_builtin(const char *name, struct theme *out);
/* How a role looks on a terminal of so many colours (under 8: as mono). Where a role has no ground
 * or text colour of its own, it has the default role's. */
struct ink theme_ink(const struct theme *t, int colors, enum role r);

/* "header", "series1", "ramp0", "diverge-3" ..; ROLE_COUNT if unknown. */
enum role theme_role(const char *name);
#define THEME_ROLE_SIZE 16
void theme_role_name(enum role r, char out[THEME_ROLE_SIZE]);

/* CIE 1976 lightness L* of a colour of the 256, from 0 to 100. */
double theme_lightness(int color);
/* The nearest of the first `colors` (8, or 256: of the 240 that do not depend on the terminal) to
 * 0xRRGGBB, by distance in CIELAB. */
int theme_nearest(unsigned rgb, int colors);
/* A colour of the 256 as 0xRRGGBB; the first 16 as xterm has them. */
unsigned theme_rgb(int color);

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
