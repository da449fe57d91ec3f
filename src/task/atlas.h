/* atlas.h - the database in memory, read-only: names, labels, one split, one run's vectors.
 *
 * src/task has one file per verb and is the only layer that joins store with learn and text.
 * Results are structs with an arena of their own; the CLI prints them, the explorer draws them.
 *
 * Two steps, so that the first screen is quick: catalog_load reads names, tags, prices and the
 * accuracy summary (milliseconds); atlas_open reads labels, encodings and vectors.
 * An atlas never changes after opening and may be shared between threads; open a new one to see
 * new data.
 */
#ifndef TASK_ATLAS_H
#define TASK_ATLAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "learn/dataset.h"
#include "learn/trainer.h"
#include "store/catalog.h"
#include "task/trained.h"

struct db;
struct encoder;
struct err;
struct progress;

struct atlas {
	struct arena arena;
	struct catalog catalog;
	const struct catalog_question *questions; /* (n_questions), by id */
	struct dataset data; /* score, weight, enc, part, benchmark: shapes there */
	const char *split;   /* its name, or NULL = no split (or the run's is gone) */

	/* The run; absent when run == 0: then trained.mf.block is NULL and data.enc too. */
	int64_t run;
	const char *run_name;           /* e.g. "run 7 mf K=64" */
	struct trainer_options trainer; /* what it was trained with */
	struct trained trained;         /* of catalog.models: P is zero for one it never saw */
	const bool *has_vector;         /* (n_models) of the run, or placed after it */
	const size_t *placed; /* (n_models) answers it was placed by without training, or 0 */
	double *ability;      /* (n_models) on training labels, see learn/baseline.h */
	const bool *encoded;  /* (n_questions) data.enc has the row, else it is zero */
	size_t n_unencoded;   /* questions that came after the run */
	bool set_aside;       /* the split has no validation part: the run made one */
	const char *digest;   /* of the labels it was trained on, hex */
	/* (n_models, n_models) share of refits in which the second is among the first's nearest ten, or
	 * NULL where none were made */
	const float *stays;
	struct encoder *encoder;  /* of the run; typed questions go through it */
	const char *encoder_name; /* "builtin", "minilm+builtin", ...: see task/encode.h */

	/* What atlases of one database share. */
	struct atlas_labels *labels;
	struct atlas_encodings *encodings;
};

/* run 0 = the run in use (none: names and labels only, not an error), else that run or an error
 * that lists the runs. `known` is an atlas of an earlier state of the same database, or NULL: labels
 * and encodings that are still the same are shared with it instead of read. */
struct atlas *atlas_open(
    struct db *db, int64_t run, const struct atlas *known, const struct progress *p, struct err *e);
void atlas_free(struct atlas *a);
/* Open the encoder of the run now, where that waits for the first typed question (an installed one):
 * on any thread, also while the atlas is in use. False, with the reason, where no question can be
 * typed. */
bool atlas_prepare(const struct atlas *a, struct err *e);

/* Calibrated probabilities (n, n_models) of encodings (n, D); NaN for models without a vector. */
void atlas_probability(const struct atlas *a, const float *enc, size_t n, float *p);
/* The same of stored questions (n) by index. One that the run learned from although it is of the
 * validation part has the forecast that was made without it. */
void atlas_forecasts(const struct atlas *a, const uint32_t *question, size_t n, float *p);

#endif
