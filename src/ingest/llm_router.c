/* LLMRouter (ulab): routing data as JSON lines, one a question and model:
 *     {"task_name", "query", "choices", "model_name", "performance", "input_tokens",
 *      "output_tokens", "response_time", "api_key_used", ...}
 * `choices` is null or JSON in a string, {"text": [...], "labels": [...]}. What api_key_used holds is
 * not even parsed. Prices by model, in dollars per million tokens, are in default_llm.json, beside the
 * data or in llm_candidates/ beside its folder; an answer's cost follows from them.
 *
 * Source: ulab-uiuc/LLMRouter, llmrouter/data/README.md. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/record.h"

#include <string.h>

struct routing {
	struct ingest *in;
	json_t *prices; /* by model, or NULL */
	struct buf text;
};

/* The query, with the options as "A. ..." a line where it has any. */
static const char *question(struct routing *d, const json_t *row)
{
	const char *query = json_get_string(row, "query");
	const char *given = json_get_string(row, "choices");
	json_t *choices = given ? json_read(given, strlen(given), "", NULL)
				: json_incref(json_object_get(row, "choices"));
	const json_t *texts = json_object_get(choices, "text");
	const json_t *labels = json_object_get(choices, "labels");

	buf_reset(&d->text);
	if (query)
		buf_adds(&d->text, query);
	for (size_t i = 0; query && i < json_array_size(texts); i++) {
		const char *text = json_string_value(json_array_get(texts, i));
		const char *label = json_string_value(json_array_get(labels, i));

		if (text && label)
			buf_printf(&d->text, "\n%s. %s", label, text);
		else if (text)
			buf_printf(&d->text, "\n%c. %s", (char)('A' + i % 26), text);
	}
	json_decref(choices);
	return query ? buf_str(&d->text) : NULL;
}

/* Dollars, by the model's prices; NaN where they are not known. */
static double cost(const struct routing *d, const struct record *r)
{
	const json_t *price = json_object_get(d->prices, r->model ? r->model : "");

	return (r->usage.tokens_in * record_amount(price, "input_price") +
		   r->usage.tokens_out * record_amount(price, "output_price")) /
	       1e6;
}

static bool take_row(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct routing *d = arg;
	struct record r = RECORD_INIT;
	bool taken;

	(void)text;
	(void)n;
	if (!json_object_get(v, "performance") && !json_object_get(v, "model_name"))
		return err_set(e, ERR_DATA,
		    "%s: neither model_name nor performance: these are questions alone, the labels "
		    "are in the routing data (default_routing_*.jsonl)",
		    place);
	if (!record_label(d->in, v, "performance", place, &r.score, &taken, e))
		return false;
	if (!taken)
		return true;
	r.model = json_get_string(v, "model_name");
	r.category = json_get_string(v, "task_name");
	r.text = question(d, v);
	r.usage.tokens_in = record_amount(v, "input_tokens");
	r.usage.tokens_out = record_amount(v, "output_tokens");
	r.usage.seconds = record_amount(v, "response_time");
	r.usage.cost = cost(d, &r);
	return record_take(d->in, &r, place, e);
}

/* The prices that belong to a file of routing data. False, with e set, where they cannot be read. */
static bool find_prices(struct routing *d, const char *path, struct err *e)
{
	static const char *const places[] = {
	    "default_llm.json", "../llm_candidates/default_llm.json"};
	char *dir = file_dir(path);
	bool there = false, ok = true;

	for (size_t i = 0; ok && !there && i < sizeof(places) / sizeof(places[0]); i++) {
		char *at = file_join(dir, places[i]);

		d->prices = ingest_beside(at, e, &there);
		ok = d->prices || !there;
		mem_free(at);
	}
	mem_free(dir);
	if (d->prices)
		ingest_remark(d->in, REMARK_CHOICE, "costs by the prices in default_llm.json");
	return ok;
}

static bool read_llm_router(struct ingest *in, struct err *e)
{
	struct routing d = {.in = in, .text = BUF_INIT};
	struct ingest_values r = {
	    .value = take_row, .arg = &d, .skip = "response api_key_used ground_truth"};
	bool ok = true;

	if (!record_one_figure(in, "performance", e))
		return false;
	for (size_t i = 0; ok && i < in->n_files; i++) {
		ok = find_prices(&d, in->files[i], e) && ingest_each_value(in, i, &r, e);
		json_decref(d.prices);
		d.prices = NULL;
	}
	buf_clear(&d.text);
	return ok;
}

static int score_llm_router(const struct ingest_head *h)
{
	if (!ingest_head_has(h, "\"task_name\"") || !ingest_head_has(h, "\"query\""))
		return SCORE_NONE;
	if (ingest_head_has(h, "\"performance\"") && ingest_head_has(h, "\"model_name\""))
		return SCORE_SURE;
	/* Its questions alone: to say so. */
	return ingest_head_has(h, "\"ground_truth\"") && ingest_head_has(h, "\"metric\"")
		   ? SCORE_FAIR
		   : SCORE_NONE;
}

const struct importer importer_llm_router = {
    .name = "llmrouter",
    .about = "routing data of LLMRouter (ulab), JSON lines",
    .many = true,
    .score = score_llm_router,
    .read = read_llm_router,
};
