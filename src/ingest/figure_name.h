/* figure_name.h - what the name of a figure tells of it. */
#ifndef INGEST_FIGURE_NAME_H
#define INGEST_FIGURE_NAME_H

#include <stdbool.h>

/* Is it known to be the better the lower it is (perplexity, error rates, loss, toxicity ...)? Such a
 * figure tells what went wrong, and is no label however much it looks like one. */
bool figure_is_of_wrong(const char *name);
/* The same of a task whose only figure has a name that says nothing: the score of realtoxicityprompts. */
bool figure_is_of_wrong_in(const char *task, const char *name);

#endif
