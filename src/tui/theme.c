#include "tui/theme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool theme_no_color(void)
{
	const char *s = getenv("NO_COLOR");

	return s && *s;
}

/* The themes */

/* The series are Okabe and Ito's palette: orange, sky, green, yellow, blue, vermilion, purple,
 * grey; as the nearest colours of the 256 by CIELAB distance on a dark ground, as darker neighbours
 * on a light one. */
struct palette {
	const char *name;
	short text, ground, dim, mark, ok, warn, error, bar;
	short series[8];
};

static const struct palette palettes[] = {
    /* On black and on white: lightness between 45 and 70. */
    {"auto", -1, -1, 244, 172, 35, 172, 160, 38, {172, 38, 35, 142, 32, 166, 169, 244}},
    {"light", -1, -1, 240, 130, 28, 130, 124, 31, {172, 31, 29, 136, 25, 166, 132, 240}},
    {"dark", -1, -1, 247, 214, 42, 214, 203, 74, {214, 74, 36, 227, 32, 166, 175, 245}},
    {"highcontrast", 231, 16, 254, 226, 83, 226, 217, 123, {214, 123, 83, 227, 153, 216, 219, 255}},
    /* Right and wrong are blue and vermilion, not green and red. */
    {"colorblind", -1, -1, 244, 172, 32, 172, 166, 38, {172, 38, 35, 142, 32, 166, 169, 244}},
};
#define N_PALETTES (sizeof(palettes) / sizeof(*palettes))

const char *const theme_builtins[] = {
    "auto", "light", "dark", "highcontrast", "colorblind", "mono", NULL};

static const short series_8[8] = {3, 6, 2, 7, 4, 1, 5, 7};
/* As grounds, with their own text: lightness rises evenly, 7 38 50 71 87 97. */
static const short ramp[6] = {17, 24, 243, 144, 221, 227};
static const short diverge[7] = {25, 67, 110, -1, 216, 208, 166};

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
	case ROLE_BAR:
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

/* Black or white, whichever is farther. */
static int text_on(int ground)
{
	return theme_lightness(ground) >= 53 ? 16 : 231;
}

static struct ink full(const struct palette *p, enum role r)
{
	struct ink k = mono(r);

	switch (r) {
	case ROLE_DEFAULT:
		return (struct ink){p->text, p->ground, 0};
	case ROLE_DIM:
	case ROLE_AXIS:
		k.fg = p->dim;
		break;
	case ROLE_MARKED:
	case ROLE_MATCH:
		k.fg = p->mark;
		break;
	case ROLE_OK:
		k.fg = p->ok;
		break;
	case ROLE_WARN:
		k.fg = p->warn;
		break;
	case ROLE_ERROR:
		k.fg = p->error;
		break;
	case ROLE_BAR:
		k.fg = p->bar;
		break;
	default:
		if (r >= ROLE_SERIES1 && r <= ROLE_SERIES8)
			k.fg = p->series[r - ROLE_SERIES1];
		else if (r >= ROLE_RAMP0 && r <= ROLE_RAMP5)
			k.bg = ramp[r - ROLE_RAMP0];
		else if (r >= ROLE_DIVERGE0 && r <= ROLE_DIVERGE6)
			k.bg = diverge[r - ROLE_DIVERGE0];
		if (k.bg >= 0)
			k.fg = text_on(k.bg);
		break;
	}
	return k;
}

static bool fill(struct theme *t, const char *name)
{
	const struct palette *p = NULL;

	for (size_t i = 0; i < N_PALETTES; i++)
		if (!strcmp(palettes[i].name, name))
			p = &palettes[i];
	t->mono = !strcmp(name, "mono");
	if (!p && !t->mono)
		return false;
	snprintf(t->name, sizeof(t->name), "%s", name);
	for (int r = 0; r < ROLE_COUNT; r++) {
		t->full[r] = p ? full(p, (enum role)r) : mono((enum role)r);
		t->few[r] = p ? sixteen((enum role)r) : mono((enum role)r);
	}
	if (p && p->ground >= 0) {
		/* Of the few, too, the plainest: white on black, nothing dimmed. */
		t->few[ROLE_DEFAULT] = (struct ink){7, 0, 0};
		t->few[ROLE_DIM].fg = t->few[ROLE_AXIS].fg = -1;
		t->few[ROLE_WARN].flags |= STYLE_BOLD;
	}
	return true;
}

bool theme_builtin(const char *name, struct theme *out)
{
	struct theme t = {.mono = false};

	if (!fill(&t, name))
		return false;
	*out = t;
	return true;
}

struct ink theme_ink(const struct theme *t, int colors, enum role r)
{
	const struct ink *of = colors < 256 ? t->few : t->full;
	struct ink k = of[r];

	if (t->mono || colors < 8)
		return mono(r);
	if (k.fg < 0)
		k.fg = of[ROLE_DEFAULT].fg;
	if (k.bg < 0)
		k.bg = of[ROLE_DEFAULT].bg;
	return k;
}

/* Names of roles */

static const char *const role_names[ROLE_SERIES1] = {
    [ROLE_DEFAULT] = "default",
    [ROLE_DIM] = "dim",
    [ROLE_HEADER] = "header",
    [ROLE_TAB_ON] = "tab",
    [ROLE_MARKED] = "marked",
    [ROLE_MATCH] = "match",
    [ROLE_OK] = "ok",
    [ROLE_WARN] = "warn",
    [ROLE_ERROR] = "error",
    [ROLE_AXIS] = "axis",
    [ROLE_BAR] = "bar",
};

void theme_role_name(enum role r, char out[THEME_ROLE_SIZE])
{
	if (r < ROLE_SERIES1)
		snprintf(out, THEME_ROLE_SIZE, "%s", role_names[r]);
	else if (r <= ROLE_SERIES8)
		snprintf(out, THEME_ROLE_SIZE, "series%d", (int)(r - ROLE_SERIES1 + 1));
	else if (r <= ROLE_RAMP5)
		snprintf(out, THEME_ROLE_SIZE, "ramp%d", (int)(r - ROLE_RAMP0));
	else
		snprintf(out, THEME_ROLE_SIZE, r == ROLE_DIVERGE0 + 3 ? "diverge%d" : "diverge%+d",
		    (int)r - (int)ROLE_DIVERGE0 - 3);
}

enum role theme_role(const char *name)
{
	char known[THEME_ROLE_SIZE];
	int r = 0;

	for (; r < ROLE_COUNT; r++) {
		theme_role_name((enum role)r, known);
		if (!strcmp(known, name))
			break;
	}
	return (enum role)r;
}

/* Colours */

unsigned theme_rgb(int color)
{
	static const unsigned first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee,
	    0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
	    0xff00ff, 0x00ffff, 0xffffff};
	static const unsigned level[6] = {0, 95, 135, 175, 215, 255};
	unsigned n = (unsigned)color;

	if (n < 16)
		return first[n];
	if (n >= 232)
		return (8 + 10 * (n - 232)) * 0x010101;
	n -= 16;
	return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
}

struct lab {
	double l, a, b;
};

static double linear(unsigned v)
{
	double c = (v & 255) / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double cube_root(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* sRGB to CIE 1976 L*a*b*, white D65. */
static struct lab to_lab(unsigned rgb)
{
	double r = linear(rgb >> 16), g = linear(rgb >> 8), b = linear(rgb);
	double x = cube_root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
	double y = cube_root(0.2126 * r + 0.7152 * g + 0.0722 * b);
	double z = cube_root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0890);

	return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double theme_lightness(int color)
{
	return to_lab(theme_rgb(color)).l;
}

int theme_nearest(unsigned rgb, int colors)
{
	struct lab want = to_lab(rgb);
	double least = INFINITY;
	int best = 0;

	for (int i = colors < 256 ? 0 : 16; i < colors; i++) {
		struct lab k = to_lab(theme_rgb(i));
		double d = hypot(hypot(k.l - want.l, k.a - want.a), k.b - want.b);

		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}

unsigned theme_paper(enum role r)
{
	/* Okabe and Ito's own; cividis (Nunez, Anderton and Renslow 2018) in six steps; blue to orange
	 * through white. */
	static const unsigned series[8] = {
	    0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7, 0x8a8a8a};
	static const unsigned ramp_ink[6] = {
	    0x00224e, 0x35456c, 0x666970, 0x948e77, 0xc8b866, 0xfee838};
	static const unsigned diverge_ink[7] = {
	    0x005faf, 0x5f87af, 0x9ec5e5, 0xf7f7f7, 0xffc69a, 0xf58a2c, 0xc75300};

	if (r >= ROLE_SERIES1 && r <= ROLE_SERIES8)
		return series[r - ROLE_SERIES1];
	if (r >= ROLE_RAMP0 && r <= ROLE_RAMP5)
		return ramp_ink[r - ROLE_RAMP0];
	if (r >= ROLE_DIVERGE0 && r <= ROLE_DIVERGE6)
		return diverge_ink[r - ROLE_DIVERGE0];
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
