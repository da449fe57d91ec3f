/* profile.h - one model in full: its benchmarks beside the others', how well its forecasts are
 * calibrated, and the answers that were least to be expected. */
#ifndef TASK_PROFILE_H
#define TASK_PROFILE_H

#include "base/table.h"
#include "task/atlas.h"

struct profile_benchmark {
	size_t benchmark;   /* catalog index */
	double seen, right; /* labels and their sum */
	double accuracy;    /* NaN without labels */
	double half;        /* half the width of its 95 % interval */
	size_t rank, of;    /* among the models that answered it; rank 0 = it did not */
	double median;      /* of those models */
	double forecast;    /* mean calibrated p on its held-out questions, NaN without */
};

/* Held-out answers in equal numbers by forecast. */
#define PROFILE_BINS 10
struct profile_bin {
	double p, right; /* mean forecast, share right */
	size_t n;
};

struct profile_surprise {
	size_t question; /* atlas index */
	double p;        /* forecast of a right answer */
};

struct profile {
	struct arena arena;
	size_t model;
	size_t rank; /* by accuracy over all labels, from 1 */
	size_t n_benchmarks;
	struct profile_benchmark *benchmarks; /* by catalog order */
	size_t held_out; /* its labels on validation and test questions; 0 without a run */
	size_t n_bins;
	struct profile_bin bins[PROFILE_BINS];
	double ece; /* mean |right - p| over the bins, NaN without */
	size_t n_wrong, n_right;
	struct profile_surprise *wrong; /* forecast right and wrong, most certain first */
	struct profile_surprise *right; /* forecast wrong and right */
};

/* At most `surprises` of each kind. Forecasts are those of the atlas's run, on questions it was not
 * trained on. */
bool task_profile(
    const struct atlas *a, size_t model, size_t surprises, struct profile *out, struct err *e);
void profile_clear(struct profile *p);

enum {
	PROFILE_NAME,
	PROFILE_BAR, /* drawn */
	PROFILE_ACCURACY,
	PROFILE_HALF_WIDTH,
	PROFILE_RANK,
	PROFILE_MODELS,
	PROFILE_MEDIAN,
	PROFILE_FORECAST,
	PROFILE_QUESTIONS,
	PROFILE_COLUMNS
};
/* Its benchmarks. */
struct table profile_table(const struct profile *p, const struct catalog *c);

enum {
	SURPRISES_P,
	SURPRISES_WAS,
	SURPRISES_BENCHMARK,
	SURPRISES_ID,
	SURPRISES_TEXT,
	SURPRISES_COLUMNS
};
/* What was wrong against the forecast, then what was right against it. */
struct table surprises_table(const struct profile *p, const struct atlas *a);
const struct profile_surprise *profile_surprise(const struct profile *p, size_t row);

#endif
