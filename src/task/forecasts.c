#include "task/forecasts.h"

#include "base/mem.h"
#include "num/mat.h"

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
	mat_gather(a->data.enc, D, question, n, enc);
	mat_gather(a->data.score, M, question, n, j.y);
	if (j.w)
		mat_gather(a->data.weight, M, question, n, j.w);
	atlas_probability(a, enc, n, j.p);
	mem_free(enc);
	for (size_t i = 0; i < n * M; i++)
		if (!a->trained.in_run[i % M] || !a->encoded[question[i / M]])
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
