/* train_finish.h - private to training: from a fitted method to what its run keeps. */
#ifndef TASK_TRAIN_FINISH_H
#define TASK_TRAIN_FINISH_H

#include <stdbool.h>
#include <stdint.h>

#include "learn/dataset.h"
#include "task/trained.h"

struct err;
struct progress;

struct train_finish {
	const struct dataset *d; /* with encodings */
	/* The factorisation, as trained; its features are the encodings, or where `features` is there
	 * that table (n_questions, mf->features): another method's logits. */
	const struct mf *mf;
	const float *features;
	bool heads; /* bootstrap refits */
	uint64_t seed;
	const struct progress *progress;
};

/* Canonical vectors, calibration, heads, intervals and how near the training questions lie to each
 * other, into *out, whose method and params are left alone. */
bool train_finish(const struct train_finish *f, struct trained *out, struct err *e);

#endif
