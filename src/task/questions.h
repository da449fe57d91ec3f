/* questions.h - the stored questions: found, filtered, and one in full. */
#ifndef TASK_QUESTIONS_H
#define TASK_QUESTIONS_H

#include "base/table.h"
#include "task/atlas.h"

struct questions_filter {
	size_t benchmark; /* catalog index, SIZE_MAX = all */
	const char *text; /* words that must all occur (smart case), or NULL */
	enum part part;   /* PART_NONE = all */
	size_t limit;     /* 0 = all */
};
void questions_filter_default(struct questions_filter *f);

struct questions_row {
	size_t question;  /* index in the atlas */
	size_t seen;      /* models with a label */
	double right;     /* share of them right, NaN if none */
	double predicted; /* mean calibrated probability over the run's models, NaN without a run */
	/* Item-rest correlation: Pearson's r, over the models that answered, of being right here with
	 * accuracy on all their other questions (the point-biserial one for labels of 0 and 1). Near 0:
	 * tells good models from bad no better than a coin; below: the good ones miss it. NaN with
	 * fewer than three models, or where all did alike. */
	double discrimination;
};

struct questions {
	struct arena arena;
	size_t n, matches;       /* rows here; matches before the limit */
	struct questions_row *v; /* by id */
};

/* predicted costs a projection of the rows found: leave it out while typing. */
bool task_questions(const struct atlas *a, const struct questions_filter *f, bool predicted,
    struct questions *out, struct err *e);
void questions_clear(struct questions *q);

enum {
	QUESTIONS_ID,
	QUESTIONS_RIGHT,
	QUESTIONS_PREDICTED,
	QUESTIONS_DISCRIMINATION,
	QUESTIONS_PART,
	QUESTIONS_BENCHMARK,
	QUESTIONS_MODELS,
	QUESTIONS_TEXT,
	QUESTIONS_COLUMNS
};
struct table questions_table(const struct questions *q, const struct atlas *a);

/* Who is right on one question, and the questions like it. */
struct question_answer {
	size_t model;
	double score;     /* label, NaN missing */
	double predicted; /* NaN without a run */
};
struct question_like {
	size_t question;
	double similarity; /* cosine of the encodings */
	double right;      /* share of the models that are right on it, NaN if none answered */
	/* share of the models with both that are right, or wrong, on both; NaN if none */
	double same;
};
struct question_detail {
	struct arena arena;
	struct questions_row row;
	size_t n_answers;
	struct question_answer *answers; /* (n_models) likeliest to be right first */
	size_t n_like;
	struct question_like *like; /* nearest first */
};
bool task_question(const struct atlas *a, size_t question, size_t like, struct question_detail *out,
    struct err *e);
void question_detail_clear(struct question_detail *d);

enum {
	ANSWERS_NAME,
	ANSWERS_WAS,
	ANSWERS_SCORE,
	ANSWERS_PREDICTED,
	ANSWERS_BAR, /* drawn */
	ANSWERS_ACCURACY,
	ANSWERS_COLUMNS
};
struct table answers_table(const struct question_detail *d, const struct atlas *a);

enum {
	ALIKE_SIMILARITY,
	ALIKE_RIGHT,
	ALIKE_SAME,
	ALIKE_ID,
	ALIKE_BENCHMARK,
	ALIKE_TEXT,
	ALIKE_COLUMNS
};
struct table alike_table(const struct question_detail *d, const struct atlas *a);
/* Index of a stored question by its id, SIZE_MAX with e set. */
size_t questions_find(const struct atlas *a, int64_t id, struct err *e);

#endif
