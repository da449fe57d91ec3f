/* cli.h - one invocation, and what the commands share: the database, progress, remarks, the atlas.
 *
 * src/cli is the text front end. It may include base/, task/, chart/ for plots, and ui/app.h for the
 * one command that opens the explorer.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "task/session.h"

struct atlas;
struct catalog_model;
struct option_list;
struct chart;
struct progress;

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One invocation. */
struct cli {
	const struct command *command;
	void *options; /* of the command, parsed */
	int argc;      /* operands */
	char **argv;
	char *path;      /* of the database, whether it is opened or not; owned */
	bool path_given; /* by -d */
	struct db *db;   /* NULL unless a flag asked for it, or cli_open */
	struct out *out; /* printed after run() has returned true ... */
	bool printed;    /* ... unless run() has written to stdout itself */
	bool keep_out;   /* ... and also after false: something was done all the same */
	struct arena arena;
	bool quiet;
	enum color_when color;
	bool ascii; /* the locale is not UTF-8 */
};

/* What --part may be, by enum part. */
extern const char *const cli_parts[];

/* Open c->db, for a verb that has no flag for it: one that needs it only sometimes. */
bool cli_open(struct cli *c, enum session_mode mode, struct err *e);
/* The progress of this verb (live.h); from now on ^C stops it cooperatively. */
const struct progress *cli_progress(struct cli *c);
/* A remark on stderr, unless --quiet. */
void cli_note(struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The atlas of a run (0 = the run in use), which must be there: "train first". NULL with an error;
 * atlas_free. */
struct atlas *cli_atlas(struct cli *c, int64_t run, struct err *e);
/* Which run a result is of: its id, for people with its name. */
void cli_run(struct cli *c, const struct atlas *a);
/* The tags of a model as a cell. */
void cli_tags(struct cli *c, const struct catalog_model *m);
/* The models of the run that are named (none = all), less those left out: (n_models), in the arena. */
bool cli_pool(struct cli *c, const struct atlas *a, const struct option_list *in,
    const struct option_list *without, const bool **out, struct err *e);
/* Write a plot, saying so. */
bool cli_plot(struct cli *c, const struct chart *chart, const char *path, struct err *e);
#endif
