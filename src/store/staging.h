/* staging.h - one file's content in memory, on its way into the database.
 *
 * An importer interns models and items and appends rows; nothing reaches the database before the
 * whole file was read, so that a bad last line changes nothing. Rows are packed arrays: at the
 * published scale (3.8 million rows of 112 models and 34,056 items) about 76 MB beside the texts.
 */
#ifndef STORE_STAGING_H
#define STORE_STAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/part.h"
#include "store/response.h"

struct hashtable;

struct staging_model {
	const char *name; /* as stored: `__` read as `/` */
	const char *key;  /* model_id in the file, or NULL */
	const char *run;  /* which run of the model, or NULL: see staging_run */
	const char *when; /* of the run, ISO 8601, or NULL */
};

/* Something a run of a model was made with. */
struct staging_setting {
	uint32_t model, run;  /* run: kept apart where runs become one model */
	const char *category; /* "" = of all its tasks */
	const char *key, *value;
};

/* A benchmark and an exact text. */
struct staging_question {
	const char *benchmark;
	const char *text;
	size_t len;
	unsigned char hash[HASH_SIZE]; /* sha-256 of the text */
};

/* A question as the file lists it; see table item. */
struct staging_item {
	uint32_t question;
	enum part part;
	const char *key, *category, *variant; /* key and variant may be NULL */
};

/* What the source claims of a model's rows; c.model is not set. */
struct staging_claim {
	uint32_t model;
	struct response_claim c;
};

struct staging_usage {
	uint32_t row;
	struct response_usage u;
};

struct staging {
	struct arena arena;
	const char *file, *format; /* for the report */
	size_t n_models, n_questions, n_items, n_rows, n_usage, n_settings, n_remarks, n_claims;
	struct staging_model *models;
	struct staging_question *questions;
	struct staging_item *items;
	uint32_t *row_item, *row_model;
	double *row_score;           /* NaN = missing label */
	struct staging_usage *usage; /* by row */
	struct staging_setting *settings;
	struct response_remark *remarks;
	struct staging_claim *claims;
	uint64_t missing, skipped;
	size_t n_skips;
	struct response_skip skips[RESPONSE_SKIPS];
	/* Private: */
	size_t cap_models, cap_questions, cap_items, cap_item, cap_model, cap_score, cap_usage,
	    cap_settings, cap_remarks, cap_claims;
	struct buf key;
	struct hashtable *model_names, *question_keys, *item_keys, *remark_keys;
};

void staging_init(struct staging *s, const char *file, const char *format);
void staging_clear(struct staging *s);

/* Offset of the first byte that no stored text may hold: malformed UTF-8, or NUL; n where all is
 * well. */
size_t staging_text_check(const char *p, size_t n);

/* One run of a model: the same name may come again with another `run` (a date, a path), as a model
 * of its own until ingest_settle_runs decides what the runs are to each other. `when` may be NULL.
 * False as staging_model. */
bool staging_run(struct staging *s, const char *name, size_t len, const char *run, const char *when,
    uint32_t *model);
/* What the run was made with, for one category or (NULL) all. */
void staging_set(
    struct staging *s, uint32_t model, const char *category, const char *key, const char *value);

/* The model of that name in the file; key (NUL-terminated) may be NULL, and is kept from the first
 * row that has one. False (and nothing changes) where the name is empty or holds bytes that no text
 * may hold. */
bool staging_model(
    struct staging *s, const char *name, size_t len, const char *key, uint32_t *model);

/* The model of that name if there is one yet, else UINT32_MAX. */
uint32_t staging_find_model(const struct staging *s, const char *name, size_t len);

/* How the file lists a prompt. key NULL: the listing is known by its text. */
struct staging_listing {
	const char *key;
	size_t key_len;
	const char *category;
	size_t category_len;
	const char *benchmark; /* NUL-terminated; NULL = naming_benchmark of the category */
	const char *text;
	size_t text_len;
	enum part part;
	const char *variant; /* NUL-terminated or NULL */
};
enum staging_result {
	STAGING_OK,
	STAGING_OTHER_TEXT,   /* the same key, category and part was listed with another text */
	STAGING_BAD_KEY,      /* bytes that no text may hold: see staging_text_check */
	STAGING_BAD_CATEGORY, /* the same, or empty */
	STAGING_BAD_TEXT,
};
/* The item of the listing, made where it is new. Nothing changes unless STAGING_OK. Only a new
 * listing's bytes are checked: an old one's are equal to what was. */
enum staging_result staging_item(
    struct staging *s, const struct staging_listing *l, uint32_t *item);

/* score in [0, 1], or NaN = missing. */
void staging_row(struct staging *s, uint32_t item, uint32_t model, double score);

/* What the row added last says besides its label. */
void staging_usage(struct staging *s, const struct response_usage *u);

/* Take rows out again (ascending), with the models, items and questions that had no others: lines that
 * turn out bad at the end of a file. The last call before the import. */
void staging_drop(struct staging *s, const uint32_t *rows, size_t n);

/* Something the report has to say; the same text comes once. */
void staging_remark(struct staging *s, enum remark_kind kind, const char *text);

/* A figure that the rows of the model were compared with; strings are copied. */
void staging_claim(struct staging *s, uint32_t model, const struct response_claim *c);

/* Count a line that is left out, and list it if there is room. Strings are copied. */
void staging_skip(struct staging *s, const char *place, const char *reason);

#endif
