#include "base/spelling.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: three rows of the dynamic programme are alive at a time. */
size_t spelling_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), result;
	size_t *block = mem_array(3 * (nb + 1), sizeof(*block));
	size_t *before = block, *last = block + nb + 1, *row = block + 2 * (nb + 1);

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *spare = before;

		before = last;
		last = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t replace = last[j - 1] +
					 (utf8_lower_ascii(a[i - 1]) != utf8_lower_ascii(b[j - 1]));

			row[j] = min(replace, min(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 &&
			    utf8_lower_ascii(a[i - 1]) == utf8_lower_ascii(b[j - 2]) &&
			    utf8_lower_ascii(a[i - 2]) == utf8_lower_ascii(b[j - 1]))
				row[j] = min(row[j], before[j - 2] + 1);
		}
	}
	result = row[nb];
	mem_free(block);
	return result;
}

const char *spelling_nearest(const char *word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t len = strlen(word), fewest = 0;

	for (size_t i = 0; i < n; i++) {
		size_t longer = strlen(words[i]) > len ? strlen(words[i]) : len;
		size_t limit = longer < 3 ? 1 : min(longer / 3, 3);
		size_t edits;

		if (len >= 2 && !strncasecmp(words[i], word, len))
			return words[i];
		edits = spelling_distance(word, words[i]);
		if (edits <= limit && (!best || edits < fewest)) {
			best = words[i];
			fewest = edits;
		}
	}
	return best;
}
