/* cmd_resolve.c - another rule for repeats */
#include "cli/cli.h"

#include "base/err.h"
#include "task/import.h"

#include <math.h>

struct options {
	int dup; /* -1 = not given */
	double threshold;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"dup", 0, OPTION_CHOICE, "RULE", AT(dup), .help = "the rule from now on",
	.choices = policy_rules, .unset = "as it is"},
    {"threshold", 0, OPTION_REAL, "X", AT(threshold), .max = 1,
	.help = "a score of at least X counts as right", .unset = "as it is"},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	o->dup = -1;
	o->threshold = NAN;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	const enum policy_rule rule = (enum policy_rule)o->dup;
	struct resolve_report r;

	if (o->dup < 0 && isnan(o->threshold))
		return err_set(e, ERR_USAGE, "resolve: choose a rule with --dup");
	if (!task_resolve(c->db, o->dup < 0 ? NULL : &rule, o->threshold, &r, e))
		return false;
	out_fact_text(c->out, "rule_before", "rule before", policy_rule_name(r.before.rule));
	out_fact_text(c->out, "rule", "rule now", policy_rule_name(r.after.rule));
	out_fact_real(c->out, "threshold", "threshold", 2, r.after.threshold);
	out_fact_int(c->out, "labels", "labels", (int64_t)r.labels);
	out_fact_int(c->out, "changed", "changed", (int64_t)r.changed);
	return true;
}

const struct command cmd_resolve = {
    .name = "resolve",
    .synopsis = "",
    .summary = "make the labels anew by another rule for repeats",
    .description = "Every raw row is kept, so no answer is lost. majority: more right than wrong "
		   "rows, a tie is missing; rows: the mean, with the number of rows as weight; "
		   "mean: the mean, weight 1; max, first and last: one of the rows.",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
