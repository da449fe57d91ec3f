/* versus.h - a few models against each other, on the questions that all of them answered. */
#ifndef TASK_VERSUS_H
#define TASK_VERSUS_H

#include "base/table.h"
#include "task/atlas.h"
#include "task/evaluate.h"

#define VERSUS_MAX 6 /* models at once */
#define VERSUS_PAIRS (VERSUS_MAX * (VERSUS_MAX - 1) / 2)

/* Two of the models. A score counts as right from 0.5 on in the counts; the difference and its 95 %
 * interval (stats_paired_shares) are of the scores. */
struct versus_pair {
	int a, b;                             /* places among the models, a < b */
	size_t both, only_a, only_b, neither; /* questions right */
	double agreement;                     /* share of equal outcomes */
	double chance; /* what it would be if the two erred independently at their accuracies */
	struct figure difference; /* accuracy of a - accuracy of b */
};

struct versus_row {
	const char *name; /* "all", or a benchmark */
	size_t benchmark; /* catalog index, SIZE_MAX for all */
	size_t n;         /* common questions, at least 1 */
	double accuracy[VERSUS_MAX];
	struct versus_pair pair[VERSUS_PAIRS]; /* (n_pairs): ab, ac, ..., bc, ... */
};

struct versus {
	struct arena arena;
	size_t n_models, n_pairs;
	size_t model[VERSUS_MAX]; /* catalog indexes */
	size_t n;
	struct versus_row *v;   /* "all" first; benchmarks without a common question are left out */
	struct column *columns; /* of versus_table */
	/* What the tables are of, for the caller to choose: the row whose pairs are listed, and the pair
	 * whose difference. */
	size_t row, pair;
};

/* 2 to VERSUS_MAX different models (catalog indexes); an error where they have no question in common. */
bool task_versus(
    const struct atlas *a, const size_t *models, size_t n, struct versus *out, struct err *e);
void versus_clear(struct versus *v);

/* Columns: name, questions, the accuracy of each model, difference, bar. */
enum { VERSUS_NAME, VERSUS_QUESTIONS, VERSUS_DIFFERENCE, VERSUS_BAR, VERSUS_COLUMNS };
#define VERSUS_FIRST 2 /* the first model's */
struct table versus_table(const struct versus *v);

enum {
	PAIRS_PAIR,
	PAIRS_A,
	PAIRS_B,
	PAIRS_AGREEMENT,
	PAIRS_CHANCE,
	PAIRS_BOTH,
	PAIRS_ONLY_A,
	PAIRS_ONLY_B,
	PAIRS_NEITHER,
	PAIRS_DIFFERENCE,
	PAIRS_COLUMNS
};
struct table versus_pairs_table(const struct versus *v, const struct catalog *c);

/* The questions of a benchmark (SIZE_MAX: all) that one of two models is right on and the other
 * wrong. */
struct versus_flip {
	size_t question;
	bool first;      /* the first one is right */
	double p_a, p_b; /* what the run forecast, NaN without */
};
struct versus_flips {
	struct arena arena;
	size_t n;
	struct versus_flip *v; /* by id */
	size_t model[2];       /* the two, catalog indexes */
};
bool task_versus_flips(const struct atlas *a, size_t one, size_t other, size_t benchmark,
    struct versus_flips *out, struct err *e);
void versus_flips_clear(struct versus_flips *f);

enum { FLIPS_ID, FLIPS_RIGHT, FLIPS_P_A, FLIPS_P_B, FLIPS_BENCHMARK, FLIPS_TEXT, FLIPS_COLUMNS };
struct table versus_flips_table(const struct versus_flips *f, const struct atlas *a);

#endif
