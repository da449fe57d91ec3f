/* cmd_encode.c - questions as vectors */
#include "cli/verb.h"

#include "base/err.h"
#include "task/encode.h"

struct options {
	const char *split;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"split", 0, OPTION_TEXT, "NAME", AT(split),
	.help = "fit the encoder on the training questions of this split",
	.unset = "the one in use, else the imported one, else all questions"},
    {.name = NULL},
};

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct encode_result r;

	if (!task_encode(c->db, o->split, verb_progress(c), &r, e))
		return false;
	out_fact_text(c->out, "encoder", "encoder", r.identity);
	out_fact_int(c->out, "dims", "dimensions", (int64_t)r.dims);
	out_fact_bool(c->out, "fitted", "fitted now", r.fitted);
	out_fact_int(c->out, "fitted_on", "fitted on questions", (int64_t)r.fitted_on);
	out_fact_int(c->out, "encoded", "encoded now", (int64_t)r.encoded);
	out_fact_int(c->out, "known", "encoded before", (int64_t)r.known);
	out_fact_real(c->out, "seconds", "seconds", 1, r.seconds);
	return true;
}

const struct command cmd_encode = {
    .name = "encode",
    .synopsis = "",
    .summary = "fit the text encoder and turn every question into a vector",
    .description =
	"The encoder is fitted on the training questions alone and kept in the database, "
	"so that a typed question is encoded the same way. Training does this by itself "
	"where it is needed.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
