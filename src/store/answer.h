/* answer.h - private to src/store: resolve the responses of a question into labels and write them.
 *
 * One writer goes from question to question: add rows (or load those that the database has), then
 * put. Rows of a question are added in the order of their items, so that a mean has the same bits
 * whenever it is computed.
 */
#ifndef STORE_ANSWER_H
#define STORE_ANSWER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/policy.h"

struct db;
struct err;

/* All rows of one model on the question at hand. */
struct answer_tally {
	uint32_t rows, scored, right, fresh; /* fresh: rows that the import at hand brings */
	uint64_t first_at, last_at;          /* order of the first and last scored row */
	double sum, min, max, first, last;
};

struct answer_writer {
	struct db *db;
	struct policy policy;
	struct answer_tally *tally; /* by model id - 1 */
	uint32_t *touched;          /* which of them have rows */
	float *scores, *weights;
	size_t n_touched, cap;
	size_t models; /* highest model id with a row */
	sqlite3_stmt *read, *write, *erase;
};

/* What the rows marked fresh did; adds up. */
struct answer_outcome {
	uint64_t repeats, conflicts, to_right, to_wrong, to_missing;
};

/* Model ids go up to this; the packed vectors are by id. */
#define ANSWER_MODELS_MAX ((int64_t)1 << 20)
/* Labels are kept and loaded as a dense table, a float for each model and question: at most 1 GiB. */
#define ANSWER_PAIRS_MAX ((int64_t)1 << 28)

bool answer_open(
    struct answer_writer *w, struct db *db, const struct policy *policy, struct err *e);
void answer_close(struct answer_writer *w); /* also after a failed answer_open */

/* model in 1..ANSWER_MODELS_MAX; score NaN is missing. */
void answer_add(
    struct answer_writer *w, int64_t model, int64_t import, int64_t n, double score, bool fresh);
/* Add the rows that the database holds for the question. */
bool answer_load(struct answer_writer *w, int64_t question, struct err *e);
/* Resolve what was added, write it, and be ready for the next question. o may be NULL. */
bool answer_put(struct answer_writer *w, int64_t question, struct answer_outcome *o, struct err *e);

/* Load and put every question that the one-column query yields, which must not read answer. */
bool answer_rebuild(struct db *db, const char *questions, int64_t a, struct err *e);
/* What the labels of a model on a benchmark come to. */
struct answer_sum {
	int64_t labels;
	double seen, correct; /* sum of weights; of weight * score */
};
struct answer_sums {
	size_t models, benchmarks;
	struct answer_sum *v; /* (models, benchmarks) by model id - 1 and benchmark id; mem_free */
};
bool answer_sum_up(struct db *db, struct answer_sums *out, struct err *e);
/* Bring the table accuracy up to date with answer. */
bool answer_summarise(struct db *db, struct err *e);

#endif
