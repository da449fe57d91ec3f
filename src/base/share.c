#include "base/share.h"

#include <math.h>

#define Z95 1.959964 /* standard normal quantile of .975 */

double share_half_width(double right, double n)
{
	double z = Z95, p = right / n;

	return z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
}

void share_interval(double right, double n, double *low, double *high)
{
	double z = Z95, center = (right / n + z * z / (2 * n)) / (1 + z * z / n);
	double half = share_half_width(right, n);

	*low = fmax(0, center - half);
	*high = fmin(1, center + half);
}
