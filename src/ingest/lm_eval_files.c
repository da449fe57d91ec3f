/* Where lm-evaluation-harness says whose answers a file holds, and to which task: not in the file
 * itself, but in its name, its folder's and the results file beside it. */
#include "ingest/lm_eval_files.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/importer.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && !strcmp(s + n - k, tail);
}

/* Without the compression's and the format's ending: NULL if it is no sample file. */
static char *stem(struct arena *a, const char *path)
{
	static const char *const endings[] = {".jsonl", ".jsonl.gz", ".jsonl.zst", ".jsonl.xz"};
	const char *base = file_base(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_with(base, endings[i]))
			return arena_strndup(a, base, strlen(base) - strlen(endings[i]));
	return NULL;
}

/* Does the file begin with what the harness writes on every line? */
static bool has_doc_id(const char *path)
{
	struct stream *s = stream_open(path, NULL);
	const char *p;
	size_t n;
	bool has = s && stream_peek(s, INGEST_HEAD_SIZE, &p, &n, NULL) &&
		   memmem(p, n, "\"doc_id\"", 8) != NULL;

	stream_close(s);
	return has;
}

bool lm_eval_files_is_sample(const char *path)
{
	struct arena a = ARENA_INIT;
	bool is = stem(&a, path) != NULL;

	arena_clear(&a);
	return is && (!strncmp(file_base(path), "samples_", 8) || has_doc_id(path));
}

/* The newest results file beside `path`, parsed; *results NULL where there is none. A broken one is
 * an error: the names in it would be missed. */
static bool read_results(const char *path, json_t **results, struct err *e)
{
	char *dir = file_dir(path), *newest = NULL, *file;
	struct buf text = BUF_INIT;
	struct dirent *entry;
	DIR *d = opendir(dir);
	bool ok = true;

	*results = NULL;
	while (d && (entry = readdir(d))) {
		if (strncmp(entry->d_name, "results", 7) || !ends_with(entry->d_name, ".json") ||
		    (newest && strcmp(entry->d_name, newest) < 0))
			continue;
		mem_free(newest);
		newest = mem_strdup(entry->d_name);
	}
	if (d)
		closedir(d);
	if (newest) {
		file = file_join(dir, newest);
		if (stream_read_all(file, &text, e))
			*results = json_read(buf_str(&text), text.len, file, e);
		ok = *results != NULL;
		mem_free(file);
	}
	buf_clear(&text);
	mem_free(dir);
	mem_free(newest);
	return ok;
}

/* pretrained, or what names the model, in "key=value,key=value" or an object of the same. */
static const char *model_in_arguments(struct arena *a, const json_t *args)
{
	static const char *const keys[] = {
	    "peft", "delta", "pretrained", "model", "path", "engine"};
	const char *text = json_string_value(args), *at, *value;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = json_get_string(args, keys[i]);
		if (value)
			return arena_strdup(a, value);
		for (at = text; at && (at = strstr(at, keys[i])); at++) {
			const char *eq = at + strlen(keys[i]);

			if (*eq == '=' && (at == text || at[-1] == ','))
				return arena_strndup(a, eq + 1, strcspn(eq + 1, ","));
		}
	}
	return NULL;
}

static const char *find_model(struct ingest *in, const char *path, const json_t *results)
{
	const json_t *config = json_object_get(results, "config");
	const char *name = in->o->model;
	char *dir;

	if (!name)
		name = json_get_string(results, "model_name");
	if (!name || !*name)
		name = json_get_string(results, "model_name_sanitized");
	if (!name || !*name)
		name = model_in_arguments(&in->arena, json_object_get(config, "model_args"));
	if (name && *name)
		return arena_strdup(&in->arena, name);
	dir = file_dir(path);
	name = arena_strdup(&in->arena, file_base(dir));
	mem_free(dir);
	return strcmp(name, ".") && strcmp(name, "..") ? name : NULL;
}

/* samples_TASK_DATE; of the oldest generation the longest task of results.json that ends the name. */
static const char *find_task(struct ingest *in, const char *path, const json_t *results)
{
	char *name = stem(&in->arena, path), *last;
	const char *task = NULL, *key;
	json_t *ignored;

	if (!name)
		return in->o->benchmark;
	last = strrchr(name, '_');
	if (!strncmp(name, "samples_", 8) && last > name + 8)
		return arena_strndup(&in->arena, name + 8, (size_t)(last - name - 8));
	json_object_foreach(json_object_get(results, "results"), key, ignored)
	{
		char *tail = arena_printf(&in->arena, "_%s", key);

		if (ends_with(name, tail) && (!task || strlen(key) > strlen(task)))
			task = arena_strdup(&in->arena, key);
	}
	return task ? task : in->o->benchmark;
}

bool lm_eval_files_names(
    struct ingest *in, const char *path, const char **model, const char **task, struct err *e)
{
	const char *m, *t, *shown = strcmp(path, "-") ? path : "<stdin>";
	json_t *results;

	if (!read_results(path, &results, e))
		return false;
	m = find_model(in, path, results);
	t = find_task(in, path, results);
	json_decref(results);
	if (!t)
		return err_set(e, ERR_DATA,
		    "%s: the task is not in the file's name; put its results.json beside it, or "
		    "give --benchmark and --model",
		    shown);
	if (!m)
		return err_set(e, ERR_DATA, "%s: whose answers are these? give --model", shown);
	*model = m;
	*task = t;
	return true;
}
