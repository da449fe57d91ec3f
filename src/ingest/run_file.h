/* run_file.h - the file of figures that Every Eval Ever has of a run, UUID.json. */
#ifndef INGEST_RUN_FILE_H
#define INGEST_RUN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct err;
struct ingest;

struct run_file {
	const char *path;
	json_t *doc;
	bool used; /* some row is of it */
};

/* Is the document one? And of a version that is read (0)? */
bool run_file_is(const json_t *doc);
bool run_file_check(const json_t *doc, const char *path, struct err *e);

/* Its evaluation_results; NULL without a file. */
const json_t *run_file_results(const struct run_file *run);
/* The one that a row is of: by its evaluation_result_id, else the only one of its evaluation; NULL
 * where the file does not tell. */
const json_t *run_file_result(const struct run_file *run, const json_t *row, const char *task);
/* The name of a result's metric, "score" where it has none; a score of it as a label, by the range that
 * is given for it (0 to 1 without one), NaN where it can be none. */
const char *run_file_metric(const json_t *result);
double run_file_label(const json_t *result, double score);
/* The scores of an evaluation as labels, by the names of their metrics; json_decref. */
json_t *run_file_figures(const struct run_file *run, const char *task);

/* When the run was made, as an ISO date in the import's arena, or NULL. */
const char *run_file_date(struct ingest *in, const json_t *doc);
/* Tell the import what the run's evaluations were made with. */
void run_file_settings(struct ingest *in, const struct run_file *run, uint32_t model);

/* Where the file of its rows is: as it says, beside it, or from a folder above. In the import's arena;
 * NULL where there is none, and then the error. */
const char *run_file_rows(struct ingest *in, const struct run_file *run);
bool run_file_no_rows(const struct run_file *run, struct err *e);

#endif
