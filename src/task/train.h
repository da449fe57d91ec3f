/* train.h - from labels and encodings to a run in the database. */
#ifndef TASK_TRAIN_H
#define TASK_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "learn/trainer.h"

struct db;
struct err;
struct progress;

struct method;

struct train_options {
	const struct method *method;    /* method/method.h; default method_mf */
	struct trainer_options trainer; /* of the factorisation; of other methods the seed alone */
	/* name, or NULL = the split in use, else the imported one, else one is made (test 20 %,
	 * val 10 %, seed 1) */
	const char *split;
	const char *encoder; /* task/encode.h; NULL = encode_default */
	int threads;         /* 0 = all, or those a resumed run began with */
	int64_t resume;      /* a stopped run to go on with, 0 = new */
	bool heads;          /* bootstrap refits for routing intervals; default true */
};
void train_options_default(struct train_options *o);
/* The published values. */
void train_options_paper(struct train_options *o);

/* A run as it begins. */
struct train_start {
	int64_t run;
	const char *method;
	const struct trainer_options *options;   /* lives for the call */
	size_t models, questions;                /* questions: of the training part */
	double base_val_loss, base_val_accuracy; /* of each model's training rate; NaN without */
};

/* What happens while it trains; called on the training thread. Any may be NULL. */
struct train_watch {
	void (*started)(void *arg, const struct train_start *s);
	void (*epoch)(void *arg, const struct epoch *t); /* curve point */
	/* e.g. "no validation part: 10 % of the training questions set aside" */
	void (*note)(void *arg, const char *message);
	bool (*enough)(
	    void *arg); /* asked after each epoch; true: finish with the best one so far */
	const struct progress *progress; /* tick false = stop, checkpoint kept */
	void *arg;
};

struct train_result {
	int64_t run;
	bool stopped; /* by the user: resumable */
	size_t epochs, best_epoch;
	double seconds;
	struct epoch best;
	double val_accuracy, val_loss, base_val_accuracy,
	    base_val_loss; /* base: each model's training rate */
};

/* Encodes what is not encoded yet (fitting the built-in encoder on the split's training questions),
 * trains, calibrates, refits the bootstrap heads, stores the run and makes it the run in use. */
bool task_train(struct db *db, const struct train_options *o, const struct train_watch *w,
    struct train_result *out, struct err *e);

#endif
