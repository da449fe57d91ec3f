/* lm-evaluation-harness --log_samples, in its generations: 0.4.0 to 0.4.2 write ARGUMENTS_TASK.jsonl
 * (one indented array, in spite of its name), without hashes; since 0.4.3
 * MODEL/samples_TASK_DATE.jsonl with hashes; since 0.4.7 with `filter` and `metrics` on each line.
 * Dumps of simple_evaluate hold results and samples in one document. Everything below a folder is one
 * import: first the results files (lm_eval_run.c), then task by task the samples of all models
 * (lm_eval_task.c). */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/lm_eval_run.h"
#include "ingest/lm_eval_task.h"
#include "store/staging.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct ingest *in;
	struct lm_eval_runs runs;
	struct lm_eval_file *files;
	size_t n, cap;
};

static void add_file(struct reading *g, struct lm_eval_source *source, size_t i, const json_t *dump)
{
	g->files = mem_grow(g->files, &g->cap, g->n + 1, sizeof(*g->files));
	g->files[g->n++] = (struct lm_eval_file){*source, i, dump};
}

/* Is files[i] a results file? One that stdin holds open is samples. */
static bool look(struct ingest *in, size_t i, bool *results, struct err *e)
{
	struct stream *s = i == 0 && in->first ? in->first : stream_open(in->files[i], e);
	const char *p;
	size_t n;
	bool ok;

	if (!s)
		return false;
	ok = stream_peek(s, INGEST_HEAD_SIZE, &p, &n, e);
	*results = ok && lm_eval_is_results(p, n);
	if (s != in->first)
		stream_close(s);
	return ok;
}

static bool add_dumps(struct reading *g, struct err *e)
{
	const char *task;
	const json_t *v;

	for (size_t i = 0; i < g->runs.n; i++) {
		const struct lm_eval_run *r = &g->runs.v[i];
		struct lm_eval_source s = {
		    .path = r->path, .dir = r->dir, .run = r, .model = r->model, .date = r->date};

		if (!r->samples)
			continue;
		s.model = s.model ? s.model : g->in->o->model;
		if (!s.model)
			return err_set(
			    e, ERR_DATA, "%s: whose answers are these? give --model", r->path);
		json_object_foreach(r->samples, task, v)
		{
			s.task = arena_strdup(&g->in->arena, task);
			if (json_is_array(v))
				add_file(g, &s, 0, v);
		}
	}
	return true;
}

static int by_task(const void *a, const void *b)
{
	const struct lm_eval_file *x = a, *y = b;
	int k = strcmp(x->source.task, y->source.task);

	return k ? k : strcmp(x->source.path, y->source.path);
}

/* Results files first: they say whose the samples are. */
static bool list_files(struct reading *g, struct err *e)
{
	struct ingest *in = g->in;
	bool *results = arena_array(&in->arena, bool, in->n_files + 1), ok = true;
	struct lm_eval_source source;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		ok = look(in, i, &results[i], e);
		if (ok && results[i])
			ok = lm_eval_runs_add(&g->runs, in, in->files[i], i, e);
	}
	if (ok && !in->is_dir && !results[0])
		ok = lm_eval_runs_beside(&g->runs, in, in->files[0], e);
	ok = ok && add_dumps(g, e);
	for (size_t i = 0; ok && i < in->n_files; i++) {
		if (results[i])
			continue;
		ok = lm_eval_source_find(&g->runs, in, in->files[i], &source, e);
		if (ok)
			add_file(g, &source, i, NULL);
	}
	if (ok && g->n)
		qsort(g->files, g->n, sizeof(*g->files), by_task);
	return ok;
}

/* Results files of the folder that no samples are of. */
static void remark_unused(struct reading *g)
{
	for (size_t r = 0; g->in->is_dir && r < g->runs.n; r++) {
		bool used = false;

		for (size_t i = 0; i < g->n && !used; i++)
			used = g->files[i].source.run == &g->runs.v[r];
		if (!used)
			ingest_remark(g->in, REMARK_LEFT_OUT,
			    "%s: none of the samples are of its run", g->runs.v[r].path);
	}
}

static bool check_asked(
    const struct reading *g, const struct lm_eval_choices *c, size_t tasks, struct err *e)
{
	const struct ingest_options *o = g->in->o;

	if (tasks && o->metric && !c->metric_found)
		return err_set(e, ERR_USAGE, "%s: no task has a metric %s", g->in->path, o->metric);
	if (tasks && o->filter && !c->filter_found)
		return err_set(e, ERR_USAGE, "%s: no filter %s; %s", g->in->path, o->filter,
		    c->filters ? c->filters : "no task has any");
	return true;
}

static bool read_lm_eval(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in};
	struct lm_eval_choices choices = {.benchmarks = hashtable_new()};
	size_t tasks = 0;
	bool ok = list_files(&g, e);

	if (ok)
		remark_unused(&g);

	for (size_t from = 0, to; ok && from < g.n; from = to) {
		const char *task = g.files[from].source.task;

		for (to = from; to < g.n && !strcmp(g.files[to].source.task, task);)
			to++;
		if (!ingest_wants(in, task))
			continue;
		tasks++;
		ok = lm_eval_read_task(in, g.files + from, to - from, &choices, e);
	}
	ok = ok && check_asked(&g, &choices, tasks, e);
	if (ok && !g.n)
		ok = err_set(e, ERR_DATA,
		    "%s: the results of lm-evaluation-harness without its samples: run it with "
		    "--log_samples, or import the samples_*.jsonl too",
		    in->path);
	hashtable_free(choices.benchmarks);
	lm_eval_runs_clear(&g.runs);
	mem_free(g.files);
	return ok;
}

/* Results files come along with the samples; alone they are nothing to import. */
static int score_lm_eval(const struct ingest_head *h)
{
	if (lm_eval_is_samples(h->p, h->n))
		return ingest_head_has(h, "resps\"") || ingest_head_has(h, "\"doc_hash\"")
			   ? SCORE_SURE
			   : SCORE_FAIR;
	return !lm_eval_is_results(h->p, h->n)     ? SCORE_NONE
	       : ingest_head_has(h, "\"samples\"") ? SCORE_FAIR
						   : SCORE_WEAK;
}

const struct importer importer_lm_eval = {
    .name = "lm_eval",
    .about = "lm-evaluation-harness --log_samples: a file, a folder of models and runs, a dump",
    .many = true,
    .score = score_lm_eval,
    .read = read_lm_eval,
};
