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
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/record.h"
#include "ingest/walk.h"

#include <string.h>

#define DATE_LENGTH 15 /* YYYYMMDD_HHMMSS */

/* A record, until the file is read and what its question is known. */
struct answer {
	const char *query, *prompt, *place;
	double score;
	struct response_usage usage;
};

/* One file. */
struct run {
	struct ingest *in;
	const char *path;
	struct arena arena; /* of what is below */
	const char *model, *dataset, *split;
	double performance, counts;
	bool demo, has_records;
	struct answer *v;
	size_t n, cap;
	bool costs; /* some record cost something */
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

static bool take_record(struct run *r, const json_t *v, const char *place, struct err *e)
{
	struct answer a = {.place = arena_strdup(&r->arena, place)};
	const char *query = record_text(&r->arena, json_object_get(v, "origin_query"));
	const char *prompt = record_text(&r->arena, json_object_get(v, "prompt"));
	bool taken;

	r->has_records = true;
	if (!json_is_object(v))
		return ingest_bad(r->in, e, place, "no JSON object");
	if (!record_label(r->in, v, "score", place, &a.score, &taken, e))
		return false;
	if (!taken)
		return true;
	a.query = query ? arena_strdup(&r->arena, query) : NULL;
	a.prompt = prompt ? arena_strdup(&r->arena, prompt) : NULL;
	a.usage = (struct response_usage)RESPONSE_USAGE_NONE;
	a.usage.tokens_in = record_amount(v, "prompt_tokens");
	a.usage.tokens_out = record_amount(v, "completion_tokens");
	a.usage.cost = record_amount(v, "cost");
	if (a.usage.tokens_in == 0) /* no answer came */
		a.usage = (struct response_usage)RESPONSE_USAGE_NONE;
	r->costs = r->costs || a.usage.cost > 0;
	r->v = mem_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	r->v[r->n++] = a;
	return true;
}

/* By the index of a path. */
enum member { RECORD, MODEL, DATASET, SPLIT, DEMO, COUNTS, PERFORMANCE };
static const char *const members[] = {
    "records.*", "model_name", "dataset_name", "split", "demo", "counts", "performance"};

static bool take_member(void *arg, const struct walk_value *w, struct err *e)
{
	struct run *r = arg;
	const char *text = json_string_value(w->v);
	double x = json_is_number(w->v) ? json_number_value(w->v) : NAN;

	text = text ? arena_strdup(&r->arena, text) : NULL;
	switch ((enum member)w->which) {
	case RECORD:
		return take_record(r, w->v, w->place, e);
	case MODEL:
		r->model = text;
		break;
	case DATASET:
		r->dataset = text;
		break;
	case SPLIT:
		r->split = text;
		break;
	case DEMO:
		r->demo = json_is_true(w->v);
		break;
	case COUNTS:
		r->counts = x;
		break;
	case PERFORMANCE:
		r->performance = x;
		break;
	default:
		break;
	}
	return true;
}

/* Where two records have one origin_query and two prompts, the prompt is the question. */
static bool need_prompts(const struct run *r)
{
	struct hashtable *queries = hashtable_new(), *prompts = hashtable_new();
	bool need = false;

	for (size_t i = 0; i < r->n && !need; i++) {
		const struct answer *a = &r->v[i];
		uint64_t id, before;

		if (!a->query || !a->prompt)
			continue;
		id = hashtable_get(prompts, a->prompt, strlen(a->prompt));
		if (id == HASHTABLE_NONE) {
			id = hashtable_count(prompts);
			hashtable_put(prompts, a->prompt, strlen(a->prompt), id);
		}
		before = hashtable_put(queries, a->query, strlen(a->query), id);
		need = before != HASHTABLE_NONE && before != id;
	}
	hashtable_free(queries);
	hashtable_free(prompts);
	return need;
}

static bool stage(struct run *r, const char *category, struct err *e)
{
	bool prompts = need_prompts(r);

	if (prompts)
		ingest_remark(r->in, REMARK_CHOICE,
		    "%s: the question is the prompt: origin_query alone does not tell them apart",
		    category);
	for (size_t i = 0; i < r->n; i++) {
		const struct answer *a = &r->v[i];
		struct record t = {
		    .model = r->model,
		    .benchmark = r->dataset,
		    .category = category,
		    .text = a->query && !(prompts && a->prompt) ? a->query : a->prompt,
		    .score = a->score,
		    .usage = a->usage,
		};

		if (!r->costs) /* a model that nobody paid for */
			t.usage.cost = NAN;
		if (!record_take(r->in, &t, a->place, e))
			return false;
	}
	return true;
}

static bool take_run(struct run *r, struct err *e)
{
	struct ingest *in = r->in;
	const char *category;
	uint32_t model;

	if (!r->has_records)
		return err_set(e, ERR_DATA, "%s: no list of records in it", r->path);
	if (!r->model)
		r->model = record_folder(&in->arena, r->path);
	if (!r->dataset && !in->o->benchmark)
		return err_set(
		    e, ERR_DATA, "%s: no dataset_name; name it with --benchmark", r->path);
	if (!record_model(in, r->model, r->path, &model, e))
		return false;
	category = !r->dataset ? in->o->benchmark
		   : r->split  ? arena_printf(&in->arena, "%s/%s", r->dataset, r->split)
			       : arena_strdup(&in->arena, r->dataset);
	if (!stage(r, category, e))
		return false;
	ingest_aggregate(in, model, category, "performance", isnan(r->counts) ? 0 : r->counts,
	    r->performance, r->path);
	return true;
}

/* files[i], unless it is a trial while others may be had: *taken says. */
static bool read_run(struct ingest *in, size_t i, bool *taken, struct err *e)
{
	struct run r = {.in = in, .path = in->files[i], .performance = NAN, .counts = NAN};
	struct walk_plan plan = {
	    .paths = members,
	    .n = sizeof(members) / sizeof(members[0]),
	    .skip = "prediction ground_truth raw_output extra_fields",
	    .take = take_member,
	    .arg = &r,
	};
	struct stream *s = ingest_open(in, i, e);
	bool ok = s && walk_document(in, s, &plan, e);

	stream_close(s);
	if (ok) {
		*taken = !r.demo || !in->is_dir;
		if (r.demo)
			ingest_remark(in, *taken ? REMARK_CHOICE : REMARK_LEFT_OUT,
			    "%s: a demo run, of the first records alone", file_base(r.path));
		ok = !*taken || take_run(&r, e);
	}
	mem_free(r.v);
	arena_clear(&r.arena);
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

	if (!record_one_figure(in, "score", e))
		return false;
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
	if (!ingest_head_has(h, "\"records\"") || !ingest_head_has(h, "\"performance\""))
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
