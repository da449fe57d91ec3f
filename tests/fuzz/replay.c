/* replay.c - runs a fuzz target without libFuzzer: on each file named, as it is and then damaged
 * in many ways that are the same every time: in 50, or in 600 where TEST_LONG is set. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy of its own size, so that a sanitizer sees a read past the end. */
static void run(const char *s, size_t n)
{
	uint8_t *copy = mem_alloc(n ? n : 1);

	memcpy(copy, s, n);
	LLVMFuzzerTestOneInput(copy, n);
	mem_free(copy);
}

static void damage(struct rng *r, struct buf *b, const char *s, size_t n)
{
	static const char nasty[] = {
	    0, '"', '\n', ',', '\\', '\x1b', '\x80', '\xff', '-', '9', '{', '['};
	size_t at = rng_below(r, n), len = rng_below(r, 8) + 1, after;

	buf_reset(b);
	buf_add(b, s, at);
	after = at + len < n ? at + len : n;
	switch (rng_below(r, 4)) {
	case 0: /* cut short */
		return;
	case 1: /* a piece lost */
		break;
	case 2: /* a piece twice */
		after = at > len ? at - len : 0;
		break;
	default: /* bytes changed */
		for (size_t i = at; i < after; i++)
			buf_addc(b, rng_below(r, 2) ? nasty[rng_below(r, sizeof(nasty))]
						    : (char)rng_below(r, 256));
	}
	buf_add(b, s + after, n - after);
}

int main(int argc, char **argv)
{
	struct buf seed = BUF_INIT, bad = BUF_INIT;
	const char *is_long = getenv("TEST_LONG");
	const int rounds = is_long && *is_long ? 600 : 50;
	struct rng r;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		char block[4096];
		size_t n;

		if (!f)
			die("%s cannot be read", argv[i]);
		buf_reset(&seed);
		while ((n = fread(block, 1, sizeof(block), f)))
			buf_add(&seed, block, n);
		fclose(f);
		run(buf_str(&seed), seed.len);
		rng_init(&r, seed.len, (uint64_t)i);
		for (int round = 0; round < rounds && seed.len; round++) {
			damage(&r, &bad, seed.s, seed.len);
			run(buf_str(&bad), bad.len);
		}
	}
	buf_clear(&seed);
	buf_clear(&bad);
	return 0;
}
