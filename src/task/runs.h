/* runs.h - the training runs that the database holds. */
#ifndef TASK_RUNS_H
#define TASK_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/table.h"
#include "learn/trainer.h"
#include "task/run_figures.h"

struct db;
struct err;
struct run;

/* Of figures on the test part task_runs gives the first two; the others are for whoever computes them. */
enum runs_tested { RUNS_UNTESTED, RUNS_TESTED, RUNS_IN_TEST, RUNS_NO_TEST };

struct runs_row {
	int64_t id;
	const char *created; /* ISO 8601 UTC */
	const char *method;  /* "mf" */
	bool by_epochs;      /* the factorisation: epochs and the trainer's settings are its own */
	const char *state;   /* "running", "stopped", "done", "failed" */
	bool in_use;
	const char *split;    /* name it had then */
	const char *encoder;  /* identity, or NULL where it was deleted since */
	const char *kernel;   /* BLAS kernel */
	const char *digest;   /* of the data, hex */
	const char *settings; /* JSON object */
	struct trainer_options trainer;
	int threads;
	size_t epochs, best_epoch;
	double seconds;
	double val_accuracy, val_loss; /* of the best epoch, NaN without */
	/* Of each model's training rate, on the same answers; NaN where it did not end. */
	double base_val_accuracy, base_val_loss;
	enum runs_tested tested;
	struct run_figures test; /* NaN unless tested */
};

struct runs {
	struct arena arena;
	size_t n;
	struct runs_row *v; /* newest first */
};

bool task_runs(struct db *db, struct runs *out, struct err *e);
void runs_clear(struct runs *r);

enum {
	RUNS_ID,
	RUNS_CREATED,
	RUNS_METHOD,
	RUNS_DIM,
	RUNS_ENCODER,
	RUNS_SEED,
	RUNS_SPLIT,
	RUNS_EPOCHS,
	RUNS_BEST_EPOCH,
	RUNS_VAL_ACCURACY,
	RUNS_VAL_LOSS,
	RUNS_TEST_ACCURACY,
	RUNS_TEST_AUC,
	RUNS_ACCURACY_GAIN,
	RUNS_AUC_GAIN,
	RUNS_SECONDS,
	RUNS_THREADS,
	RUNS_KERNEL,
	RUNS_DIGEST,
	RUNS_SETTINGS,
	RUNS_IN_USE,
	RUNS_STATE,
	RUNS_COLUMNS
};
struct table runs_table(const struct runs *r);

/* The curve of one run. */
struct runs_curve {
	struct arena arena;
	size_t n;
	struct epoch *v;
};
bool task_runs_curve(struct db *db, int64_t run, struct runs_curve *out, struct err *e);
void runs_curve_clear(struct runs_curve *c);

/* An unknown run is an error that lists the runs there are. */
bool task_runs_use(struct db *db, int64_t run, struct err *e);
/* *running (may be NULL): it was not finished, so that a training may be at work on it. */
bool task_runs_delete(struct db *db, int64_t run, bool *running, struct err *e);
/* Delete a run so that task_runs_restore, on the same connection, brings it back by the ticket. *run
 * is the number it has then: its own, unless a newer run has got that. */
bool task_runs_put_away(struct db *db, int64_t run, int64_t *ticket, struct err *e);
bool task_runs_restore(struct db *db, int64_t ticket, int64_t *run, struct err *e);

#endif
