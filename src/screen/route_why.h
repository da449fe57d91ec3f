/* route_why.h - the lower half of the Route screen: the training questions nearest to the text,
 * what leaving the pick out would change, and cost against probability. */
#ifndef SCREEN_ROUTE_WHY_H
#define SCREEN_ROUTE_WHY_H

#include <stdbool.h>

#include "task/route.h"
#include "tui/cells.h"
#include "tui/list.h"

struct why {
	struct list list; /* the evidence */
	const struct atlas *atlas;
	const struct route *route; /* borrowed from the view; NULL = none */
};

void why_init(struct why *w);
void why_clear(struct why *w);
/* Other evidence; both NULL where there is none. They must live until the next call. */
void why_evidence(struct why *w, const struct atlas *atlas, const struct route *route);
/* Id of the question in a row of the list. */
int64_t why_question(const struct why *w, size_t row);
void why_draw(struct why *w, struct cells *c, struct area a, const struct atlas *atlas,
    const struct route *route, bool priced, bool focused);

#endif
