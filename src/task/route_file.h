/* route_file.h - many questions, a line each, to the models they would go to. */
#ifndef TASK_ROUTE_FILE_H
#define TASK_ROUTE_FILE_H

#include "task/route.h"

#define ROUTE_TEXT_MAX (1 << 20) /* bytes of one question */

/* The lines and what became of them, kept. */
struct routed_line {
	size_t line, model;
	double p, low, high, cost; /* of the model chosen, see route.h */
	size_t second;             /* the next best, SIZE_MAX if there is none */
	double second_p, novelty;
	const char *text;
};
struct routed {
	struct arena arena;
	size_t n, cap;
	struct routed_line *v;
	double p, single_p; /* sums: of the model chosen, of the best single one */
};
/* Route every line of the file that is not empty ("-" is stdin; compressed is fine). An error names
 * file and line; lines before it, or before a stop, are in *out all the same. */
bool task_routed(const struct atlas *a, const char *path, const struct route_options *o,
    const struct progress *p, struct routed *out, struct err *e);
void routed_clear(struct routed *r);

enum {
	ROUTED_LINE,
	ROUTED_MODEL,
	ROUTED_P,
	ROUTED_LOW,
	ROUTED_HIGH,
	ROUTED_COST,
	ROUTED_SECOND,
	ROUTED_SECOND_P,
	ROUTED_NOVELTY,
	ROUTED_TEXT,
	ROUTED_COLUMNS
};
struct table routed_table(const struct routed *r, const struct catalog *c);

#endif
