#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Blocks are at least this large; a larger request gets a block of its own. */
#define BLOCK_SIZE ((size_t)64 << 10)

struct arena_block {
	struct arena_block *next; /* older */
	char *at, *end;           /* free space, zeroed */
};

void arena_init(struct arena *a)
{
	*a = (struct arena)ARENA_INIT;
}

void arena_clear(struct arena *a)
{
	for (struct arena_block *b = a->head, *next; b; b = next) {
		next = b->next;
		mem_free(b);
	}
	arena_init(a);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = mem_zero_array(1, sizeof(*b) + size);

	b->at = (char *)(b + 1);
	b->end = b->at + size;
	return b;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	struct arena_block *b = a->head;
	size_t total, align, pad;
	char *p;

	if (__builtin_mul_overflow(n, size, &total) || total > SIZE_MAX / 2)
		die("out of memory: %zu elements of %zu bytes asked for", n, size);
	align = total >= 64 ? 64 : 16;
	pad = b ? -(uintptr_t)b->at & (align - 1) : 0;
	if (!b || (size_t)(b->end - b->at) < pad + total) {
		size_t room = total + align;
		struct arena_block *fresh = block_new(room < BLOCK_SIZE ? BLOCK_SIZE : room);

		/* A large one goes behind the head, whose free space is still good. */
		if (b && room >= BLOCK_SIZE) {
			fresh->next = b->next;
			b->next = fresh;
		} else {
			fresh->next = b;
			a->head = fresh;
		}
		b = fresh;
		pad = -(uintptr_t)b->at & (align - 1);
	}
	p = b->at + pad;
	b->at = p + total;
	a->used += total;
	return p;
}

void *arena_copy(struct arena *a, const void *p, size_t n, size_t size)
{
	void *copy = arena_alloc(a, n, size);

	if (n)
		memcpy(copy, p, n * size);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p;

	n = strnlen(s, n);
	p = arena_alloc(a, n + 1, 1);
	memcpy(p, s, n);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("bad format or text over 2 GiB");
	p = arena_alloc(a, (size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}
