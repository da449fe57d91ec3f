/* Any bytes can be shown: valid, without control characters, of the width that was foretold. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;
	char *raw = arena_strndup(&a, (const char *)data, size); /* up to a NUL */
	char *s = utf8_printable(&a, (const char *)data, size);
	size_t n = strlen(s), sum = 0, got;

	assert(utf8_check(s, n) == n);
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t cp;

		len = utf8_decode(s + i, n - i, &cp);
		assert(cp >= 0x20 && (cp < 0x7f || cp > 0x9f));
		sum += (size_t)utf8_cp_width(cp);
	}
	assert(sum == utf8_width(s));
	assert(utf8_width(raw) == utf8_width(utf8_printable(&a, raw, strlen(raw))));
	for (size_t cells = 0; cells < 20; cells++) {
		size_t cut = utf8_clip(s, cells, &got);

		assert(cut <= n && got <= cells && utf8_check(s, cut) == cut);
		assert(cut == n || got + 2 > cells);
	}
	assert(utf8_search(raw, "") == raw);
	assert(utf8_glob("*", raw));
	utf8_glob(raw, raw);
	utf8_search(raw, s);
	arena_clear(&a);
	return 0;
}
