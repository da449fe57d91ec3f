/* naming.h - how what files call models and benchmarks is stored. */
#ifndef STORE_NAMING_H
#define STORE_NAMING_H

#include <stddef.h>

struct arena;

/* The benchmark that a raw category such as lm-eval's task name belongs to: mmlu_* is mmlu, gpqa_*
 * gpqa, truthfulqa_mc1 truthfulqa, social_iqa socialqa; any other is itself. In the arena. */
const char *naming_benchmark(struct arena *a, const char *category, size_t len);
/* The stored name of a model: the first `__` between two characters is a `/` where the name has
 * none. In the arena. */
const char *naming_model(struct arena *a, const char *name, size_t len);

#endif
