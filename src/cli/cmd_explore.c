/* cmd_explore.c - the terminal explorer */
#include "cli/cli.h"

#include "base/err.h"
#include "ui/app.h"

struct options {
	struct app_options app;
	int glyphs;
};

static const char *const glyph_choices[] = {"", "braille", "blocks", "ascii", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"script", 0, OPTION_TEXT, "FILE", AT(app.script),
	.help = "play the keys of FILE without a terminal; '-' is standard input"},
    {"size", 0, OPTION_TEXT, "WxH", AT(app.size), .help = "screen that a script draws on",
	.unset = "80x24"},
    {"glyphs", 0, OPTION_CHOICE, "SET", AT(glyphs), .help = "characters to draw with",
	.choices = glyph_choices, .unset = "by the locale"},
    {"fresh", 0, OPTION_SET, NULL, AT(app.fresh), .help = "forget where the last session ended"},
    {.name = NULL},
};

static bool run(struct cli *c, struct err *e)
{
	static const enum app_color colors[] = {
	    [COLOR_AUTO] = APP_COLOR_AUTO,
	    [COLOR_ALWAYS] = APP_COLOR_ALWAYS,
	    [COLOR_NEVER] = APP_COLOR_NEVER,
	};
	struct options *o = c->options;

	o->app.db = c->path;
	o->app.color = colors[c->color];
	if (o->glyphs)
		o->app.glyphs = glyph_choices[o->glyphs];
	return app_run(&o->app, e);
}

const struct command cmd_explore = {
    .name = "explore",
    .synopsis = "",
    .summary = "open the explorer (what embedllm alone does)",
    .description = "The keys are in embedllm(1), and under ? in the explorer.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
