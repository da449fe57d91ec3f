#include "task/forecasts.h"

#include "base/mem.h"
#include "num/mat.h"

#include <math.h>
#include <string.h>

struct forecasts forecasts_new(const struct atlas *a, uint32_t *question, size_t n)
{
	size_t M = a->data.n_models;
	struct forecasts j = {.n = n, .M = M, .question = question};

	j.p = mem_floats(n * M + 1);
	j.y = mem_floats(n * M + 1);
	j.w = a->data.weight ? mem_floats(n * M + 1) : NULL;
	mat_gather(a->data.score, M, question, n, j.y);
	if (j.w)
		mat_gather(a->data.weight, M, question, n, j.w);
	atlas_forecasts(a, question, n, j.p);
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
