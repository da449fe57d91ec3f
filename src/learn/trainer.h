/* trainer.h - minibatch training with early stopping and checkpoints. */
#ifndef LEARN_TRAINER_H
#define LEARN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/dataset.h"
#include "learn/mf.h"

struct err;
struct progress;

struct trainer_options {
	size_t dim;      /* K */
	size_t batch;    /* questions a step; 0 = as many as make the published 2,048 rows */
	size_t epochs;   /* at most */
	size_t patience; /* stop after so many epochs without a better validation loss; 0 = never */
	double lr;       /* Adam */
	double weight_decay; /* L2 in the gradient, as torch.optim.Adam */
	double sigma;        /* Gaussian noise on the encoding, in training */
	bool shuffle;        /* questions each epoch; the published recipe keeps file order */
	bool keep_best;      /* keep the best validation epoch; else the last */
	bool start_at_rates; /* mf_init_rates; else mf_init_paper */
	uint64_t seed;
};

struct trainer_epoch {
	size_t epoch;      /* 1.. */
	double train_loss; /* mean log-loss over the epoch's minibatches (with noise) */
	double train_accuracy;
	double val_loss, val_accuracy; /* NaN without a validation part */
	double seconds;                /* since training began */
	bool best;                     /* the best validation loss so far */
};

void trainer_options_default(struct trainer_options *o);
void trainer_options_paper(struct trainer_options *o); /* the published values */
/* NULL if fine, else a sentence that says which setting is wrong and its range. */
const char *trainer_options_check(const struct trainer_options *o);

struct trainer; /* parameters, Adam state, epoch counter, best so far */

/* Borrows the dataset for its life; it must have encodings and at least one label in the training
 * part, else NULL and e says what is missing. */
struct trainer *trainer_new(
    const struct dataset *d, const struct trainer_options *o, struct err *e);
void trainer_free(struct trainer *t);
/* One epoch. *done: patience or the last epoch is reached. Stopped by progress in mid-epoch: false
 * with ERR_CANCELLED, and the trainer is as after its last finished epoch only once restored from
 * a checkpoint of it. */
bool trainer_step(struct trainer *t, const struct progress *p, struct trainer_epoch *out,
    bool *done, struct err *e);
/* Whether patience or the last epoch is reached: of a restored one too. */
bool trainer_done(const struct trainer *t);
const struct mf *trainer_model(const struct trainer *t); /* what would be kept now */

/* Checkpoint after a finished epoch: everything that the continuation depends on, as bytes.
 * Restored on the same data, machine, kernel and threads, training goes on bit-identically. */
struct buf;
bool trainer_save(const struct trainer *t, struct buf *out);
bool trainer_restore(struct trainer *t, const void *p, size_t n, struct err *e);

#endif
