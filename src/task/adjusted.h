/* adjusted.h - accuracies that can be compared where models answered different questions.
 *
 * The accuracy on all questions, as by direct standardisation: of every question the model's answer
 * where there is one, else the run's forecast. Of a benchmark that it has no answer to, the forecasts
 * are shifted (one number in their logits) to what its ability on the others and the benchmark's ease
 * for the other models say (learn/additive.h): a run may never have learned how hard it is for it.
 *
 * The interval (95 %) is of the accuracy on questions like these: from resamples of the questions, the
 * same for all models, with the forecasts' errors drawn on top. These are the coin flips of single
 * answers; what a cell's rate strays from ability plus ease, where the model has no answer to the
 * benchmark; and where it has some, at most as much as its own answers there leave open. Ranks are
 * counted in the same draws.
 */
#ifndef TASK_ADJUSTED_H
#define TASK_ADJUSTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct atlas;
struct catalog;
struct db;

struct adjusted_row {
	double value, low, high;      /* NaN: not answered in full, and without a vector */
	double foretold;              /* share of the questions that is forecast, 0..1 */
	uint32_t rank_low, rank_high; /* 95 % of the draws, from 1; 0 = no value */
};

/* v (n models of the catalog), in the arena. Needs a run. Milliseconds where all is answered; else what
 * the run takes for its forecasts of all questions. */
struct adjusted {
	size_t n; /* 0: nothing is known */
	struct adjusted_row *v;
};
void task_adjusted(const struct atlas *a, struct arena *arena, struct adjusted *out);
/* What is kept with the run for the labels as they are; false where nothing is. */
bool adjusted_kept(
    struct db *db, const struct catalog *c, struct arena *arena, struct adjusted *out);
/* Kept or computed; kept from now on where `db` may be written. */
void adjusted_find(struct db *db, const struct atlas *a, struct arena *arena, struct adjusted *out);

#endif
