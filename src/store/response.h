/* response.h - bring one file's rows into the database, and take them out again. */
#ifndef STORE_RESPONSE_H
#define STORE_RESPONSE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/part.h"
#include "store/policy.h"

struct arena;
struct db;
struct err;
struct progress;
struct staging;

#define RESPONSE_SKIPS 1000 /* skipped lines that are listed; all are counted */

struct response_skip {
	const char *place; /* "FILE:LINE" or "FILE:LINE:COLUMN" */
	const char *reason;
};

/* What a row says besides its label; 0 and NaN: it does not. */
struct response_usage {
	uint32_t trials; /* the label is the mean of so many tries: k right of n */
	double cost;     /* dollars */
	double tokens_in, tokens_out;
	double seconds; /* until the answer was there */
};
#define RESPONSE_USAGE_NONE                                                                        \
	{                                                                                          \
		0, NAN, NAN, NAN, NAN                                                              \
	}

enum remark_kind {
	REMARK_CHOICE,   /* made for the user: metric, filter, part from the file's name */
	REMARK_LEFT_OUT, /* tasks, files, rows */
	REMARK_RUNS,     /* runs of one model under other settings */
	REMARK_CHECK,    /* against the figures of the results file */
	REMARK_NAMES,    /* models or questions that look alike */
	REMARK_KINDS
};
const char *remark_kind_name(enum remark_kind kind); /* "choice", "left out", ... */

struct response_remark {
	enum remark_kind kind;
	const char *text;
};

/* What a source says its rows come to, by model and task, and what came of them. */
enum claim_verdict {
	CLAIM_MATCH,
	CLAIM_PART, /* fewer rows came than the source speaks of */
	CLAIM_MISMATCH,
	CLAIM_VERDICTS
};
const char *claim_verdict_name(enum claim_verdict verdict); /* "match", "part of a run", ... */

struct response_claim {
	const char *model, *task, *metric;
	const char *source;                /* where it stands */
	double claimed_rows, claimed_mean; /* NaN: it does not say */
	uint64_t rows;                     /* that came */
	double mean;                       /* of their labels; NaN: none has one */
	enum claim_verdict verdict;
};

/* What one import did. Strings are in the arena that response_import was given. */
struct response_report {
	int64_t import; /* for `import --undo` */
	const char *file, *format;
	uint64_t rows;    /* rows kept, with those of a missing label */
	uint64_t missing; /* rows with an empty label: kept, missing, never 0 */
	size_t models, models_new;
	size_t questions, questions_new;
	size_t per_part[PART_COUNT]; /* questions by the part they came with */
	size_t leaks; /* questions that also came in another part: test beats val beats train */
	/* rows beyond the first of their model and question, earlier imports included */
	uint64_t repeats;
	uint64_t conflicts;                      /* pairs whose rows disagree, ... */
	uint64_t to_right, to_wrong, to_missing; /* ... and what the rule made of them */
	struct policy policy;
	uint64_t skipped; /* bad lines left out (--skip-bad) */
	size_t n_skips;
	struct response_skip *skips;
	size_t n_remarks;
	struct response_remark *remarks;
	size_t n_claims;
	struct response_claim *claims;
	double seconds;
};

/* All of `s` in one transaction, with labels, summaries and the imported split brought up to date.
 * With `dry` the transaction is rolled back: the report says what would come in.
 * `dup` is the rule asked for, or NULL = the database's; asking for another than the database's is
 * ERR_USAGE and names `embedllm resolve`. threshold NaN = the database's, else .5. */
bool response_import(struct db *db, const struct staging *s, const enum policy_rule *dup,
    double threshold, bool dry, const struct progress *p, struct arena *a,
    struct response_report *out, struct err *e);

struct response_undone {
	uint64_t rows;
	size_t questions, models; /* those that nothing else holds, gone with it */
	size_t runs;              /* trained on other data than is there now */
};
/* Leaves the database as if the import had never been. Models that carry tags or prices stay. */
bool response_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e);

struct response_import_row {
	int64_t id;
	const char *when; /* ISO 8601 UTC */
	const char *file, *format;
	enum part part; /* PART_NONE: none or several */
	bool has_parts; /* some of its items have one */
	uint64_t rows, missing;
	uint64_t repeats, conflicts, skipped; /* as in the report */
	size_t models, questions;
	size_t n_remarks;
	const struct response_remark *remarks;
	size_t n_claims;
	const struct response_claim *claims;
};
/* Every import by id, with what it had to say, in the arena. */
bool response_list_imports(
    struct db *db, struct arena *a, struct response_import_row **out, size_t *n, struct err *e);

/* The settings under which the model of that name was run, over all imports, in the arena. */
struct staging_setting;
bool response_read_settings(struct db *db, const char *model, struct arena *a,
    struct staging_setting **out, size_t *n, struct err *e);

/* By which metric and filter the last import with each task took it: settings of those keys. */
bool response_read_choices(
    struct db *db, struct arena *a, struct staging_setting **out, size_t *n, struct err *e);

/* One raw row with what its file called things. Strings live for the call. */
struct response_line {
	int64_t question, model;
	const char *text;
	size_t text_len;
	const char *benchmark, *category, *model_name;
	const char *prompt_key, *model_key; /* NULL where the file had none */
	enum part part;
	double score; /* NaN = missing */
	struct response_usage usage;
};
/* Every raw row (of one part, or PART_NONE = all) by import, then question, then the order of the
 * file for each model. `line` returns false, with e set, to stop. */
bool response_read(struct db *db, enum part part,
    bool (*line)(void *arg, const struct response_line *l, struct err *e), void *arg,
    struct err *e);

/* Does any row say more than its label: cost, tokens, tries? */
bool response_has_usage(struct db *db, bool *has, struct err *e);

/* May the files' ids be used together? *prompts (*models) tells whether each row has a prompt
 * (model) id and no id stands for two texts (models) over all imports. */
bool response_check_ids(struct db *db, enum part part, bool *prompts, bool *models, struct err *e);

#endif
