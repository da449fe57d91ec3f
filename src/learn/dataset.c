#include "learn/dataset.h"

#include "base/mem.h"

uint32_t *dataset_part(const struct dataset *d, enum part part, size_t *n)
{
	uint32_t *index = mem_array(d->n_questions + 1, sizeof(*index));

	*n = 0;
	for (size_t q = 0; q < d->n_questions; q++)
		if (d->part[q] == part)
			index[(*n)++] = (uint32_t)q;
	return index;
}

uint8_t *dataset_pool(const struct dataset *d)
{
	uint8_t *part = mem_array(d->n_questions + 1, sizeof(*part));

	for (size_t q = 0; q < d->n_questions; q++)
		part[q] = d->part[q] == PART_VAL ? PART_TRAIN : d->part[q];
	return part;
}
