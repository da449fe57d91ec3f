/* method.h - a forecasting method: from labels and encodings to a logit for every model.
 *
 * src/method may include base/, num/ and learn/. One file holds one method, methods.c the table of
 * all. A method sees numbers only, and a question only through its encoding: its benchmark is known
 * of training questions alone.
 *
 * Hyper-parameters are chosen by the log-loss on the validation part (method_loss), or on training
 * questions by leaving each out; never on the test part. What was tried is kept in the search.
 *
 * Logits of training questions by what was learned without them are called held.
 */
#ifndef METHOD_METHOD_H
#define METHOD_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/dataset.h"
#include "method/params.h"

struct err;
struct progress;

/* What a search tried: a setting and its loss. */
#define SEARCH_MAX 256
struct search_step {
	const char *method;
	char setting[48]; /* "k=100 width=0.1" */
	double loss;      /* mean log-loss on the validation part, or on training questions held */
	bool chosen;
};
struct search {
	size_t n;
	struct search_step v[SEARCH_MAX]; /* what does not fit is not kept */
};

/* A fitted method and its held logits. */
struct crossed {
	const struct params *params;
	const float *held; /* (n_train, M) */
};

/* What a method is fitted on and with. */
struct fit {
	const struct dataset *d; /* PART_TRAIN is learned from, PART_VAL chooses; has encodings */
	uint64_t seed;
	const struct params *like;       /* take its hyper-parameters, do not search; or NULL */
	struct search *search;           /* may be NULL */
	const struct progress *progress; /* may be NULL */
	/* (n_train, M), rows as of sample_new(PART_TRAIN), or NULL: a method that leaves_out writes
	 * its held logits here. */
	float *held;
	/* (n_val, M), or NULL: a method that in the end learns from the validation part too writes
	 * here its held logits of it; others leave it alone. */
	float *val;
	/* Of the same training questions, for a method that starts from it; NULL: it fits its own. */
	const struct crossed *posterior;
};

struct method {
	const char *name;   /* as typed: "ridge" */
	const char *about;  /* a line for help and tables */
	const char *source; /* paper or equation; NULL = ours */
	bool control;       /* a yardstick that cannot know anything: never chosen */
	bool leaves_out;    /* fit itself gives held logits, and chooses by them */
	/* *out (empty) gets everything that logits needs. False: cancelled, or what is missing. */
	bool (*fit)(const struct fit *in, struct params *out, struct err *e);
	/* z (n, M) of encodings (n, D) of unit length. */
	void (*logits)(const struct params *p, const float *enc, size_t n, float *z);
};

extern const struct method method_2pl, method_bullpen, method_clusters, method_guarded,
    method_hiershrink, method_irtnet, method_je_irt, method_kernel, method_knn, method_logistic,
    method_mf, method_mf_paper, method_mlp, method_noise, method_posterior, method_posterior_kernel,
    method_posterior_knn, method_rates, method_ridge, method_shuffled, method_stack;
extern const struct method *const methods[];
extern const size_t n_methods;
const struct method *method_find(const char *name); /* NULL if there is none */

/* Rows of one part, gathered. Owned arrays: sample_clear. */
struct sample {
	size_t n, M, D, B;
	float *x;            /* (n, D) encodings */
	float *y;            /* (n, M) labels, NaN = missing */
	float *w;            /* (n, M) weights, or NULL = 1 each */
	uint32_t *benchmark; /* (n) */
};
struct sample sample_new(const struct dataset *d, enum part part);
void sample_clear(struct sample *s);

/* Mean log-loss of a fitted method on the validation part; NaN without labels there. */
double method_loss(const struct method *m, const struct params *p, const struct sample *val);
/* The same of given logits z (val->n, M). */
double sample_loss(const struct sample *s, const float *z);

/* Fit with every setting of a grid, judged on the validation part (a method that leaves_out: on
 * training questions held), and keep the best (without a judge, the first). in->like: only with the
 * setting it was fitted with. The setting goes into *out, held logits of the best into in->held. */
#define GRID_NAMES 3
struct grid {
	const char *name[GRID_NAMES]; /* of the numbers in a setting; NULL after the last */
	size_t n;
	const double (*v)[GRID_NAMES]; /* (n) settings, the usual one first */
	const void *shared;            /* for fit: what all settings have in common */
};
typedef bool grid_fit(const struct fit *in, const struct grid *g, const struct sample *train,
    const double *setting, struct params *out, struct err *e);
bool method_fit_grid(const struct method *m, const struct grid *g, const struct fit *in,
    grid_fit *fit, struct params *out, struct err *e);

/* log(p / (1 - p)) with p kept off 0 and 1 by `margin`. */
static inline double method_logit(double p, double margin)
{
	p = p < margin ? margin : p > 1 - margin ? 1 - margin : p;
	return __builtin_log(p / (1 - p));
}

/* held (n_train, M), by fits on all but one of `folds` parts drawn by seed. `like`: the fit on all of
 * them, whose hyper-parameters are taken. */
bool method_out_of_fold(const struct method *m, const struct fit *in, const struct params *like,
    size_t folds, float *held, struct err *e);

/* Fit on the training and the validation part together: `pool`, which is in->d with these as its
 * PART_TRAIN. held (n_pool, M). What the validation part must choose is chosen before. */
bool method_cross(const struct method *m, const struct fit *in, const struct dataset *pool,
    struct params *out, float *held, struct err *e);

#endif
