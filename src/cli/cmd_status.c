/* cmd_status.c - what the database holds */
#include "cli/cli.h"

#include "base/err.h"
#include "task/status.h"

static void add_splits(struct out *out, const struct status *s)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "split", .kind = COLUMN_CLIP},
	    {.key = "in_use", .title = "in use", .kind = COLUMN_BOOL},
	    {.key = "imported", .title = "imported", .kind = COLUMN_BOOL},
	    {.key = "train", .title = "train", .kind = COLUMN_INT},
	    {.key = "val", .title = "val", .kind = COLUMN_INT},
	    {.key = "test", .title = "test", .kind = COLUMN_INT},
	    {.key = "none", .title = "no part", .kind = COLUMN_INT},
	};

	out_table(out, "splits", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < s->n_splits; i++) {
		const struct status_split *v = &s->splits[i];

		out_row(out);
		out_text(out, v->name);
		out_bool(out, v->in_use);
		out_bool(out, v->imported);
		out_int(out, (int64_t)v->count[PART_TRAIN]);
		out_int(out, (int64_t)v->count[PART_VAL]);
		out_int(out, (int64_t)v->count[PART_TEST]);
		out_int(out, (int64_t)v->count[PART_NONE]);
	}
}

static void add_imports(struct out *out, const struct status *s)
{
	static const struct column columns[] = {
	    {.key = "import", .title = "import", .kind = COLUMN_INT},
	    {.key = "created", .title = "when", .kind = COLUMN_TEXT},
	    {.key = "format", .title = "format", .kind = COLUMN_TEXT},
	    {.key = "part", .title = "part", .kind = COLUMN_TEXT},
	    {.key = "rows", .title = "rows", .kind = COLUMN_INT},
	    {.key = "skipped", .title = "skipped", .kind = COLUMN_INT},
	    {.key = "file", .title = "file", .kind = COLUMN_CLIP},
	};

	out_table(out, "imports", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < s->n_imports; i++) {
		const struct status_import *v = &s->imports[i];

		out_row(out);
		out_int(out, v->id);
		out_text(out, v->created);
		out_text(out, v->format);
		out_text(out, v->part);
		out_int(out, (int64_t)v->rows);
		out_int(out, (int64_t)v->skipped);
		out_text(out, v->file);
	}
}

static void add_encoders(struct out *out, const struct status *s)
{
	static const struct column columns[] = {
	    {.key = "identity", .title = "encoder", .kind = COLUMN_CLIP},
	    {.key = "dims", .title = "dims", .kind = COLUMN_INT},
	    {.key = "note", .title = "fitted on", .kind = COLUMN_CLIP},
	};

	out_table(out, "encoders", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < s->n_encoders; i++) {
		out_row(out);
		out_text(out, s->encoders[i].identity);
		out_int(out, (int64_t)s->encoders[i].dims);
		out_text(out, s->encoders[i].note);
	}
}

static bool run(struct cli *c, struct err *e)
{
	struct out *out = c->out;
	bool json = out_format(out) == OUT_JSON;
	struct status s;

	if (!task_status(c->db, &s, e))
		return false;
	out_fact_text(out, "database", "database", s.path);
	out_fact_int(out, "bytes", "bytes", (int64_t)s.bytes);
	out_fact_text(out, "note", s.note ? "note" : NULL, s.note);
	out_fact_int(out, "models", "models", (int64_t)s.models);
	out_fact_int(out, "benchmarks", "benchmarks", (int64_t)s.benchmarks);
	out_fact_int(out, "questions", "questions", (int64_t)s.questions);
	out_fact_int(out, "labels", "labels", (int64_t)s.labels);
	out_fact_text(out, "rule", "rule for repeats", s.rule);
	out_fact_real(out, "threshold", "right from a score of", 2, s.threshold);
	out_fact_int(out, "runs", "runs", (int64_t)s.n_runs);
	out_fact(out, "run", "run in use", COLUMN_INT, 0);
	if (s.run)
		out_int(out, s.run);
	else
		out_missing(out);
	out_fact_text(out, "best_model", "best single model", s.best_model);
	out_fact_share(out, "best_accuracy", "  its accuracy", 1, s.best_accuracy);
	out_fact_text(out, "next", s.next ? "next" : NULL, s.next);
	if (out_format(out) != OUT_TSV) {
		if (s.n_imports || json)
			add_imports(out, &s);
		if (s.n_splits || json)
			add_splits(out, &s);
		if (s.n_encoders || json)
			add_encoders(out, &s);
	}
	status_clear(&s);
	return true;
}

const struct command cmd_status = {
    .name = "status",
    .synopsis = "",
    .summary = "what the database holds, and what to do next",
    .group = COMMAND_DATA,
    .flags = COMMAND_READ,
    .run = run,
};
