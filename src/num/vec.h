/* vec.h - elementwise loops that run on the processor's widest vectors.
 *
 * They are plain C loops which the compiler vectorises (configure adds the flags); NUM_VECTOR
 * makes it emit them for several instruction sets, picked at load time, so that a distribution's
 * generic build still uses AVX2 or AVX-512. No fast-math and no contraction: every function here
 * gives the same bits on every instruction set.
 */
#ifndef NUM_VEC_H
#define NUM_VEC_H

#include <stddef.h>
#include <stdint.h>

/* Put before the definition of a function whose loops should be multiversioned. GCC only (clang 14
 * mangles the names); not with sanitizers: the resolvers run before those are ready. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__ELF__) &&         \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(NUM_NO_CLONES)
#define NUM_VECTOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NUM_VECTOR
#endif

/* out[i] = in[i] + sigma * z[i], z standard normal (Box-Muller), a pure function of (key, i): the
 * same on every machine and however the work is divided. Use another key for every step; `in` may
 * be `out`. n < 2^32. */
void vec_add_noise(size_t n, const float *in, float sigma, uint64_t key, float *out);

/* p[i] = 1 / (1 + exp(-x[i])), relative error under 1e-6; `x` may be `p`. */
void vec_sigmoid(size_t n, const float *x, float *p);

struct vec_loss {
	double loss;   /* sum of weight * log-loss */
	double right;  /* sum of weight * (logit > 0 ? label : 1 - label) */
	double weight; /* sum of weights of the labels present */
};

/* Logistic log-loss of n logits against labels in 0..1, NaN = missing; weight may be NULL = 1 each.
 * grad[i] = weight * (sigmoid(logit) - label), 0 where missing; may be `logit`. Adds to *sum. */
void vec_logistic(size_t n, const float *logit, const float *label, const float *weight,
    float *grad, struct vec_loss *sum);

/* Sum of a[i] * b[i], and of (a[i] - b[i])^2; float accumulators. */
float vec_dot(size_t n, const float *a, const float *b);
float vec_distance2(size_t n, const float *a, const float *b);

/* y = a * x + b * y */
void vec_axpby(size_t n, float a, const float *x, float b, float *y);

/* Scale x to unit Euclidean length (all zeros stay); returns the length it had. */
float vec_normalise(size_t n, float *x);

#endif
