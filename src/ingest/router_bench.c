/* RouterBench: a wide CSV, as pandas writes its pickles,
 *     ,sample_id,prompt,eval_name,MODEL...,MODEL|model_response...,MODEL|total_cost...,
 *     oracle_model_to_route_to
 * The models are the columns that have a `|total_cost` of their own. prompt is a Python list of the
 * turns. A benchmark is eval_name up to .dev and the like, and mmlu of all mmlu-SUBJECT.
 *
 * Source: withmartian/routerbench; CSV copies in shuhao02/RouterDC, datasets/routerbench_zs/. */
#include "ingest/router_bench.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/stream.h"
#include "ingest/csv.h"
#include "ingest/importer.h"
#include "ingest/python_list.h"
#include "ingest/record.h"
#include "store/naming.h"
#include "store/staging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct model {
	char *name;
	size_t score, cost; /* columns */
};

/* One file. */
struct sheet {
	struct ingest *in;
	const char *file;
	size_t columns; /* 0 before the header */
	size_t id, prompt, eval;
	struct model *models;
	size_t n_models;
	struct buf text;
};

static bool is(const struct csv_field *f, const char *name)
{
	return f->n == strlen(name) && !memcmp(f->p, name, f->n);
}

static size_t find(const struct csv_row *row, const char *name)
{
	size_t i = 0;

	while (i < row->n && !is(&row->v[i], name))
		i++;
	return i;
}

/* The models of a header, in the arena. */
static size_t find_models(const struct csv_row *row, struct arena *a, struct model **models)
{
	size_t n = 0;

	*models = arena_array(a, struct model, row->n + 1);
	for (size_t i = 0; i < row->n; i++) {
		char *cost = arena_printf(a, "%s" ROUTER_BENCH_COST, row->v[i].p);
		size_t at = find(row, cost);

		if (at < row->n)
			(*models)[n++] = (struct model){arena_strdup(a, row->v[i].p), i, at};
	}
	return n;
}

static bool read_header(struct sheet *s, const struct csv_row *row, struct err *e)
{
	s->columns = row->n;
	s->id = find(row, "sample_id");
	s->prompt = find(row, "prompt");
	s->eval = find(row, "eval_name");
	s->n_models = find_models(row, &s->in->arena, &s->models);
	if (s->prompt == row->n || s->eval == row->n || !s->n_models)
		return err_set(e, ERR_DATA,
		    "%s:%llu: wanted are columns prompt, eval_name and, for each model, MODEL and "
		    "MODEL" ROUTER_BENCH_COST,
		    s->file, (unsigned long long)row->line);
	return true;
}

const char *router_bench_benchmark(struct arena *a, const char *eval)
{
	static const char *const splits[] = {".dev", ".test", ".train", ".val"};
	size_t n = strlen(eval);

	if (!strncmp(eval, "mmlu-", 5) && strncmp(eval, "mmlu-pro", 8))
		return "mmlu";
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		const char *at = strstr(eval, splits[i]);

		if (at && at > eval && (size_t)(at - eval) < n)
			n = (size_t)(at - eval);
	}
	return naming_benchmark(a, eval, n);
}

/* Dollars; NaN where the field holds none. */
static double amount(const struct csv_field *f)
{
	char *end;
	double v = f->n ? strtod(f->p, &end) : NAN;

	return f->n && !*end && v >= 0 && isfinite(v) ? v : NAN;
}

static bool take_models(struct sheet *s, const struct csv_row *row, struct record *r, struct err *e)
{
	char place[1024];

	for (size_t i = 0; i < s->n_models; i++) {
		const struct model *m = &s->models[i];
		const struct csv_field *score = &row->v[m->score];

		snprintf(place, sizeof(place), "%s:%llu:%s", s->file, (unsigned long long)row->line,
		    m->name);
		r->model = m->name;
		r->usage.cost = amount(&row->v[m->cost]);
		if (!ingest_label(score->p, score->n, &r->score)) {
			if (!ingest_bad(s->in, e, place,
				"\"%.40s\" is no label: wanted is 0 to 1 or nothing", score->p))
				return false;
		} else if (!record_take(s->in, r, place, e)) {
			return false;
		}
	}
	return true;
}

static bool bad_record(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	struct sheet *s = arg;
	char place[1024];

	(void)column;
	snprintf(place, sizeof(place), "%s:%llu", s->file, (unsigned long long)line);
	if (!s->columns) /* the header itself: nothing can be read without it */
		return err_set(e, ERR_DATA, "%s: %s", place, reason);
	return ingest_bad(s->in, e, place, "%s", reason);
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct sheet *s = arg;
	const struct csv_field *prompt, *eval;
	struct record r = RECORD_INIT;

	if (!s->columns)
		return read_header(s, row, e);
	if (row->n != s->columns)
		return bad_record(s, row->line, row->n,
		    row->n < s->columns ? "fewer fields than the header has columns"
					: "more fields than the header has columns",
		    e);
	prompt = &row->v[s->prompt];
	eval = &row->v[s->eval];
	buf_reset(&s->text);
	if (!python_list(prompt->p, prompt->n, '\n', &s->text))
		buf_add(&s->text, prompt->p, prompt->n);
	else if (s->text.len)
		s->text.s[--s->text.len] = '\0';
	r.text = buf_str(&s->text);
	r.key = s->id < row->n && row->v[s->id].n ? row->v[s->id].p : NULL;
	r.benchmark = router_bench_benchmark(&s->in->arena, eval->p);
	r.category = eval->p;
	return take_models(s, row, &r, e);
}

static bool read_sheet(struct ingest *in, size_t i, struct err *e)
{
	struct sheet s = {.in = in, .text = BUF_INIT};
	struct csv_reader r = {on_row, bad_record, &s};
	struct stream *stream = ingest_open(in, i, e);
	bool ok;

	if (!stream)
		return false;
	s.file = stream_name(stream);
	ok = csv_read(stream, &r, in->progress, e);
	stream_close(stream);
	buf_clear(&s.text);
	return ok;
}

static bool read_router_bench(struct ingest *in, struct err *e)
{
	if (!record_one_figure(in, "score", e))
		return false;
	for (size_t i = 0; i < in->n_files; i++)
		if (!read_sheet(in, i, e))
			return false;
	return true;
}

static int score_router_bench(const struct ingest_head *h)
{
	struct arena a = ARENA_INIT;
	struct model *models;
	struct csv_row row;
	bool known = csv_header(h->p, h->n, &a, &row) && find(&row, "prompt") < row.n &&
		     find(&row, "eval_name") < row.n && find_models(&row, &a, &models);

	arena_clear(&a);
	return known ? SCORE_SURE : SCORE_NONE;
}

const struct importer importer_router_bench = {
    .name = "routerbench",
    .about = "RouterBench's wide CSV, with MODEL and MODEL|total_cost columns",
    .many = true,
    .score = score_router_bench,
    .read = read_router_bench,
};
