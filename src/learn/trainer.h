/* trainer.h - minibatch training with early stopping and checkpoints. */
#ifndef LEARN_TRAINER_H
#define LEARN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/epoch.h"
#include "learn/dataset.h"
#include "learn/mf.h"
#include "learn/trainer_options.h"

struct err;
struct progress;

struct trainer; /* parameters, Adam state, epoch counter, best so far */

/* Borrows the dataset for its life; it must have encodings and at least one label in the training
 * part, else NULL and e says what is missing. */
struct trainer *trainer_new(
    const struct dataset *d, const struct trainer_options *o, struct err *e);
void trainer_free(struct trainer *t);
/* One epoch. *done: patience or the last epoch is reached. Stopped by progress in mid-epoch: false
 * with ERR_CANCELLED, and the trainer is as after its last finished epoch only once restored from
 * a checkpoint of it. */
bool trainer_step(
    struct trainer *t, const struct progress *p, struct epoch *out, bool *done, struct err *e);
/* Whether patience or the last epoch is reached: of a restored one too. */
bool trainer_done(const struct trainer *t);
const struct mf *trainer_model(const struct trainer *t); /* what would be kept now */

/* Checkpoint after a finished epoch: everything that the continuation depends on, as bytes.
 * Restored on the same data, machine, kernel and threads, training goes on bit-identically. */
struct buf;
bool trainer_save(const struct trainer *t, struct buf *out);
bool trainer_restore(struct trainer *t, const void *p, size_t n, struct err *e);

#endif
