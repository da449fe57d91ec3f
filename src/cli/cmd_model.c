/* cmd_model.c - one model */
#include "cli/verb.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/neighbours.h"

#include <math.h>
#include <stdlib.h>

#define NEAREST 5

static double share(const struct roster *r, size_t model, size_t benchmark)
{
	size_t i = model * r->n_benchmarks + benchmark;

	return r->seen[i] > 0 ? r->right[i] / r->seen[i] : NAN;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Rank of a model among those that answered the benchmark, and their median. */
static int64_t rank_of(const struct roster *r, size_t model, size_t benchmark, double *scratch,
    size_t *n, double *median)
{
	double own = share(r, model, benchmark);
	int64_t rank = 1;

	*n = 0;
	for (size_t m = 0; m < r->n_models; m++) {
		double s = share(r, m, benchmark);

		if (isnan(s))
			continue;
		scratch[(*n)++] = s;
		rank += s > own;
	}
	qsort(scratch, *n, sizeof(*scratch), ascending);
	*median = *n ? (scratch[(*n - 1) / 2] + scratch[*n / 2]) / 2 : NAN;
	return rank;
}

static void add_benchmarks(struct cli *c, const struct roster *r, size_t model)
{
	static const struct out_column columns[] = {
	    {"name", "benchmark", OUT_CLIP, 0},
	    {"accuracy", "accuracy", OUT_SHARE, 1},
	    {"rank", "rank", OUT_INT, 0},
	    {"models", "of", OUT_INT, 0},
	    {"median", "median", OUT_SHARE, 1},
	    {"questions", "questions", OUT_INT, 0},
	};
	double *scratch = arena_array(&c->arena, double, r->n_models);

	out_table(c->out, "benchmarks", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t b = 0; b < r->n_benchmarks; b++) {
		double median, own = share(r, model, b);
		size_t n;
		int64_t rank = rank_of(r, model, b, scratch, &n, &median);

		out_row(c->out);
		out_text(c->out, r->benchmarks[b].name);
		out_real(c->out, own);
		if (isnan(own))
			out_missing(c->out);
		else
			out_int(c->out, rank);
		out_int(c->out, (int64_t)n);
		out_real(c->out, median);
		out_int(c->out, llround(r->seen[model * r->n_benchmarks + b]));
	}
}

static bool add_nearest(struct cli *c, const struct atlas *a, size_t model, struct err *e)
{
	static const struct out_column columns[] = {
	    {"name", "nearest", OUT_CLIP, 0},
	    {"cosine", "cosine", OUT_REAL, 3},
	    {"agreement", "same answers", OUT_SHARE, 1},
	};
	struct neighbours near;

	if (!task_neighbours(a, model, NEIGHBOUR_COSINE, NEAREST, &near, e))
		return false;
	out_table(c->out, "nearest", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < near.n; i++) {
		out_row(c->out);
		out_text(c->out, a->roster.models[near.v[i].model].name);
		out_real(c->out, near.v[i].similarity);
		out_real(c->out, near.v[i].agreement);
	}
	neighbours_clear(&near);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct atlas *a = atlas_open(c->db, 0, verb_progress(c), e);
	const struct atlas_model *m;
	size_t at;
	bool ok = true;

	if (!a)
		return false;
	at = roster_find_model(&a->roster, c->argv[0], e);
	if (at == SIZE_MAX) {
		atlas_free(a);
		return false;
	}
	m = &a->roster.models[at];
	out_fact_text(c->out, "name", "model", m->name);
	out_fact_share(c->out, "accuracy", "accuracy", 1, m->right / m->seen);
	out_fact_int(c->out, "questions", "questions", llround(m->seen));
	out_fact_real(c->out, "price_in", "dollars per million tokens in", 2, m->price_in);
	out_fact_real(c->out, "price_out", "dollars per million tokens out", 2, m->price_out);
	out_fact(c->out, "tags", "tags", OUT_MAP, 0);
	verb_tags(c, m);
	add_benchmarks(c, &a->roster, at);
	if (a->run && a->in_run[at])
		ok = add_nearest(c, a, at, e);
	atlas_free(a);
	return ok;
}

const struct command cmd_model = {
    .name = "model",
    .synopsis = "NAME",
    .summary = "one model: its accuracy by benchmark and its nearest models",
    .description = "NAME is the whole name or a part that only one name holds.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
