/* epoch.h - one epoch of a training, known to every layer: computed, stored, listed and drawn. */
#ifndef BASE_EPOCH_H
#define BASE_EPOCH_H

#include <stdbool.h>
#include <stddef.h>

struct epoch {
	size_t epoch;      /* 1.. */
	double train_loss; /* mean log-loss over the epoch's minibatches (with noise) */
	double train_accuracy;
	double val_loss, val_accuracy; /* NaN without a validation part */
	double seconds;                /* since training began */
	bool best; /* the best validation loss so far; in a list, the one kept */
};

#endif
