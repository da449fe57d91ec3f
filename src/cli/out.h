/* out.h - what a verb prints: facts and tables, as text for people, TSV or JSON.
 *
 * A verb describes its result once; nothing is printed before out_print, so that a failure leaves
 * no half a document on stdout.
 *
 *   plain  aligned columns; untrusted text escaped (utf8_printable); missing is a dash; on a
 *          terminal, columns that may be clipped shrink to its width
 *   TSV    a header line of keys, then the rows of the document's main table, which is its first
 *          (a document of facts alone: lines of key and value). Tab, newline, carriage return and
 *          backslash in text are written \t \n \r \\, other control characters such as \x1b;
 *          missing is empty; a figure takes three columns: key, key_low, key_high
 *   JSON   one value: an array of objects where the document is a single table without a key,
 *          else an object; keys in snake_case; missing is null; a figure is {value, low, high}
 *
 * Numbers are written with a point whatever the locale; shares stay between 0 and 1 in TSV and
 * JSON and are shown as percentages in plain text.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/table.h"

struct err;
struct out;

enum out_format { OUT_PLAIN, OUT_TSV, OUT_JSON };

struct out_style {
	enum out_format format;
	size_t width; /* cells of the terminal, 0 = not a terminal: nothing is clipped */
	bool color;   /* bold titles */
	bool ascii;   /* no dash, no box drawing */
};

struct out *out_new(const struct out_style *style);
void out_free(struct out *o);
enum out_format out_format(const struct out *o);

/* One named value; the next cell call gives it. The others do both. */
void out_fact(
    struct out *o, const char *key, const char *title, enum column_kind kind, int decimals);
void out_fact_text(struct out *o, const char *key, const char *title, const char *s);
void out_fact_int(struct out *o, const char *key, const char *title, int64_t v);
void out_fact_real(struct out *o, const char *key, const char *title, int decimals, double v);
void out_fact_share(struct out *o, const char *key, const char *title, int decimals, double v);
void out_fact_bool(struct out *o, const char *key, const char *title, bool v);
/* The facts up to out_end belong together: a nested object in JSON, a heading in plain text. */
void out_group(struct out *o, const char *key, const char *title);
void out_end(struct out *o);

/* A table; rows follow. key NULL: the document is the table alone. In plain text a title stands
 * above it, after an empty line; "" is the line alone, NULL neither. */
void out_table(
    struct out *o, const char *key, const char *title, const struct column *columns, size_t n);
/* The same, in JSON an object whose keys are the texts of the first column. */
void out_keyed_table(
    struct out *o, const char *key, const char *title, const struct column *columns, size_t n);
/* Columns follow in order: exactly one cell call each, of the column's kind. */
void out_row(struct out *o);
/* A table whole: of its rows those in `order` (n of them; NULL: the first n). Columns without a key
 * are no part of it. */
void out_rows(struct out *o, const char *key, const char *title, const struct table *t,
    const uint32_t *order, size_t n);

/* Cells; the text is copied. NULL, NaN and out_missing are missing. */
void out_text(struct out *o, const char *s);
void out_int(struct out *o, int64_t v);
void out_real(struct out *o, double v);
void out_figure(struct out *o, double value, double low, double high);
void out_bool(struct out *o, bool v);
void out_map(struct out *o, size_t n, const char *const *keys, const char *const *texts);
void out_missing(struct out *o);

/* A sentence between facts and tables, for people only. */
void out_line(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Write the document. A closed pipe is not an error. */
bool out_print(struct out *o, FILE *f, struct err *e);

#endif
