/* quote.h - text as a field of CSV or TSV: the one place that quotes. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stddef.h>
#include <stdio.h>

struct buf;

/* CSV (RFC 4180): in quotes where it holds a quote, comma or line end, or begins or ends with a
 * space; quotes within are doubled. Either into a buffer or to a stream. */
void quote_csv(struct buf *b, const char *s, size_t n);
void quote_csv_put(FILE *f, const char *s, size_t n);

/* TSV: tab, newline, carriage return and backslash are written \t \n \r \\, other control
 * characters such as \x1b. */
void quote_tsv(struct buf *b, const char *s, size_t n);

#endif
