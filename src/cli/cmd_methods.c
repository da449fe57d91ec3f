/* cmd_methods.c - the methods of forecasting and what each reached */
#include "cli/cli.h"

#include "task/methods.h"

static bool run(struct cli *c, struct err *e)
{
	struct methods_list m;
	struct table t;

	if (!task_methods(c->db, &m, e))
		return false;
	t = methods_table(&m);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	methods_clear(&m);
	return true;
}

const struct command cmd_methods = {
    .name = "methods",
    .synopsis = "",
    .summary = "the methods of forecasting, each with its newest run",
    .description =
	"'train --method NAME' trains with one, 'train --method all' with each, as runs of their "
	"own. mf is the factorisation of the paper. Runs of any method have model vectors: the "
	"factors of their logits on the training questions. Controls know nothing of what is "
	"asked; "
	"what a method is worth is what it has over them.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_READ,
    .run = run,
};
