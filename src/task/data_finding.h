/* data_finding.h - what the data doctor (data_doctor.h) finds: counts of each check, and examples. */
#ifndef TASK_DATA_FINDING_H
#define TASK_DATA_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum data_check {
	DATA_REPEATED,      /* the same text as several questions */
	DATA_CONTRADICTING, /* answers to a question that differ */
	DATA_LEAK,          /* near-duplicates of training questions in other parts */
	DATA_COPIES,        /* two models with the same answers */
	DATA_CEILING,       /* benchmarks that the middle model has all but solved */
	DATA_FLOOR,         /* ... or cannot do */
	DATA_NEGATIVE,      /* questions that weak models get right more often than strong ones */
	DATA_WRONG_KEY,     /* of these, where strong models agree that the key is wrong */
	DATA_FLIPPED_MODEL, /* a model that is right where others are wrong */
	DATA_FLIPPED_BENCHMARK, /* a benchmark on which the strong models are the weak ones */
	DATA_CHECKS
};

struct data_finding {
	const char *check, *what, *remedy;
	size_t n, of; /* found, of how many looked at */
};

struct data_example {
	enum data_check check;
	int64_t question, model; /* ids, 0 = none */
	const char *says;        /* what is odd about it */
};

#define DATA_EXAMPLES 10 /* of each check, at most */

struct data_doctor {
	struct arena arena;
	struct data_finding v[DATA_CHECKS];
	size_t n_examples;
	struct data_example *examples; /* by check, the worst first */
	size_t found;                  /* checks that found something */
};

/* One more example, unless there are enough of that check. `says` is in the arena. */
void data_finding_example(struct data_doctor *d, enum data_check check, int64_t question,
    int64_t model, const char *says);

#endif
