/* cmd_backup.c - a copy of the database */
#include "cli/cli.h"

#include "base/err.h"

#include <string.h>

static bool run(struct cli *c, struct err *e)
{
	if (!strcmp(c->argv[0], "-"))
		return err_set(
		    e, ERR_USAGE, "backup: a database cannot be written to standard output");
	return session_backup(c->db, c->argv[0], cli_progress(c), e);
}

const struct command cmd_backup = {
    .name = "backup",
    .synopsis = "FILE",
    .summary = "copy the database, also while it is in use",
    .description = "The copy is complete and consistent, or is not there. A file of that name is "
		   "replaced.",
    .group = COMMAND_DATA,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
