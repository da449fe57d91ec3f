/* cmd_train.c - learn a vector for every model */
#include "cli/cli.h"

#include "base/err.h"
#include "cli/cli_train.h"
#include "task/methods.h"
#include "task/train.h"

#include <string.h>

enum preset { PRESET_DEFAULT, PRESET_PAPER };

struct options {
	struct train_options o;
	const char *method;
	int preset;
};

static const char *const presets[] = {"default", "paper", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"method", 0, OPTION_TEXT, "NAME", AT(method),
	.help = "how to forecast ('methods' lists them), or all: each as a run of its own",
	.unset = "mf"},
    {"preset", 0, OPTION_CHOICE, "NAME", AT(preset),
	.help = "settings to start from; the other options change them", .choices = presets},
#define OPTION_POSITIVE OPTION_REAL
#define SETTING(field, option, kind, argument, low, high, about)                                   \
	{option, 0, OPTION_##kind, argument, AT(o.trainer.field), .min = low, .max = high,         \
	    .help = about},
#include "learn/trainer_options.def"
#undef SETTING
    {"no-heads", 0, OPTION_UNSET, NULL, AT(o.heads),
	.help = "no bootstrap refits: routing then gives no intervals"},
    {"split", 0, OPTION_TEXT, "NAME", AT(o.split), .help = "split to train on",
	.unset = "the one in use, else the imported one, else a new 20/10 one"},
    {"encoder", 0, OPTION_TEXT, "NAME", AT(o.encoder),
	.help = "builtin, minilm, mpnet, path:DIR, imported, or two as A+B",
	.unset = "the best that is installed"},
    {"threads", 0, OPTION_INT, "N", AT(o.threads), .max = 1024, .help = "threads",
	.unset = "all processors, or as the resumed run"},
    {"resume", 0, OPTION_ID, "RUN", AT(o.resume),
	.help = "go on with a run that was stopped, with its own settings", .unset = ""},
    {.name = NULL},
};

static void defaults(void *options)
{
	train_options_default(&((struct options *)options)->o);
}

static bool rebase(void *options)
{
	struct options *o = options;

	if (o->preset == PRESET_PAPER)
		train_options_paper(&o->o);
	return o->preset == PRESET_PAPER;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;

	if (o->method && !strcmp(o->method, "all"))
		return cli_train_all(c, &o->o, e);
	if (o->method && !train_options_method(&o->o, o->method, e))
		return false;
	return cli_train(c, &o->o, e);
}

const struct command cmd_train = {
    .name = "train",
    .synopsis = "",
    .summary = "learn a vector for every model",
    .description =
	"Fits the EmbedLLM factorisation, or another method, on the split's training questions, "
	"stops or chooses on its validation questions, and makes the run the one in use; of all "
	"methods, the one with the least validation log-loss, controls aside. Questions that have "
	"no "
	"encoding yet get one first. ^C keeps a checkpoint, which --resume continues.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .rebase = rebase,
    .run = run,
};
