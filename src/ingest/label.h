/* label.h - a column of labels in whatever words or numbers: what each is worth is known at the end
 * where the whole column is needed to tell. */
#ifndef INGEST_LABEL_H
#define INGEST_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Zero it, but for what the user said. */
struct label_column {
	const char *right; /* words that count as right, parted by commas, or NULL */
	double scale;      /* what is wholly right; NaN = by the column */
	/* Counted: */
	uint64_t n;     /* labels, without the missing and the bad */
	uint64_t small; /* numbers over 0 and at most 1, and of those 1 */
	uint64_t ones;
	uint64_t late;    /* those that wait */
	uint64_t percent; /* with the sign */
	uint64_t words;
	uint64_t right_words; /* by --right */
	double max;
	unsigned letters;
	char wrong[200]; /* by --right: the words that were not among them */
};

enum label_taken {
	LABEL_TAKEN, /* *score is from 0 to 1, or NaN = missing */
	LABEL_LATE,  /* *score is for label_late, when all were taken */
	LABEL_BAD,   /* no label, whatever the others are */
};

/* One label; p is NUL-terminated.
 * Numbers from 0 to 1 with a point or a comma; with a % sign, from 0 to 100; true, yes, correct,
 * right, pass, ok ... and their opposites; C and I, Y and N, T and F, P and F; "", NA, null, None
 * and NaN are missing. */
enum label_taken label_take(struct label_column *c, const char *p, size_t n, double *score);

/* What a late one comes to by the whole column: numbers to 100 are percent where one is 100 and
 * none stands between 0 and 1. False where it is no label. */
bool label_late(const struct label_column *c, double late, double *score);
/* Do the late ones come to labels? */
bool label_settles(const struct label_column *c);

/* Is it a label in any of these ways? For wide tables, where columns must be told apart. */
bool label_is_one(const char *p, size_t n);

/* Why `text` is no label, and the way out, for a message; in the arena. */
const char *label_why(const struct label_column *c, const char *text, struct arena *a);
/* Is a bad label among good ones, so that its line is to blame and not the column? */
bool label_is_stray(const struct label_column *c);

/* What the report has to say of the column, or NULL. */
const char *label_remark(const struct label_column *c, struct arena *a);

#endif
