/* What a run of lm-evaluation-harness was made with, as its results file says, and what that file claims
 * of its samples. */
#include "ingest/lm_eval_run.h"

#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/figure_name.h"
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

/* Arguments that say what the model is, or what it was asked with; "" and what follows are what it is
 * without one. */
static const struct {
	const char *argument, *key, *none;
} arguments[] = {
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

/* Arguments that change how fast answers come and from where, and none of them; or that name the model
 * (lm_eval_run.c). Any other may change them. */
static bool is_harmless(const char *argument)
{
	static const char *const globs[] = {"model", "path", "engine", "deployment", "batch_size",
	    "max_batch_size", "device", "device_map*", "devices", "parallelize", "*parallel_size",
	    "*_parallel", "num_gpus", "gpus", "max_memory*", "max_cpu_memory", "offload*",
	    "gpu_memory_utilization", "mem_fraction*", "swap_space", "cpu_offload_gb",
	    "trust_remote_code", "use_fast_tokenizer", "low_cpu_mem_usage", "attn_implementation",
	    "use_flash_attention*", "enforce_eager", "max_num_seqs", "max_num_batched_tokens",
	    "enable_prefix_caching", "enable_chunked_prefill", "disable_log*", "log_level",
	    "logits_cache", "use_cache", "cache_dir", "download_dir", "num_concurrent",
	    "max_retries", "timeout", "base_url", "api_base", "url", "verify_certificate",
	    "tokenizer_backend", "tokenized_requests", "distributed_executor_backend", "worker*",
	    "load_in_4bit", "load_in_8bit", "token", "*_token_file", "*api_key*", "*secret*",
	    "*password*", "*auth*", "hf_token", "use_auth_token", "ds_*", "with_parent_process"};

	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++)
		if (utf8_glob(globs[i], argument))
			return true;
	return false;
}

static bool is_known(const char *argument)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
		if (!strcmp(arguments[i].argument, argument))
			return true;
	return false;
}

static const char *brief(struct arena *a, const char *value)
{
	return *value == '{' || *value == '[' || strlen(value) > 40 ? short_hash(a, value) : value;
}

/* An argument that nothing is known of: runs that differ in it are under other settings. */
static void stage_unknown(
    struct ingest *in, uint32_t slot, const char *argument, const json_t *args)
{
	const char *value;

	if (!*argument || is_known(argument) || is_harmless(argument))
		return;
	value = lm_eval_argument(&in->arena, args, argument);
	if (value && *value && strcasecmp(value, "none") && strcasecmp(value, "null"))
		ingest_setting(in, slot, NULL, argument, brief(&in->arena, value));
}

static void stage_unknowns(struct ingest *in, uint32_t slot, const json_t *args)
{
	const char *at = json_string_value(args), *key;
	const json_t *v;

	json_object_foreach((json_t *)args, key, v) stage_unknown(in, slot, key, args);
	while (at && *at) {
		size_t n;

		at += strspn(at, " ");
		n = strcspn(at, ",=");
		if (at[n] == '=')
			stage_unknown(in, slot, arena_strndup(&in->arena, at, n), args);
		at += strcspn(at, ",");
		at += strspn(at, ",");
	}
}

/* Another path to the tokenizer is no other tokenizer. */
static bool is_path(const char *value)
{
	return *value == '/' || *value == '.' || *value == '~';
}

static void stage_arguments(
    struct ingest *in, uint32_t slot, const char *model, const json_t *config)
{
	const json_t *args = json_object_get(config, "model_args");
	const char *revision = json_get_string(config, "model_revision"), *value;

	if (revision && *revision && strcmp(revision, "main"))
		ingest_setting(in, slot, NULL, "revision", revision);
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		const char *key = arguments[i].key;

		value = lm_eval_argument(&in->arena, args, arguments[i].argument);
		if (!value || !strcasecmp(value, arguments[i].none) || !strcmp(value, model) ||
		    !strcasecmp(value, "none") || (!strcmp(key, "tokenizer") && is_path(value)))
			continue;
		if (*value == '{')
			value = short_hash(&in->arena, value);
		else if (!strcmp(key, "quantisation") && is_true(value))
			value = arguments[i].argument;
		ingest_setting(in, slot, NULL, key, value);
	}
	for (int bits = 4; bits <= 8; bits += 4) {
		value =
		    lm_eval_argument(&in->arena, args, bits == 4 ? "load_in_4bit" : "load_in_8bit");
		if (value && is_true(value))
			ingest_setting(in, slot, NULL, "quantisation", bits == 4 ? "4bit" : "8bit");
	}
	stage_unknowns(in, slot, args);
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

bool lm_eval_source_is_wrong(const struct lm_eval_source *s, const char *figure)
{
	const json_t *results = s->run ? s->run->results : NULL, *config, *list, *v;
	size_t i;

	v = json_object_get(
	    json_object_get(json_object_get(results, "higher_is_better"), s->task), figure);
	if (v)
		return json_is_false(v);
	config = json_object_get(json_object_get(results, "configs"), s->task);
	list = json_object_get(config, "metric_list");
	json_array_foreach(list, i, v)
	{
		const char *name = json_get_string(v, "metric");

		if (name && !strcmp(name, figure))
			return json_is_false(json_object_get(v, "higher_is_better"));
	}
	return figure_is_of_wrong_in(s->task, figure);
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
