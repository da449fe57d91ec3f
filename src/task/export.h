/* export.h - labels, vectors and encodings into files that other programs read. */
#ifndef TASK_EXPORT_H
#define TASK_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/part.h"

struct atlas;
struct db;
struct err;
struct progress;

struct export_labels_report {
	uint64_t rows;
	/* prompt_id or model_id are new: the imports have none, or clashing ones */
	bool renumbered;
};
/* Every raw row as EmbedLLM CSV (prompt_id, model_id, category_id, label, prompt, model_name,
 * category, and part where the input gave parts), so that importing the file makes the same
 * database again. part PART_NONE = all, else the rows imported with that part (then without the
 * column). "-" is stdout. */
bool task_export_labels(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e);

/* The same rows as a long table: model, benchmark, question, label and, where some row has them,
 * question_id, model_id, part, trials, cost, tokens_in, tokens_out and latency. */
bool task_export_long(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e);

/* The same rows as one cell a question and model (task/grid.h: of several, the share of right tries).
 * py-irt's JSON lines, k of n where there were several tries, and the texts of the items in
 * STEM.items.jsonl beside it; not to stdout. */
bool task_export_py_irt(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e);
/* Every Eval Ever: below the folder `dir`, for each model data/embedllm/DEVELOPER/MODEL/UUID.json and
 * UUID_samples.jsonl. It holds the raw rows whole; importing the folder makes the same database. */
bool task_export_every_eval_ever(struct db *db, const char *dir, enum part part,
    const struct progress *p, struct export_labels_report *out, struct err *e);
/* A wide CSV: benchmark, question, question_id and part where there are any, then a column a model. It
 * holds no n. A model whose name stands for something else in a header is an error. */
bool task_export_wide(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e);
/* RouterBench's wide CSV, with the costs where they are known. It holds no part and no n. */
bool task_export_router_bench(struct db *db, const char *path, enum part part,
    const struct progress *p, struct export_labels_report *out, struct err *e);

/* The rows' names, with what is known of them, are a TSV with a header line: a model's name,
 * accuracy, labels and tags; a question's id, benchmark, part, share of right answers and text
 * (escaped as on a terminal). */
enum export_format {
	EXPORT_CSV,         /* a header line; name (or question id), then one column a coordinate */
	EXPORT_NPY,         /* NumPy, float32 (rows, columns); PATH.tsv beside it names the rows */
	EXPORT_TENSORBOARD, /* a folder with vectors.tsv and metadata.tsv for the projector */
};

/* The run's model vectors in canonical coordinates, one row a model of the run by name. "-" is
 * stdout, for CSV alone. */
bool task_export_vectors(
    const struct atlas *a, enum export_format format, const char *path, struct err *e);
/* The encodings of the stored questions by the run's encoder, one row a question by id; questions
 * that came after the run (atlas.n_unencoded) are left out. */
bool task_export_encodings(
    const struct atlas *a, enum export_format format, const char *path, struct err *e);

#endif
