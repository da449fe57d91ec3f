/* Any bytes from a terminal: keys are keys, nothing waits for ever, and no escape sequence or broken
 * character is left over for what is typed next. The first byte says whether the locale is UTF-8. */
#include "fuzz.h"

#include "tui/key_reader.h"

#include <assert.h>
#include <locale.h>

static bool is_key(uint32_t k)
{
	if (key_is_click(k))
		return key_click_y(k) < 2048 && key_click_x(k) < 2048 && k < 0x800000u;
	if (k >= KEY_ALT(0))
		k -= KEY_ALT(0);
	else if (k > K_NONE && k < K_LIMIT)
		return true;
	return k < K_NONE && (k < 0x80 || k >= 0xa0) && !(k >= 0xd800 && k < 0xe000);
}

static void check(const struct key_reader *r, unsigned n, const uint32_t *keys)
{
	int ms = key_reader_patience(r);

	assert(ms >= 0 && ms <= KEY_READER_TORN_MS);
	assert(n <= KEY_READER_KEYS);
	for (unsigned i = 0; i < n; i++)
		assert(is_key(keys[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool utf8 = size > 0 && data[0] & 1;
	uint32_t keys[KEY_READER_KEYS];
	struct key_reader r;
	unsigned n;

	setlocale(LC_CTYPE, utf8 ? "C.UTF-8" : "C");
	key_reader_init(&r, utf8);
	key_reader_add(&r, "\033[214z", K_HOME);
	for (size_t i = 1; i < size; i++) {
		struct key_reader pause = r;

		check(&r, key_reader_feed(&r, data[i], keys), keys);
		/* A pause here instead: Esc, or Alt with a key; never a letter. */
		n = key_reader_timeout(&pause, keys);
		check(&pause, n, keys);
		for (unsigned k = 0; k < n; k++)
			assert(keys[k] == K_ESC || keys[k] >= KEY_ALT(0));
		assert(key_reader_patience(&pause) == 0);
	}
	key_reader_timeout(&r, keys);
	assert(key_reader_patience(&r) == 0);
	assert(key_reader_feed(&r, 'W', keys) == 1 && keys[0] == 'W');
	return 0;
}
