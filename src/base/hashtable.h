/* hashtable.h - hash table from byte strings to a number, insertion-ordered ids. */
#ifndef BASE_HASHTABLE_H
#define BASE_HASHTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashtable; /* opaque; keys are copied */

#define HASHTABLE_NONE UINT64_MAX

struct hashtable *hashtable_new(void);
void hashtable_free(struct hashtable *t);
/* The value of key, or HASHTABLE_NONE. */
uint64_t hashtable_get(const struct hashtable *t, const void *key, size_t n);
/* Sets; returns the previous value or HASHTABLE_NONE. */
uint64_t hashtable_put(struct hashtable *t, const void *key, size_t n, uint64_t value);
size_t hashtable_count(const struct hashtable *t);

#endif
