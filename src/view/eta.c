#include "view/eta.h"

#include "base/buf.h"

#include <math.h>
#include <string.h>

#define SILENT 3.0 /* seconds without a forecast */
#define LATEST 0.2 /* share of the work that the speed is taken from */

void eta_start(struct eta *e, double clock)
{
	*e = (struct eta){.start = clock, .shown = NAN};
	eta_add(e, clock, 0);
}

void eta_add(struct eta *e, double clock, double share)
{
	/* Points so close that they would push out all others tell nothing. */
	if (e->n > 0 && share < e->v[e->n - 1].share + 1.0 / ETA_POINTS / 2)
		return;
	if (e->n == ETA_POINTS) {
		memmove(e->v, e->v + 1, (ETA_POINTS - 1) * sizeof(*e->v));
		e->n--;
	}
	e->v[e->n].clock = clock;
	e->v[e->n++].share = share;
}

double eta_left(struct eta *e, double clock)
{
	double share = e->n ? e->v[e->n - 1].share : 0, speed, left;
	int from = e->n - 1;

	if (clock - e->start < SILENT || e->n < 2)
		return NAN;
	while (from > 0 && share - e->v[from].share < LATEST)
		from--;
	speed = (share - e->v[from].share) / (e->v[e->n - 1].clock - e->v[from].clock);
	if (!(speed > 0) || isinf(speed))
		return NAN;
	left = (1 - share) / speed - (clock - e->v[e->n - 1].clock);
	left = left < 0 ? 0 : left;
	if (!(left > e->shown))
		e->shown = left;
	return e->shown;
}

void eta_print(struct buf *out, double seconds)
{
	long s = (long)ceil(seconds);

	if (s >= 3600)
		buf_printf(out, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(out, "%ld:%02ld", s / 60, s % 60);
}
