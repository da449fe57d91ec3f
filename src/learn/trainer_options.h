/* trainer_options.h - the settings of a training, as one table (trainer_options.def): the command
 * line, the form of the explorer, what a run stores and how two are compared are made of it. */
#ifndef LEARN_TRAINER_OPTIONS_H
#define LEARN_TRAINER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

struct trainer_options {
	size_t dim;      /* K */
	size_t batch;    /* questions a step; 0 = as many as make the published 2,048 rows */
	size_t epochs;   /* at most */
	size_t patience; /* stop after so many epochs without a better validation loss; 0 = never */
	double lr;       /* Adam */
	double weight_decay; /* L2 in the gradient, as torch.optim.Adam */
	double sigma;        /* Gaussian noise on the encoding, in training */
	bool shuffle;        /* questions each epoch; the published recipe keeps file order */
	bool keep_best;      /* keep the best validation epoch; else the last */
	bool start_at_rates; /* mf_init_rates; else mf_init_paper */
	uint64_t seed;
};

void trainer_options_default(struct trainer_options *o);
void trainer_options_paper(struct trainer_options *o); /* the published values */
/* An error (ERR_USAGE) says which setting is out of its range. */
bool trainer_options_check(const struct trainer_options *o, struct err *e);

enum trainer_kind {
	TRAINER_SIZE,
	TRAINER_REAL,
	TRAINER_POSITIVE, /* a real above 0 */
	TRAINER_SEED,
	TRAINER_UNSET, /* a bool, made false by the option of that name */
};

struct trainer_setting {
	const char *key;    /* "weight_decay" */
	const char *option; /* "weight-decay" */
	enum trainer_kind kind;
	size_t offset; /* in struct trainer_options */
	double low, high;
	const char *help;
};

enum {
	TRAINER_SETTINGS = 0
#define SETTING(field, option, kind, argument, low, high, help) +1
#include "learn/trainer_options.def"
#undef SETTING
};
extern const struct trainer_setting trainer_settings[TRAINER_SETTINGS];

/* One of them as text, "1" and "0" for true and false; and back, except for UNSET. False: no number. */
void trainer_options_print(
    const struct trainer_options *o, const struct trainer_setting *s, struct buf *out);
bool trainer_options_parse(
    struct trainer_options *o, const struct trainer_setting *s, const char *text);
/* What differs: "dim 64/128, seed 1/2", or "". */
void trainer_options_differ(
    const struct trainer_options *a, const struct trainer_options *b, struct buf *out);

/* As the JSON object that a run stores, and back. New string (mem_free); missing members keep what
 * *o holds, others are ignored. */
char *trainer_options_write(const struct trainer_options *o);
bool trainer_options_read(const char *json, struct trainer_options *o, struct err *e);

#endif
