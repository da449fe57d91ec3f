/* eta.h - how long work will still take, judged by its latest fifth. */
#ifndef VIEW_ETA_H
#define VIEW_ETA_H

#include <stddef.h>

struct buf;

#define ETA_POINTS 64

struct eta {
	double start; /* clock when it began */
	struct {
		double clock, share;
	} v[ETA_POINTS]; /* ascending share */
	int n;
	double shown; /* seconds left as last said, NaN at first */
};

void eta_start(struct eta *e, double clock);
/* `share` (0..1) of the work is done. */
void eta_add(struct eta *e, double clock, double share);
/* Seconds left; NaN in the first three seconds and while nothing is known. Never more than was
 * said before, so that it does not count up. */
double eta_left(struct eta *e, double clock);
/* "0:41", "1:02:03"; minutes and seconds, rounded up. */
void eta_print(struct buf *out, double seconds);

#endif
