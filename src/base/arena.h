/* arena.h - many allocations, one lifetime, one release. One arena per result or screen load. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *head; /* newest block; NULL when empty */
	size_t used;              /* bytes handed out, for reports */
};

#define ARENA_INIT                                                                                 \
	{                                                                                          \
		NULL, 0                                                                            \
	}

void arena_init(struct arena *a);
/* Frees everything; the arena can be used again. */
void arena_clear(struct arena *a);

/* Zeroed, aligned to 64 bytes for blocks of 64 bytes or more, else to 16. Never NULL. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))
/* A copy of n elements; p may be NULL where n is 0. Never NULL. */
void *arena_copy(struct arena *a, const void *p, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
