/* demo_world.h - a world whose answer is known: simulated models, questions whose words carry what
 * they ask for, and labels drawn from a planted low-rank truth.
 *
 *   P(model m answers question q) = 1 / (1 + exp(-u_m' z_q)),   both of DEMO_DIMS numbers
 *
 * Everything is a function of scale and seed, the same on every machine.
 */
#ifndef TASK_DEMO_WORLD_H
#define TASK_DEMO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/part.h"
#include "task/demo_text.h"

struct err;

enum demo_scale {
	DEMO_SMALL, /* 60 models, 4,000 questions, no parts */
	DEMO_PAPER, /* the published scale: 112 models, 29,673 + 3,000 + 3,000 questions, with repeats */
	DEMO_SCALE_COUNT
};

struct demo_world_model {
	const char *name, *family, *size, *speciality;
	double price_in, price_out; /* dollars per million tokens */
	double planted[DEMO_DIMS];
};

struct demo_world_question {
	size_t benchmark;
	enum part part;
	const char *text;
	size_t len;
	double planted[DEMO_DIMS];
};

/* One row of labels in the files: a question, or a repeat of it under another task variant, whose
 * labels agree with the first ones mostly but not always. */
struct demo_world_listing {
	uint32_t question;
	bool repeat;
};

struct demo_world {
	struct arena arena;
	uint64_t seed;
	size_t n_models, n_benchmarks, n_questions, n_listings;
	const char **benchmarks;
	struct demo_world_model *models;
	struct demo_world_question *questions; /* all texts differ; train, then val, then test */
	struct demo_world_listing *listings;   /* the repeats of a part after its questions */
};

/* Reads the data files of `dir` (share/demo). long_prompts puts sentences before each question, so
 * that prompts average 500 bytes. */
bool demo_world_new(const char *dir, enum demo_scale scale, uint64_t seed, bool long_prompts,
    struct demo_world *out, struct err *e);
void demo_world_clear(struct demo_world *w);

double demo_world_probability(const double *model, const double *question);
/* label (n_models) <- 0 or 1 of one listing. */
void demo_world_labels(const struct demo_world *w, size_t listing, unsigned char *label);

#endif
