/* dialect.h - how a table is written: what parts its fields, its lines, and what quotes mean. */
#ifndef INGEST_DIALECT_H
#define INGEST_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

struct dialect {
	char separator; /* one of , ; tab | */
	char quote;     /* '"', or 0 where quotes are text (tab-separated alone) */
	char newline;   /* what ends a line for counting: \n, or \r where there is no \n */
	bool spaces;    /* spaces after a separator are no part of the field */
	size_t skip;    /* bytes before the header: a spreadsheet's line sep=; */
};

/* By the start of a file: the separator that gives most of its records as many fields as the first
 * one has. RFC 4180 where nothing tells. */
void dialect_guess(const char *p, size_t n, struct dialect *out);

#endif
