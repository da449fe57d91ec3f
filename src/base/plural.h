/* plural.h - one row, two rows. */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

#include <stdint.h>

/* What goes behind a noun that n are of. */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
