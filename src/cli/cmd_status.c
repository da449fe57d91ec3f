/* cmd_status.c - what the database holds */
#include "cli/cli.h"

#include "base/err.h"
#include "task/status.h"

static void add_splits(struct out *out, const struct status *s)
{
	static const struct out_column columns[] = {
	    {"name", "split", OUT_CLIP, 0},
	    {"in_use", "in use", OUT_BOOL, 0},
	    {"imported", "imported", OUT_BOOL, 0},
	    {"train", "train", OUT_INT, 0},
	    {"val", "val", OUT_INT, 0},
	    {"test", "test", OUT_INT, 0},
	    {"none", "no part", OUT_INT, 0},
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
	static const struct out_column columns[] = {
	    {"import", "import", OUT_INT, 0},
	    {"created", "when", OUT_TEXT, 0},
	    {"format", "format", OUT_TEXT, 0},
	    {"part", "part", OUT_TEXT, 0},
	    {"rows", "rows", OUT_INT, 0},
	    {"skipped", "skipped", OUT_INT, 0},
	    {"file", "file", OUT_CLIP, 0},
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
	static const struct out_column columns[] = {
	    {"identity", "encoder", OUT_CLIP, 0},
	    {"dims", "dims", OUT_INT, 0},
	    {"note", "fitted on", OUT_CLIP, 0},
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
	out_fact(out, "run", "run in use", OUT_INT, 0);
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
