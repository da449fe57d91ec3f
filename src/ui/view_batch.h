/* view_batch.h - many questions routed at once, from the lines of a file. */
#ifndef UI_VIEW_BATCH_H
#define UI_VIEW_BATCH_H

#include "ui/view.h"

extern const struct view_class view_batch;

/* `arg` of its init, copied. */
struct view_batch_arg {
	const char *path;
	double cost_weight;
	bool *pool; /* (n_models) */
};

#endif
