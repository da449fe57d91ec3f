#include "num/layer.h"

#include "num/exp.h"
#include "num/vec.h"

#include <math.h>

#define LANES 16

/* Sums keep so many partial sums whatever the processor: the same bits on each. Loaded from any
 * float's address. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

static inline float lanes_sum(const lanes *v, const float *rest, size_t n)
{
	float half[LANES / 2], sum;

	for (size_t i = 0; i < LANES / 2; i++)
		half[i] = (*v)[i] + (*v)[i + LANES / 2];
	sum = ((half[0] + half[4]) + (half[1] + half[5])) +
	      ((half[2] + half[6]) + (half[3] + half[7]));
	for (size_t i = 0; i < n; i++)
		sum += rest[i];
	return sum;
}

/* erf(x) for |x| <= 3.95, x times a rational function of x^2 fitted to it by least squares that
 * were reweighted towards equal relative error (2e-8); from there on it is 1 in single precision. */
static inline float erf_inline(float x)
{
	float t, p, q;

	x = x > -3.95f ? x : -3.95f;
	x = x < 3.95f ? x : 3.95f;
	t = x * x;
	p = 2.0259096800145926e-06f;
	p = p * t + 0.00028468825621530414f;
	p = p * t + 0.003808173118159175f;
	p = p * t + 0.05287548154592514f;
	p = p * t + 0.19155053794384003f;
	p = p * t + 1.1283791065216064f;
	q = 3.783184729400091e-05f;
	q = q * t + 0.0011707291705533862f;
	q = q * t + 0.015055112540721893f;
	q = q * t + 0.11455972492694855f;
	q = q * t + 0.5030899047851562f;
	q = q * t + 1.0f;
	return x * p / q;
}

NUM_VECTOR
void layer_gelu(size_t n, float *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 0.5f * x[i] * (1.0f + erf_inline(x[i] * 0.707106781f));
}

NUM_VECTOR
void layer_softmax(size_t n, float *x, float scale, const float *bias)
{
	float best[LANES], top;
	lanes sum = {0};
	size_t whole = n - n % LANES, i;

	if (bias)
		for (i = 0; i < n; i++)
			x[i] = x[i] * scale + bias[i];
	else
		for (i = 0; i < n; i++)
			x[i] *= scale;
	for (size_t j = 0; j < LANES; j++)
		best[j] = x[0];
	for (i = 0; i < whole; i += LANES)
		for (size_t j = 0; j < LANES; j++)
			best[j] = x[i + j] > best[j] ? x[i + j] : best[j];
	for (top = best[0], i = 1; i < LANES; i++)
		top = best[i] > top ? best[i] : top;
	for (i = whole; i < n; i++)
		top = x[i] > top ? x[i] : top;
	for (i = 0; i < n; i++)
		x[i] = exp_inline(x[i] - top);
	for (i = 0; i < whole; i += LANES)
		sum += *(const lanes *)(x + i);
	top = 1.0f / lanes_sum(&sum, x + whole, n - whole);
	for (i = 0; i < n; i++)
		x[i] *= top;
}

NUM_VECTOR
void layer_add_norm(
    size_t n, float *x, const float *y, const float *gain, const float *offset, float eps)
{
	size_t whole = n - n % LANES, i;
	lanes sum = {0}, square = {0};
	float mean, scale, rest[LANES];

	for (i = 0; i < n; i++)
		x[i] += y[i];
	for (i = 0; i < whole; i += LANES)
		sum += *(const lanes *)(x + i);
	mean = lanes_sum(&sum, x + whole, n - whole) / (float)n;
	for (i = 0; i < whole; i += LANES) {
		lanes d = *(const lanes *)(x + i) - mean;

		square += d * d;
	}
	for (i = whole; i < n; i++)
		rest[i - whole] = (x[i] - mean) * (x[i] - mean);
	scale = 1.0f / sqrtf(lanes_sum(&square, rest, n - whole) / (float)n + eps);
	for (i = 0; i < n; i++)
		x[i] = (x[i] - mean) * scale * gain[i] + offset[i];
}
