/* What a run of lm-evaluation-harness was made with, as its results file says, and what that file claims
 * of its samples. */
#include "ingest/lm_eval_run.h"

#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "ingest/importer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* 8 digits that stand for a text. */
static const char *short_hash(struct arena *a, const char *text)
{
	unsigned char hash[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1];

	hash_of(text, strlen(text), hash);
	hash_hex(hash, hex);
	return arena_strndup(a, hex, 8);
}

/* A figure, flag or word as a setting; NULL where it says nothing. */
static const char *setting_text(struct arena *a, const json_t *v)
{
	if (json_is_string(v))
		return arena_strdup(a, json_string_value(v));
	if (json_is_integer(v))
		return arena_printf(a, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return arena_printf(a, "%g", json_real_value(v));
	return json_is_true(v) ? "true" : NULL;
}

static bool is_true(const char *value)
{
	return !strcasecmp(value, "true") || !strcmp(value, "1");
}

/* Settings of the model's arguments. "" and what follows are what it is without one. */
static void stage_arguments(
    struct ingest *in, uint32_t slot, const char *model, const json_t *config)
{
	static const struct {
		const char *argument, *key, *none;
	} known[] = {
	    {"pretrained", "base", ""}, /* of an adapter that is called as the model */
	    {"revision", "revision", "main"},
	    {"subfolder", "subfolder", ""},
	    {"gguf_file", "file", ""},
	    {"peft", "adapter", ""},
	    {"delta", "adapter", ""},
	    {"lora_local_path", "adapter", ""},
	    {"quantization", "quantisation", ""},
	    {"autogptq", "quantisation", "False"},
	    {"gptqmodel", "quantisation", "False"},
	    {"quantization_config", "quantisation", ""},
	    {"steer_path", "steering", ""},
	    {"rope_scaling", "rope", ""},
	    {"prefix_token_id", "prefix", ""},
	    {"dtype", "dtype", "auto"},
	    {"max_length", "max_length", ""},
	    {"max_model_len", "max_length", ""},
	    {"max_gen_toks", "max_gen_toks", ""},
	    {"add_bos_token", "add_bos_token", "False"},
	    {"enable_thinking", "thinking", ""},
	    {"tokenizer", "tokenizer", ""},
	};
	const json_t *args = json_object_get(config, "model_args");
	const char *revision = json_get_string(config, "model_revision"), *value;

	if (revision && *revision && strcmp(revision, "main"))
		ingest_setting(in, slot, NULL, "revision", revision);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		value = lm_eval_argument(&in->arena, args, known[i].argument);
		if (!value || !strcasecmp(value, known[i].none) || !strcmp(value, model) ||
		    !strcasecmp(value, "none"))
			continue;
		if (*value == '{')
			value = short_hash(&in->arena, value);
		else if (!strcmp(known[i].key, "quantisation") && is_true(value))
			value = known[i].argument;
		ingest_setting(in, slot, NULL, known[i].key, value);
	}
	for (int bits = 4; bits <= 8; bits += 4) {
		value =
		    lm_eval_argument(&in->arena, args, bits == 4 ? "load_in_4bit" : "load_in_8bit");
		if (value && is_true(value))
			ingest_setting(in, slot, NULL, "quantisation", bits == 4 ? "4bit" : "8bit");
	}
}

static void stage_run(struct ingest *in, const struct lm_eval_source *s)
{
	const json_t *results = s->run->results, *config = json_object_get(results, "config");
	const char *template = json_get_string(results, "chat_template_sha"),
		   *system = json_get_string(results, "system_instruction_sha");

	if (!template && json_get_string(results, "chat_template"))
		template = short_hash(&in->arena, json_get_string(results, "chat_template"));
	if (!system && json_get_string(results, "system_instruction"))
		system = short_hash(&in->arena, json_get_string(results, "system_instruction"));
	stage_arguments(in, s->slot, s->model, config);
	ingest_setting(
	    in, s->slot, NULL, "limit", setting_text(&in->arena, json_object_get(config, "limit")));
	ingest_setting(in, s->slot, NULL, "seed",
	    setting_text(&in->arena, json_object_get(config, "fewshot_seed")));
	ingest_setting(in, s->slot, NULL, "template",
	    template && *template ? arena_strndup(&in->arena, template, 8) : NULL);
	ingest_setting(in, s->slot, NULL, "system",
	    system && *system ? arena_strndup(&in->arena, system, 8) : NULL);
	if (json_is_true(json_object_get(results, "fewshot_as_multiturn")))
		ingest_setting(in, s->slot, NULL, "multiturn", "true");
}

static void stage_task(struct ingest *in, const struct lm_eval_source *s)
{
	const json_t *results = s->run->results, *v;
	const json_t *config = json_object_get(json_object_get(results, "configs"), s->task);
	const json_t *shots = json_object_get(json_object_get(results, "n-shot"), s->task);
	const json_t *decoding = json_object_get(config, "generation_kwargs");
	const json_t *version = json_object_get(json_object_get(results, "versions"), s->task);
	const char *key;

	if (!shots)
		shots = json_object_get(config, "num_fewshot");
	if (!shots)
		shots = json_object_get(json_object_get(results, "config"), "num_fewshot");
	ingest_setting(in, s->slot, s->task, "shots", setting_text(&in->arena, shots));
	ingest_setting(in, s->slot, s->task, "version", setting_text(&in->arena, version));
	if (!json_object_size(decoding))
		decoding = json_object_get(json_object_get(results, "config"), "gen_kwargs");
	if (json_is_string(decoding))
		ingest_setting(in, s->slot, s->task, "decoding", json_string_value(decoding));
	json_object_foreach((json_t *)decoding, key, v) if (strcmp(key, "until"))
	    ingest_setting(in, s->slot, s->task, key, setting_text(&in->arena, v));
}

/* The harness's date, "2026-03-01T09-00-00.1", or that of a results file without one. */
static const char *when(struct ingest *in, const struct lm_eval_source *s)
{
	double date;
	time_t t;
	struct tm tm;
	char text[32];

	if (*s->date)
		return s->date;
	if (!s->run || !json_get_number(s->run->results, "date", &date) ||
	    !(date > 0 && date < 1e12))
		return s->run && *s->run->date ? s->run->date : NULL;
	t = (time_t)date;
	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H-%M-%S", &tm))
		return NULL;
	return arena_strdup(&in->arena, text);
}

bool lm_eval_source_stage(
    struct ingest *in, struct lm_eval_source *s, const char *prompts, struct err *e)
{
	const char *at = s->run ? s->run->path : s->dir;
	const char *id = arena_printf(&in->arena, "%s %s", at, s->date);

	if (!ingest_run(in, s->model, id, when(in, s), &s->slot, e))
		return false;
	if (s->run) {
		stage_run(in, s);
		stage_task(in, s);
	} else if (prompts) {
		ingest_setting(
		    in, s->slot, s->task, "prompts", arena_strndup(&in->arena, prompts, 8));
	}
	return true;
}

/* Is the metric's figure of a task the mean of the documents'? */
static bool is_mean(const struct lm_eval_run *r, const char *task, const char *metric)
{
	const json_t *config = json_object_get(json_object_get(r->results, "configs"), task);
	const json_t *list = json_object_get(config, "metric_list"), *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		const char *name = json_get_string(v, "metric");
		const char *aggregation = json_get_string(v, "aggregation");

		if (name && !strcmp(name, metric) && aggregation)
			return !strcmp(aggregation, "mean") || !strcmp(aggregation, "nanmean");
	}
	return true;
}

void lm_eval_source_claim(
    struct ingest *in, const struct lm_eval_source *s, const char *metric, const char *filter)
{
	const json_t *results, *samples;
	double n = 0, mean;
	char key[300];

	if (!s->run || !is_mean(s->run, s->task, metric))
		return;
	results = json_object_get(json_object_get(s->run->results, "results"), s->task);
	samples = json_object_get(json_object_get(s->run->results, "n-samples"), s->task);
	snprintf(key, sizeof(key), "%.200s,%.80s", metric, filter ? filter : "none");
	if (!json_get_number(results, key, &mean) && !json_get_number(results, metric, &mean))
		return;
	if (!json_get_number(samples, "effective", &n))
		n = 0;
	ingest_aggregate(in, s->slot, s->task, metric, n, mean, s->run->path);
}
