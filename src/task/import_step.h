/* import_step.h - private to the import: one import to do, and doing it. import_files.c has the paths the
 * user named, import_folder.c those below a folder. */
#ifndef TASK_IMPORT_STEP_H
#define TASK_IMPORT_STEP_H

#include "task/import.h"

#include "base/arena.h"
#include "ingest/importer.h"

struct stream;

/* One import to do. */
struct import_step {
	const struct importer *importer;
	const char *path; /* what it is called */
	bool is_dir;
	const char *const *files;
	size_t n_files;
	struct stream *first; /* files[0], open, or NULL */
	enum part part;       /* by the file's name, or PART_NONE */
};

struct import_job {
	struct db *db;
	const struct import_options *o;
	const struct import_watch *w;
	struct arena arena;
	size_t imports; /* that came in */
};

/* The part that a file of a release has by its name: PART_TRAIN for train.csv.gz. */
enum part import_part(const char *path);

/* Open the file and look at its start. h borrows from the stream. */
bool import_recognise(const char *path, struct ingest_head *h, struct stream **s, struct err *e);
/* The importer by --format, else the surest; NULL where there is none. *score: how sure it is. */
const struct importer *import_choose(
    const struct import_job *j, const struct ingest_head *h, int *score);

/* Read, compare, settle, write and report. Takes step->first. */
bool import_do(struct import_job *j, const struct import_step *step, struct err *e);

/* The path (a file, or "-") and, of a triple, those of its files that follow it; *used counts them. */
bool import_file(struct import_job *j, const char *const *paths, size_t n, enum part part,
    size_t *used, struct err *e);
/* Everything below a folder. */
bool import_folder(struct import_job *j, const char *dir, struct err *e);

#endif
