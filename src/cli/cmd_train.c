/* cmd_train.c - learn a vector for every model */
#include "cli/cli.h"

#include "base/err.h"
#include "cli/cli_train.h"
#include "task/train.h"

enum preset { PRESET_DEFAULT, PRESET_PAPER };

struct options {
	struct train_options o;
	int preset;
};

static const char *const presets[] = {"default", "paper", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"preset", 0, OPTION_CHOICE, "NAME", AT(preset),
	.help = "settings to start from; the other options change them", .choices = presets},
    {"dim", 0, OPTION_SIZE, "K", AT(o.trainer.dim), .min = 1, .max = 4096,
	.help = "length of the model vectors"},
    {"batch", 0, OPTION_SIZE, "N", AT(o.trainer.batch), .min = 1, .help = "questions a step"},
    {"epochs", 0, OPTION_SIZE, "N", AT(o.trainer.epochs), .min = 1, .help = "epochs at most"},
    {"patience", 0, OPTION_SIZE, "N", AT(o.trainer.patience),
	.help = "stop after N epochs without a better validation loss; 0 never"},
    {"lr", 0, OPTION_REAL, "X", AT(o.trainer.lr), .help = "Adam's step"},
    {"weight-decay", 0, OPTION_REAL, "X", AT(o.trainer.weight_decay), .help = "L2 penalty"},
    {"sigma", 0, OPTION_REAL, "X", AT(o.trainer.sigma),
	.help = "Gaussian noise on the encodings in training"},
    {"file-order", 0, OPTION_UNSET, NULL, AT(o.trainer.shuffle),
	.help = "keep the questions in file order instead of shuffling them each epoch"},
    {"keep-last", 0, OPTION_UNSET, NULL, AT(o.trainer.keep_best),
	.help = "keep the last epoch instead of the best one"},
    {"random-start", 0, OPTION_UNSET, NULL, AT(o.trainer.start_at_rates),
	.help = "start as published, at random, instead of at the rates of the models"},
    {"no-heads", 0, OPTION_UNSET, NULL, AT(o.heads),
	.help = "no bootstrap refits: routing then gives no intervals"},
    {"seed", 0, OPTION_SEED, "N", AT(o.trainer.seed), .help = "seed"},
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
	return cli_train(c, &((struct options *)c->options)->o, e);
}

const struct command cmd_train = {
    .name = "train",
    .synopsis = "",
    .summary = "learn a vector for every model",
    .description =
	"Fits the EmbedLLM factorisation on the split's training questions, stops on its "
	"validation questions, and makes the run the one in use. Questions that have no "
	"encoding yet get one first. ^C keeps a checkpoint, which --resume continues.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .rebase = rebase,
    .run = run,
};
