/* mem.h - allocation that cannot fail, and die().
 *
 * Memory exhaustion is not handled at call sites: the terminal is put back (mem_on_die) and the
 * process ends with a message. Sizes are overflow-checked; an allocation of 0 bytes is a bug.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull));
void *mem_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_zero_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize_array(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *mem_strdup(const char *s) __attribute__((malloc, returns_nonnull, nonnull));
char *mem_strndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull, nonnull));
char *mem_printf(const char *fmt, ...) __attribute__((malloc, format(printf, 1, 2)));

/* 64-byte aligned floats (cache line, AVX-512), for matrices. Free with mem_free. */
float *mem_floats(size_t n) __attribute__((malloc, returns_nonnull));

/* At least `need` elements, grown geometrically: `*cap` is updated; p may be NULL. Inline as far as
 * there is room, since importing asks for every field. */
void *mem_grow_more(void *p, size_t *cap, size_t need, size_t size)
    __attribute__((returns_nonnull));
static inline void *mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
	return p && need <= *cap ? p : mem_grow_more(p, cap, need, size);
}

void mem_free(void *p);

/* Exchange two values of one type. */
#define MEM_SWAP(a, b)                                                                             \
	do {                                                                                       \
		__typeof__(a) old_ = (a);                                                          \
		(a) = (b);                                                                         \
		(b) = old_;                                                                        \
	} while (0)

/* Bytes of the heap in use, by the allocator's own account. */
size_t mem_in_use(void);

/* What die() calls once before it prints: restores the terminal, removes files. A few at most; one
 * that is known is not added again. */
void mem_on_die(void (*fn)(void));

/* Print "embedllm: ..." to stderr and exit with status 1. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
