/* LLMRouterBench: results/bench/DATASET/SPLIT/MODEL/DATASET-SPLIT-MODEL-YYYYMMDD_HHMMSS.json (older:
 * result.json), one JSON object a run with its sums and
 *     "records": [{"index", "origin_query", "prompt", "score", "prompt_tokens", ...}]
 * A score is null where no answer came or nobody judged it, and `performance` is the mean of the
 * others. Of several runs of one model on one split the newest counts, by the date in the name;
 * `demo` runs are trials of the tool.
 *
 * Source: ynulihao/LLMRouterBench, data_collector/storage.py, data_collector/runner.py and
 * baselines/data_loader.py. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "ingest/record.h"

#include <stdio.h>
#include <string.h>

#define DATE_LENGTH 15 /* YYYYMMDD_HHMMSS */

/* One file. */
struct run {
	struct ingest *in;
	const char *path;
	const json_t *root, *records;
	const char *model, *dataset, *category;
	bool prompts; /* the question is the prompt: origin_query does not tell records apart */
	bool costs;   /* some record cost something */
};

/* The date at the end of the name, or "". */
static const char *run_date(struct ingest *in, const char *path)
{
	char *stem = record_stem(&in->arena, path);
	size_t n = strlen(stem);

	if (n < DATE_LENGTH)
		return "";
	stem += n - DATE_LENGTH;
	return stem[8] == '_' && strspn(stem, "0123456789") == 8 &&
		       strspn(stem + 9, "0123456789") == 6
		   ? stem
		   : "";
}

/* What runs of one model on one split have in common: their folder, where it is the model's own
 * (result.json lies there too), else the path up to the date. */
static const char *run_group(struct ingest *in, const char *path)
{
	char *group = arena_strdup(&in->arena, path), *name = group + (file_base(path) - path);
	const char *date = run_date(in, path), *model = record_folder(&in->arena, path);
	char *at = *date ? strstr(name, date) : NULL;

	if (at)
		*at = '\0';
	if (!at || (*model && strstr(name, model)))
		*name = '\0';
	return group;
}

static const char *question(const struct run *r, const json_t *record)
{
	struct arena *a = &r->in->arena;
	const char *query = record_text(a, json_object_get(record, "origin_query"));
	const char *prompt = record_text(a, json_object_get(record, "prompt"));

	return query && !(r->prompts && prompt) ? query : prompt;
}

/* Where two records have one origin_query and two prompts, the prompt is the question. */
static void look(struct run *r)
{
	struct arena *a = &r->in->arena;
	struct hashtable *seen = hashtable_new();
	struct hashtable *prompts = hashtable_new();
	json_t *record;
	size_t i;

	json_array_foreach(r->records, i, record)
	{
		const char *query = record_text(a, json_object_get(record, "origin_query"));
		const char *prompt = record_text(a, json_object_get(record, "prompt"));
		uint64_t id, before;

		r->costs = r->costs || record_amount(record, "cost") > 0;
		if (!query || !prompt)
			continue;
		id = hashtable_get(prompts, prompt, strlen(prompt));
		if (id == HASHTABLE_NONE) {
			id = hashtable_count(prompts);
			hashtable_put(prompts, prompt, strlen(prompt), id);
		}
		before = hashtable_put(seen, query, strlen(query), id);
		r->prompts = r->prompts || (before != HASHTABLE_NONE && before != id);
	}
	hashtable_free(seen);
	hashtable_free(prompts);
	if (r->prompts)
		ingest_remark(r->in, REMARK_CHOICE,
		    "%s: the question is the prompt: origin_query alone does not tell them apart",
		    r->dataset);
}

static bool take_record(const struct run *run, const json_t *record, size_t i, struct err *e)
{
	struct record r = RECORD_INIT;
	char place[1024];
	bool taken;

	snprintf(place, sizeof(place), "%s: records[%zu]", run->path, i);
	if (!json_is_object(record))
		return ingest_bad(run->in, e, place, "no JSON object");
	if (!record_label(run->in, record, "score", place, &r.score, &taken, e))
		return false;
	if (!taken)
		return true;
	r.model = run->model;
	r.benchmark = run->dataset;
	r.category = run->category;
	r.text = question(run, record);
	r.usage.tokens_in = record_amount(record, "prompt_tokens");
	r.usage.tokens_out = record_amount(record, "completion_tokens");
	if (run->costs)
		r.usage.cost = record_amount(record, "cost");
	if (r.usage.tokens_in == 0) /* no answer came */
		r.usage = (struct response_usage)RESPONSE_USAGE_NONE;
	return record_take(run->in, &r, place, e);
}

static bool take_run(struct run *r, struct err *e)
{
	struct ingest *in = r->in;
	const char *split = json_get_string(r->root, "split");
	double mean, n;
	json_t *record;
	uint32_t model;
	size_t i;

	r->records = json_object_get(r->root, "records");
	r->model = json_get_string(r->root, "model_name");
	r->dataset = json_get_string(r->root, "dataset_name");
	if (!json_is_array(r->records))
		return err_set(e, ERR_DATA, "%s: no list of records in it", r->path);
	if (!r->model)
		r->model = record_folder(&in->arena, r->path);
	if (!r->dataset && !in->o->benchmark)
		return err_set(
		    e, ERR_DATA, "%s: no dataset_name; name it with --benchmark", r->path);
	if (!record_model(in, r->model, r->path, &model, e))
		return false;
	r->category = !r->dataset ? in->o->benchmark
		      : split     ? arena_printf(&in->arena, "%s/%s", r->dataset, split)
				  : r->dataset;
	look(r);
	json_array_foreach(r->records, i, record)
	{
		if (!take_record(r, record, i, e))
			return false;
	}
	n = record_amount(r->root, "counts");
	if (!json_get_number(r->root, "performance", &mean))
		mean = NAN;
	ingest_aggregate(in, model, r->category, "performance", isnan(n) ? 0 : n, mean, r->path);
	return true;
}

/* files[i], unless it is a trial while others may be had: *taken says. */
static bool read_run(struct ingest *in, size_t i, bool *taken, struct err *e)
{
	struct run r = {.in = in, .path = in->files[i]};
	json_t *root = ingest_document(in, i, e);
	bool demo, ok = true;

	if (!root)
		return false;
	demo = json_is_true(json_object_get(root, "demo"));
	*taken = !demo || !in->is_dir;
	if (demo)
		ingest_remark(in, *taken ? REMARK_CHOICE : REMARK_LEFT_OUT,
		    "%s: a demo run, of the first records alone", file_base(r.path));
	r.root = root;
	if (*taken)
		ok = take_run(&r, e);
	json_decref(root);
	return ok;
}

/* Of files[from..to), which are runs of one group, the newest that is no trial. */
static bool read_group(struct ingest *in, size_t from, size_t to, struct err *e)
{
	bool taken = false;
	size_t older = 0;

	/* Sorted by path, so by date, and result.json after all: it is tried last. */
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = to; i-- > from;) {
			if ((*run_date(in, in->files[i]) != '\0') == (pass == 1))
				continue;
			if (taken)
				older++;
			else if (!read_run(in, i, &taken, e))
				return false;
		}
	}
	if (older)
		ingest_remark(in, REMARK_LEFT_OUT,
		    "%s: %zu older run%s of the same model and split", file_base(in->files[from]),
		    older, older == 1 ? "" : "s");
	return true;
}

static bool read_llm_router_bench(struct ingest *in, struct err *e)
{
	size_t from = 0;

	while (from < in->n_files) {
		const char *group = run_group(in, in->files[from]);
		size_t to = from + 1;

		while (to < in->n_files && !strcmp(group, run_group(in, in->files[to])))
			to++;
		if (!read_group(in, from, to, e))
			return false;
		from = to;
	}
	return true;
}

static int score_llm_router_bench(const struct ingest_head *h)
{
	if (h->is_dir || !ingest_head_has(h, "\"records\"") ||
	    !ingest_head_has(h, "\"performance\""))
		return SCORE_NONE;
	return ingest_head_has(h, "\"origin_query\"") || ingest_head_has(h, "\"dataset_name\"")
		   ? SCORE_SURE
		   : SCORE_FAIR;
}

const struct importer importer_llm_router_bench = {
    .name = "llmrouterbench",
    .about = "results of LLMRouterBench, a file or the folder results/bench",
    .many = true,
    .score = score_llm_router_bench,
    .read = read_llm_router_bench,
};
