#include "num/topk.h"

#include "base/mem.h"

#include <assert.h>
#include <math.h>

void topk_init(struct topk *t, size_t k)
{
	assert(k >= 1);
	*t = (struct topk){k, 0, mem_floats(k), mem_array(k, sizeof(uint32_t))};
}

void topk_clear(struct topk *t)
{
	mem_free(t->score);
	mem_free(t->index);
	*t = (struct topk){0, 0, NULL, NULL};
}

void topk_reset(struct topk *t)
{
	t->n = 0;
}

/* Whether entry (s, i) ranks behind (score, index). */
static bool worse(float s, uint32_t i, float score, uint32_t index)
{
	return s < score || (s == score && i > index);
}

/* Put an entry into the hole at `at` of the first n, moving better parents' worse children up. */
static void sift_down(struct topk *t, size_t at, size_t n, float score, uint32_t index)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= n)
			break;
		if (child + 1 < n && worse(t->score[child + 1], t->index[child + 1],
					 t->score[child], t->index[child]))
			child++;
		if (!worse(t->score[child], t->index[child], score, index))
			break;
		t->score[at] = t->score[child];
		t->index[at] = t->index[child];
		at = child;
	}
	t->score[at] = score;
	t->index[at] = index;
}

static void sift_up(struct topk *t, size_t at, float score, uint32_t index)
{
	while (at > 0) {
		size_t parent = (at - 1) / 2;

		if (!worse(score, index, t->score[parent], t->index[parent]))
			break;
		t->score[at] = t->score[parent];
		t->index[at] = t->index[parent];
		at = parent;
	}
	t->score[at] = score;
	t->index[at] = index;
}

void topk_add(struct topk *t, float score, uint32_t index)
{
	if (isnan(score))
		return;
	if (t->n < t->k)
		sift_up(t, t->n++, score, index);
	else if (worse(t->score[0], t->index[0], score, index))
		sift_down(t, 0, t->n, score, index);
}

void topk_sort(struct topk *t)
{
	for (size_t n = t->n; n > 1; n--) {
		float score = t->score[n - 1];
		uint32_t index = t->index[n - 1];

		t->score[n - 1] = t->score[0];
		t->index[n - 1] = t->index[0];
		sift_down(t, 0, n - 1, score, index);
	}
}
