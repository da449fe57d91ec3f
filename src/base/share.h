/* share.h - how sure a share of right answers is: its 95 % interval by Wilson's score (1927).
 *
 * The interval is not centred on the share: towards 0 and 1 it leans inwards. */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

struct buf;

/* Of `right` among n > 0. */
void share_interval(double right, double n, double *low, double *high);
/* Half of what lies between the two: how wide, not how far from the share. */
double share_half_width(double right, double n);
/* "75.8% [75, 77]", to be shown: the bounds with a decimal less. */
void share_print(double right, double n, int decimals, struct buf *out);

#endif
