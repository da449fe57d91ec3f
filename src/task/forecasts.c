#include "task/forecasts.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

struct forecasts forecasts_new(const struct atlas *a, uint32_t *question, size_t n)
{
	size_t M = a->data.n_models, D = a->data.dims;
	struct forecasts j = {.n = n, .M = M, .question = question};
	float *enc = mem_floats(n * D + 1);

	j.p = mem_floats(n * M + 1);
	j.y = mem_floats(n * M + 1);
	j.w = a->data.weight ? mem_floats(n * M + 1) : NULL;
	for (size_t i = 0; i < n; i++) {
		size_t q = question[i];

		memcpy(enc + i * D, a->data.enc + q * D, D * sizeof(float));
		memcpy(j.y + i * M, a->data.score + q * M, M * sizeof(float));
		if (j.w)
			memcpy(j.w + i * M, a->data.weight + q * M, M * sizeof(float));
	}
	atlas_probability(a, enc, n, j.p);
	mem_free(enc);
	for (size_t i = 0; i < n * M; i++)
		if (!a->in_run[i % M] || !a->encoded[question[i / M]])
			j.y[i] = NAN;
	return j;
}

void forecasts_free(struct forecasts *j)
{
	mem_free(j->question);
	mem_free(j->p);
	mem_free(j->y);
	mem_free(j->w);
	*j = (struct forecasts){0};
}
