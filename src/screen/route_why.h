/* route_why.h - the lower half of the Route screen: the training questions nearest to the text,
 * what leaving the pick out would change, and cost against probability. */
#ifndef SCREEN_ROUTE_WHY_H
#define SCREEN_ROUTE_WHY_H

#include <stdbool.h>

#include "task/route.h"
#include "tui/cells.h"
#include "tui/list.h"

struct route_why {
	struct list list; /* the evidence */
	const struct atlas *atlas;
	const struct route *route; /* borrowed from the view; NULL = none */
};

void route_why_init(struct route_why *w);
void route_why_clear(struct route_why *w);
/* Other evidence; both NULL where there is none. They must live until the next call. */
void route_why_evidence(struct route_why *w, const struct atlas *atlas, const struct route *route);
/* Id of the question in a row of the list. */
int64_t route_why_question(const struct route_why *w, size_t row);
void route_why_draw(struct route_why *w, struct cells *c, struct area a, const struct atlas *atlas,
    const struct route *route, bool priced, bool focused);

#endif
