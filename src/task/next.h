/* next.h - which questions of the table to run a model on next, and what its answers so far say. */
#ifndef TASK_NEXT_H
#define TASK_NEXT_H

#include "base/table.h"
#include "learn/choose.h"
#include "learn/few.h"
#include "task/atlas.h"

struct next_options {
	size_t budget; /* questions to choose */
	int chooser;   /* enum chooser */
	double
	    width; /* choose none where the interval is within so much (+-, a share); NaN: never */
	bool random; /* the answers so far are to questions drawn at random */
};
void next_options_default(struct next_options *o);

struct next_row {
	size_t question; /* index in the atlas */
	bool random;     /* drawn: what the others are checked on */
	double p;        /* forecast of a right answer */
};
struct next {
	struct arena arena;
	size_t model;     /* index in the catalog, or SIZE_MAX: one that is not in the table */
	size_t benchmark; /* the questions asked for are of it; SIZE_MAX: all */
	size_t questions; /* how many those are */
	size_t answers, n_random; /* of them */
	struct few few;           /* accuracy on them; NaN without answers */
	bool enough;              /* the interval is as narrow as was asked for */
	size_t n;
	struct next_row *v; /* in the order of their use */
};

/* The other models' answers are the pool. False: cancelled, or fewer than two others have answers. */
bool task_next(const struct atlas *a, size_t model, size_t benchmark, const struct next_options *o,
    const struct progress *p, struct next *out, struct err *e);
void next_clear(struct next *n);

/* As JSON lines to be filled in: model (where there is one), benchmark, question, and random. With a
 * label added to each line, import reads them. "-" is stdout. */
bool next_export(const struct next *n, const struct atlas *a, const char *path, struct err *e);

enum { NEXT_PLACE, NEXT_ID, NEXT_BENCHMARK, NEXT_RANDOM, NEXT_P, NEXT_TEXT, NEXT_COLUMNS };
struct table next_table(const struct next *n, const struct atlas *a);

enum { ESTIMATES_NAME, ESTIMATES_ACCURACY, ESTIMATES_COLUMNS };
/* One row an estimator. */
struct table estimates_table(const struct next *n);

#endif
