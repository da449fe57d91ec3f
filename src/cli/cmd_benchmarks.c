/* cmd_benchmarks.c - the benchmarks */
#include "cli/cli.h"

#include "base/err.h"
#include "task/benchmarks.h"

static bool run(struct cli *c, struct err *e)
{
	struct catalog r;
	struct benchmarks b;
	struct table t;

	if (!catalog_load(c->db, &c->arena, &r, e))
		return false;
	task_benchmarks(&r, &b);
	t = benchmarks_table(&b, &r);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	benchmarks_clear(&b);
	return true;
}

const struct command cmd_benchmarks = {
    .name = "benchmarks",
    .synopsis = "",
    .summary = "list the benchmarks",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .run = run,
};
