/* command.h - the verbs of the command line, as one table.
 *
 * src/cli is the text front end. It may include base/, task/ and ui/app.h (for the one verb that
 * opens the explorer); main.c alone calls it.
 *
 * One cmd_X.c holds one verb, or a verb and its sub-verbs ("models set"): a const struct command at
 * its top, and the function that runs it. Everything else comes from the table: parsing
 * (option.h), --help, suggestions for near misses, completion, and the check of the man page.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cli/option.h"
#include "cli/out.h"

struct db;
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

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct cli;

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

/* One invocation. */
struct cli {
	const struct command *command;
	void *options; /* of the command, parsed */
	int argc;      /* operands */
	char **argv;
	char *path;      /* of the database, whether it is opened or not; owned */
	bool path_given; /* by -d */
	struct db *db;   /* NULL unless a flag asked for it, or verb_open */
	struct out *out; /* printed after run() has returned true ... */
	bool printed;    /* ... unless run() has written to stdout itself */
	bool keep_out;   /* ... and also after false: something was done all the same */
	struct arena arena;
	bool quiet;
	enum color_when color;
	bool ascii; /* the locale is not UTF-8 */
};

/* All verbs, in the order of the help. */
extern const struct command *const commands[];
extern const size_t n_commands;

/* The options every verb takes. */
extern const struct option_row command_globals[];
const void *command_global_defaults(void);

/* By name or alias, of one word or two (`second` may be NULL); *words says how many were used. */
const struct command *command_find(const char *first, const char *second, int *words);
/* The second words that may follow `first`, "show, use", or NULL where there are none; in the arena. */
const char *command_family(const char *first, struct arena *a);
/* Whether the arguments name a verb with the flag: for main, which must choose the BLAS kernel
 * before anything else. */
bool command_wants(int argc, char **argv, enum command_flag flag);

/* Parse, open, run, print. Returns the exit status. */
int command_run(int argc, char **argv);

#endif
