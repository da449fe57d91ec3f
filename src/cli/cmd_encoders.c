/* cmd_encoders.c - which encoders there are, and which the database uses */
#include "cli/cli.h"

#include "base/err.h"
#include "base/file.h"
#include "task/encoders.h"

static void add_installed(struct out *out, const struct encoders *r)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "encoder", .kind = COLUMN_TEXT},
	    {.key = "installed", .title = "installed", .kind = COLUMN_BOOL},
	    {.key = "dims", .title = "dims", .kind = COLUMN_INT},
	    {.key = "max_tokens", .title = "tokens", .kind = COLUMN_INT},
	    {.key = "model", .title = "model", .kind = COLUMN_CLIP},
	    {.key = "licence", .title = "licence", .kind = COLUMN_TEXT},
	    {.key = "identity", .title = "identity", .kind = COLUMN_TEXT},
	    {.key = "sha256", .title = "sha-256 of the weights", .kind = COLUMN_CLIP},
	    {.key = "dir", .title = "folder", .kind = COLUMN_CLIP},
	    {.key = "problem", .kind = COLUMN_TEXT},
	};

	out_table(out, "installed", NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < r->n_installed; i++) {
		const struct encoders_installed *v = &r->installed[i];

		out_row(out);
		out_text(out, v->name);
		out_bool(out, v->installed);
		if (v->dims) {
			out_int(out, (int64_t)v->dims);
			out_int(out, (int64_t)v->max_tokens);
		} else {
			out_missing(out);
			out_missing(out);
		}
		out_text(out, v->model);
		out_text(out, v->licence);
		out_text(out, v->identity);
		out_text(out, v->sha256);
		out_text(out, v->dir);
		out_text(out, v->problem);
	}
	for (size_t i = 0; i < r->n_installed; i++)
		if (r->installed[i].problem)
			out_line(out, "%s: %s", r->installed[i].name, r->installed[i].problem);
}

static void add_stored(struct out *out, const struct encoders *r)
{
	static const struct column columns[] = {
	    {.key = "identity", .title = "encoder", .kind = COLUMN_CLIP},
	    {.key = "dims", .title = "dims", .kind = COLUMN_INT},
	    {.key = "encoded", .title = "questions", .kind = COLUMN_INT},
	    {.key = "in_use", .title = "in use", .kind = COLUMN_BOOL},
	    {.key = "runs", .title = "runs", .kind = COLUMN_TEXT},
	    {.key = "note", .title = "from", .kind = COLUMN_CLIP},
	};

	out_table(out, "stored", "in this database", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < r->n_stored; i++) {
		const struct encoders_stored *v = &r->stored[i];

		out_row(out);
		out_text(out, v->identity);
		out_int(out, (int64_t)v->dims);
		out_int(out, (int64_t)v->encoded);
		out_bool(out, v->in_use);
		out_text(out, v->runs);
		out_text(out, v->note);
	}
}

static bool run(struct cli *c, struct err *e)
{
	struct encoders r;

	/* What is installed can be asked before there is a database. */
	if ((c->path_given || file_exists(c->path)) && !cli_open(c, SESSION_READ, e))
		return false;
	if (!task_encoders(c->db, &r, e))
		return false;
	add_installed(c->out, &r);
	if (r.n_stored || out_format(c->out) == OUT_JSON)
		add_stored(c->out, &r);
	encoders_clear(&r);
	return true;
}

const struct command cmd_encoders = {
    .name = "encoders",
    .synopsis = "",
    .summary = "list the encoders that are installed, and those that the database uses",
    .description =
	"minilm is fetched by `./bootstrap encoder` in the source tree; mpnet (all-mpnet-base-v2), "
	"which the paper uses, is a download from its authors. They are folders in "
	"$EMBEDLLM_ENCODERS, else in encoders/ of the user's data folder. Any other checkpoint of "
	"BERT's or MPNet's kind is named by its folder, as path:DIR.",
    .group = COMMAND_LEARN,
    .run = run,
};
