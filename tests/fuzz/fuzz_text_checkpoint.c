/* Any bytes as the small files of a checkpoint: an error, or sizes that make sense. The input is
 * config.json, modules.json, 1_Pooling/config.json and sentence_bert_config.json with NULs between;
 * an empty one is not there. */
#include "fuzz.h"

#include "base/err.h"
#include "base/mem.h"
#include "text/checkpoint.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
    "config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/embedllm-fuzz.XXXXXX", *path, *pooling;
	const uint8_t *p = data, *end = data + size;
	struct err e = ERR_INIT;
	struct checkpoint c;

	assert(mkdtemp(dir));
	pooling = mem_printf("%s/1_Pooling", dir);
	assert(!mkdir(pooling, 0700));
	for (size_t i = 0; i < 4; i++) {
		const uint8_t *stop = p < end ? memchr(p, 0, (size_t)(end - p)) : NULL;
		size_t n = (size_t)((stop ? stop : end) - p);
		FILE *f;

		path = mem_printf("%s/%s", dir, names[i]);
		f = n ? fopen(path, "wb") : NULL;
		if (f) {
			assert(fwrite(p, 1, n, f) == n && !fclose(f));
		}
		mem_free(path);
		p = stop ? stop + 1 : end;
	}
	if (checkpoint_read(dir, &c, &e))
		assert(
		    c.layers && c.heads && c.hidden % c.heads == 0 && c.max_tokens <= c.positions);
	else
		assert(e.kind == ERR_DATA && e.msg[0]);
	for (size_t i = 0; i < 4; i++) {
		path = mem_printf("%s/%s", dir, names[i]);
		unlink(path);
		mem_free(path);
	}
	rmdir(pooling);
	rmdir(dir);
	mem_free(pooling);
	return 0;
}
