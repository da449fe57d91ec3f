/* cmd_help.c - help */
#include "cli/cli.h"

#include "base/err.h"
#include "cli/usage.h"
#include "ui/app.h"

#include <stdio.h>

struct options {
	bool dump, keys;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"dump", 0, OPTION_SET, NULL, AT(dump), .help = "print all verbs, options and settings as TSV"},
    {"keys", 0, OPTION_SET, NULL, AT(keys),
	.help = "print the explorer's keys in mdoc, as the manual has them"},
    {.name = NULL},
};

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	int words;
	const struct command *about;

	if (o->dump) {
		usage_dump(stdout);
		app_dump(stdout);
		return true;
	}
	if (o->keys) {
		app_print_man_keys(stdout);
		return true;
	}
	if (c->argc == 0) {
		usage_all(stdout);
		return true;
	}
	about = commands_find(c->argv[0], c->argc > 1 ? c->argv[1] : NULL, &words);
	if (!about && c->argc == 1 && usage_family(c->argv[0], stdout))
		return true;
	if (!about || words != c->argc)
		return err_set(e, ERR_USAGE, "there is no verb '%s%s%s'", c->argv[0],
		    c->argc > 1 ? " " : "", c->argc > 1 ? c->argv[1] : "");
	usage_command(about, stdout);
	return true;
}

const struct command cmd_help = {
    .name = "help",
    .synopsis = "[VERB]",
    .summary = "list the verbs, or explain one",
    .group = COMMAND_OTHER,
    .max_operands = 2,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
