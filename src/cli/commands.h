/* commands.h - the commands of the command line, as one table.
 *
 * One cmd_X.c holds one command, or one and its second words ("models set"): the function that runs
 * it, and at its end a const struct command. Everything else comes from the table: parsing
 * (option.h), --help, suggestions for near misses, completion, and the check of the man page.
 * To whoever types them they are verbs, and so they are called in texts.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option.h"

struct arena;
struct cli;
struct err;

enum command_flag {
	COMMAND_READ = 1 << 0,   /* opens the database, which must exist */
	COMMAND_WRITE = 1 << 1,  /* ... for writing */
	COMMAND_MATH = 1 << 2,   /* long matrix work: main lets the best BLAS kernel be chosen */
	COMMAND_HIDDEN = 1 << 3, /* for our own checks: not in the help */
};

enum command_group {
	COMMAND_DATA,
	COMMAND_LEARN,
	COMMAND_EXPLORE,
	COMMAND_OTHER,
	COMMAND_GROUP_COUNT
};

struct command {
	const char *name;        /* "train", "models set" */
	const char *alias;       /* or NULL */
	const char *synopsis;    /* operands, e.g. "FILE..." */
	const char *summary;     /* one line: lower case, no full stop */
	const char *description; /* sentences for --help; may be NULL */
	enum command_group group;
	unsigned flags;
	int min_operands, max_operands;   /* max < 0: any number */
	const struct option_row *options; /* NULL = none */
	size_t size;                      /* of the options struct */
	void (*defaults)(void *options);  /* NULL = zeroed */
	/* After a first parse: true where an option (a preset) asks for other defaults, which are now
	 * in `options`; the command line is then applied to those once more. May be NULL. */
	bool (*rebase)(void *options);
	bool (*run)(struct cli *c, struct err *e);
};

/* All of them, in the order of the help. */
extern const struct command *const commands[];
extern const size_t commands_count;

/* The options that every command takes, which stand before or behind its name. */
struct commands_globals {
	const char *database;
	bool json, tsv, quiet, help, version;
	int color;
};
extern const struct option_row commands_globals[];

/* By name or alias, of one word or two (`second` may be NULL); *words says how many were used. */
const struct command *commands_find(const char *first, const char *second, int *words);
/* The second words that may follow `first`, "show, use", or NULL where there are none; in the arena. */
const char *commands_family(const char *first, struct arena *a);

#endif
