/* hashtable.h - hash table from byte strings to a number, insertion-ordered ids. */
#ifndef BASE_HASHTABLE_H
#define BASE_HASHTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table; /* opaque; keys are copied */

#define TABLE_NONE UINT64_MAX

struct table *table_new(void);
void table_free(struct table *t);
/* The value of key, or TABLE_NONE. */
uint64_t table_get(const struct table *t, const void *key, size_t n);
/* Sets; returns the previous value or TABLE_NONE. */
uint64_t table_put(struct table *t, const void *key, size_t n, uint64_t value);
size_t table_count(const struct table *t);

#endif
