#include "task/encode_text.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/encoder.h"
#include "text/installed.h"
#include "text/pair.h"

#include <string.h>

static struct encoder *open_one(const char *name, struct err *e)
{
	if (strcmp(name, "builtin"))
		return installed_open(name, e);
	err_set(e, ERR_USAGE,
	    "the built-in encoder is fitted on a database; without one there are minilm, mpnet and "
	    "path:DIR");
	return NULL;
}

struct encoder *encode_text_open(const char *name, struct err *e)
{
	size_t split = name ? pair_split(name) : 0;
	struct encoder *a, *b;
	char *first;

	if (!split)
		return open_one(name ? name : "minilm", e);
	first = mem_strndup(name, split);
	a = open_one(first, e);
	b = a ? open_one(name + split + 1, e) : NULL;
	mem_free(first);
	if (b)
		return pair_new(a, b);
	encoder_free(a);
	return NULL;
}

void encode_text_close(struct encoder *enc)
{
	encoder_free(enc);
}

bool encode_text_run(const struct encoder *enc, const char *const *text, size_t n, struct arena *a,
    struct encode_text *out, struct err *e)
{
	struct mat rows = mat_view(arena_array(a, float, n * enc->dims + 1), n, enc->dims);
	uint32_t *ids = NULL;

	if (!encoder_encode(enc, text, n, &rows, NULL, e))
		return false;
	if (enc->ops->tokens)
		ids = mem_array(enc->max_tokens, sizeof(*ids));
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct encode_text){
		    .text = text[i], .dims = enc->dims, .vector = mat_row(&rows, i)};
		if (ids) {
			uint32_t *copy;

			out[i].n_ids = enc->ops->tokens(enc, text[i], ids, enc->max_tokens);
			copy = arena_array(a, uint32_t, out[i].n_ids + 1);
			memcpy(copy, ids, out[i].n_ids * sizeof(*ids));
			out[i].ids = copy;
		}
	}
	mem_free(ids);
	return true;
}
