/* cmd_benchmarks.c - the benchmarks */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"

#include <math.h>

static bool run(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "benchmark", .kind = COLUMN_CLIP},
	    {.key = "questions", .title = "questions", .kind = COLUMN_INT},
	    {.key = "models", .title = "models", .kind = COLUMN_INT},
	    {.key = "accuracy", .title = "mean accuracy", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "best", .title = "best", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "best_model", .title = "best model", .kind = COLUMN_CLIP},
	};
	struct catalog r;

	if (!catalog_load(c->db, &c->arena, &r, e))
		return false;
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t b = 0; b < r.n_benchmarks; b++) {
		double sum = 0, best = NAN;
		size_t n = 0, best_model = 0;

		for (size_t m = 0; m < r.n_models; m++) {
			size_t i = m * r.n_benchmarks + b;
			double share = r.right[i] / r.seen[i];

			if (!(r.seen[i] > 0))
				continue;
			n++;
			sum += share;
			if (!(share <= best)) {
				best = share;
				best_model = m;
			}
		}
		out_row(c->out);
		out_text(c->out, r.benchmarks[b].name);
		out_int(c->out, (int64_t)r.benchmarks[b].n_questions);
		out_int(c->out, (int64_t)n);
		out_real(c->out, n ? sum / (double)n : NAN);
		out_real(c->out, best);
		out_text(c->out, n ? r.models[best_model].name : NULL);
	}
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
