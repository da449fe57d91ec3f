/* One import: read into a staging, compare with what its source claims, settle its runs, write. */
#include "task/import_step.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/stream.h"
#include "store/db.h"
#include "store/staging.h"

#include <stdio.h>
#include <string.h>

enum part import_part(const char *path)
{
	static const char *const endings[] = {".csv", ".csv.gz", ".csv.zst", ".csv.xz"};
	const char *base = file_base(path), *dot = strchr(base, '.');
	enum part part = PART_NONE;
	char stem[16];

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (!strcmp(dot, endings[i]) && (size_t)(dot - base) < sizeof(stem)) {
			snprintf(stem, sizeof(stem), "%.*s", (int)(dot - base), base);
			part_parse(stem, &part);
		}
	return part;
}

bool import_recognise(const char *path, struct ingest_head *h, struct stream **s, struct err *e)
{
	*h = (struct ingest_head){.path = path};
	*s = stream_open(path, e);
	if (!*s)
		return false;
	stream_as_text(*s);
	if (stream_peek(*s, INGEST_HEAD_SIZE, &h->p, &h->n, e)) {
		h->whole = h->n < INGEST_HEAD_SIZE;
		return true;
	}
	stream_close(*s);
	return false;
}

/* A text of which the user tells the columns is a table, whatever they are called; `by_names` is what
 * their names alone make of it. */
static const struct importer *table_asked_for(
    const char *columns, const struct ingest_head *h, const struct importer *by_names)
{
	if (memchr(h->p, '\0', h->n) || (by_names && !by_names->table))
		return by_names;
	if (strstr(columns, "models="))
		return &importer_wide;
	return by_names && !strstr(columns, "label=") ? by_names : &importer_long;
}

const struct importer *import_choose(
    const struct import_job *j, const struct ingest_head *h, int *score)
{
	const struct importer *i = j->o->format ? importer_find(j->o->format) : importer_surest(h);

	if (!j->o->format && j->o->columns)
		i = table_asked_for(j->o->columns, h, i);
	*score = i ? i->score(h) : SCORE_NONE;
	return i;
}

static bool has_parts(const struct staging *s)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (s->items[i].part)
			return true;
	return false;
}

static struct ingest_options ingest_options(const struct import_options *o, enum part part)
{
	_Static_assert((int)IMPORT_RUNS_STOP == (int)RUNS_STOP, "the same order");
	return (struct ingest_options){
	    .part = o->part ? o->part : part,
	    .skip_bad = o->skip_bad,
	    .benchmark = o->benchmark,
	    .model = o->model,
	    .filter = o->filter,
	    .metric = o->metric,
	    .only = {o->only.v, o->only.n},
	    .except = {o->except.v, o->except.n},
	    .runs = (enum ingest_runs)o->runs,
	    .accept = o->accept,
	    .columns = o->columns,
	    .right = o->right,
	    .scale = o->scale,
	};
}

static void remark_parts(struct ingest *in, const struct import_step *step, const char *file)
{
	if (step->part && in->o->part == step->part)
		ingest_remark(
		    in, REMARK_CHOICE, "part %s, from the file's name", part_name(step->part));
	if (!in->o->part && !step->is_dir && import_part(file) && !has_parts(in->s))
		ingest_remark(in, REMARK_CHOICE,
		    "taken without a part, in spite of its name: --part %s gives it one",
		    part_name(import_part(file)));
}

/* ": wikitext: ...": why there are none, where a remark says it. */
static const char *left_out(struct ingest *in)
{
	for (size_t i = 0; i < in->s->n_remarks; i++)
		if (in->s->remarks[i].kind == REMARK_LEFT_OUT)
			return arena_printf(&in->arena, ": %s", in->s->remarks[i].text);
	return "";
}

bool import_do(struct import_job *j, const struct import_step *step, struct err *e)
{
	const struct import_options *o = j->o;
	const struct ingest_options options = ingest_options(o, step->part);
	const char *file = strcmp(step->path, "-") ? step->path : "<stdin>";
	double start = clock_now();
	struct response_report report;
	struct err mismatch = ERR_INIT;
	struct staging s;
	struct ingest in = {
	    .path = file,
	    .is_dir = step->is_dir,
	    .files = step->files,
	    .n_files = step->n_files,
	    .first = step->first,
	    .o = &options,
	    .s = &s,
	    .db = j->db,
	    .progress = j->w ? j->w->progress : NULL,
	};
	bool ok, matches = true;

	staging_init(&s, file, step->importer->name);
	ok = step->importer->read(&in, e);
	if (ok && !s.n_rows)
		ok = err_set(e, ERR_DATA, "%s: no labels in it%s%s", file,
		    s.skipped ? " besides bad lines" : "", left_out(&in));
	if (ok) {
		remark_parts(&in, step, file);
		matches = ingest_check_aggregates(&in, &mismatch);
	}
	if (ok && !matches && !o->check) {
		*e = mismatch;
		ok = false;
	}
	ok = ok && ingest_settle_runs(&in, e) && ingest_settle_before(&in, e) &&
	     ingest_check_names(&in, e);
	if (ok)
		ingest_check_variants(&in);
	ok = ok && response_import(j->db, &s, o->dup, o->threshold, o->check, in.progress,
		       &in.arena, &report, e);
	if (ok) {
		j->imports++;
		report.seconds = clock_now() - start;
		if (j->w && j->w->done)
			j->w->done(j->w->arg, &report);
		if (!matches) {
			*e = mismatch;
			ok = false;
		}
	}
	staging_clear(&s);
	ingest_end(&in);
	return ok;
}
