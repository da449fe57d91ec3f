#include "learn/adam.h"

#include "base/mem.h"
#include "num/vec.h"

#include <math.h>

#define BETA1 0.9f
#define BETA2 0.999f
#define EPSILON 1e-8f

struct adam adam_new(size_t n, double lr, double weight_decay)
{
	struct adam a = {.n = n, .lr = lr, .weight_decay = weight_decay};

	a.m = mem_floats(n);
	a.v = mem_floats(n);
	for (size_t i = 0; i < n; i++)
		a.m[i] = a.v[i] = 0;
	return a;
}

void adam_free(struct adam *a)
{
	mem_free(a->m);
	mem_free(a->v);
	*a = (struct adam){0};
}

/* rate = lr / (1 - beta1^t); scale = 1 / sqrt(1 - beta2^t): the bias corrections, folded. */
NUM_VECTOR
static void update(size_t n, float *restrict param, float *restrict m, float *restrict v,
    const float *restrict grad, float rate, float scale, float decay)
{
	for (size_t i = 0; i < n; i++) {
		float g = grad[i] + decay * param[i];
		float m1 = BETA1 * m[i] + (1 - BETA1) * g;
		float v1 = BETA2 * v[i] + (1 - BETA2) * g * g;

		m[i] = m1;
		v[i] = v1;
		param[i] -= rate * m1 / (sqrtf(v1) * scale + EPSILON);
	}
}

void adam_step(struct adam *a, float *param, const float *grad)
{
	double t = (double)++a->step;

	update(a->n, param, a->m, a->v, grad, (float)(a->lr / (1 - pow((double)BETA1, t))),
	    (float)(1 / sqrt(1 - pow((double)BETA2, t))), (float)a->weight_decay);
}
