#include "task/questions.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "num/blas.h"
#include "num/topk.h"

#include <math.h>
#include <string.h>

void questions_filter_default(struct questions_filter *f)
{
	*f = (struct questions_filter){.benchmark = SIZE_MAX, .part = PART_NONE};
}

/* The words of the filter, each as a string of its own in the arena. */
static char **split_words(struct arena *a, const char *text, size_t *n)
{
	size_t len = text ? strlen(text) : 0;
	char **words = arena_array(a, char *, len / 2 + 1);

	*n = 0;
	for (size_t i = 0; i < len;) {
		size_t word = strcspn(text + i, " \t");

		if (word)
			words[(*n)++] = arena_strndup(a, text + i, word);
		i += word + strspn(text + i + word, " \t");
	}
	return words;
}

static bool matches(const struct atlas *a, size_t q, const struct questions_filter *f,
    char *const *words, size_t n_words)
{
	const struct catalog_question *v = &a->questions[q];

	if (f->benchmark != SIZE_MAX && v->benchmark != f->benchmark)
		return false;
	if (f->part != PART_NONE && a->data.part[q] != f->part)
		return false;
	for (size_t i = 0; i < n_words; i++)
		if (!utf8_search(v->text, words[i]))
			return false;
	return true;
}

static void tally(const struct atlas *a, struct questions_row *row)
{
	const float *y = a->data.score + row->question * a->data.n_models;
	double right = 0;

	for (size_t m = 0; m < a->data.n_models; m++)
		if (!isnan(y[m])) {
			row->seen++;
			right += (double)y[m];
		}
	row->right = row->seen ? right / (double)row->seen : NAN;
	row->predicted = NAN;
	row->discrimination = NAN;
}

/* The catalog's sums, less the question itself, are the rest. */
static double discriminate(const struct atlas *a, size_t question)
{
	size_t M = a->data.n_models;
	const float *y = a->data.score + question * M;
	const float *w = a->data.weight ? a->data.weight + question * M : NULL;
	double n = 0, sy = 0, sr = 0, syy = 0, srr = 0, syr = 0, vy, vr;

	for (size_t m = 0; m < M; m++) {
		const struct catalog_model *model = &a->catalog.models[m];
		double v = (double)y[m], once = w ? (double)w[m] : 1, rest;

		if (isnan(y[m]) || model->seen <= once)
			continue;
		rest = (model->right - once * v) / (model->seen - once);
		n++;
		sy += v;
		sr += rest;
		syy += v * v;
		srr += rest * rest;
		syr += v * rest;
	}
	if (n < 3)
		return NAN;
	vy = syy - sy * sy / n;
	vr = srr - sr * sr / n;
	/* What rounding leaves of equal values is no spread. */
	return vy > 1e-9 && vr > 1e-9 ? (syr - sy * sr / n) / sqrt(vy * vr) : NAN;
}

static void predict(const struct atlas *a, struct questions_row *rows, size_t n)
{
	enum { BLOCK = 512 };
	size_t M = a->catalog.n_models;
	uint32_t question[BLOCK];
	float *p = mem_floats(BLOCK * M);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t k = n - i < BLOCK ? n - i : BLOCK;

		for (size_t j = 0; j < k; j++)
			question[j] = (uint32_t)rows[i + j].question;
		atlas_forecasts(a, question, k, p);
		for (size_t j = 0; j < k; j++) {
			double sum = 0, models = 0;

			for (size_t m = 0; m < M; m++)
				if (a->trained.in_run[m]) {
					sum += (double)p[j * M + m];
					models++;
				}
			rows[i + j].predicted = models > 0 ? sum / models : NAN;
		}
	}
	mem_free(p);
}

bool task_questions(const struct atlas *a, const struct questions_filter *f, bool predicted,
    struct questions *out, struct err *e)
{
	struct questions r = {0};
	size_t n_words;
	char **words;

	(void)e;
	arena_init(&r.arena);
	words = split_words(&r.arena, f->text, &n_words);
	r.v = arena_array(&r.arena, struct questions_row, a->data.n_questions + 1);
	for (size_t q = 0; q < a->data.n_questions; q++) {
		if (!matches(a, q, f, words, n_words))
			continue;
		if (!f->limit || r.n < f->limit) {
			r.v[r.n].question = q;
			tally(a, &r.v[r.n]);
			r.v[r.n].discrimination = discriminate(a, q);
			r.n++;
		}
		r.matches++;
	}
	if (predicted && a->run)
		predict(a, r.v, r.n);
	*out = r;
	return true;
}

void questions_clear(struct questions *q)
{
	arena_clear(&q->arena);
	*q = (struct questions){0};
}

static double same_answers(const struct atlas *a, size_t one, size_t other)
{
	size_t M = a->data.n_models;
	const float *x = a->data.score + one * M, *y = a->data.score + other * M;
	double both = 0, same = 0;

	for (size_t m = 0; m < M; m++)
		if (!isnan(x[m]) && !isnan(y[m])) {
			both++;
			same += (x[m] >= 0.5f) == (y[m] >= 0.5f) ? 1 : 0;
		}
	return both > 0 ? same / both : NAN;
}

/* The stored questions whose encodings are nearest, without itself. */
static void find_like(
    const struct atlas *a, size_t question, size_t want, struct question_detail *d)
{
	size_t Q = a->data.n_questions, D = a->data.dims;
	float *cosine = mem_floats(Q);
	struct topk top;

	blas_sgemv(false, Q, D, 1, a->data.enc, D, a->data.enc + question * D, 0, cosine);
	topk_init(&top, want);
	for (size_t q = 0; q < Q; q++)
		if (q != question)
			topk_add(&top, cosine[q], (uint32_t)q);
	topk_sort(&top);
	d->like = arena_array(&d->arena, struct question_like, top.n + 1);
	d->n_like = top.n;
	for (size_t i = 0; i < top.n; i++) {
		struct questions_row row = {.question = top.index[i]};

		tally(a, &row);
		d->like[i] = (struct question_like){row.question, (double)top.score[i], row.right,
		    same_answers(a, question, row.question)};
	}
	topk_clear(&top);
	mem_free(cosine);
}

static int likeliest_first(const void *pa, const void *pb)
{
	const struct question_answer *a = pa, *b = pb;
	bool no_a = isnan(a->predicted), no_b = isnan(b->predicted);

	if (no_a || no_b || a->predicted == b->predicted)
		return no_a != no_b ? no_a - no_b : (a->model > b->model) - (a->model < b->model);
	return a->predicted < b->predicted ? 1 : -1;
}

bool task_question(
    const struct atlas *a, size_t question, size_t like, struct question_detail *out, struct err *e)
{
	size_t M = a->catalog.n_models;
	struct question_detail d = {.row = {.question = question}, .n_answers = M};
	double sum = 0, models = 0;
	float *p = NULL;

	(void)e;
	arena_init(&d.arena);
	d.answers = arena_array(&d.arena, struct question_answer, M + 1);
	tally(a, &d.row);
	d.row.discrimination = discriminate(a, question);
	if (a->run) {
		p = mem_floats(M + 1);
		atlas_forecasts(a, &(uint32_t){(uint32_t)question}, 1, p);
		if (like)
			find_like(a, question, like, &d);
	}
	for (size_t m = 0; m < M; m++)
		d.answers[m] = (struct question_answer){
		    .model = m,
		    .score = (double)a->data.score[question * M + m],
		    .predicted = p && a->has_vector[m] ? (double)p[m] : NAN,
		};
	for (size_t m = 0; p && m < M; m++)
		if (a->trained.in_run[m]) {
			sum += (double)p[m];
			models++;
		}
	d.row.predicted = models > 0 ? sum / models : NAN;
	qsort(d.answers, M, sizeof(*d.answers), likeliest_first);
	mem_free(p);
	*out = d;
	return true;
}

void question_detail_clear(struct question_detail *d)
{
	arena_clear(&d->arena);
	*d = (struct question_detail){0};
}

size_t questions_find(const struct atlas *a, int64_t id, struct err *e)
{
	size_t low = 0, high = a->data.n_questions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->questions[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < a->data.n_questions && a->questions[low].id == id)
		return low;
	err_set(e, ERR_USAGE, "there is no question %lld: embedllm questions lists them",
	    (long long)id);
	return SIZE_MAX;
}

/* Tables */

static const char *part_of(const struct atlas *a, size_t question)
{
	enum part p = a->split ? a->data.part[question] : PART_NONE;

	return p == PART_NONE ? NULL : part_name(p);
}

static const struct column question_columns[QUESTIONS_COLUMNS] = {
    [QUESTIONS_ID] = {"question_id", "id", "Id", COLUMN_INT, .width = 6, .drop = 2,
	.about = "The question's number in the database."},
    [QUESTIONS_RIGHT] = {"right", "right", "Right%", COLUMN_SHARE, 1, .width = 6,
	.about = "Of the models that answered it, how many are right, in percent."},
    [QUESTIONS_PREDICTED] = {"predicted", "predicted", "Pred.%", COLUMN_SHARE, 1, .width = 6,
	.drop = 5,
	.about = "The same as the run foretells it: the mean of its probabilities over the models "
		 "it knows, in percent."},
    [QUESTIONS_DISCRIMINATION] = {"discrimination", "discr.", "Disc.", COLUMN_REAL, 2, .width = 6,
	.drop = 3,
	.about = "Correlation over the models, -1 to 1, of being right here with the accuracy on "
		 "all other questions: near 0 it tells good models from bad no better than a "
		 "coin, below 0 the good ones miss it."},
    [QUESTIONS_PART] = {"part", "part", "Split", COLUMN_TEXT, .width = 5, .drop = 4,
	.about = "The part of the split it is in: train, val or test."},
    [QUESTIONS_BENCHMARK] = {"benchmark", "benchmark", "Benchmark", COLUMN_CLIP, .width = 9,
	.grow = 16, .drop = 6, .about = "The benchmark it is of."},
    [QUESTIONS_MODELS] = {"models", "models", "Models", COLUMN_INT, .hidden = true,
	.about = "Models with an answer to it."},
    [QUESTIONS_TEXT] = {"text", "text", "Text", COLUMN_CLIP, .width = 14, .grow = 400,
	.about = "What it asks."},
};

static struct value question_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct questions_row *v = &((const struct questions *)t->rows)->v[row];
	const struct atlas *a = t->world;
	const struct catalog_question *q = &a->questions[v->question];

	(void)scratch;
	switch (column) {
	case QUESTIONS_ID:
		return value_int(q->id);
	case QUESTIONS_RIGHT:
		return value_real(v->right);
	case QUESTIONS_PREDICTED:
		return value_real(v->predicted);
	case QUESTIONS_DISCRIMINATION:
		return value_real(v->discrimination);
	case QUESTIONS_PART:
		return value_text(part_of(a, v->question));
	case QUESTIONS_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	case QUESTIONS_MODELS:
		return value_int((int64_t)v->seen);
	default:
		return value_text(q->text);
	}
}

struct table questions_table(const struct questions *q, const struct atlas *a)
{
	return (struct table){.name = "questions",
	    .columns = question_columns,
	    .n_columns = QUESTIONS_COLUMNS,
	    .value = question_value,
	    .n = q ? q->n : 0,
	    .rows = q,
	    .world = a};
}

static const struct column answer_columns[ANSWERS_COLUMNS] = {
    [ANSWERS_NAME] = {"name", "model", "Model", COLUMN_CLIP, .width = 14, .grow = 44,
	.about = "The model."},
    [ANSWERS_WAS] = {"was", NULL, "Was", COLUMN_TEXT, .width = 5,
	.about = "Whether its answer was right or wrong; a score where it was something between."},
    [ANSWERS_SCORE] = {"score", "score", "Score", COLUMN_REAL, 2, .hidden = true,
	.about = "The label: 1 right, 0 wrong."},
    [ANSWERS_PREDICTED] = {"predicted", "p(right)", "p(right)", COLUMN_REAL, 3, .width = 8,
	.about = "The run's calibrated probability, 0 to 1, that the model is right."},
    [ANSWERS_BAR] = {NULL, "bar", "0%      100%", COLUMN_REAL, .width = 12, .grow = 30, .drop = 2,
	.about = "p(right) as a bar."},
    [ANSWERS_ACCURACY] = {"accuracy", "accuracy", "Acc.", COLUMN_SHARE, 1, .width = 5, .drop = 1,
	.about = "Of all the model's answers, how many are right, in percent."},
};

static struct value answer_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct question_answer *v = &((const struct question_detail *)t->rows)->answers[row];
	const struct catalog_model *m = &((const struct atlas *)t->world)->catalog.models[v->model];

	switch (column) {
	case ANSWERS_NAME:
		return value_text(m->name);
	case ANSWERS_WAS:
		if (v->score == 0 || v->score == 1 || isnan(v->score))
			return value_text(v->score == 1 ? "right" : v->score == 0 ? "wrong" : NULL);
		buf_printf(scratch, "%.2f", v->score);
		return value_text(buf_str(scratch));
	case ANSWERS_SCORE:
		return value_real(v->score);
	case ANSWERS_PREDICTED:
		return value_real(v->predicted);
	default:
		return value_real(catalog_model_accuracy(m));
	}
}

struct table answers_table(const struct question_detail *d, const struct atlas *a)
{
	return (struct table){.name = "answers",
	    .columns = answer_columns,
	    .n_columns = ANSWERS_COLUMNS,
	    .value = answer_value,
	    .n = d ? d->n_answers : 0,
	    .rows = d,
	    .world = a};
}

static const struct column alike_columns[ALIKE_COLUMNS] = {
    [ALIKE_SIMILARITY] = {"similarity", "cosine", "Cosine", COLUMN_REAL, 3, .width = 6,
	.about = "Cosine of the two questions' encodings: 1 the same text."},
    [ALIKE_RIGHT] = {"right", "right", "Right%", COLUMN_SHARE, 1, .width = 6,
	.about = "Of the models that answered it, how many are right, in percent."},
    [ALIKE_SAME] = {"same", "same", "Same%", COLUMN_SHARE, 1, .width = 6, .drop = 2,
	.about = "Of the models that answered both, how many are right on both or wrong on both, "
		 "in percent."},
    [ALIKE_ID] = {"question_id", "id", "Id", COLUMN_INT, .width = 6, .drop = 1,
	.about = "The question's number in the database."},
    [ALIKE_BENCHMARK] = {"benchmark", "benchmark", "Benchmark", COLUMN_CLIP, .width = 9, .grow = 16,
	.drop = 3, .hidden = true, .about = "The benchmark it is of."},
    [ALIKE_TEXT] = {"text", "like it", "Like it", COLUMN_CLIP, .width = 10, .grow = 200,
	.about = "What it asks."},
};

static struct value alike_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct question_like *v = &((const struct question_detail *)t->rows)->like[row];
	const struct atlas *a = t->world;
	const struct catalog_question *q = &a->questions[v->question];

	(void)scratch;
	switch (column) {
	case ALIKE_SIMILARITY:
		return value_real(v->similarity);
	case ALIKE_RIGHT:
		return value_real(v->right);
	case ALIKE_SAME:
		return value_real(v->same);
	case ALIKE_ID:
		return value_int(q->id);
	case ALIKE_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	default:
		return value_text(q->text);
	}
}

struct table alike_table(const struct question_detail *d, const struct atlas *a)
{
	return (struct table){.name = "alike",
	    .columns = alike_columns,
	    .n_columns = ALIKE_COLUMNS,
	    .value = alike_value,
	    .n = d ? d->n_like : 0,
	    .rows = d,
	    .world = a};
}
