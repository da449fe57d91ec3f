#include "task/data_finding.h"

void data_finding_example(
    struct data_doctor *d, enum data_check check, int64_t question, int64_t model, const char *says)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_examples; i++)
		n += d->examples[i].check == check;
	if (n < DATA_EXAMPLES)
		d->examples[d->n_examples++] = (struct data_example){check, question, model, says};
}
