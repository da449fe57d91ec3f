/* column.h - a column of a result: what it is called, of which type it is, what it says; and one
 * value of it, as text, TSV, CSV and JSON.
 *
 * A result is described once, by an array of columns beside its task (struct table, base/table.h).
 * The verb prints it, the screen lists it, an export writes it and the help explains it from there.
 */
#ifndef BASE_COLUMN_H
#define BASE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

/* Shares are 0..1 everywhere but on their way to a person, who gets percent. */
enum column_kind {
	COLUMN_TEXT,
	COLUMN_CLIP, /* names and questions: text that may be clipped */
	COLUMN_INT,
	COLUMN_REAL,
	COLUMN_SHARE,
	COLUMN_MONEY, /* two decimals, more where three digits need them */
	COLUMN_SECONDS,
	COLUMN_DATE,   /* text: ISO 8601 in UTC */
	COLUMN_FIGURE, /* "0.765 [0.757, 0.773]" */
	COLUMN_SHARE_FIGURE,
	COLUMN_PM, /* "0.765 ±0.008": half the interval's width */
	COLUMN_SHARE_PM,
	COLUMN_BOOL, /* "yes" or nothing */
	COLUMN_MAP,  /* names with texts: "size=7B family=qwen" */
};

struct column {
	const char *key;   /* snake_case: TSV, CSV, JSON; NULL: only drawn on the screen (bars) */
	const char *title; /* in the text of a verb; NULL: left out there */
	const char *brief; /* on the screen; NULL: the title, or the key */
	enum column_kind kind;
	int decimals;      /* of numbers, as text; below 0: that many significant digits */
	const char *about; /* one or two sentences: what it is, how computed, in which unit */
	bool plus;         /* numbers with their sign, + too: differences */
	const char *unit;  /* k, M, B of what numbers count, where they do; or NULL */

	/* Hints for the screen; 0 is fine. */
	int width;    /* cells, the least where it grows; 0: by title and kind */
	int grow;     /* at most so wide; 0: always `width` */
	int drop;     /* 0: never; else the higher, the earlier it goes where room is short */
	bool hidden;  /* until the user asks for it */
	bool no_sort; /* the order of its values says nothing */
};

/* A value of the column it was made for. Text belongs to the result, or to the scratch buffer that
 * its getter was given. */
struct value {
	bool missing;
	const char *text; /* TEXT, CLIP, DATE; MAP: "name\0text\0name\0text\0" */
	int64_t n;        /* INT, BOOL; MAP: how many pairs */
	double v[3];      /* numbers: [0]; figures: value, low, high */
};

/* NULL, NaN and infinity are missing. A bound that is not finite is missing by itself. */
struct value value_text(const char *s);
struct value value_int(int64_t n);
struct value value_real(double v); /* REAL, SHARE, MONEY, SECONDS */
struct value value_figure(double v, double low, double high);
struct value value_bool(bool v);
struct value value_missing(void);
/* The pairs that value_map_add has added to an empty buffer. */
struct value value_map(const struct buf *pairs, size_t n);
void value_map_add(struct buf *pairs, const char *name, const char *text);

bool column_is_left(const struct column *c);        /* text: aligned left, sorted from a to z */
bool column_is_text(const struct column *c);        /* words: no number, date or flag */
const char *column_heading(const struct column *c); /* on the screen */
bool column_is_figure(const struct column *c);      /* three fields in TSV and CSV */

/* As people read it. */
enum column_style {
	COLUMN_PLAIN = 0,      /* text is made printable */
	COLUMN_ASCII = 1 << 0, /* no dash, no ± */
	COLUMN_CELL = 1 << 1,  /* for a list, which makes it printable: no %, and quickly */
};
void column_text(struct buf *b, const struct column *c, const struct value *v, unsigned style);
/* The same for a list, as it is looked through: text that needs no change is not copied to `b`. */
const char *column_cell(const struct column *c, const struct value *v, struct buf *b);
/* What rows are sorted and compared by, in the unit that is shown: shares in percent. False: text. */
bool column_number(const struct column *c, const struct value *v, double *out); /* NaN: missing */

/* As programs read it: full precision (9 digits), shares 0..1, nothing where it is missing (null). A
 * figure is three fields; `gap` parts them: a comma, and keys are quoted as CSV, or a tab. */
void column_keys(struct buf *b, const struct column *c, char gap);
void column_tsv(struct buf *b, const struct column *c, const struct value *v);
void column_csv(struct buf *b, const struct column *c, const struct value *v);
json_t *column_json(const struct column *c, const struct value *v);

#endif
