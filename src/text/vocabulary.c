#include "text/vocabulary.h"

#include "base/mem.h"
#include "num/sparse.h"
#include "text/ngram.h"

#include <string.h>

/* Buckets are hashes already; the multiplication only spreads their kind bit. */
static uint32_t first_slot(const struct vocabulary *v, uint32_t bucket)
{
	return (bucket * 0x9e3779b1u >> 8) & v->mask;
}

bool vocabulary_init(struct vocabulary *v, const uint32_t *bucket, size_t n)
{
	size_t size = 16;

	if (n > SPARSE_MAX_COLS)
		return false;
	while (size < 2 * n)
		size *= 2;
	*v = (struct vocabulary){n, bucket, mem_array(size, sizeof(*v->slot)), (uint32_t)size - 1};
	memset(v->slot, 0xff, size * sizeof(*v->slot));
	for (size_t i = 0; i < n; i++) {
		uint32_t s = first_slot(v, bucket[i]);

		while (v->slot[s] != VOCABULARY_NONE && bucket[v->slot[s]] != bucket[i])
			s = (s + 1) & v->mask;
		if (bucket[i] >= NGRAM_BUCKETS || v->slot[s] != VOCABULARY_NONE) {
			vocabulary_clear(v);
			return false;
		}
		v->slot[s] = (uint32_t)i;
	}
	return true;
}

void vocabulary_clear(struct vocabulary *v)
{
	mem_free(v->slot);
	*v = (struct vocabulary){0, NULL, NULL, 0};
}

uint32_t vocabulary_find(const struct vocabulary *v, uint32_t bucket)
{
	uint32_t s = first_slot(v, bucket);

	while (v->slot[s] != VOCABULARY_NONE && v->bucket[v->slot[s]] != bucket)
		s = (s + 1) & v->mask;
	return v->slot[s];
}

void vocabulary_counter_init(struct vocabulary_counter *c, const struct vocabulary *v)
{
	size_t n = v->n ? v->n : 1;

	*c = (struct vocabulary_counter){
	    v, mem_zero_array(n, 1), mem_array(n, sizeof(*c->entry)), 0};
}

void vocabulary_counter_clear(struct vocabulary_counter *c)
{
	mem_free(c->count);
	mem_free(c->entry);
}

static void count_bucket(void *arg, uint32_t bucket)
{
	struct vocabulary_counter *c = arg;
	uint32_t i = vocabulary_find(c->vocabulary, bucket);

	if (i == VOCABULARY_NONE)
		return;
	if (!c->count[i])
		c->entry[c->n++] = i;
	if (c->count[i] < SPARSE_MAX_COUNT)
		c->count[i]++;
}

void vocabulary_counter_read(struct vocabulary_counter *c, const char *text, size_t len)
{
	c->n = 0;
	ngram_each(text, len, count_bucket, c);
	for (size_t k = 0; k < c->n; k++) {
		uint32_t i = c->entry[k];

		c->entry[k] = sparse_entry(i, c->count[i]);
		c->count[i] = 0;
	}
}
