/* Which files make one import, in which format, with which part; the rest is ingest's and store's. */
#include "task/import_step.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/stream.h"
#include "ingest/triple.h"
#include "store/catalog.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void import_options_default(struct import_options *o)
{
	*o = (struct import_options){.threshold = NAN, .scale = NAN};
}

/* STEM + NAME with any of the endings, if there is such a file; in the arena. */
static const char *find_file(struct arena *a, const char *stem, const char *name)
{
	static const char *const endings[] = {".csv", ".csv.gz", ".csv.zst", ".csv.xz"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const char *path = arena_printf(a, "%s%s%s", stem, name, endings[i]);

		if (file_exists(path) && !file_is_dir(path))
			return path;
	}
	return NULL;
}

static const char *const triple_words[TRIPLE_COUNT] = {
    [TRIPLE_QUESTIONS] = "questions",
    [TRIPLE_MODELS] = "models",
    [TRIPLE_LABELS] = "labels",
};

/* The other file of a triple, beside `path`: "x.labels.csv.gz" -> "x.questions.csv". */
static const char *find_sibling(
    struct arena *a, const char *path, enum triple_file is, enum triple_file wanted)
{
	const char *base = file_base(path), *word = strstr(base, triple_words[is]);
	char *dir;

	if (!word)
		return NULL;
	dir = arena_strndup(a, path, (size_t)(word - path));
	return find_file(a, dir, triple_words[wanted]);
}

/* The three files of a triple, of which paths[0] is one: the others from the arguments that follow,
 * else from beside it. *used counts the arguments taken. */
static bool gather_triple(struct import_job *j, const char *const *paths, size_t n,
    const struct ingest_head *h, struct import_step *step, size_t *used, struct err *e)
{
	const char **files = arena_array(&j->arena, const char *, TRIPLE_COUNT);
	struct ingest_head other;
	enum triple_file is, which;
	struct stream *s;
	bool ok = true;

	triple_recognise(h, &is);
	files[is] = paths[0];
	for (*used = 1; ok && *used < n && *used < TRIPLE_COUNT; ++*used) {
		bool member;

		if (file_is_dir(paths[*used]))
			break;
		ok = import_recognise(paths[*used], &other, &s, e);
		member = ok && triple_recognise(&other, &which) && !files[which];
		if (member)
			files[which] = paths[*used];
		if (ok)
			stream_close(s);
		if (!member)
			break;
	}
	for (int i = 0; ok && i < TRIPLE_COUNT; i++) {
		if (!files[i])
			files[i] = find_sibling(&j->arena, paths[0], is, (enum triple_file)i);
		if (!files[i])
			ok = err_set(e, ERR_DATA,
			    "%s: one of three files that belong together; give the %s file too",
			    paths[0], triple_words[i]);
	}
	step->files = files;
	step->n_files = TRIPLE_COUNT;
	return ok;
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
	if (step.importer == &importer_triple) {
		ok = gather_triple(j, paths, n, &h, &step, used, e);
		/* The importer wants the questions first, whichever was named first. */
		stream_close(step.first);
		step.first = NULL;
		step.path = ok ? step.files[TRIPLE_LABELS] : NULL;
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
		labels = find_file(&j->arena, arena_printf(&j->arena, "%s.", paths[0]),
		    triple_words[TRIPLE_LABELS]);
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

bool task_import_list(
    struct db *db, struct arena *a, struct response_import_row **out, size_t *n, struct err *e)
{
	return response_list_imports(db, a, out, n, e);
}

bool task_import_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e)
{
	return response_undo(db, import, out, e);
}
