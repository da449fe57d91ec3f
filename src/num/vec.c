#include "num/vec.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "num/exp.h"

enum {
	LANES = 8,   /* floats a vector register of AVX2 */
	BLOCK = 512, /* numbers worked on at a time, in the first-level cache */
};

/* Sums keep two such partial sums whatever the processor: the order of additions, hence the
 * result, does not depend on the instruction set. Loaded from any float's address. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/* log(x) for normal x > 0; polynomial of Cephes' logf on [sqrt(1/2), sqrt(2)). */
static inline float log_inline(float x)
{
	const uint32_t root_half = 0x3f3504f3u;
	uint32_t u = float_bits(x) + (0x3f800000u - root_half);
	float e = (float)((int32_t)(u >> 23) - 127);
	float f = bits_float((u & 0x7fffffu) + root_half) - 1.0f;
	float z = f * f;
	float y = 7.0376836292e-2f;

	y = y * f - 1.1514610310e-1f;
	y = y * f + 1.1676998740e-1f;
	y = y * f - 1.2420140846e-1f;
	y = y * f + 1.4249322787e-1f;
	y = y * f - 1.6668057665e-1f;
	y = y * f + 2.0000714765e-1f;
	y = y * f - 2.4999993993e-1f;
	y = y * f + 3.3333331174e-1f;
	y = y * f * z - 2.12194440e-4f * e - 0.5f * z;
	return f + y + 0.693359375f * e;
}

/* cos and sin of a full circle in 2^32 steps: the nearest quarter turn, then the Taylor-like
 * polynomials of Cephes on [-pi/4, pi/4]. */
static inline void circle_inline(uint32_t turn, float *c, float *s)
{
	uint32_t quadrant = (turn + 0x20000000u) >> 30;
	int32_t rest = (int32_t)(turn - (quadrant << 30));
	float x = (float)rest * 1.46291808e-9f; /* 2 pi / 2^32 */
	float z = x * x;
	float sine, cosine, swap;

	sine = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * x + x;
	cosine = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) *
		     z * z -
		 0.5f * z + 1.0f;
	swap = (quadrant & 1) ? cosine : sine;
	cosine = (quadrant & 1) ? sine : cosine;
	*s = bits_float(float_bits(swap) ^ ((quadrant & 2) << 30));
	*c = bits_float(float_bits(cosine) ^ (((quadrant + 1) & 2) << 30));
}

/* Counter-based random bits: two rounds of a well-mixing 32-bit permutation (C. Wellons,
 * "lowbias32") with a key word before each, so that keys do not merely shift one sequence. */
static inline uint32_t hash_inline(uint32_t i, uint32_t k0, uint32_t k1)
{
	uint32_t x = i ^ k0;

	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x *= 0xd35a2d97u;
	x ^= x >> 15;
	x += k1;
	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x *= 0xd35a2d97u;
	return x ^ (x >> 15);
}

NUM_VECTOR
static void noise_block(uint32_t first, uint32_t k0, uint32_t k1, float sigma, float *restrict z)
{
	const uint32_t half = BLOCK / 2;

	for (uint32_t i = 0; i < half; i++) {
		uint32_t a = hash_inline(first + i, k0, k1);
		uint32_t b = hash_inline(first + half + i, k0, k1);
		/* uniform on (0, 1): 24 bits and a half, so never 0 or 1 */
		float u = ((float)(int32_t)(a >> 8) + 0.5f) * 0x1p-24f;
		float r = sigma * sqrtf(-2.0f * log_inline(u));
		float c, s;

		circle_inline(b, &c, &s);
		z[i] = r * c;
		z[half + i] = r * s;
	}
}

NUM_VECTOR
void vec_add_noise(size_t n, const float *in, float sigma, uint64_t key, float *out)
{
	struct rng mix;
	uint32_t k0, k1;
	float z[BLOCK];

	assert(n <= UINT32_MAX);
	rng_init(&mix, key, 0); /* near keys, far words */
	k0 = (uint32_t)rng_next(&mix);
	k1 = (uint32_t)rng_next(&mix);
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t m = n - i < BLOCK ? n - i : BLOCK;

		noise_block((uint32_t)i, k0, k1, sigma, z);
		for (size_t j = 0; j < m; j++)
			out[i + j] = in[i + j] + z[j];
	}
}

NUM_VECTOR
void vec_sigmoid(size_t n, const float *x, float *p)
{
	for (size_t i = 0; i < n; i++) {
		float t = exp_inline(-fabsf(x[i]));
		float top = x[i] >= 0.0f ? 1.0f : t;

		p[i] = top / (1.0f + t);
	}
}

/* Elements of one block; the terms of the three sums are left in arrays. log(1 + exp(-|x|)) is
 * exact to 1e-7 absolutely. */
NUM_VECTOR
static void logistic_block(size_t n, const float *restrict logit, const float *restrict label,
    float *restrict weight, float *restrict grad, float *restrict loss, float *restrict right)
{
	for (size_t i = 0; i < n; i++) {
		bool present = label[i] == label[i]; /* not NaN */
		float x = logit[i];
		float y = present ? label[i] : 0.0f;
		float w = present ? weight[i] : 0.0f;
		float t = exp_inline(-fabsf(x));
		float top = x >= 0.0f ? 1.0f : t;
		float over = x > 0.0f ? x : 0.0f;

		grad[i] = w * (top / (1.0f + t) - y);
		loss[i] = w * (over - x * y + log_inline(1.0f + t));
		right[i] = w * (x > 0.0f ? y : 1.0f - y);
		weight[i] = w;
	}
}

NUM_VECTOR
static double sum_block(size_t n, const float *v)
{
	lanes p = {0}, q = {0};
	double sum = 0;
	size_t i;

	for (i = 0; i + 2 * LANES <= n; i += 2 * LANES) {
		p += *(const lanes *)(v + i);
		q += *(const lanes *)(v + i + LANES);
	}
	for (size_t l = 0; l < LANES; l++)
		sum += (double)p[l] + (double)q[l];
	for (; i < n; i++)
		sum += (double)v[i];
	return sum;
}

static void fill(size_t n, float x, float *v)
{
	for (size_t i = 0; i < n; i++)
		v[i] = x;
}

void vec_logistic(size_t n, const float *logit, const float *label, const float *weight,
    float *grad, struct vec_loss *sum)
{
	float w[BLOCK], g[BLOCK], loss[BLOCK], right[BLOCK];

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t m = n - i < BLOCK ? n - i : BLOCK;

		if (weight)
			memcpy(w, weight + i, m * sizeof(*w));
		else
			fill(m, 1.0f, w);
		logistic_block(m, logit + i, label + i, w, g, loss, right);
		memcpy(grad + i, g, m * sizeof(*g));
		sum->loss += sum_block(m, loss);
		sum->right += sum_block(m, right);
		sum->weight += sum_block(m, w);
	}
}

NUM_VECTOR
float vec_dot(size_t n, const float *a, const float *b)
{
	lanes p = {0}, q = {0};
	float sum = 0;
	size_t i;

	for (i = 0; i + 2 * LANES <= n; i += 2 * LANES) {
		p += *(const lanes *)(a + i) * *(const lanes *)(b + i);
		q += *(const lanes *)(a + i + LANES) * *(const lanes *)(b + i + LANES);
	}
	p += q;
	for (size_t l = 0; l < LANES; l++)
		sum += p[l];
	for (; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

NUM_VECTOR
float vec_distance2(size_t n, const float *a, const float *b)
{
	lanes p = {0}, q = {0};
	float sum = 0;
	size_t i;

	for (i = 0; i + 2 * LANES <= n; i += 2 * LANES) {
		lanes x = *(const lanes *)(a + i) - *(const lanes *)(b + i);
		lanes y = *(const lanes *)(a + i + LANES) - *(const lanes *)(b + i + LANES);

		p += x * x;
		q += y * y;
	}
	p += q;
	for (size_t l = 0; l < LANES; l++)
		sum += p[l];
	for (; i < n; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

NUM_VECTOR
void vec_axpby(size_t n, float a, const float *x, float b, float *y)
{
	for (size_t i = 0; i < n; i++)
		y[i] = a * x[i] + b * y[i];
}

float vec_normalise(size_t n, float *x)
{
	float length = sqrtf(vec_dot(n, x, x));

	if (length > 0)
		vec_axpby(n, 0, x, 1 / length, x);
	return length;
}
