/* Where lm-evaluation-harness says whose answers a file holds: not in the file, but in the results
 * file of the same run. Both have the run's date in their names since 0.4.3; before, the samples had
 * the model's arguments there. A results file is known by its content, since --output_path may call
 * it anything. */
#include "ingest/lm_eval_run.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/importer.h"
#include "ingest/lm_eval_doc.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *begin(const char *p, size_t n)
{
	const char *end = p + n;

	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		p += 3;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	return p;
}

static bool has(const char *p, size_t n, const char *text)
{
	return memmem(p, n, text, strlen(text)) != NULL;
}

/* A results file says "results" first, a sample its "doc_id", whatever else the two hold. */
static bool comes_first(const char *p, size_t n, const char *first, const char *then)
{
	const char *a = memmem(p, n, first, strlen(first)), *b = memmem(p, n, then, strlen(then));

	return a && (!b || a < b);
}

bool lm_eval_is_results(const char *p, size_t n)
{
	const char *at = begin(p, n);

	return at < p + n && *at == '{' &&
	       (comes_first(p, n, "\"results\"", "\"doc_id\"") ||
		   comes_first(p, n, "\"model_name\"", "\"doc_id\"")) &&
	       (has(p, n, ",none\"") || has(p, n, "\"configs\"") || has(p, n, "\"config\"") ||
		   has(p, n, "\"model_args\"") || has(p, n, "\"n-shot\"") ||
		   has(p, n, "\"versions\"") || has(p, n, "\"model_name\""));
}

bool lm_eval_is_samples(const char *p, size_t n)
{
	const char *at = begin(p, n);

	return at < p + n && (*at == '{' || *at == '[') &&
	       comes_first(p, n, "\"doc_id\"", "\"results\"");
}

/* Behind `name`, where its date begins ("_2026-03-01T09-00-00.1"): its end where it has none. */
static const char *find_date(const char *name)
{
	static const char form[] = "_0000-00-00T00";

	for (const char *p = name; *p; p++) {
		size_t i = 0;

		while (form[i] &&
		       (form[i] == '0' ? isdigit((unsigned char)p[i]) != 0 : p[i] == form[i]))
			i++;
		if (!form[i] && p[i + strspn(p + i, "0123456789-:.")] == '\0')
			return p;
	}
	return name + strlen(name);
}

/* The file's name without folder, compression and format. */
static char *stem(struct arena *a, const char *path)
{
	static const char *const endings[] = {".jsonl", ".json", ".ndjson", ".jsonlines"};
	const char *base = file_base(path);
	size_t n = strlen(base);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const char *at = strstr(base, endings[i]);

		if (at && ingest_ends(base, endings[i]) && (size_t)(at - base) < n)
			n = (size_t)(at - base);
	}
	return arena_strndup(a, base, n);
}

static const char *dir_of(struct arena *a, const char *path)
{
	char *dir = file_dir(path);
	const char *kept = arena_strdup(a, dir);

	mem_free(dir);
	return kept;
}

const char *lm_eval_argument(struct arena *a, const json_t *args, const char *key)
{
	const char *text = json_string_value(args);
	const json_t *v = json_object_get(args, key);
	char *compact;

	if (json_is_string(v))
		return arena_strdup(a, json_string_value(v));
	if (v && !json_is_null(v)) {
		compact = json_compact(v);
		key = arena_strdup(a, compact);
		mem_free(compact);
		return key;
	}
	for (const char *at = text; at && (at = strstr(at, key)); at++) {
		const char *eq = at + strlen(key);

		if (*eq == '=' && (at == text || at[-1] == ',' || at[-1] == ' '))
			return arena_strndup(a, eq + 1, strcspn(eq + 1, ","));
	}
	return NULL;
}

static const char *const naming[] = {"peft", "delta", "pretrained", "model", "path", "engine"};
#define NAMINGS (sizeof(naming) / sizeof(naming[0]))

static const char *model_of(struct arena *a, const json_t *results)
{
	static const char *const members[] = {
	    "model_name", "model_name_sanitized", "base_model", "model"};
	const json_t *args = json_object_get(json_object_get(results, "config"), "model_args");
	const char *name = json_get_string(results, members[0]);

	for (size_t i = 0; (!name || !*name) && i < NAMINGS; i++)
		name = lm_eval_argument(a, args, naming[i]);
	for (size_t i = 1; (!name || !*name) && i < sizeof(members) / sizeof(members[0]); i++)
		name = json_get_string(results, members[i]);
	return name && *name ? arena_strdup(a, name) : NULL;
}

/* Runs of what no file name holds as "__", as the harness writes names. */
static const char *sanitized(struct arena *a, const char *name)
{
	struct buf b = BUF_INIT;
	const char *kept;

	while (*name) {
		size_t n = strcspn(name, "\"<>:/\\|?*[]"), k = strspn(name + n, "\"<>:/\\|?*[]");

		buf_add(&b, name, n);
		if (k)
			buf_adds(&b, "__");
		name += n + k;
	}
	kept = arena_strdup(a, buf_str(&b));
	buf_clear(&b);
	return kept;
}

/* model_args in the names of the oldest harness: "pretrained__acme__alpha,dtype__auto". */
static const char *args_in_names(struct arena *a, const json_t *results)
{
	const json_t *args = json_object_get(json_object_get(results, "config"), "model_args");
	const char *text = json_string_value(args);
	struct buf b = BUF_INIT;
	const char *kept;

	for (const char *p = text ? sanitized(a, text) : ""; *p; p++) {
		if (*p == '=')
			buf_adds(&b, "__");
		else
			buf_addc(&b, *p);
	}
	kept = arena_strdup(a, buf_str(&b));
	buf_clear(&b);
	return kept;
}

bool lm_eval_runs_add(
    struct lm_eval_runs *r, struct ingest *in, const char *path, size_t i, struct err *e)
{
	bool there = true;
	json_t *v = i == SIZE_MAX ? ingest_beside(path, e, &there) : ingest_document(in, i, e);
	json_t *samples = json_object_get(v, "samples");
	struct lm_eval_run *run;
	char *name;

	if (!v)
		return !there;
	if (!json_is_object(json_object_get(v, "results")) && !json_get_string(v, "model_name")) {
		json_decref(v);
		return true;
	}
	r->v = mem_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	run = &r->v[r->n++];
	name = stem(&in->arena, path);
	*run = (struct lm_eval_run){
	    .path = arena_strdup(&in->arena, path),
	    .dir = dir_of(&in->arena, path),
	    .date = *find_date(name) ? find_date(name) + 1 : "",
	    .model = model_of(&in->arena, v),
	    .args = args_in_names(&in->arena, v),
	    .results = v,
	    .samples = json_is_object(samples) ? json_incref(samples) : NULL,
	};
	json_object_del(v, "samples");
	return true;
}

bool lm_eval_runs_beside(struct lm_eval_runs *r, struct ingest *in, const char *path, struct err *e)
{
	char *dir = file_dir(path);
	DIR *d = strcmp(path, "-") ? opendir(dir) : NULL;
	struct dirent *entry;
	bool ok = true;

	while (ok && d && (entry = readdir(d))) {
		char *file;
		struct stream *s;
		const char *p;
		size_t n;
		bool results = false;

		if (!ingest_ends(entry->d_name, ".json") || !strcmp(entry->d_name, file_base(path)))
			continue;
		file = strcmp(dir, ".") || strchr(path, '/') ? file_join(dir, entry->d_name)
							     : mem_strdup(entry->d_name);
		s = file_is_dir(file) ? NULL : stream_open(file, NULL);
		if (s && stream_peek(s, INGEST_HEAD_SIZE, &p, &n, NULL))
			results = lm_eval_is_results(p, n);
		stream_close(s);
		if (results)
			ok = lm_eval_runs_add(r, in, file, SIZE_MAX, e);
		mem_free(file);
	}
	if (d)
		closedir(d);
	mem_free(dir);
	return ok;
}

void lm_eval_runs_clear(struct lm_eval_runs *r)
{
	for (size_t i = 0; i < r->n; i++) {
		json_decref(r->v[i].results);
		json_decref(r->v[i].samples);
	}
	mem_free(r->v);
	*r = (struct lm_eval_runs){0};
}

static bool has_task(const struct lm_eval_run *r, const char *task)
{
	return json_object_get(json_object_get(r->results, "results"), task) ||
	       json_object_get(json_object_get(r->results, "configs"), task);
}

/* The longest task of a results file that ends `name` behind a '_', or is it; NULL where none. */
static const char *task_at_end(const struct lm_eval_run *r, const char *name)
{
	const char *best = NULL, *key;
	const json_t *v;
	size_t n = strlen(name);

	json_object_foreach(json_object_get(r->results, "results"), key, v)
	{
		size_t k = strlen(key);

		if (k <= n && !strcmp(name + n - k, key) && (k == n || name[n - k - 1] == '_') &&
		    (!best || k > strlen(best)))
			best = key;
	}
	return best;
}

/* "pretrained__acme__alpha-7b,dtype__auto_kinds": where the arguments end, by their last value, which
 * of dtype and its like holds no '_'; NULL where that cannot be told. */
static const char *args_end(const char *name)
{
	const char *comma = strrchr(name, ','), *value = comma ? strstr(comma, "__") : NULL;

	return value ? strchr(value + 2, '_') : NULL;
}

static bool begins_with_argument(const char *name)
{
	for (size_t i = 0; i < NAMINGS; i++)
		if (!strncmp(name, naming[i], strlen(naming[i])) &&
		    !strncmp(name + strlen(naming[i]), "__", 2))
			return true;
	return false;
}

/* The model in the arguments of such a name, n bytes. */
static const char *model_in_name(struct arena *a, const char *name, size_t n)
{
	for (size_t i = 0; i < NAMINGS; i++) {
		size_t k = strlen(naming[i]);

		for (const char *at = name;
		     (at = memmem(at, n - (size_t)(at - name), naming[i], k)); at++) {
			const char *value = at + k + 2;
			size_t left = n - (size_t)(value - name);

			if ((at > name && at[-1] != ',') || strncmp(at + k, "__", 2))
				continue;
			return arena_strndup(
			    a, value, strcspn(value, ",") < left ? strcspn(value, ",") : left);
		}
	}
	return NULL;
}

/* How well a results file fits samples: the same folder before one above, the same date before none;
 * 0 where it is another run's. */
static int fit(const struct lm_eval_run *r, const char *dir, const char *date, const char *task)
{
	bool same_dir = !strcmp(r->dir, dir), dated = *date && *r->date;
	size_t n = strlen(r->dir);
	bool above = !strncmp(dir, r->dir, n) && dir[n] == '/';
	bool below = !strncmp(r->dir, dir, strlen(dir)) && r->dir[strlen(dir)] == '/';
	bool listed = task && has_task(r, task);

	if (dated && strcmp(date, r->date))
		return 0;
	if (!dated && task && !listed && !r->samples)
		return 0;
	if (!same_dir && !(dated && (above || below)) && !(above && listed))
		return 0;
	return 1 + 8 * same_dir + 4 * dated + 2 * listed;
}

/* The run that fits best; *several: others fit as well. */
static const struct lm_eval_run *best_run(const struct lm_eval_runs *r, const char *dir,
    const char *date, const char *task, bool *several)
{
	const struct lm_eval_run *best = NULL;
	int most = 0;

	*several = false;
	for (size_t i = 0; i < r->n; i++) {
		int f = fit(&r->v[i], dir, date, task);

		if (f && f == most)
			*several = true;
		if (f > most) {
			best = &r->v[i];
			most = f;
			*several = false;
		}
	}
	return best;
}

/* Is the name made of nothing but words that any folder may be called, figures and dates? */
static bool is_any_folder(const char *name)
{
	static const char any[] =
	    " result results output outputs sample samples log logs eval evals evaluation "
	    "evaluations "
	    "lm harness run runs data tmp temp details download downloads benchmark benchmarks "
	    "task "
	    "tasks leaderboard shot shots few zero fewshot zeroshot my new old all final test "
	    "tests "
	    "checkpoint checkpoints ckpt step steps model models v version score scores report "
	    "reports "
	    "json jsonl files export exports out base chat archive backup t z ";
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (const char *p = name; *p;) {
		size_t n = strspn(p, letters);
		char word[32];

		if (!n && ((unsigned char)*p & 0x80))
			return false;
		snprintf(word, sizeof(word), " %.*s ", n < 28 ? (int)n : 28, p);
		if (n && !strcasestr(any, word))
			return false;
		p += n ? n : 1;
	}
	return true;
}

/* A folder is called after a model, unless it is called after a task or what any folder is called.
 * Above such a folder only a name as the harness writes it, ORGANISATION__MODEL, counts. */
static const char *model_of_folder(struct ingest *in, const char *dir, const char *task)
{
	const char *own = file_base(dir);

	if (!strcmp(own, ".") || !strcmp(own, "..")) { /* it is called something, too */
		char *full = realpath(dir, NULL);

		dir = arena_strdup(&in->arena, full ? full : dir);
		own = file_base(dir);
		mem_free(full);
	}
	for (bool first = true; strchr(dir, '/') || first; first = false) {
		const char *name = file_base(dir), *mark = strstr(name, "__");
		bool written = mark && mark[2];

		if (written || (name == own && !is_any_folder(name) &&
				   strncasecmp(task, name, strlen(name)) && !lm_eval_is_task(name)))
			return arena_strdup(&in->arena, name);
		if (!is_any_folder(name) && strncasecmp(task, name, strlen(name)) &&
		    !lm_eval_is_task(name))
			return NULL;
		if (!*name || !strcmp(name, dir))
			return NULL;
		dir = dir_of(&in->arena, dir);
	}
	return NULL;
}

/* The one model that all results files of the folder are of, if they are of one. Samples with a date
 * are of another run, and so perhaps of another model, unless the folder is called after it. */
static const char *model_beside(
    const struct lm_eval_runs *r, struct arena *a, const char *dir, const char *date, bool *differ)
{
	const char *model = NULL;

	*differ = false;
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->v[i].dir, dir) || !r->v[i].model)
			continue;
		*differ = *differ || (model && strcmp(model, r->v[i].model));
		model = r->v[i].model;
	}
	if (model && *date && strcmp(file_base(dir), sanitized(a, model)))
		*differ = true;
	return *differ ? NULL : model;
}

static bool no_model(const char *shown, bool differ, struct err *e)
{
	if (differ)
		return err_set(e, ERR_DATA,
		    "%s: whose answers are these? none of the results files beside it has its "
		    "date, and they may be of another model; give --model, or import it alone",
		    shown);
	return err_set(e, ERR_DATA, "%s: whose answers are these? give --model", shown);
}

/* The oldest names: the model's arguments, then the task. */
static bool find_oldest(const struct lm_eval_runs *r, struct ingest *in, const char *name,
    const char *dir, struct lm_eval_source *out)
{
	const char *end = NULL;

	for (size_t i = 0; i < r->n && !end; i++) {
		const char *task = task_at_end(&r->v[i], name);

		if (strcmp(r->v[i].dir, dir) || !task || strlen(task) == strlen(name))
			continue;
		end = name + strlen(name) - strlen(task) - 1;
	}
	end = end ? end : args_end(name);
	if (!end)
		return false;
	out->task = arena_strdup(&in->arena, end + 1);
	out->model = model_in_name(&in->arena, name, (size_t)(end - name));
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->v[i].dir, dir) && strlen(r->v[i].args) == (size_t)(end - name) &&
		    !strncmp(r->v[i].args, name, (size_t)(end - name)))
			out->run = &r->v[i];
	out->model = out->run && out->run->model ? out->run->model : out->model;
	return true;
}

/* A name without "samples_": a task that results files of the folder list, at the end of the name,
 * or their only one. */
static const char *task_by_results(
    const struct lm_eval_runs *r, const char *dir, const char *date, const char *name)
{
	for (size_t i = 0; i < r->n; i++) {
		const json_t *results = json_object_get(r->v[i].results, "results");
		const char *task = task_at_end(&r->v[i], name);

		if (!task && json_object_size(results) == 1)
			task = json_object_iter_key(json_object_iter((json_t *)results));
		if (task && fit(&r->v[i], dir, date, NULL))
			return task;
	}
	return NULL;
}

bool lm_eval_source_find(const struct lm_eval_runs *r, struct ingest *in, const char *path,
    struct lm_eval_source *out, struct err *e)
{
	const char *shown = strcmp(path, "-") ? path : "<stdin>", *task = NULL;
	const char *name = stem(&in->arena, path), *date = find_date(name);
	const char *dir = dir_of(&in->arena, path);
	bool several = false, differ = false;

	*out = (struct lm_eval_source){.path = shown, .dir = dir, .date = *date ? date + 1 : ""};
	name = arena_strndup(&in->arena, name, (size_t)(date - name));
	if (!strncmp(name, "samples_", 8) && name[8])
		task = name + 8;
	else if (begins_with_argument(name) && find_oldest(r, in, name, dir, out))
		task = out->task;
	else
		task = task_by_results(r, dir, out->date, name);
	task = task ? task : in->o->benchmark;
	if (!task)
		return err_set(e, ERR_DATA,
		    "%s: the task is not in the file's name; put its results.json beside it, or "
		    "give --benchmark and --model",
		    shown);
	out->task = task;
	if (!out->run && !out->model)
		out->run = best_run(r, dir, out->date, task, &several);
	if (several) { /* which of them is not said: the model perhaps */
		out->run = NULL;
		out->model = model_beside(r, &in->arena, dir, "", &differ);
	}
	if (!out->model && out->run)
		out->model = out->run->model;
	if (!out->model)
		out->model = in->o->model;
	if (!out->model && !differ)
		out->model = model_beside(r, &in->arena, dir, out->date, &differ);
	if (!out->model && !differ) {
		out->model = model_of_folder(in, dir, task);
		if (out->model)
			ingest_remark(
			    in, REMARK_CHOICE, "model %s by the name of its folder", out->model);
	}
	return out->model || no_model(shown, differ, e);
}
