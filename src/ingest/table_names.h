/* table_names.h - the names that a matrix of labels lacks, from lists of their own. */
#ifndef INGEST_TABLE_NAMES_H
#define INGEST_TABLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct ingest;

struct table_names {
	const char *file;
	const char **names;
	size_t n;
};

/* Of the files named with the matrix, else of those beside it whose names say what they are
 * (models.txt, questions.txt). A list has a name a line, or is a table with a column of them. An error
 * where one of the two is not there. In the arena of `in`. */
bool table_names(
    struct ingest *in, struct table_names *models, struct table_names *questions, struct err *e);

#endif
