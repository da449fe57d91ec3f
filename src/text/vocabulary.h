/* vocabulary.h - the n-gram buckets an encoder keeps, and the counts of them in a text. */
#ifndef TEXT_VOCABULARY_H
#define TEXT_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOCABULARY_NONE UINT32_MAX

struct vocabulary {
	size_t n;
	const uint32_t *bucket; /* (n) of feature i; borrowed */
	uint32_t *slot;         /* open addressing: feature, or VOCABULARY_NONE */
	uint32_t mask;
};

/* Borrows bucket for its life. False (nothing to clear) where one is out of range or listed twice,
 * or n is over SPARSE_MAX_COLS: data from outside may be. */
bool vocabulary_init(struct vocabulary *v, const uint32_t *bucket, size_t n);
void vocabulary_clear(struct vocabulary *v);
/* The feature of a bucket, or VOCABULARY_NONE. */
uint32_t vocabulary_find(const struct vocabulary *v, uint32_t bucket);

/* Scratch space for counting; one a thread. */
struct vocabulary_counter {
	const struct vocabulary *vocabulary;
	uint8_t *count;  /* (vocabulary n) all zero between texts */
	uint32_t *entry; /* (n) of the last text: sparse.h entries by first occurrence */
	size_t n;
};

void vocabulary_counter_init(struct vocabulary_counter *c, const struct vocabulary *v);
void vocabulary_counter_clear(struct vocabulary_counter *c);
void vocabulary_counter_read(struct vocabulary_counter *c, const char *text, size_t len);

#endif
