/* status.h - what the database holds, at a glance. */
#ifndef TASK_STATUS_H
#define TASK_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/part.h"

struct db;
struct err;

struct status_split {
	const char *name;
	bool in_use, imported;
	uint64_t seed;
	size_t count[PART_COUNT];
};

struct status_encoder {
	const char *identity, *note;
	size_t dims;
};

struct status_import {
	int64_t id;
	const char *created, *file, *format, *part; /* part NULL: as the file says, or none */
	uint64_t rows, skipped;
};

struct status {
	struct arena arena;
	const char *path;
	uint64_t bytes;   /* of the file, 0 in memory */
	const char *note; /* what is out of the ordinary about the file, or NULL */
	size_t models, benchmarks, questions, labels;
	const char *rule; /* how repeats become one label */
	double threshold;
	size_t n_splits, n_encoders, n_imports, n_runs;
	struct status_split *splits;
	struct status_encoder *encoders;
	struct status_import *imports;
	int64_t run; /* in use, 0 = none */
	/* How much routing could gain: the best model's share of right answers, over its labels. */
	const char *best_model;
	double best_accuracy;
	const char *next; /* the next thing to do, as a command, or NULL */
};

bool task_status(struct db *db, struct status *out, struct err *e);
void status_clear(struct status *s);

#endif
