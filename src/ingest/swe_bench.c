/* SWE-bench results, which hold the ids of the instances and no text (item_texts.h finds it):
 *   MODEL.RUN.json of the harness: the ids by outcome, "resolved_ids", "unresolved_ids",
 *     "empty_patch_ids" (not resolved), "error_ids" (no label: nothing was judged)
 *   MODEL/INSTANCE/report.json of its logs: {ID: {"resolved", "patch_successfully_applied", ...}}
 *   info_for_leaderboard.json of the site: {MODEL: {ID: {"resolved", "cost", "api_calls"}}}
 *   SPLIT/DATE_MODEL/results/results.json of old submissions: {"generated": [ids], "resolved", ...}
 *
 * Source: SWE-bench/SWE-bench, swebench/harness/reporting.py and grading.py;
 * SWE-bench/swe-bench.github.io, data/info_for_leaderboard.json; SWE-bench/experiments. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/item_texts.h"
#include "ingest/record.h"

#include <stdio.h>
#include <string.h>

/* One file. */
struct results {
	struct ingest *in;
	const char *path;
	const char *model, *benchmark;
	uint32_t run; /* of a report, in place of model */
	bool is_run;
	struct item_texts *texts;
	struct hashtable *seen; /* instances that have an outcome */
	size_t unjudged;
};

static bool take_instance(
    struct results *s, const char *id, const char *place, double score, double cost, struct err *e)
{
	const struct item_text *item = item_texts_get(s->texts, id);
	struct record r = RECORD_INIT;

	r.model = s->model;
	r.run = s->is_run ? &s->run : NULL;
	r.category = s->benchmark;
	r.key = id;
	r.text = item ? item->text : NULL;
	r.score = score;
	r.usage.cost = cost;
	s->unjudged += isnan(score) ? 1 : 0;
	return record_take(s->in, &r, place, e);
}

/* Every id of the list `name` that has no outcome yet gets this one. A second outcome is an error
 * unless `rest`. */
static bool take_list(
    struct results *s, const json_t *root, const char *name, double score, bool rest, struct err *e)
{
	const json_t *list = json_object_get(root, name), *v;
	char place[1024];
	size_t i;

	json_array_foreach(list, i, v)
	{
		const char *id = json_string_value(v);
		uint64_t before;

		snprintf(place, sizeof(place), "%s: %s[%zu]", s->path, name, i);
		if (!id || !*id) {
			if (!ingest_bad(s->in, e, place, "no instance's id"))
				return false;
			continue;
		}
		before = hashtable_get(s->seen, id, strlen(id));
		if (before == HASHTABLE_NONE) {
			hashtable_put(s->seen, id, strlen(id), 1);
			if (!take_instance(s, id, place, score, NAN, e))
				return false;
		} else if (!rest &&
			   !ingest_bad(s->in, e, place,
			       "%.100s stands in another list already: one outcome an instance",
			       id)) {
			return false;
		}
	}
	return true;
}

static double list_size(const json_t *root, const char *count, const char *list)
{
	double n = record_amount(root, count);

	return isnan(n) ? (double)json_array_size(json_object_get(root, list)) : n;
}

/* The harness's report of a run. */
static bool take_report(struct results *s, const json_t *root, struct err *e)
{
	double right = list_size(root, "resolved_instances", "resolved_ids");
	double wrong = list_size(root, "unresolved_instances", "unresolved_ids") +
		       list_size(root, "empty_patch_instances", "empty_patch_ids");
	char *stem = record_stem(&s->in->arena, s->path), *run = strrchr(stem, '.');

	if (run && run > stem)
		*run = '\0';
	s->model = stem;
	if (!s->in->o->model)
		ingest_remark(s->in, REMARK_CHOICE, "%s: model %s, by the file's name",
		    file_base(s->path), stem);
	s->is_run = ingest_run(s->in, stem, s->path, NULL, &s->run, e);
	if (!s->is_run || !take_list(s, root, "resolved_ids", 1, false, e) ||
	    !take_list(s, root, "unresolved_ids", 0, false, e) ||
	    !take_list(s, root, "empty_patch_ids", 0, false, e) ||
	    !take_list(s, root, "error_ids", NAN, false, e) ||
	    !take_list(s, root, "submitted_ids", NAN, true, e))
		return false;
	if (json_object_get(root, "resolved_instances"))
		ingest_aggregate(s->in, s->run, s->benchmark, "resolved", 0,
		    right + wrong > 0 ? right / (right + wrong) : NAN, s->path);
	return true;
}

/* An old submission. What was tried is in `generated`; what is only resolved tells nothing of the
 * others. */
static bool take_submission(struct results *s, const json_t *root, struct err *e)
{
	char *results = file_dir(s->path), *dir = file_dir(results);
	const char *name = arena_strdup(&s->in->arena, file_base(dir));
	const char *split = record_folder(&s->in->arena, dir);
	bool ok = true;

	mem_free(results);
	mem_free(dir);
	if (!json_object_get(root, "generated"))
		return err_set(e, ERR_DATA,
		    "%s: it lists what was resolved, not what was tried: import the harness's "
		    "report "
		    "(MODEL.RUN.json) or its logs (report.json)",
		    s->path);
	if (strspn(name, "0123456789") == 8 && name[8] == '_' && name[9])
		name += 9;
	s->model = name;
	if (*split && !strchr("./", *split))
		s->benchmark = arena_printf(&s->in->arena, "swe_bench_%s", split);
	ok = take_list(s, root, "resolved", 1, false, e) &&
	     take_list(s, root, "install_fail", NAN, false, e) &&
	     take_list(s, root, "reset_failed", NAN, true, e) &&
	     take_list(s, root, "generated", 0, true, e) &&
	     take_list(s, root, "no_generation", 0, true, e);
	return ok;
}

/* Instances by id, of one model. */
static bool take_instances(struct results *s, json_t *instances, const char *place, struct err *e)
{
	const char *id;
	json_t *v;

	json_object_foreach(instances, id, v)
	{
		double score;
		bool taken;

		if (!json_is_object(v)) {
			if (!ingest_bad(s->in, e, place, "%.100s is no result of an instance", id))
				return false;
			continue;
		}
		if (!record_label(s->in, v, "resolved", place, &score, &taken, e))
			return false;
		if (taken && !take_instance(s, id, place, score, record_amount(v, "cost"), e))
			return false;
	}
	return true;
}

/* Either {ID: result}, of a model that the path names, or {MODEL: {ID: result}}. */
static bool take_by_instance(struct results *s, json_t *root, struct err *e)
{
	json_t *first = json_object_iter_value(json_object_iter(root)), *v;
	const char *model;

	if (json_object_get(first, "resolved")) {
		char *instance = file_dir(s->path), *dir = file_dir(instance);

		s->model = arena_strdup(&s->in->arena, file_base(dir));
		mem_free(instance);
		mem_free(dir);
		return take_instances(s, root, s->path, e);
	}
	json_object_foreach(root, model, v)
	{
		s->model = model;
		if (!json_is_object(v)) {
			if (!ingest_bad(
				s->in, e, s->path, "%.100s has no results by instance", model))
				return false;
			continue;
		}
		if (!take_instances(
			s, v, arena_printf(&s->in->arena, "%s: %.200s", s->path, model), e))
			return false;
	}
	return true;
}

static bool take_file(struct results *s, json_t *root, struct err *e)
{
	if (!json_is_object(root))
		return err_set(e, ERR_DATA, "%s: no JSON object", s->path);
	if (json_object_get(root, "resolved_ids"))
		return take_report(s, root, e);
	if (json_object_get(root, "no_generation") || json_object_get(root, "generated"))
		return take_submission(s, root, e);
	return take_by_instance(s, root, e);
}

static bool read_file(struct ingest *in, size_t i, struct item_texts *texts, struct err *e)
{
	struct results s = {
	    .in = in, .path = in->files[i], .benchmark = "swe_bench", .texts = texts};
	json_t *root = ingest_document(in, i, e);
	bool ok;

	s.seen = hashtable_new();
	ok = root && item_texts_open(texts, s.path, e) && take_file(&s, root, e);
	if (ok && s.unjudged)
		ingest_remark(in, REMARK_LEFT_OUT,
		    "%s: %zu instance%s that ended in an error: no label", file_base(s.path),
		    s.unjudged, s.unjudged == 1 ? "" : "s");
	hashtable_free(s.seen);
	json_decref(root);
	return ok;
}

static bool read_swe_bench(struct ingest *in, struct err *e)
{
	struct item_texts texts = {0};
	bool ok = true;

	if (!record_one_figure(in, "resolved", e))
		return false;
	item_texts_begin(&texts, in);
	for (size_t i = 0; ok && i < in->n_files; i++)
		ok = read_file(in, i, &texts, e);
	item_texts_end(&texts);
	return ok;
}

static int score_swe_bench(const struct ingest_head *h)
{
	if (ingest_head_has(h, "\"resolved_ids\"") || ingest_head_has(h, "\"resolved_instances\""))
		return SCORE_SURE;
	if (!ingest_head_has(h, "\"resolved\""))
		return SCORE_NONE;
	return ingest_head_has(h, "\"patch_successfully_applied\"") ||
		       ingest_head_has(h, "\"api_calls\"") ||
		       ingest_head_has(h, "\"no_generation\"")
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_swe_bench = {
    .name = "swebench",
    .about = "SWE-bench: the harness's reports, its logs, the leaderboard's file",
    .many = true,
    .score = score_swe_bench,
    .read = read_swe_bench,
};
