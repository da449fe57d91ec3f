/* filter.h - what a typed filter means for the rows of a table.
 *
 * Words are ANDed. `word` occurs in any column that is shown, `"two words"` as they stand, `-word`
 * does not occur. `col:word` is about one column; `col>75.8`, `>=`, `<`, `<=`, `=` and `!=` compare
 * its value, blanks round them are allowed. A column is named by the start of its heading or its
 * key, shown or not. In capitals a word is exact (smart case).
 *
 * Values are written as they are shown: 30% or 30 where the column is in percent (and .3 for a share,
 * but not in differences), $0.05, 7B, 1:30 or 90s, 2026-11-30, today, yesterday; - is a missing
 * value. = is also true of what is shown as that number, and in text of the whole text. What is
 * missing is neither more nor less than anything, and not equal to anything but -.
 *
 * Where no column has the name, a pair of a map column may: tag:word, tag=word and tag>7 are about
 * that. Else the word is looked for as it stands, and the note says so.
 */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct filter;
struct table;

/* Of the columns of `t` (its map columns' rows are looked at for names of pairs). */
struct filter *filter_new(const struct table *t, const char *text);
void filter_free(struct filter *f);

/* `more`: text of the row that words may match, beside the columns; may be NULL. `off` (columns):
 * what words do not look at; NULL: nothing. `t` has the columns it was made for. */
bool filter_match(
    const struct filter *f, const struct table *t, size_t row, const char *more, const bool *off);

/* What to say of it: which word means nothing and what could be meant; what is still to be typed;
 * how a value is taken. NULL where there is nothing to say. */
const char *filter_note(const struct filter *f);
/* "no column foo": the note in short, where a word means nothing as it stands; else NULL. */
const char *filter_fault(const struct filter *f);
/* Whether only rows that pass `before` can pass `after`, which is more of it. */
bool filter_narrows(const char *before, const char *after);

#endif
