#include "base/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define ENDINGS 4
static void (*_Atomic on_die[ENDINGS])(void);

static size_t checked_product(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die("out of memory: %zu elements of %zu bytes asked for", n, size);
	assert(total > 0);
	return total;
}

void *mem_alloc(size_t size)
{
	void *p;

	assert(size > 0);
	p = malloc(size);
	if (!p)
		die("out of memory: %zu bytes asked for", size);
	return p;
}

void *mem_array(size_t n, size_t size)
{
	return mem_alloc(checked_product(n, size));
}

void *mem_zero_array(size_t n, size_t size)
{
	size_t total = checked_product(n, size);
	void *p = calloc(1, total);

	if (!p)
		die("out of memory: %zu bytes asked for", total);
	return p;
}

void *mem_resize_array(void *p, size_t n, size_t size)
{
	size_t total = checked_product(n, size);

	p = realloc(p, total);
	if (!p)
		die("out of memory: %zu bytes asked for", total);
	return p;
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

char *mem_strndup(const char *s, size_t n)
{
	char *p;

	n = strnlen(s, n);
	p = mem_alloc(n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	if (vasprintf(&p, fmt, ap) < 0)
		die("out of memory");
	va_end(ap);
	return p;
}

float *mem_floats(size_t n)
{
	size_t size = checked_product(n, sizeof(float));
	void *p;

	if (posix_memalign(&p, 64, size) != 0)
		die("out of memory: %zu bytes asked for", size);
	return p;
}

void *mem_grow_more(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap + *cap / 2;

	if (n < need)
		n = need;
	if (n < 16)
		n = 16;
	p = mem_resize_array(p, n, size);
	*cap = n;
	return p;
}

void mem_free(void *p)
{
	free(p);
}

/* Where the sanitizers' allocator is at work, mallinfo2 knows nothing. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

size_t mem_in_use(void)
{
	struct mallinfo2 m;

	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

void mem_on_die(void (*fn)(void))
{
	for (int i = 0; i < ENDINGS; i++) {
		void (*none)(void) = NULL;

		if (atomic_compare_exchange_strong(&on_die[i], &none, fn) || none == fn)
			return;
	}
	assert(!"more endings than there is room for");
}

void die(const char *fmt, ...)
{
	va_list ap;

	for (int i = 0; i < ENDINGS; i++) {
		void (*fn)(void) = atomic_exchange(&on_die[i], NULL);

		if (fn)
			fn();
	}
	fputs("embedllm: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	/* Not exit(): other threads still run, and their data is not ours to tear down. */
	fflush(stdout);
	_Exit(1);
}
