/* run.h - training runs: settings, curves, checkpoints, vectors, and results kept with them. */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/epoch.h"

struct arena;
struct db;
struct err;

enum run_state { RUN_RUNNING, RUN_STOPPED, RUN_DONE, RUN_FAILED, RUN_STATE_COUNT };
const char *run_state_name(enum run_state s); /* "running", "stopped", "done", "failed" */

struct run {
	int64_t id;             /* set by run_create */
	const char *created;    /* ISO 8601 UTC, set by run_create */
	const char *method;     /* "mf" */
	int64_t split, encoder; /* ids; 0 = none, or deleted since */
	const char *split_name; /* as it was called then */
	const char *settings;   /* JSON object: all trainer options */
	uint64_t seed;
	int threads;
	const char *kernel;      /* BLAS kernel, e.g. "SkylakeX" */
	const char *data_digest; /* label_digest at the start */
	enum run_state state;
	size_t epochs, best_epoch;
	double seconds;
	const char *summary;     /* JSON object or NULL: figures at the end */
	const char *calibration; /* JSON object or NULL */
};

enum run_blob { RUN_LAST, RUN_BEST, RUN_BLOB_COUNT }; /* checkpoints */

bool run_create(struct db *db, struct run *r, struct arena *a, struct err *e);
/* The curve point and the given checkpoints (either may be NULL) in one transaction: after a kill
 * the database holds the last epoch that returned. */
bool run_save_epoch(struct db *db, int64_t run, const struct epoch *t, const void *last,
    size_t n_last, const void *best, size_t n_best, struct err *e);
bool run_load_checkpoint(struct db *db, int64_t run, enum run_blob which, struct arena *a,
    const void **p, size_t *n, size_t *epoch, struct err *e); /* *p NULL where there is none */
/* Back to `running` with nothing but its epochs up to `epoch` (a resume). */
bool run_reopen(struct db *db, int64_t run, size_t epoch, struct err *e);
/* Writes state, epochs, best_epoch, seconds, summary and calibration. Done: drops the checkpoints. */
bool run_finish(struct db *db, const struct run *r, struct err *e);

bool run_list(
    struct db *db, struct arena *a, struct run **out, size_t *n, struct err *e); /* newest first */
/* id 0 = the run in use, else the newest that is done. *found false (and no error) if none. */
bool run_find(
    struct db *db, int64_t id, struct arena *a, struct run *out, bool *found, struct err *e);
/* A run that must be there (0 = the one in use): where it is not, an error that lists those that are. */
bool run_require(struct db *db, int64_t id, struct run *out, struct arena *a, struct err *e);
bool run_load_curve(
    struct db *db, int64_t run, struct arena *a, struct epoch **out, size_t *n, struct err *e);
bool run_use(struct db *db, int64_t run, struct err *e);
bool run_delete(struct db *db, int64_t run, struct err *e);

/* Vectors: float32 arrays by kind and owner. For kind "model" the owner is the model's id (and the
 * row goes with the model); for others it is a number of the caller's choosing, e.g. 0. */
bool run_save_vector(struct db *db, int64_t run, const char *kind, int64_t owner, const float *v,
    size_t n, struct err *e);
/* All of a kind by owner, in the arena (v 64-byte aligned). */
struct run_vector {
	int64_t owner;
	const float *v;
	size_t n;
};
bool run_load_vectors(struct db *db, int64_t run, const char *kind, struct arena *a,
    struct run_vector **out, size_t *n, struct err *e);

/* Results worth keeping (probe, map): one text a key, which goes with the run. *value NULL if
 * absent. */
bool run_cache_get(struct db *db, int64_t run, const char *key, struct arena *a, const char **value,
    struct err *e);
bool run_cache_set(struct db *db, int64_t run, const char *key, const char *value, struct err *e);

#endif
