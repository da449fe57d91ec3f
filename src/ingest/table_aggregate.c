/* Every value of a candidate is compared with the mean and the sum of the values beside it (in its row,
 * for a column) that are no candidates. */
#include "ingest/table_aggregate.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* How far a value that was rounded may lie from what it was: two digits of a share, none of a percent. */
#define ROUND_SHARE 5.1e-3
#define ROUND_PERCENT .51
#define CONTENT_MIN                                                                                \
	3 /* means strictly between, and values under each of them, where no name tells */

const char *aggregate_words(enum aggregate a)
{
	return a == AGGREGATE_MEAN  ? "the mean of the others"
	       : a == AGGREGATE_SUM ? "the sum of the others"
				    : "called like a sum or mean of the others, though it is none";
}

bool aggregate_is_name(const char *name)
{
	static const char *const tells[] = {"total", "sum", "average", "averages", "avg", "mean",
	    "overall", "all", "aggregate", "median", "subtotal"};
	static const char *const fills[] = {"macro", "micro", "grand", "weighted", "score",
	    "scores", "accuracy", "acc", "correct", "right", "rate", "label", "labels", "model",
	    "models", "question", "questions", "the", "of", "over", "across", "row", "rows",
	    "result", "performance"};
	bool told = false;
	char word[16];

	while (*name) {
		size_t n = 0;
		bool fit = false;

		while (*name && !isalnum((unsigned char)*name)) {
			if ((unsigned char)*name >= 0x80)
				return false;
			name++;
		}
		for (; isalnum((unsigned char)*name); name++)
			if (n < sizeof(word) - 1)
				word[n++] = utf8_lower_ascii(*name);
			else
				return false;
		word[n] = '\0';
		for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++)
			fit = fit || !strcmp(word, tells[i]);
		told = told || fit;
		for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++)
			fit = fit || !strcmp(word, fills[i]);
		if (n && !fit)
			return false;
	}
	return told;
}

/* Along one candidate. */
struct look {
	size_t n, means, sums, close, vary, least;
};

/* Beside it stand n values of that sum and sum of squares. */
static void look_at(struct look *l, double v, double sum, double squares, size_t n)
{
	double mean = sum / (double)n;

	if (!(v >= 0) || !n)
		return;
	l->n++;
	l->least = l->n == 1 || n < l->least ? n : l->least;
	/* A share, or a percent, of shares or of percents. */
	l->means += fabs(v - mean) <= (v > 1 ? ROUND_PERCENT : ROUND_SHARE) ||
		    (mean <= 1 && v > 1 && fabs(v - 100 * mean) <= ROUND_PERCENT);
	l->close += fabs(v - mean) <= ROUND_SHARE;
	l->sums += fabs(v - sum) <= ROUND_SHARE;
	l->vary += mean > 0 && mean < 1 && squares / (double)n - mean * mean > 1e-4;
}

static enum aggregate verdict(const struct look *l, bool named)
{
	if (!named)
		return l->n && l->close == l->n && l->vary >= CONTENT_MIN && l->least >= CONTENT_MIN
			   ? AGGREGATE_MEAN
			   : AGGREGATE_NOT;
	return l->n && l->means == l->n  ? AGGREGATE_MEAN
	       : l->n && l->sums == l->n ? AGGREGATE_SUM
					 : AGGREGATE_NAME;
}

/* The lines along one side of the grid, columns or rows; `across` are those of the other. */
struct side {
	bool columns;
	size_t n, n_across;
	enum aggregate *is;
	const enum aggregate *across;
	struct look *looks;
};

static void look(const struct side *s, const double *const *v)
{
	for (size_t at = 0; at < s->n_across; at++) {
		double sum = 0, squares = 0;
		size_t n = 0;

		if (s->across[at] != AGGREGATE_NOT)
			continue;
		for (int turn = 0; turn < 2; turn++)
			for (size_t i = 0; i < s->n; i++) {
				const double *column = v[s->columns ? i : at];
				double x = column ? column[s->columns ? at : i] : NAN;
				bool named = s->is[i] != AGGREGATE_NOT;

				if (!(x >= 0))
					continue;
				if (turn && named) {
					look_at(&s->looks[i], x, sum, squares, n);
				} else if (turn) {
					look_at(&s->looks[i], x, sum - x, squares - x * x, n - 1);
				} else if (!named) {
					sum += x;
					squares += x * x;
					n++;
				}
			}
	}
}

void aggregates_find(const double *const *v, size_t n_rows, size_t n_columns, enum aggregate *rows,
    enum aggregate *columns)
{
	struct side sides[2] = {
	    {false, n_rows, n_columns, rows, columns,
		mem_zero_array(n_rows + 1, sizeof(struct look))},
	    {true, n_columns, n_rows, columns, rows,
		mem_zero_array(n_columns + 1, sizeof(struct look))},
	};

	for (int k = 0; k < 2; k++)
		look(&sides[k], v);
	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < sides[k].n; i++)
			sides[k].is[i] =
			    verdict(&sides[k].looks[i], sides[k].is[i] != AGGREGATE_NOT);
		mem_free(sides[k].looks);
	}
}
