/* option.h - tables of command-line options.
 *
 * A row points at a field of an options struct (usually the task's own). The parser starts from
 * the defaults that are in the struct, writes into the fields, and --help prints the defaults that
 * it finds there: no default is written down twice.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct err;

enum option_type {
	OPTION_SET,    /* bool, made true; takes no argument */
	OPTION_UNSET,  /* bool, made false; takes no argument */
	OPTION_TEXT,   /* const char * */
	OPTION_LIST,   /* struct option_list; may be given again, one argument each */
	OPTION_NAMES,  /* struct option_list; may be given again, names parted by commas */
	OPTION_CHOICE, /* int (or an enum): the index in `choices` */
	OPTION_INT,    /* int */
	OPTION_SIZE,   /* size_t */
	OPTION_SEED,   /* uint64_t */
	OPTION_ID,     /* int64_t >= 1 */
	OPTION_REAL,   /* double */
};

struct option_list {
	const char **v;
	size_t n;
};

/* Written {"name", 'n', OPTION_X, "ARG", offsetof(...), .help = "..."}. */
struct option_row {
	const char *name; /* long name; NULL ends the table */
	char letter;      /* 0 = none */
	enum option_type type;
	const char *argument;       /* its name in the help; NULL for flags */
	size_t offset;              /* of the field */
	double min, max;            /* of numbers; both 0 = any that is not negative */
	const char *const *choices; /* NULL-terminated; an empty one has no name */
	const char *help;           /* lower case, no full stop */
	const char *unset; /* shown as the default where the field is NULL, NaN, 0 or false */
};

/* Rows, and the struct their offsets point into. */
struct option_table {
	const struct option_row *rows;
	void *fields;
};

/* Parse argv[1..argc) by all the tables; the operands are moved behind the options and begin at
 * argv[*first]. With `stop`, parsing ends at the first operand. "--" ends the options. Lists are in
 * the arena. An error names the option, and the nearest one where it is unknown. */
bool option_parse(const struct option_table *tables, size_t n, bool stop, int argc, char **argv,
    struct arena *a, int *first, struct err *e);

/* The default of a row as text, "" where there is none to speak of. */
void option_default(const struct option_row *row, const void *fields, struct buf *out);

#endif
