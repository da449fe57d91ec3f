/* RouterArena, two kinds of file:
 *   cached_results/MODEL.jsonl, an answer a line: {"global_index": "AIME_112", "question",
 *     "llm_selected", "success", "token_usage": {"input_tokens", "output_tokens"},
 *     "evaluation_result": null or {"score", "inference_cost", ...}}
 *   router_inference/predictions/ROUTER.json, an array of the answers of the models that a router
 *     chose: {"global index", "prompt", "prediction": MODEL, "generated_result": null or
 *     {"success", "token_usage"}, "cost", "accuracy"}
 * The dataset is the index up to its last `_`. An answer that failed or was not evaluated yet has no
 * label.
 *
 * Source: RouteWorks/RouterArena, README.md and files of both folders. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "ingest/record.h"

#include <string.h>

/* One file. */
struct answers {
	struct ingest *in;
	size_t n, unjudged;
};

/* The dataset of an index such as "AIME_112", in the arena. */
static const char *dataset_name(struct ingest *in, const char *index)
{
	const char *last = strrchr(index, '_');

	return last && last > index ? arena_strndup(&in->arena, index, (size_t)(last - index))
				    : index;
}

static void take_usage(const json_t *answer, struct response_usage *u)
{
	const json_t *tokens = json_object_get(answer, "token_usage");

	u->tokens_in = record_amount(tokens, "input_tokens");
	u->tokens_out = record_amount(tokens, "output_tokens");
}

static bool take_answer(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct answers *a = arg;
	const char *index = json_get_string(v, "global_index");
	const json_t *answer = v, *judged = json_object_get(v, "evaluation_result");
	struct record r = RECORD_INIT;
	bool taken, chosen = json_object_get(v, "prediction") != NULL;

	(void)text;
	(void)n;
	index = index ? index : json_get_string(v, "global index");
	if (!index)
		return ingest_bad(a->in, e, place, "no global_index: is it of RouterArena?");
	r.category = dataset_name(a->in, index);
	r.key = index;
	if (chosen) {
		answer = json_object_get(v, "generated_result");
		judged = v;
		r.model = json_get_string(v, "prediction");
		r.text = json_get_string(v, "prompt");
		r.usage.cost = record_amount(v, "cost");
	} else {
		r.model = json_get_string(v, "llm_selected");
		r.text = json_get_string(v, "question");
		r.usage.cost = record_amount(judged, "inference_cost");
	}
	if (!record_label(a->in, judged, chosen ? "accuracy" : "score", place, &r.score, &taken, e))
		return false;
	if (!taken)
		return true;
	if (json_is_false(json_object_get(answer, "success")))
		r.score = NAN;
	take_usage(answer, &r.usage);
	a->n++;
	a->unjudged += isnan(r.score) ? 1 : 0;
	return record_take(a->in, &r, place, e);
}

static bool read_router_arena(struct ingest *in, struct err *e)
{
	struct answers a = {.in = in};
	struct ingest_values r = {
	    .value = take_answer, .arg = &a, .skip = "generated_answer raw_response"};

	if (!record_one_figure(in, "score", e))
		return false;
	for (size_t i = 0; i < in->n_files; i++) {
		const char *name = file_base(in->files[i]);

		/* The same indices with the questions reworded, for routers alone. */
		if (in->is_dir && ingest_ends(name, "-robustness.json")) {
			ingest_remark(in, REMARK_LEFT_OUT, "%s: reworded questions", name);
			continue;
		}
		a.n = a.unjudged = 0;
		if (!ingest_each_value(in, i, &r, e))
			return false;
		if (a.unjudged)
			ingest_remark(in, REMARK_LEFT_OUT,
			    "%s: %zu of %zu answers failed or are not evaluated yet: no label",
			    name, a.unjudged, a.n);
	}
	return true;
}

static int score_router_arena(const struct ingest_head *h)
{
	if (ingest_head_has(h, "\"global_index\"") && ingest_head_has(h, "\"llm_selected\""))
		return SCORE_SURE;
	return ingest_head_has(h, "\"global index\"") && ingest_head_has(h, "\"prediction\"")
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_router_arena = {
    .name = "routerarena",
    .about = "RouterArena's cached_results/*.jsonl and predictions/*.json",
    .many = true,
    .score = score_router_arena,
    .read = read_router_arena,
};
