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
	size_t M = a->catalog.n_models, D = a->data.dims;
	float *enc = mem_floats(BLOCK * D), *p = mem_floats(BLOCK * M);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t k = n - i < BLOCK ? n - i : BLOCK;

		for (size_t j = 0; j < k; j++)
			memcpy(
			    enc + j * D, a->data.enc + rows[i + j].question * D, D * sizeof(float));
		atlas_probability(a, enc, k, p);
		for (size_t j = 0; j < k; j++) {
			double sum = 0, models = 0;

			for (size_t m = 0; m < M; m++)
				if (a->in_run[m]) {
					sum += (double)p[j * M + m];
					models++;
				}
			rows[i + j].predicted = models > 0 ? sum / models : NAN;
		}
	}
	mem_free(enc);
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
		atlas_probability(a, a->data.enc + question * a->data.dims, 1, p);
		if (like)
			find_like(a, question, like, &d);
	}
	for (size_t m = 0; m < M; m++)
		d.answers[m] = (struct question_answer){
		    .model = m,
		    .score = (double)a->data.score[question * M + m],
		    .predicted = p && a->in_run[m] ? (double)p[m] : NAN,
		};
	for (size_t m = 0; p && m < M; m++)
		if (a->in_run[m]) {
			sum += (double)p[m];
			models++;
		}
	d.row.predicted = models > 0 ? sum / models : NAN;
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
