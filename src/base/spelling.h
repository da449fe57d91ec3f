/* spelling.h - the word that was probably meant. */
#ifndef BASE_SPELLING_H
#define BASE_SPELLING_H

#include <stddef.h>

/* Edits (insert, delete, replace, swap neighbours) that turn a into b, ASCII case ignored. */
size_t spelling_distance(const char *a, const char *b);

/* The word nearest to `word`: one that begins with it, else the one with the fewest edits. NULL
 * where none comes close (more edits than a third of the longer word, at least 1, at most 3). */
const char *spelling_nearest(const char *word, const char *const *words, size_t n);

#endif
