/* Any bytes as a tokenizer, and any text through it: an error, or ids that the model would have a
 * row for, the same ones however few are asked for. The input is the tokenizer's file (JSON where it
 * begins with a brace, else a list of pieces), a NUL, and a text; without a NUL it is a text for a
 * small vocabulary. */
#include "fuzz.h"

#include "base/err.h"
#include "text/wordpiece.h"

#include <assert.h>
#include <string.h>

#define MOST 512

static const char pieces[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\nb\n##b\nab\n##ab\n.\n"
			     "\xe6\x97\xa5\n\xce\xb1\n";

static void tokenise(const struct wordpiece *w, const char *text, size_t n)
{
	uint32_t all[MOST], few[MOST];
	size_t around = wordpiece_specials(w), got, less;

	got = wordpiece_encode(w, text, n, all, MOST);
	assert(got >= around && got <= MOST);
	for (size_t i = 0; i < got; i++)
		assert(all[i] < wordpiece_ids(w));
	less = wordpiece_encode(w, text, n, few, around + 3);
	assert(less <= got && less <= around + 3);
	for (size_t i = 0; i + around < less; i++)
		assert(less == got || few[i] == all[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *file = (const char *)data, *text = memchr(data, 0, size);
	struct err e = ERR_INIT;
	struct wordpiece *w;
	size_t n;

	if (!text) {
		w = wordpiece_from_list(pieces, sizeof(pieces) - 1, "pieces", &e);
		assert(w);
		tokenise(w, file, size);
		wordpiece_free(w);
		return 0;
	}
	n = (size_t)(text - file);
	w = n && file[0] == '{' ? wordpiece_from_json(file, n, "fuzz", &e)
				: wordpiece_from_list(file, n, "fuzz", &e);
	if (w)
		tokenise(w, text + 1, size - n - 1);
	else
		assert(e.kind == ERR_DATA && e.msg[0]);
	wordpiece_free(w);
	return 0;
}
