#include "ingest/run_file.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/answers.h"
#include "ingest/importer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The range of a figure, for shares that are written as percent. */
static bool range_of(const json_t *result, double *low, double *high)
{
	const json_t *config = json_object_get(result, "metric_config");

	*low = answers_number(config, "min_score");
	*high = answers_number(config, "max_score");
	if (isnan(*low) || isnan(*high)) {
		*low = 0;
		*high = 1;
	}
	return isfinite(*low) && isfinite(*high) && *high > *low &&
	       !json_is_true(json_object_get(config, "lower_is_better"));
}

double run_file_label(const json_t *result, double score)
{
	double low, high;

	return range_of(result, &low, &high) ? (score - low) / (high - low) : NAN;
}

const char *run_file_metric(const json_t *result)
{
	static const char *const keys[] = {"metric_id", "metric_name", "evaluation_description"};
	const json_t *config = json_object_get(result, "metric_config");
	const char *name;

	for (size_t i = 0; i < 3; i++) {
		name = json_get_string(config, keys[i]);
		if (name && *name)
			return name;
	}
	return "score";
}

const json_t *run_file_results(const struct run_file *run)
{
	return run ? json_object_get(run->doc, "evaluation_results") : NULL;
}

json_t *run_file_figures(const struct run_file *run, const char *task)
{
	json_t *figures = json_object();
	const json_t *result;
	size_t i;

	json_array_foreach(run_file_results(run), i, result)
	{
		const char *name = json_get_string(result, "evaluation_name");
		double score = answers_number(json_object_get(result, "score_details"), "score");

		if (name && !strcmp(name, task) && !isnan(run_file_label(result, score)))
			json_object_set_new(figures, run_file_metric(result),
			    json_real(run_file_label(result, score)));
	}
	return figures;
}

const json_t *run_file_result(const struct run_file *run, const json_t *row, const char *task)
{
	const char *id = json_get_string(row, "evaluation_result_id"), *name;
	const json_t *result, *found = NULL;
	size_t i, count = 0;

	json_array_foreach(run_file_results(run), i, result)
	{
		const char *own = json_get_string(result, "evaluation_result_id");

		if (id && own && !strcmp(id, own))
			return result;
		name = json_get_string(result, "evaluation_name");
		if (name && !strcmp(name, task)) {
			found = result;
			count++;
		}
	}
	return !id && count == 1 ? found : NULL;
}

/* Seconds since 1970, or an ISO date, as an ISO date; in the arena. */
const char *run_file_date(struct ingest *in, const json_t *doc)
{
	const char *s = json_get_string(doc, "evaluation_timestamp");
	char *end, iso[32];
	double seconds;
	struct tm tm;
	time_t t;

	if (!s)
		s = json_get_string(doc, "retrieved_timestamp");
	seconds = s ? strtod(s, &end) : -1;
	if (!s || *end || !(seconds >= 0 && seconds < 1e11))
		return s ? arena_strdup(&in->arena, s) : NULL;
	t = (time_t)seconds;
	gmtime_r(&t, &tm);
	strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strdup(&in->arena, iso);
}

/* Decoding and the like, as the run's file gives it for each evaluation. */
void run_file_settings(struct ingest *in, const struct run_file *run, uint32_t model)
{
	const json_t *result;
	const char *key;
	json_t *v;
	size_t i;

	json_array_foreach(run_file_results(run), i, result)
	{
		const json_t *config = json_object_get(result, "generation_config");
		const char *task = json_get_string(result, "evaluation_name");

		json_object_foreach(json_object_get(config, "generation_args"), key, v)
		{
			char *text = json_is_object(v) || json_is_array(v) ? NULL : json_compact(v);

			if (text && task && !json_is_null(v))
				ingest_setting(in, model, task, key, text);
			mem_free(text);
		}
	}
}

/* Versions 0 are read: rows and figures kept their names through them. */
bool run_file_check(const json_t *doc, const char *path, struct err *e)
{
	const char *version = json_get_string(doc, "schema_version");
	const char *number = version ? version + strcspn(version, "0123456789") : "";

	return !*number || !strncmp(number, "0.", 2) ||
	       err_set(e, ERR_DATA,
		   "%s: schema_version %.20s is not known: versions 0 of Every Eval Ever are read",
		   path, version);
}

bool run_file_is(const json_t *doc)
{
	return json_is_array(json_object_get(doc, "evaluation_results")) &&
	       json_get_string(doc, "evaluation_id");
}

/* The file of rows that a run's file names: beside it, or from a folder above, since the path is that
 * in the collection. In the import's arena; NULL where there is none. */
const char *run_file_rows(struct ingest *in, const struct run_file *run)
{
	const json_t *detailed = json_object_get(run->doc, "detailed_evaluation_results");
	const char *named = json_get_string(detailed, "file_path");
	char *dir = file_dir(run->path);
	const char *found = NULL;

	for (int up = 0; named && *named && !found && up < 16; up++) {
		char *above = file_dir(dir);
		char *path = file_join(dir, up ? named : file_base(named));

		if (file_exists(path) && !file_is_dir(path))
			found = arena_strdup(&in->arena, path);
		mem_free(path);
		if (!strcmp(above, dir))
			up = 16;
		mem_free(dir);
		dir = above;
	}
	mem_free(dir);
	return found;
}

bool run_file_no_rows(const struct run_file *run, struct err *e)
{
	const json_t *detailed = json_object_get(run->doc, "detailed_evaluation_results");
	const char *named = json_get_string(detailed, "file_path");

	if (named && *named)
		return err_set(e, ERR_DATA,
		    "%s: the answers are in %.300s, which is not there: put it beside this file",
		    run->path, named);
	return err_set(e, ERR_DATA,
	    "%s: figures of whole evaluations, without the answers to single questions; those "
	    "are in a file UUID_samples.jsonl, where the source published them",
	    run->path);
}
