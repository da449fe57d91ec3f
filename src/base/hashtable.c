/* Open addressing with linear probing over slots that hold the full hash, so that a probe compares
 * keys only where all 64 bits agree. At most two thirds full. */
#include "base/hashtable.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"

#include <string.h>

struct slot {
	uint64_t hash, value;
	const char *key; /* in the arena; NULL where the slot is free */
	size_t n;
};

struct hashtable {
	struct slot *slots;
	size_t size, count; /* size is a power of two */
	struct arena keys;
};

struct hashtable *hashtable_new(void)
{
	struct hashtable *t = mem_zero_array(1, sizeof(*t));

	t->size = 64;
	t->slots = mem_zero_array(t->size, sizeof(*t->slots));
	return t;
}

void hashtable_free(struct hashtable *t)
{
	if (!t)
		return;
	arena_clear(&t->keys);
	mem_free(t->slots);
	mem_free(t);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct slot *find(const struct hashtable *t, uint64_t hash, const void *key, size_t n)
{
	for (size_t i = hash & (t->size - 1);; i = (i + 1) & (t->size - 1)) {
		struct slot *s = &t->slots[i];

		if (!s->key || (s->hash == hash && s->n == n && !memcmp(s->key, key, n)))
			return s;
	}
}

static void grow(struct hashtable *t)
{
	struct slot *old = t->slots;
	size_t n = t->size;

	t->size = 2 * n;
	t->slots = mem_zero_array(t->size, sizeof(*t->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].key)
			*find(t, old[i].hash, old[i].key, old[i].n) = old[i];
	mem_free(old);
}

uint64_t hashtable_get(const struct hashtable *t, const void *key, size_t n)
{
	const struct slot *s = find(t, hash_fast(key, n, 0), key, n);

	return s->key ? s->value : HASHTABLE_NONE;
}

uint64_t hashtable_put(struct hashtable *t, const void *key, size_t n, uint64_t value)
{
	uint64_t hash = hash_fast(key, n, 0), old = HASHTABLE_NONE;
	struct slot *s = find(t, hash, key, n);

	if (s->key) {
		old = s->value;
		s->value = value;
		return old;
	}
	if (3 * (t->count + 1) > 2 * t->size) {
		grow(t);
		s = find(t, hash, key, n);
	}
	/* One byte more than the key, so that an empty key too has an address. */
	char *copy = arena_alloc(&t->keys, n + 1, 1);

	if (n)
		memcpy(copy, key, n);
	*s = (struct slot){hash, value, copy, n};
	t->count++;
	return old;
}

size_t hashtable_count(const struct hashtable *t)
{
	return t->count;
}
