/* Any bytes as the weights of a small model: an error, or a model that runs. */
#include "fuzz.h"

#include "base/err.h"
#include "base/mem.h"
#include "text/checkpoint.h"
#include "text/safetensors.h"
#include "text/transformer.h"

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

/* That of the seeds bert and mpnet. */
static const struct checkpoint small[] = {
    {.kind = CHECKPOINT_BERT,
	.layers = 1,
	.hidden = 4,
	.heads = 2,
	.inner = 6,
	.vocabulary = 7,
	.positions = 8,
	.eps = 1e-12f,
	.max_tokens = 8},
    {.kind = CHECKPOINT_MPNET,
	.layers = 1,
	.hidden = 4,
	.heads = 2,
	.inner = 6,
	.vocabulary = 7,
	.positions = 8,
	.buckets = 32,
	.padding = 1,
	.eps = 1e-5f,
	.max_tokens = 6},
};

static void read_all(const struct safetensors *s)
{
	for (size_t i = 0; i < safetensors_count(s); i++) {
		const struct safetensors_tensor *t = safetensors_at(s, i);
		size_t size = safetensors_size(t->type);
		struct err e = ERR_INIT;
		void *p;

		assert(safetensors_find(s, t->name));
		if (!size || !t->count)
			continue;
		p = mem_array(t->count, size);
		assert(safetensors_read(s, t, 0, t->count, p, &e));
		mem_free(p);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t ids[] = {2, 3, 1, 6, 2};
	static const size_t start[] = {0, 4, 5};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = ERR_INIT;
	struct safetensors *s;
	char *path;

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	path = mem_printf("/proc/self/fd/%d", fd);
	s = safetensors_open(path, &e);
	assert(s || (e.kind == ERR_DATA && e.msg[0]));
	if (s)
		read_all(s);
	safetensors_close(s);
	for (size_t i = 0; s && i < 2; i++) {
		struct transformer *t = transformer_open(path, &small[i], &e);
		float *x;

		if (!t) {
			assert(e.kind == ERR_DATA && e.msg[0]);
			continue;
		}
		x = mem_floats(5 * transformer_width(t));
		transformer_run(t, ids, start, 2, 1, x);
		mem_free(x);
		transformer_free(t);
	}
	mem_free(path);
	close(fd);
	return 0;
}
