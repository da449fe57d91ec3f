/* trained.h - what a finished run keeps in the database, and how it lies there.
 *
 *   vector "model", a row a model        p, canonical (K)
 *   vector "question", 0                 A (K, D), a (K), b (1); w is 1
 *   vector "head", a row a model         bootstrap refits of p (n_draws, K)
 *   vector "near", 0                     see `near` below
 *   vector "held", a row a question      see `held` below
 *   vector "method", 0                   another method's params (method/params.h), and its models'
 *                                        ids as its matrix "model ids"
 *
 * For the factorisation, run.method "mf", mf is the forecast itself. For any other method mf only
 * describes it (method/factorise.h): its features are the method's logits.
 *   run.calibration                      JSON: a, b, draws [[a, b], ...], interval {scale, cell}
 */
#ifndef TASK_TRAINED_H
#define TASK_TRAINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/calibrate.h"
#include "learn/interval.h"
#include "learn/mf.h"
#include "method/method.h"
#include "num/mat.h"

struct db;
struct err;

struct trained {
	const struct method *method;
	struct params params; /* of another method than the factorisation */
	size_t *column;       /* (mf.models) its column in that method's logits, SIZE_MAX = none */
	size_t columns;       /* how many it has */
	struct mf mf;         /* canonical; P row i is of the i-th model */
	bool *in_run;         /* (mf.models) the model had training labels */
	size_t placed; /* models with a vector that is not of the run (task/trained_place.h) */
	struct calibration calibration;
	size_t n_draws;            /* 0: no heads */
	struct calibration *draws; /* (n_draws) */
	struct mat heads;          /* (n_draws * models, K), model-major within a draw */
	struct interval interval;
	/* Cosine of training questions (a sample) and the training question nearest to each,
	 * ascending: how near the known ones are to each other. */
	size_t n_near;
	float *near;
	/* Questions of the validation part that the method learned from in the end, ascending, and its
	 * logits of them by fits without them: what it is judged on there. */
	size_t n_held;
	int64_t *held_question; /* (n_held) ids */
	float *held;            /* (n_held, columns) */
};

void trained_clear(struct trained *t);

/* Logits (n, models) of encodings (n, D), before calibration; of a model without a vector they mean
 * nothing. */
void trained_logits(const struct trained *t, const float *enc, size_t n, float *z);
/* Logits (models) of a stored question by a fit without it, of the models that the method has, where
 * there is one: else false. */
bool trained_held(const struct trained *t, int64_t question, float *z);
/* What the model vectors are multiplied with, q (n, mf.dim). */
void trained_project(const struct trained *t, const float *enc, size_t n, float *q);

/* The vectors of models ids[0..mf.models). The caller's transaction. */
bool trained_save(
    struct db *db, int64_t run, const struct trained *t, const int64_t *ids, struct err *e);
/* New string (mem_free) for run.calibration. */
char *trained_calibration_write(const struct trained *t);

/* Rows for the models ids[0..n): those the run does not know are zero and not in_run. `method` is
 * the run's, `features` the encoder's dims. Anything of a wrong length is ERR_DATA. */
bool trained_load(struct db *db, int64_t run, const char *method, const char *calibration,
    const int64_t *ids, size_t n, size_t features, struct trained *out, struct err *e);

#endif
