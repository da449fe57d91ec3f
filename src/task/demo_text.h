/* demo_text.h - the demo world's data files (share/demo): models, words, question templates. */
#ifndef TASK_DEMO_TEXT_H
#define TASK_DEMO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct buf;
struct err;
struct rng;

#define DEMO_SKILLS 6
/* Coordinates of a planted vector: a model's are (ability, 1, skills), a question's (1, easiness,
 * loadings); the logit of a right answer is their inner product. */
#define DEMO_DIMS (2 + DEMO_SKILLS)

struct demo_word {
	const char *text;
	double vector[DEMO_DIMS]; /* what it adds to a question's; mostly zero */
};

struct demo_list {
	const char *name;
	size_t n;
	struct demo_word *words;
};

struct demo_template {
	size_t benchmark;
	const char *text;
	double vector[DEMO_DIMS]; /* the benchmark's included */
};

struct demo_benchmark {
	const char *name;
	size_t n_templates, first; /* among all templates */
};

struct demo_size {
	const char *name;
	double ability, price; /* logits; dollars per million tokens read */
};

struct demo_line {
	const char *family, *speciality, *suffix;
	double ability, skills[DEMO_SKILLS];
};

struct demo_text {
	struct arena arena;
	const char *skills[DEMO_SKILLS];
	size_t n_sizes, n_lines, n_lists, n_benchmarks, n_templates;
	struct demo_size *sizes;
	struct demo_line *lines;
	struct demo_list *lists;
	struct demo_benchmark *benchmarks;
	struct demo_template *templates;
};

/* Read models.txt, words.txt and questions.txt of a folder; the error names file and line. Every
 * slot of every template is known to be fillable afterwards. */
bool demo_text_load(const char *dir, struct demo_text *out, struct err *e);
void demo_text_clear(struct demo_text *t);

/* Replace the slots of a template: *text gets the question, vector (DEMO_DIMS) its planted one. */
void demo_text_fill(const struct demo_text *t, const struct demo_template *template,
    struct rng *rng, struct buf *text, double *vector);

/* The list of that name, which exists (or it is a bug). */
const struct demo_list *demo_text_list(const struct demo_text *t, const char *name);

#endif
