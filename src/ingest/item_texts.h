/* item_texts.h - what the ids of items stand for, from a file beside results that hold ids alone.
 *
 * JSON lines, STEM.items.jsonl or tasks.jsonl in the folder of the results or up to two above, packed
 * or not: an id in item_id, task_id, instance_id or id, and a text in question, problem_statement,
 * text, prompt, instruction or complete_prompt; maybe a benchmark, a category and a part. */
#ifndef INGEST_ITEM_TEXTS_H
#define INGEST_ITEM_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/part.h"

struct err;
struct hashtable;
struct ingest;

struct item_text {
	const char *text, *benchmark, *category; /* the latter two may be NULL */
	enum part part;
};

struct item_texts {
	const char *prefer; /* the member that holds the text, where it is there; or NULL */
	/* Private: */
	struct ingest *in;
	const char *path; /* of the file that was read, or NULL */
	struct item_text *v;
	size_t n, cap;
	struct hashtable *ids;
	size_t found, unknown;
};

/* Zeroed but for `prefer`; the strings live in the import's arena. item_texts_end says in the report
 * what was found, and frees. */
void item_texts_begin(struct item_texts *t, struct ingest *in);
void item_texts_end(struct item_texts *t);

/* Read the texts that belong to the results at `path`; those of the file before stay where it is the
 * same. No such file is no error: then no id is known. */
bool item_texts_open(struct item_texts *t, const char *path, struct err *e);

/* The item of an id, or NULL. */
const struct item_text *item_texts_get(struct item_texts *t, const char *id);

#endif
