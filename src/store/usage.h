/* usage.h - private to src/store: the summary of costs, tokens and seconds by model. */
#ifndef STORE_USAGE_H
#define STORE_USAGE_H

#include <stdbool.h>

struct db;
struct err;

/* Bring the table model_usage up to date with usage. */
bool usage_summarise(struct db *db, struct err *e);

#endif
