/* part.h - the three shares of the questions, known to every layer. */
#ifndef BASE_PART_H
#define BASE_PART_H

#include <stdbool.h>
#include <string.h>

enum part { PART_NONE, PART_TRAIN, PART_VAL, PART_TEST, PART_COUNT };

/* "none", "train", "val", "test". */
static inline const char *part_name(enum part p)
{
	static const char *const name[PART_COUNT] = {"none", "train", "val", "test"};
	return name[p];
}

/* "train", "val" (or "valid", "validation") or "test". */
static inline bool part_parse(const char *s, enum part *out)
{
	if (!strcmp(s, "train"))
		*out = PART_TRAIN;
	else if (!strcmp(s, "val") || !strcmp(s, "valid") || !strcmp(s, "validation"))
		*out = PART_VAL;
	else if (!strcmp(s, "test"))
		*out = PART_TEST;
	else
		return false;
	return true;
}

#endif
