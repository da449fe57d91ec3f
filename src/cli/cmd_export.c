/* cmd_export.c - export labels, vectors, encodings */
#include "cli/cli.h"

#include "base/err.h"
#include "base/plural.h"
#include "task/atlas.h"
#include "task/export.h"

#include <string.h>

/* export labels */

struct label_options {
	int format, part;
};

typedef bool label_fn(struct db *, const char *, enum part, const struct progress *,
    struct export_labels_report *, struct err *);
static const char *const label_formats[] = {
    "embedllm", "long", "wide", "every_eval_ever", "pyirt", "routerbench", NULL};
static label_fn *const label_writers[] = {task_export_labels, task_export_long, task_export_wide,
    task_export_every_eval_ever, task_export_py_irt, task_export_router_bench};

#define LABEL_AT(field) offsetof(struct label_options, field)
static const struct option_row label_rows[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", LABEL_AT(format), .help = "format",
	.choices = label_formats},
    {"part", 0, OPTION_CHOICE, "PART", LABEL_AT(part),
	.help = "only the rows imported with this part", .choices = cli_parts},
    {.name = NULL},
};

static bool labels(struct cli *c, struct err *e)
{
	const struct label_options *o = c->options;
	const char *path = c->argc ? c->argv[0] : "-";
	struct export_labels_report r;

	if (!label_writers[o->format](c->db, path, (enum part)o->part, cli_progress(c), &r, e))
		return false;
	if (r.renumbered)
		cli_note(c, "prompt_id and model_id are new ones: the imports have none, or "
			    "use one for different things");
	cli_note(c, "%llu row%s", (unsigned long long)r.rows, plural(r.rows));
	return true;
}

const struct command cmd_export_labels = {
    .name = "export labels",
    .synopsis = "[FILE]",
    .summary = "every imported row as EmbedLLM CSV, or for another program",
    .description =
	"To standard output without FILE. Importing the file makes the same database. "
	"long has costs, tokens and tries too; every_eval_ever is a folder, FILE, with the "
	"interchange schema's two files a model, and as whole. wide (a column a model), pyirt "
	"(JSON lines, the texts in STEM.items.jsonl beside FILE) and routerbench (a "
	"wide CSV with costs) hold one answer a question and model: repeats become their "
	"share of right tries.",
    .group = COMMAND_DATA,
    .flags = COMMAND_READ,
    .max_operands = 1,
    .options = label_rows,
    .size = sizeof(struct label_options),
    .run = labels,
};

/* export vectors, export encodings */

struct options {
	int format;
	int64_t run;
};

static const char *const formats[] = {"csv", "npy", "tensorboard", NULL}; /* by export_format */

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", AT(format), .help = "format", .choices = formats},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

typedef bool write_fn(const struct atlas *, enum export_format, const char *, struct err *);

static bool export(struct cli *c, write_fn *write, struct err *e)
{
	const struct options *o = c->options;
	const char *path = c->argc ? c->argv[0] : "-";
	struct atlas *a;
	bool ok;

	if (o->format != EXPORT_CSV && !strcmp(path, "-"))
		return err_set(e, ERR_USAGE, "%s: name the %s to write", c->command->name,
		    o->format == EXPORT_NPY ? "file" : "folder");
	a = cli_atlas(c, o->run, e);
	ok = a && write(a, (enum export_format)o->format, path, e);
	if (ok && write == task_export_encodings && a->n_unencoded)
		cli_note(c, "%zu questions came after the run and have no encoding: left out",
		    a->n_unencoded);
	atlas_free(a);
	return ok;
}

static bool vectors(struct cli *c, struct err *e)
{
	return export(c, task_export_vectors, e);
}

static bool encodings(struct cli *c, struct err *e)
{
	return export(c, task_export_encodings, e);
}

const struct command cmd_export_vectors = {
    .name = "export vectors",
    .synopsis = "[FILE]",
    .summary = "the model vectors of a run",
    .description = "csv goes to standard output without FILE; npy writes the names beside it to "
		   "FILE.tsv; tensorboard makes the folder FILE with vectors.tsv and metadata.tsv.",
    .group = COMMAND_DATA,
    .flags = COMMAND_READ,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .run = vectors,
};

const struct command cmd_export_encodings = {
    .name = "export encodings",
    .synopsis = "[FILE]",
    .summary = "the question vectors by a run's encoder",
    .description = "Formats as of 'export vectors'.",
    .group = COMMAND_DATA,
    .flags = COMMAND_READ,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .run = encodings,
};
