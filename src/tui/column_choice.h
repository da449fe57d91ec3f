/* column_choice.h - which columns of a table the user wants to see, from left to right, and how wide.
 *
 * Kept by the table's name, for all lists of it at once; the settings file holds it between sessions.
 * A choice is a line of words, KEY or KEY:WIDTH: these columns, in this order; the others are hidden.
 * In a key what is no letter, digit, sign or point is written `_` (list_column_word). The UI thread's
 * alone.
 */
#ifndef TUI_COLUMN_CHOICE_H
#define TUI_COLUMN_CHOICE_H

/* NULL or "": as the table has them. */
void column_choice_set(const char *table, const char *text);
const char *column_choice(const char *table); /* NULL: none was made */
void column_choice_forget(void);              /* all */
/* Grows with every change. */
unsigned column_choice_changes(void);

#endif
