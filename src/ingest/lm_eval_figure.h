/* lm_eval_figure.h - the figures of a file's samples, and which of them is the label. */
#ifndef INGEST_LM_EVAL_FIGURE_H
#define INGEST_LM_EVAL_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct err;
struct ingest;

/* In place of a figure that a sample lacks, and of one that is no number. */
#define FIGURE_ABSENT (-1e300)
#define FIGURE_NONE (-2e300)

/* The values of one figure, by sample; NaN is a missing label. */
struct figure {
	char *name;
	double *v;
	size_t n, cap;
	bool wrong; /* the better the lower, as its results file says */
};

/* Where a value stands in its line, for messages. */
struct figure_byte {
	uint32_t sample, figure, byte;
};

struct figures {
	struct figure *v;
	size_t n, cap, samples;
	struct figure_byte *bytes;
	size_t n_bytes, cap_bytes;
};

/* Every figure of a sample: those its `metrics` list, else whatever is no known member. text[0..n) is
 * the line, or NULL. */
void figures_add(struct figures *f, const json_t *line, const char *text, size_t n);
/* The figure of that name, if there is one, is no label: it is the better the lower. */
void figures_set_wrong(struct figures *f, const char *name);
void figures_clear(struct figures *f);
double figures_get(const struct figures *f, size_t sample, const char *name);
/* Byte of the line where the value stands, 0 where it is not known. */
size_t figures_byte(const struct figures *f, size_t sample, const char *name);

/* The figure that is the label of a task in all its files: --metric where they have it, else the
 * first that is known, else the only one that is a share. *metric NULL: there is none; the task is
 * left out, with a remark. Several that would do are an error that lists them. */
bool figures_choose(const struct figures *const *f, size_t n, struct ingest *in, const char *task,
    const char **metric, bool *asked_found, struct err *e);

#endif
