/* table_part.h - what a table is by its start: complete, or a part of one in several files; wide or not. */
#ifndef INGEST_TABLE_PART_H
#define INGEST_TABLE_PART_H

#include <stdbool.h>
#include <stddef.h>

struct ingest_head;

enum table_part {
	TABLE_ALONE,     /* complete in itself, or no table */
	TABLE_LABELS,    /* labels by ids, or by nothing: it wants others */
	TABLE_QUESTIONS, /* texts by id */
	TABLE_MODELS,    /* names by model_id */
	TABLE_NAMES,     /* one column: names for a matrix */
	TABLE_PARTS
};
enum table_part table_part(const struct ingest_head *h);
const char *table_part_name(enum table_part part); /* "labels", "questions", "models", "names" */

/* A label in each cell, not each row. */
enum table_wide {
	WIDE_NONE,
	WIDE_TEXTS,  /* a row a question, with its text; a column a model */
	WIDE_IDS,    /* a row a question, by id */
	WIDE_MODELS, /* a row a model; a column a question */
	WIDE_NAMES,  /* the first column names the rows, and the names tell what they are */
	WIDE_MATRIX, /* nothing but labels */
};
enum table_wide table_wide(const struct ingest_head *h);
/* The same of a header alone. */
struct columns;
struct csv_row;
enum table_wide table_wide_header(const struct csv_row *header, const struct columns *c);

/* Is it likely a model's name: acme/alpha-7b, gpt-4? */
bool table_is_model(const char *name);

#endif
