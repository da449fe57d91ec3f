/* Which files make one import, in which format, with which part; the rest is ingest's and store's. */
#include "task/import_step.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/stream.h"
#include "ingest/table_beside.h"
#include "store/catalog.h"
#include "store/db.h"
#include "task/models.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void import_options_default(struct import_options *o)
{
	*o = (struct import_options){.threshold = NAN, .scale = NAN};
}

/* The files of a table, of which paths[0] is one: others from the arguments that follow; its labels,
 * where they are not among them, from beside it. The labels come first. *used counts the arguments
 * taken. What is still missing the importer finds beside the labels, or asks for. */
static bool gather_table(struct import_job *j, const char *const *paths, size_t n,
    enum table_part part, struct import_step *step, size_t *used, struct err *e)
{
	const char **files = arena_array(&j->arena, const char *, n + 2), *labels = NULL;
	enum table_part first = part;
	size_t k = 1;

	for (*used = 0; *used < n; ++*used) {
		if (*used && file_is_dir(paths[*used]))
			break;
		part = *used ? table_part_of(paths[*used]) : first;
		if (part == TABLE_ALONE || (part == TABLE_LABELS && labels))
			break;
		if (part == TABLE_LABELS)
			labels = paths[*used];
		else
			files[k++] = paths[*used];
	}
	if (!labels && !table_beside(&j->arena, paths[0], first, TABLE_LABELS, &labels, e))
		return false;
	if (!labels)
		return err_set(e, ERR_DATA,
		    "%s: %s without labels: name the file with the labels first", paths[0],
		    table_part_name(first));
	files[0] = labels;
	step->files = files;
	step->n_files = k;
	return true;
}

/* Do the names tell of two parts or more? One file called train.csv may be anything, train.csv and
 * test.csv are a release, as in a folder. */
static bool names_parts(const char *const *paths, size_t n)
{
	enum part first = PART_NONE;

	for (size_t i = 0; i < n; i++) {
		enum part part = import_part(paths[i]);

		if (first && part && part != first)
			return true;
		first = first ? first : part;
	}
	return false;
}

/* The path and, of a triple, those of its files that follow it. */
bool import_file(struct import_job *j, const char *const *paths, size_t n, enum part part,
    size_t *used, struct err *e)
{
	struct import_step step = {.path = paths[0], .files = paths, .n_files = 1, .part = part};
	enum table_part part_of_table;
	struct ingest_head h;
	int score;
	bool ok = true;

	*used = 1;
	if (!import_recognise(paths[0], &h, &step.first, e))
		return false;
	step.importer = import_choose(j, &h, &score);
	if (!step.importer) {
		err_set(e, ERR_DATA, "%s: %s", paths[0], ingest_kind(&h, &j->arena));
		stream_close(step.first);
		return false;
	}
	part_of_table = step.importer->table ? table_part(&h) : TABLE_ALONE;
	if (part_of_table == TABLE_QUESTIONS && j->o->model)
		part_of_table = TABLE_ALONE; /* a label, of that model */
	if (part_of_table != TABLE_ALONE) {
		ok = gather_table(j, paths, n, part_of_table, &step, used, e);
		if (!ok || step.files[0] != paths[0]) {
			stream_close(step.first);
			step.first = NULL;
		}
		step.path = step.files[0];
	}
	return ok && import_do(j, &step, e);
}

/* "metabench_big" stands for metabench_big.labels.csv and its siblings. */
static bool import_path(struct import_job *j, const char *const *paths, size_t n, enum part part,
    size_t *used, struct err *e)
{
	const char *labels = NULL;

	*used = 1;
	if (file_is_dir(paths[0]))
		return import_folder(j, paths[0], e);
	if (strcmp(paths[0], "-") && !file_exists(paths[0]))
		labels = table_named(&j->arena, paths[0], TABLE_LABELS);
	return labels ? import_file(j, &labels, 1, part, used, e)
		      : import_file(j, paths, n, part, used, e);
}

static bool check_options(const struct import_options *o, struct err *e)
{
	char names[1024] = "";

	for (size_t i = 0; i < n_importers; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
		    i ? ", " : "", importers[i]->name);
	if (o->format && !importer_find(o->format))
		return err_set(e, ERR_USAGE, "no format \"%s\"; there are: %s", o->format, names);
	if (!isnan(o->threshold) && !(o->threshold > 0 && o->threshold <= 1))
		return err_set(
		    e, ERR_USAGE, "the threshold is over 0 and at most 1, not %g", o->threshold);
	return true;
}

bool task_import(struct db *db, const char *const *paths, size_t n, const struct import_options *o,
    const struct import_watch *w, struct err *e)
{
	struct import_job j = {.db = db, .o = o, .w = w};
	struct policy policy;
	bool ok = check_options(o, e), release = names_parts(paths, n), set;
	size_t used;

	if (ok && !n)
		ok = err_set(e, ERR_USAGE, "no file to import");
	/* Before a large file is read, and again in each file's transaction. */
	ok = ok && policy_choose(db, o->dup, o->threshold, &policy, &set, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = strcmp(paths[i], "-") == 0 || !task_models_is_table(paths[i]) ||
		     err_set(e, ERR_USAGE,
			 "%s: prices of models, not their answers: 'embedllm models import %s' "
			 "reads "
			 "them",
			 paths[i], paths[i]);
	for (size_t i = 0; ok && i < n; i += used)
		ok = import_path(
		    &j, paths + i, n - i, release ? import_part(paths[i]) : PART_NONE, &used, e);
	arena_clear(&j.arena);
	return ok;
}

const struct import_format *import_formats(size_t *n)
{
	static struct import_format formats[64];

	*n = n_importers < 64 ? n_importers : 64;
	for (size_t i = 0; i < *n; i++)
		formats[i] = (struct import_format){importers[i]->name, importers[i]->about};
	return formats;
}
