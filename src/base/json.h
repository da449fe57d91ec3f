/* json.h - the only door to jansson. Others use jansson's json_t through this header and these
 * helpers, which turn its errors into ours. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct err;
struct buf;

/* Parse one JSON value from s[0..n). Bare NaN, Infinity and -Infinity, as Python writes them, are
 * read as null; half a surrogate pair and NUL in a string as U+FFFD. Returns a new reference, or NULL with e = "WHERE: byte N: cause" (`where` is e.g.
 * "file.jsonl:12"; bytes count from 1). Depth is bounded by jansson; duplicate keys are an error;
 * an integer beyond 64 bits makes all numbers of that text reals. */
json_t *json_read(const char *s, size_t n, const char *where, struct err *e);

/* Borrowed member, or NULL where it is missing or of another type. */
const char *json_get_string(const json_t *o, const char *key);
bool json_get_number(const json_t *o, const char *key, double *v); /* accepts true/false as 1/0 */
/* An item of an array, NaN where it is none or no number. */
double json_number_at(const json_t *array, size_t i);

/* Write one value and a newline to `f`, two-space indent, keys in insertion order. A non-finite
 * double must have been made null by json_number(). */
bool json_write(FILE *f, const json_t *v, struct err *e);
/* One line, no indent (JSON Lines). */
bool json_write_line(FILE *f, const json_t *v, struct err *e);

/* One line with as many digits as give the very numbers back: JSON to be stored. mem_free. */
char *json_compact(const json_t *v);

/* json_real, or null where v is NaN or infinite; at most 9 significant digits. */
json_t *json_number(double v);

#endif
