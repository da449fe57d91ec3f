#include "base/share.h"

#include "base/buf.h"

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

void share_print(double right, double n, int decimals, struct buf *out)
{
	int fewer = decimals > 0 ? decimals - 1 : 0;
	double low, high;

	share_interval(right, n, &low, &high);
	buf_printf(out, "%.*f%% [%.*f, %.*f]", decimals, 100 * right / n, fewer, 100 * low, fewer,
	    100 * high);
}
