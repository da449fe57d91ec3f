/* progress.h - how long work reports and is stopped. Numeric code never prints and never knows
 * the screen: it ticks. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct tick {
	const char *phase; /* static string, e.g. "reading", "fitting encoder" */
	double done;       /* units done */
	double total;      /* units in all, or 0 where unknown */
	const char *unit;  /* static, e.g. "rows", "questions", "epochs" */
};

struct progress {
	bool (*tick)(void *arg, const struct tick *t); /* false = stop */
	void *arg;
};

/* true = go on. p may be NULL. */
static inline bool progress_tick(
    const struct progress *p, const char *phase, double done, double total, const char *unit)
{
	struct tick t = {phase, done, total, unit};
	return !p || !p->tick || p->tick(p->arg, &t);
}

#endif
