#include "cli/commands.h"

#include "base/arena.h"

#include <string.h>

#define COMMAND(x) extern const struct command cmd_##x;
#include "cli/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(x) &cmd_##x,
#include "cli/commands.def"
#undef COMMAND
};
const size_t commands_count = sizeof(commands) / sizeof(commands[0]);

static const char *const color_choices[] = {"auto", "always", "never", NULL};

#define AT(field) offsetof(struct commands_globals, field)
const struct option_row commands_globals[] = {
    {"database", 'd', OPTION_TEXT, "FILE", AT(database), .help = "the database",
	.unset = "$EMBEDLLM_DB, else default.db in the data folder"},
    {"json", 0, OPTION_SET, NULL, AT(json), .help = "print JSON"},
    {"tsv", 0, OPTION_SET, NULL, AT(tsv), .help = "print tab-separated values"},
    {"quiet", 'q', OPTION_SET, NULL, AT(quiet), .help = "no progress, no remarks"},
    {"color", 0, OPTION_CHOICE, "WHEN", AT(color), .help = "colours", .choices = color_choices},
    {"help", 'h', OPTION_SET, NULL, AT(help), .help = "explain and leave"},
    {"version", 'V', OPTION_SET, NULL, AT(version), .help = "print the version and leave"},
    {.name = NULL},
};

const struct command *commands_find(const char *first, const char *second, int *words)
{
	const struct command *found = NULL;
	size_t len = strlen(first);

	*words = 1;
	for (size_t i = 0; i < commands_count; i++) {
		const struct command *c = commands[i];

		if (!strcmp(c->name, first) || (c->alias && !strcmp(c->alias, first)))
			found = c;
		if (second && !strncmp(c->name, first, len) && c->name[len] == ' ' &&
		    !strcmp(c->name + len + 1, second)) {
			*words = 2;
			return c;
		}
	}
	return found;
}

const char *commands_family(const char *first, struct arena *a)
{
	size_t n = strlen(first);
	const char *list = NULL;

	for (size_t i = 0; i < commands_count; i++) {
		const char *name = commands[i]->name;

		if (!strncmp(name, first, n) && name[n] == ' ')
			list = arena_printf(
			    a, "%s%s%s", list ? list : "", list ? ", " : "", name + n + 1);
	}
	return list;
}
