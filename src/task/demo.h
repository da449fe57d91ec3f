/* demo.h - the demo world in a database or in files, and how well a run recovered it. */
#ifndef TASK_DEMO_H
#define TASK_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/response.h"
#include "task/demo_world.h"

struct arena;
struct atlas;
struct db;
struct err;
struct progress;

struct demo_options {
	enum demo_scale scale;
	uint64_t seed;     /* 0 */
	bool long_prompts; /* prompts of 500 bytes on average, for import benchmarks */
};
void demo_options_default(struct demo_options *o);

/* Whether the database holds the world of these options; *other tells that it holds something
 * else. Neither: it is empty. */
bool task_demo_there(
    struct db *db, const struct demo_options *o, bool *there, bool *other, struct err *e);

/* Bring the world into an empty database: its rows as an import like any other, the models' tags
 * (family, size, speciality) and prices, a split (the published scale brings its own), and the
 * planted truth. One transaction. Strings of `out` are in the arena. */
bool task_demo(struct db *db, const struct demo_options *o, const struct progress *p,
    struct arena *a, struct response_report *out, struct err *e);

/* Write the world to `dir` (made if need be) in the layout of the EmbedLLM release: train.csv,
 * val.csv and test.csv (small scale, which has no parts: all.csv) with every repeat, and
 * model_order.csv and question_order.csv. */
struct demo_files {
	uint64_t rows[PART_COUNT]; /* per part */
	uint64_t bytes;            /* of the label files */
};
bool task_demo_csv(const char *dir, const struct demo_options *o, const struct progress *p,
    struct demo_files *out, struct err *e);

/* The planted truth against the atlas's run, on the questions of its test part. */
struct demo_recovery {
	size_t n_models, n_questions;
	/* Mean share of a model's 5 nearest that are its planted 5 nearest; cosine in coordinates
	 * in which training questions have the identity as second moment, as the run's own
	 * (mf_canonical). */
	double neighbours;
	/* Pooled over the labels: of the run, of the planted probabilities. */
	double auc, auc_planted;
	/* Mean planted probability of a right answer from the model chosen: best single model by
	 * training labels, routed by the run, routed by the planted truth. */
	double single, routed, best;
	double recovered; /* (routed - single) / (best - single) */
};
/* An error where the database is not a demo's or there is no run. */
bool task_demo_recovery(
    struct db *db, const struct atlas *atlas, struct demo_recovery *out, struct err *e);

#endif
