/* share.h - how sure a share of right answers is: its 95 % interval by Wilson's score (1927).
 *
 * The interval is not centred on the share: towards 0 and 1 it leans inwards. */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

/* Of `right` among n > 0. */
void share_interval(double right, double n, double *low, double *high);
double share_half_width(double right, double n);

#endif
