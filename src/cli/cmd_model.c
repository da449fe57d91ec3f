/* cmd_model.c - one model */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/neighbours.h"
#include "task/profile.h"

#include <math.h>

#define NEAREST 5
#define SURPRISES 5

static void add_benchmarks(struct cli *c, const struct catalog *r, const struct profile *p)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "benchmark", .kind = COLUMN_CLIP},
	    {.key = "accuracy", .title = "accuracy", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "half_width", .title = "±", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "rank", .title = "rank", .kind = COLUMN_INT},
	    {.key = "models", .title = "of", .kind = COLUMN_INT},
	    {.key = "median", .title = "median", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "forecast", .title = "forecast", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "questions", .title = "questions", .kind = COLUMN_INT},
	};

	out_table(c->out, "benchmarks", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < p->n_benchmarks; i++) {
		const struct profile_benchmark *b = &p->benchmarks[i];

		out_row(c->out);
		out_text(c->out, r->benchmarks[b->benchmark].name);
		out_real(c->out, b->accuracy);
		out_real(c->out, b->half);
		if (b->rank)
			out_int(c->out, (int64_t)b->rank);
		else
			out_missing(c->out);
		out_int(c->out, (int64_t)b->of);
		out_real(c->out, b->median);
		out_real(c->out, b->forecast);
		out_int(c->out, llround(b->seen));
	}
}

static void add_calibration(struct cli *c, const struct profile *p)
{
	static const struct column columns[] = {
	    {.key = "forecast", .title = "mean forecast", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "right", .title = "share right", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "answers", .title = "answers", .kind = COLUMN_INT},
	};

	out_table(c->out, "calibration", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < p->n_bins; i++) {
		out_row(c->out);
		out_real(c->out, p->bins[i].p);
		out_real(c->out, p->bins[i].right);
		out_int(c->out, (int64_t)p->bins[i].n);
	}
}

static void add_surprises(struct cli *c, const struct atlas *a, const char *key, const char *title,
    const struct profile_surprise *v, size_t n)
{
	const struct column columns[] = {
	    {.key = "p", .title = "p(right)", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "benchmark", .title = "benchmark", .kind = COLUMN_TEXT},
	    {.key = "question_id", .title = "id", .kind = COLUMN_INT},
	    {.key = "text", .title = title, .kind = COLUMN_CLIP},
	};

	out_table(c->out, key, "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < n; i++) {
		const struct catalog_question *q = &a->questions[v[i].question];

		out_row(c->out);
		out_real(c->out, v[i].p);
		out_text(c->out, a->catalog.benchmarks[q->benchmark].name);
		out_int(c->out, q->id);
		out_text(c->out, q->text);
	}
}

/* Without a run, or a vector in it, a table of none. */
static bool add_nearest(struct cli *c, const struct atlas *a, size_t model, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "nearest", .kind = COLUMN_CLIP},
	    {.key = "cosine", .title = "cosine", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "agreement", .title = "same answers", .kind = COLUMN_SHARE, .decimals = 1},
	};
	struct neighbours near = {.n = 0};
	bool known = a->run && a->trained.in_run[model];

	if (!known && out_format(c->out) != OUT_JSON)
		return true;
	if (known && !task_neighbours(a, model, NEIGHBOUR_COSINE, NEAREST, &near, e))
		return false;
	out_table(c->out, "nearest", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < near.n; i++) {
		out_row(c->out);
		out_text(c->out, a->catalog.models[near.v[i].model].name);
		out_real(c->out, near.v[i].cosine);
		out_real(c->out, near.v[i].agreement);
	}
	neighbours_clear(&near);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct atlas *a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	const struct catalog_model *m;
	struct profile p;
	size_t at;
	bool ok;

	if (!a)
		return false;
	at = catalog_find_model(&a->catalog, c->argv[0], e);
	if (at == SIZE_MAX || !task_profile(a, at, SURPRISES, &p, e)) {
		atlas_free(a);
		return false;
	}
	m = &a->catalog.models[at];
	out_fact_text(c->out, "name", "model", m->name);
	out_fact_share(c->out, "accuracy", "accuracy", 1, m->right / m->seen);
	out_fact_int(c->out, "rank", "rank", (int64_t)p.rank);
	out_fact_int(c->out, "questions", "questions", llround(m->seen));
	out_fact_int(c->out, "held_out", "held-out answers", (int64_t)p.held_out);
	out_fact_real(c->out, "ece", "calibration error on them", 3, p.ece);
	out_fact_real(c->out, "price_in", "dollars per million tokens in", 2, m->price_in);
	out_fact_real(c->out, "price_out", "dollars per million tokens out", 2, m->price_out);
	out_fact(c->out, "tags", "tags", COLUMN_MAP, 0);
	cli_tags(c, m);
	add_benchmarks(c, &a->catalog, &p);
	ok = add_nearest(c, a, at, e);
	if ((a->run && a->trained.in_run[at]) || out_format(c->out) == OUT_JSON) {
		add_calibration(c, &p);
		add_surprises(
		    c, a, "unexpectedly_wrong", "wrong against the forecast", p.wrong, p.n_wrong);
		add_surprises(
		    c, a, "unexpectedly_right", "right against the forecast", p.right, p.n_right);
	}
	profile_clear(&p);
	atlas_free(a);
	return ok;
}

const struct command cmd_model = {
    .name = "model",
    .synopsis = "NAME",
    .summary = "one model: its benchmarks, nearest models, calibration and surprising answers",
    .description = "NAME is the whole name or a part that only one name holds.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
