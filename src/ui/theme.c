/* theme.c - see theme.h */
#include "ui/theme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[THEME_COUNT] = {
    [THEME_AUTO] = "auto",
    [THEME_LIGHT] = "light",
    [THEME_DARK] = "dark",
    [THEME_HIGHCONTRAST] = "highcontrast",
    [THEME_MONO] = "mono",
};

const char *theme_name(enum theme t)
{
	return names[t];
}

bool theme_parse(const char *s, enum theme *out)
{
	for (int i = 0; i < THEME_COUNT; i++) {
		if (!strcmp(names[i], s)) {
			*out = (enum theme)i;
			return true;
		}
	}
	return false;
}

bool theme_no_color(void)
{
	const char *s = getenv("NO_COLOR");

	return s && *s;
}

/* Okabe and Ito's palette as the nearest colours of the 256 by CIELAB distance: orange, sky, green,
 * yellow, blue, vermilion, purple, grey; on a light ground darker neighbours of the pale ones. */
static const short series_256[8] = {214, 74, 36, 227, 32, 166, 175, 245};
static const short series_light[8] = {172, 31, 29, 136, 25, 166, 132, 240};
static const short series_8[8] = {3, 6, 2, 7, 4, 1, 5, 7};
/* As backgrounds; lightness L* rises evenly: 7 38 50 71 87 97. */
static const short ramp_256[6] = {17, 24, 243, 144, 221, 227};
static const short diverge_256[7] = {25, 67, 110, -1, 216, 208, 166};

static struct ink mono(enum role r)
{
	struct ink k = {-1, -1, 0};

	switch (r) {
	case ROLE_HEADER:
	case ROLE_ERROR:
	case ROLE_TAB_ON:
	case ROLE_MARKED:
		k.flags = STYLE_BOLD;
		break;
	case ROLE_WARN:
	case ROLE_MATCH:
		k.flags = STYLE_UNDERLINE;
		break;
	default:
		break;
	}
	return k;
}

static struct ink sixteen(enum role r)
{
	struct ink k = mono(r);

	switch (r) {
	case ROLE_DIM:
	case ROLE_AXIS:
		k.fg = 6;
		break;
	case ROLE_MARKED:
	case ROLE_WARN:
	case ROLE_MATCH:
		k.fg = 3;
		break;
	case ROLE_OK:
		k.fg = 2;
		break;
	case ROLE_ERROR:
		k.fg = 1;
		break;
	case ROLE_BAR:
		k.fg = 6;
		break;
	default:
		if (r >= ROLE_SERIES1 && r <= ROLE_SERIES8)
			k.fg = series_8[r - ROLE_SERIES1];
		else if (r >= ROLE_RAMP0 && r <= ROLE_RAMP5)
			k.flags = r >= ROLE_RAMP0 + 4 ? STYLE_BOLD : 0;
		else if (r >= ROLE_DIVERGE0 && r <= ROLE_DIVERGE6 && r != ROLE_DIVERGE0 + 3)
			k.fg = r < ROLE_DIVERGE0 + 3 ? 6 : 3;
		break;
	}
	return k;
}

struct ink theme_ink(enum theme t, int colors, enum role r)
{
	struct ink k;

	if (t == THEME_MONO || colors < 8)
		return mono(r);
	k = sixteen(r);
	if (t == THEME_HIGHCONTRAST) {
		if (r == ROLE_DIM || r == ROLE_AXIS)
			k.fg = -1;
		k.flags |= r == ROLE_HEADER || r == ROLE_WARN ? STYLE_BOLD : 0;
		return k;
	}
	if (colors < 256)
		return k;
	if (r >= ROLE_SERIES1 && r <= ROLE_SERIES8)
		k.fg = (t == THEME_LIGHT ? series_light : series_256)[r - ROLE_SERIES1];
	else if (r >= ROLE_RAMP0 && r <= ROLE_RAMP5)
		k = (struct ink){r >= ROLE_RAMP0 + 3 ? 16 : 231, ramp_256[r - ROLE_RAMP0], 0};
	else if (r >= ROLE_DIVERGE0 && r <= ROLE_DIVERGE6 && r != ROLE_DIVERGE0 + 3)
		k = (struct ink){r == ROLE_DIVERGE0 ? 231 : 16, diverge_256[r - ROLE_DIVERGE0], 0};
	else if (r == ROLE_BAR)
		k.fg = t == THEME_LIGHT ? 31 : 74;
	else if (t == THEME_LIGHT && (r == ROLE_DIM || r == ROLE_AXIS))
		k.fg = 240;
	else if (t == THEME_DARK && (r == ROLE_DIM || r == ROLE_AXIS))
		k.fg = 247;
	else if (t == THEME_LIGHT && (r == ROLE_WARN || r == ROLE_MATCH || r == ROLE_MARKED))
		k.fg = 130;
	return k;
}

unsigned theme_paper(enum role r)
{
	/* Okabe and Ito's own; cividis (Nunez, Anderton and Renslow 2018) in six steps; blue to orange
	 * through white. */
	static const unsigned series[8] = {0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00,
	    0xcc79a7, 0x8a8a8a};
	static const unsigned ramp[6] = {0x00224e, 0x35456c, 0x666970, 0x948e77, 0xc8b866, 0xfee838};
	static const unsigned diverge[7] = {
	    0x005faf, 0x5f87af, 0x9ec5e5, 0xf7f7f7, 0xffc69a, 0xf58a2c, 0xc75300};

	if (r >= ROLE_SERIES1 && r <= ROLE_SERIES8)
		return series[r - ROLE_SERIES1];
	if (r >= ROLE_RAMP0 && r <= ROLE_RAMP5)
		return ramp[r - ROLE_RAMP0];
	if (r >= ROLE_DIVERGE0 && r <= ROLE_DIVERGE6)
		return diverge[r - ROLE_DIVERGE0];
	return r == ROLE_AXIS || r == ROLE_DIM ? 0xaaaaaa : 0x222222;
}

enum role theme_ramp(double v)
{
	int i = (int)floor(v * 6);

	return (enum role)(ROLE_RAMP0 + (i < 0 ? 0 : i > 5 ? 5 : i));
}

enum role theme_diverge(double v)
{
	int i = (int)lround(v * 3);

	return (enum role)(ROLE_DIVERGE0 + 3 + (i < -3 ? -3 : i > 3 ? 3 : i));
}
