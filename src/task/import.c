/* Which files make one import, in which format, with which part; the rest is ingest's and store's. */
#include "task/import.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/importer.h"
#include "ingest/triple.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* One import to do. */
struct step {
	const struct importer *importer;
	const char *paths[TRIPLE_COUNT];
	size_t n_paths;
	struct stream *first; /* paths[0], open, or NULL */
	enum part part;       /* by the file's name, or PART_NONE */
};

struct job {
	struct db *db;
	const struct import_options *o;
	const struct import_watch *w;
	struct arena arena;
};

void import_options_default(struct import_options *o)
{
	*o = (struct import_options){.threshold = NAN};
}

static const char *const endings[] = {".csv", ".csv.gz", ".csv.zst", ".csv.xz"};
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

/* The part that a file of a release has by its name: PART_TRAIN for train.csv.gz. */
static enum part part_by_name(const char *path)
{
	const char *base = file_base(path), *dot = strchr(base, '.');
	enum part part = PART_NONE;
	char stem[16];

	for (size_t i = 0; dot && i < ENDINGS; i++)
		if (!strcmp(dot, endings[i]) && (size_t)(dot - base) < sizeof(stem)) {
			snprintf(stem, sizeof(stem), "%.*s", (int)(dot - base), base);
			part_parse(stem, &part);
		}
	return part;
}

/* DIR/NAME or DIRNAME with any of the endings, if there is such a file; in the arena. */
static const char *find_file(struct arena *a, const char *dir, const char *slash, const char *name)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		const char *path = arena_printf(a, "%s%s%s%s", dir, slash, name, endings[i]);

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
	return find_file(a, dir, "", triple_words[wanted]);
}

/* Open the path and look at its start: which format is it? */
static bool recognise(const char *path, struct ingest_head *h, struct stream **s, struct err *e)
{
	*h = (struct ingest_head){.path = path, .is_dir = file_is_dir(path)};
	*s = NULL;
	if (h->is_dir)
		return true;
	*s = stream_open(path, e);
	if (!*s)
		return false;
	stream_as_text(*s);
	if (stream_peek(*s, INGEST_HEAD_SIZE, &h->p, &h->n, e))
		return true;
	stream_close(*s);
	return false;
}

static const struct importer *sniff(const struct ingest_head *h)
{
	for (size_t i = 0; i < n_importers; i++)
		if (importers[i]->sniff(h))
			return importers[i];
	return NULL;
}

static bool not_recognised(const struct ingest_head *h, struct err *e)
{
	static const char sqlite[] = "SQLite format 3";

	if (h->is_dir)
		return err_set(e, ERR_DATA,
		    "%s: nothing to import in it: neither train.csv and test.csv, nor "
		    "questions.csv, models.csv and labels.csv, nor samples_*.jsonl",
		    h->path);
	if (h->n == 0)
		return err_set(e, ERR_DATA, "%s: empty", h->path);
	if (h->n > sizeof(sqlite) && !memcmp(h->p, sqlite, sizeof(sqlite)))
		return err_set(
		    e, ERR_DATA, "%s: a database, not a file of labels; open it with -d", h->path);
	return err_set(e, ERR_DATA,
	    "%s: not recognised: wanted is a CSV with the columns model, benchmark, question and "
	    "label (or those of EmbedLLM), or JSON lines of lm-evaluation-harness; --format names "
	    "one",
	    h->path);
}

/* The three files of a triple, `path` being one: others from the arguments that follow, else from
 * beside it. *used counts the arguments taken. */
static bool gather_triple(struct job *j, const char *const *paths, size_t n,
    const struct ingest_head *h, struct step *step, size_t *used, struct err *e)
{
	struct ingest_head other;
	enum triple_file is, which;
	struct stream *s;
	bool ok = true;

	triple_recognise(h, &is);
	memset(step->paths, 0, sizeof(step->paths));
	step->paths[is] = paths[0];
	for (*used = 1; ok && *used < n && *used < TRIPLE_COUNT; ++*used) {
		bool member;

		ok = recognise(paths[*used], &other, &s, e);
		member =
		    ok && !other.is_dir && triple_recognise(&other, &which) && !step->paths[which];
		if (member)
			step->paths[which] = paths[*used];
		if (ok)
			stream_close(s);
		if (!member)
			break;
	}
	for (int i = 0; ok && i < TRIPLE_COUNT; i++) {
		if (!step->paths[i])
			step->paths[i] = find_sibling(&j->arena, paths[0], is, (enum triple_file)i);
		if (!step->paths[i])
			ok = err_set(e, ERR_DATA,
			    "%s: one of three files that belong together; give the %s file too",
			    paths[0], triple_words[i]);
	}
	step->n_paths = TRIPLE_COUNT;
	return ok;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool has_parts(const struct staging *s)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (s->items[i].part)
			return true;
	return false;
}

/* Takes step->first. */
static bool do_step(struct job *j, struct step *step, struct err *e)
{
	const struct import_options *o = j->o;
	struct ingest_options options = {
	    .part = o->part ? o->part : step->part,
	    .skip_bad = o->skip_bad,
	    .benchmark = o->benchmark,
	    .model = o->model,
	    .filter = o->filter,
	    .metric = o->metric,
	};
	const char *file = strcmp(step->paths[0], "-") ? step->paths[0] : "<stdin>";
	const struct progress *progress = j->w ? j->w->progress : NULL;
	double start = seconds();
	struct response_report report;
	struct staging s;
	struct ingest in = {
	    .paths = step->paths,
	    .n_paths = step->n_paths,
	    .first = step->first,
	    .o = &options,
	    .s = &s,
	    .progress = progress,
	};
	bool ok;

	if (step->importer == &importer_triple)
		file = step->paths[TRIPLE_LABELS];
	staging_init(&s, file, step->importer->name);
	if (step->part && !o->part)
		s.note =
		    arena_printf(&s.arena, "part %s, from the file's name", part_name(step->part));
	ok = step->importer->read(&in, e);
	stream_close(in.first);
	if (ok && !s.n_rows)
		ok = err_set(e, ERR_DATA, "%s: no labels in it%s", file,
		    s.skipped ? " besides bad lines" : "");
	if (ok && !options.part && part_by_name(file) && !has_parts(&s))
		s.note = arena_printf(&s.arena,
		    "taken without a part, in spite of its name: --part %s gives it one",
		    part_name(part_by_name(file)));
	ok =
	    ok && response_import(j->db, &s, o->dup, o->threshold, progress, &in.arena, &report, e);
	if (ok) {
		report.seconds = seconds() - start;
		if (j->w && j->w->done)
			j->w->done(j->w->arg, &report);
	}
	staging_clear(&s);
	arena_clear(&in.arena);
	return ok;
}

static bool import_file(
    struct job *j, const char *const *paths, size_t n, enum part part, size_t *used, struct err *e);

/* An EmbedLLM release: train, val and test files, each an import with its part. *any: there are. */
static bool import_release(struct job *j, const char *dir, bool *any, struct err *e)
{
	static const char *const names[] = {"train", "val", "valid", "validation", "test"};
	size_t used;

	*any = false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = find_file(&j->arena, dir, "/", names[i]);

		if (!path)
			continue;
		*any = true;
		if (!import_file(j, &path, 1, part_by_name(path), &used, e))
			return false;
	}
	return true;
}

/* Do the names tell of two parts or more? One file called train.csv may be anything, train.csv and
 * test.csv are a release, as in a directory. */
static bool names_parts(const char *const *paths, size_t n)
{
	enum part first = PART_NONE;

	for (size_t i = 0; i < n; i++) {
		enum part part = part_by_name(paths[i]);

		if (first && part && part != first)
			return true;
		first = first ? first : part;
	}
	return false;
}

static bool import_dir(struct job *j, const char *dir, const struct ingest_head *h, struct err *e)
{
	struct step step = {.importer = &importer_lm_eval, .paths = {dir}, .n_paths = 1};
	const char *labels;
	size_t used;
	bool any;

	if (!import_release(j, dir, &any, e))
		return false;
	if (any)
		return true;
	labels = find_file(&j->arena, dir, "/", triple_words[TRIPLE_LABELS]);
	if (labels)
		return import_file(j, &labels, 1, PART_NONE, &used, e);
	return importer_lm_eval.sniff(h) ? do_step(j, &step, e) : not_recognised(h, e);
}

/* The path and, of a triple, those of its files that follow it. */
static bool import_file(
    struct job *j, const char *const *paths, size_t n, enum part part, size_t *used, struct err *e)
{
	struct step step = {.paths = {paths[0]}, .n_paths = 1, .part = part};
	struct ingest_head h;

	*used = 1;
	if (strcmp(paths[0], "-") && !file_exists(paths[0])) {
		/* "metabench_big" for metabench_big.labels.csv and its siblings */
		step.paths[0] = find_file(&j->arena, paths[0], ".", triple_words[TRIPLE_LABELS]);
		if (step.paths[0])
			return import_file(j, step.paths, 1, part, used, e);
	}
	if (!recognise(paths[0], &h, &step.first, e))
		return false;
	if (j->o->format)
		step.importer = importer_find(j->o->format);
	else if (!h.is_dir)
		step.importer = sniff(&h);
	if (h.is_dir && (!step.importer || step.importer != &importer_lm_eval))
		return import_dir(j, paths[0], &h, e);
	if (!step.importer) {
		not_recognised(&h, e); /* h borrows from the stream */
		stream_close(step.first);
		return false;
	}
	if (step.importer == &importer_triple) {
		bool ok = gather_triple(j, paths, n, &h, &step, used, e);

		/* The importer wants the questions first, whichever was named first. */
		stream_close(step.first);
		step.first = NULL;
		if (!ok)
			return false;
	}
	return do_step(j, &step, e);
}

static bool check_options(const struct import_options *o, struct err *e)
{
	char names[256] = "";

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
	struct job j = {.db = db, .o = o, .w = w};
	struct policy policy;
	bool ok = check_options(o, e), release = names_parts(paths, n), set;
	size_t used;

	if (ok && !n)
		ok = err_set(e, ERR_USAGE, "no file to import");
	/* Before a large file is read, and again in each file's transaction. */
	ok = ok && policy_choose(db, o->dup, o->threshold, &policy, &set, e);
	for (size_t i = 0; ok && i < n; i += used)
		ok = import_file(
		    &j, paths + i, n - i, release ? part_by_name(paths[i]) : PART_NONE, &used, e);
	arena_clear(&j.arena);
	return ok;
}

const struct import_format *import_formats(size_t *n)
{
	static struct import_format formats[8];

	*n = n_importers < 8 ? n_importers : 8;
	for (size_t i = 0; i < *n; i++)
		formats[i] = (struct import_format){importers[i]->name, importers[i]->about};
	return formats;
}

bool task_import_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e)
{
	return response_undo(db, import, out, e);
}
