/* route_file.h - many questions routed at once, from the lines of a file. */
#ifndef SCREEN_ROUTE_FILE_H
#define SCREEN_ROUTE_FILE_H

#include "view/view.h"

extern const struct view_class view_batch;

/* `arg` of its init, copied. */
struct view_batch_arg {
	const char *path;
	double cost_weight;
	bool *pool; /* (n_models) */
};

#endif
