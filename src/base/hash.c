#include "base/hash.h"

#include <sha256.h>
#include <string.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(((struct hash_state *)0)->opaque), "libmd grew");

static SHA2_CTX *ctx(struct hash_state *h)
{
	return (SHA2_CTX *)(void *)h->opaque;
}

void hash_init(struct hash_state *h)
{
	SHA256Init(ctx(h));
}

void hash_add(struct hash_state *h, const void *p, size_t n)
{
	if (n)
		SHA256Update(ctx(h), p, n);
}

void hash_final(struct hash_state *h, unsigned char out[HASH_SIZE])
{
	SHA256Final(out, ctx(h));
}

void hash_of(const void *p, size_t n, unsigned char out[HASH_SIZE])
{
	struct hash_state h;

	hash_init(&h);
	hash_add(&h, p, n);
	hash_final(&h, out);
}

void hash_hex(const unsigned char in[HASH_SIZE], char out[2 * HASH_SIZE + 1])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_SIZE; i++) {
		out[2 * i] = digit[in[i] >> 4];
		out[2 * i + 1] = digit[in[i] & 15];
	}
	out[2 * HASH_SIZE] = '\0';
}

/* Little-endian load of n <= 8 bytes, whatever the machine. */
static uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* Both halves of the 128-bit product, folded: the mixing step of wyhash (Wang Yi, public domain). */
static uint64_t fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 u128;
	u128 p = (u128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

uint64_t hash_fast(const void *data, size_t n, uint64_t seed)
{
	static const uint64_t k0 = 0xa0761d6478bd642f, k1 = 0xe7037ed1a0b428db,
			      k2 = 0x8ebc6af09c88c6e3;
	const unsigned char *p = data;
	uint64_t h = fold(seed ^ k0, (uint64_t)n ^ k1);

	for (; n > 16; n -= 16, p += 16)
		h = fold(load(p, 8) ^ k1 ^ h, load(p + 8, 8) ^ k2);
	if (n > 8)
		h = fold(load(p, 8) ^ k1 ^ h, load(p + 8, n - 8) ^ k2);
	else if (n)
		h = fold(load(p, n) ^ k1 ^ h, k2);
	return fold(h ^ k0, k1);
}
