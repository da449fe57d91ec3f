#include "store/naming.h"

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

static bool has_prefix(const char *s, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return len >= n && !memcmp(s, prefix, n);
}

const char *naming_benchmark(struct arena *a, const char *category, size_t len)
{
	static const struct {
		const char *prefix, *benchmark;
	} merged[] = {
	    {"mmlu_", "mmlu"},
	    {"gpqa_", "gpqa"},
	};
	static const char *const others[] = {"mmlu_pro", "mmlu_prox", "mmlu_redux", "mmlu_cf"};

	/* Other tables that start alike but are benchmarks of their own; mmlu_professional_law is
	 * none of them. */
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t n = strlen(others[i]);

		if (has_prefix(category, len, others[i]) && (len == n || category[n] == '_'))
			return arena_strndup(a, category, len);
	}
	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++)
		if (has_prefix(category, len, merged[i].prefix))
			return merged[i].benchmark;
	if (len == 10 && !memcmp(category, "social_iqa", 10))
		return "socialqa";
	/* mc1 is right or wrong; mc2 is a share of probability and gen a text: other benchmarks. */
	if (len == 14 && !memcmp(category, "truthfulqa_mc1", 14))
		return "truthfulqa";
	/* The demo world's task variants: sim_sums_fewshot is sim_sums. */
	if (has_prefix(category, len, "sim_")) {
		const char *variant = memchr(category + 4, '_', len - 4);

		return arena_strndup(a, category, variant ? (size_t)(variant - category) : len);
	}
	return arena_strndup(a, category, len);
}

const char *naming_model(struct arena *a, const char *name, size_t len)
{
	const char *at = len > 2 ? memmem(name + 1, len - 2, "__", 2) : NULL;
	size_t head;

	if (!at || memchr(name, '/', len))
		return arena_strndup(a, name, len);
	if (!memcmp(name, "__", 2)) { /* a path, from the root on */
		char *path = arena_alloc(a, len + 1, 1);

		for (size_t i = 0, k = 0; i < len; i++, k++) {
			bool slash = i + 1 < len && !memcmp(name + i, "__", 2);

			path[k] = slash ? '/' : name[i];
			i += slash;
		}
		return path;
	}
	head = (size_t)(at - name);
	return arena_printf(a, "%.*s/%.*s", (int)head, name, (int)(len - head - 2), at + 2);
}
