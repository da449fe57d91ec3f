/* verifiers (Prime Intellect): outputs/evals/ENV--MODEL/RUN/results.jsonl, a rollout a line,
 *     {"example_id", "prompt": text or messages, "reward", "metrics": {}, "error", "token_usage":
 *      {"input_tokens", "output_tokens"}, "timing": {"total_ms"}}
 * with metadata.json beside it: {"env_id", "model", "avg_reward", "date", "sampling_args"}. A reward
 * is a label where it is from 0 to 1; --metric takes another figure. A rollout that ended in an error
 * has no label. Several of one example are repeats.
 *
 * Source: PrimeIntellect-ai/verifiers, verifiers/utils/save_utils.py. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/record.h"

#include <stdio.h>
#include <string.h>

/* One file. */
struct rollouts {
	struct ingest *in;
	const char *path;
	const char *metric, *benchmark;
	bool metric_found;
	uint32_t run;
	size_t n, failed, alike;
	struct hashtable *examples; /* of texts: example_id as a number of its own */
};

/* What was asked: the last message of the user; the prompt where it is no list. */
static const char *question(struct rollouts *g, const json_t *row)
{
	const json_t *prompt = json_object_get(row, "prompt"), *found = prompt, *message;
	size_t i;

	json_array_foreach(prompt, i, message)
	{
		const char *role = json_get_string(message, "role");

		if (role && !strcmp(role, "user"))
			found = json_object_get(message, "content");
	}
	return record_text(&g->in->arena, found);
}

/* The figure that is the label: a member of the row or of its metrics. */
static const json_t *figure(struct rollouts *g, const json_t *row)
{
	const json_t *v = json_object_get(row, g->metric);

	return v ? v : json_object_get(json_object_get(row, "metrics"), g->metric);
}

/* Texts that two examples share would become one question. */
static void look_alike(struct rollouts *g, const json_t *row, const char *text)
{
	const char *id = record_text(&g->in->arena, json_object_get(row, "example_id"));
	uint64_t mine, before;

	if (!id)
		return;
	mine = hashtable_get(g->examples, id, strlen(id));
	if (mine != HASHTABLE_NONE)
		return;
	mine = hashtable_count(g->examples);
	hashtable_put(g->examples, id, strlen(id), mine);
	text = arena_printf(&g->in->arena, "\n%s", text); /* no id begins so */
	before = hashtable_put(g->examples, text, strlen(text), mine);
	g->alike += before != HASHTABLE_NONE;
}

static bool take_rollout(
    void *arg, json_t *v, const char *place, const char *line, size_t n, struct err *e)
{
	struct rollouts *g = arg;
	const json_t *tokens = json_object_get(v, "token_usage"), *label = figure(g, v);
	const json_t *error = json_object_get(v, "error");
	struct record r = RECORD_INIT;

	(void)line;
	(void)n;
	if (!json_object_get(v, "example_id"))
		return ingest_bad(g->in, e, place, "no example_id: is it of verifiers?");
	r.run = &g->run;
	r.category = g->benchmark;
	r.text = question(g, v);
	r.usage.tokens_in = record_amount(tokens, "input_tokens");
	r.usage.tokens_out = record_amount(tokens, "output_tokens");
	r.usage.seconds = record_amount(json_object_get(v, "timing"), "total_ms") / 1000;
	g->metric_found = g->metric_found || label;
	if (error && !json_is_null(error))
		g->failed++;
	else if (label && !ingest_json_label(label, &r.score))
		return ingest_bad(g->in, e, place,
		    "%s is no share of 1: name another figure of its metrics with --metric",
		    g->metric);
	g->n++;
	if (r.text)
		look_alike(g, v, r.text);
	return record_take(g->in, &r, place, e);
}

/* Model, benchmark and claims by metadata.json, else by the folder ENV--MODEL. */
static bool open_run(struct rollouts *g, json_t **metadata, struct err *e)
{
	struct arena *a = &g->in->arena;
	char *dir = file_dir(g->path), *at = file_join(dir, "metadata.json");
	const char *folder = record_folder(a, dir), *parted = strstr(folder, "--");
	const char *model, *when;
	double temperature;
	bool there, ok;

	*metadata = ingest_beside(at, e, &there);
	mem_free(at);
	mem_free(dir);
	if (there && !*metadata)
		return false;
	model = json_get_string(*metadata, "model");
	when = json_get_string(*metadata, "date");
	g->benchmark = json_get_string(*metadata, "env_id");
	if (parted && !model)
		model = parted + 2;
	if (parted && !g->benchmark)
		g->benchmark = arena_strndup(a, folder, (size_t)(parted - folder));
	if (g->in->o->benchmark)
		g->benchmark = g->in->o->benchmark;
	if (!model && !g->in->o->model)
		return err_set(e, ERR_DATA,
		    "%s: neither metadata.json beside it nor a folder ENV--MODEL says of which "
		    "model; name it with --model",
		    g->path);
	ok = ingest_run(g->in, model, g->path, when, &g->run, e);
	if (ok && json_get_number(
		      json_object_get(*metadata, "sampling_args"), "temperature", &temperature))
		ingest_setting(
		    g->in, g->run, NULL, "temperature", arena_printf(a, "%g", temperature));
	return ok;
}

static bool read_file(struct rollouts *g, size_t i, struct err *e)
{
	struct ingest_values r = {
	    .value = take_rollout, .arg = g, .skip = "completion trajectory tool_defs info answer"};
	json_t *metadata = NULL;
	double mean;
	bool ok = open_run(g, &metadata, e) && ingest_each_value(g->in, i, &r, e);

	if (ok && !g->metric_found)
		ok = err_set(e, ERR_USAGE, "%s: no figure %s in it", g->path, g->metric);
	if (ok && !strcmp(g->metric, "reward") && g->benchmark && !g->failed &&
	    json_get_number(metadata, "avg_reward", &mean))
		ingest_aggregate(
		    g->in, g->run, g->benchmark, "reward", 0, mean, "metadata.json beside it");
	if (ok && g->failed)
		ingest_remark(g->in, REMARK_LEFT_OUT,
		    "%s: %zu of %zu rollouts ended in an error: no label", g->path, g->failed,
		    g->n);
	if (ok && g->alike)
		ingest_remark(g->in, REMARK_NAMES, "%s: %zu examples have the question of another",
		    g->path, g->alike);
	json_decref(metadata);
	return ok;
}

static bool read_verifiers(struct ingest *in, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct rollouts g = {
		    .in = in,
		    .path = in->files[i],
		    .metric = in->o->metric ? in->o->metric : "reward",
		    .examples = hashtable_new(),
		};

		ok = read_file(&g, i, e);
		hashtable_free(g.examples);
	}
	return ok;
}

static int score_verifiers(const struct ingest_head *h)
{
	if (!ingest_head_has(h, "\"example_id\""))
		return SCORE_NONE;
	if (ingest_head_has(h, "\"reward\""))
		return SCORE_SURE;
	/* The reward stands behind a completion that may be long. */
	return ingest_head_has(h, "\"prompt\"") && ingest_head_has(h, "\"completion\"")
		   ? SCORE_FAIR
		   : SCORE_NONE;
}

const struct importer importer_verifiers = {
    .name = "verifiers",
    .about = "results.jsonl of verifiers (Prime Intellect)",
    .many = true,
    .score = score_verifiers,
    .read = read_verifiers,
};
