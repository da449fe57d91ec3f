#include "task/profile.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/share.h"
#include "num/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A held-out answer of the model. */
struct answer {
	size_t question;
	double p, y;
};

static double share(const struct catalog *r, size_t model, size_t benchmark)
{
	size_t i = model * r->n_benchmarks + benchmark;

	return r->seen[i] > 0 ? r->right[i] / r->seen[i] : NAN;
}

/* Place and company of one model on one benchmark. */
static void fill_benchmark(
    const struct catalog *r, size_t model, double *scratch, struct profile_benchmark *b)
{
	size_t i = model * r->n_benchmarks + b->benchmark;

	b->seen = r->seen[i];
	b->right = r->right[i];
	b->accuracy = share(r, model, b->benchmark);
	b->half = b->seen > 0 ? share_half_width(b->right, b->seen) : NAN;
	b->rank = b->seen > 0;
	b->forecast = NAN;
	for (size_t m = 0; m < r->n_models; m++) {
		double s = share(r, m, b->benchmark);

		if (isnan(s))
			continue;
		scratch[b->of++] = s;
		b->rank += b->rank && s > b->accuracy;
	}
	stats_sort(b->of, scratch);
	b->median = b->of ? (scratch[(b->of - 1) / 2] + scratch[b->of / 2]) / 2 : NAN;
}

static size_t rank_overall(const struct catalog *r, size_t model)
{
	const struct catalog_model *m = r->models;
	size_t rank = 1;

	for (size_t k = 0; k < r->n_models; k++)
		rank += m[k].seen > 0 &&
			catalog_model_accuracy(&m[k]) > catalog_model_accuracy(&m[model]);
	return rank;
}

/* The model's answers on questions that the run was not trained on, with its forecasts. */
static struct answer *held_out_answers(const struct atlas *a, size_t model, size_t *n)
{
	enum { CHUNK = 1024 };
	size_t M = a->data.n_models;
	struct answer *v = mem_array(a->data.n_questions + 1, sizeof(*v));
	float *p = mem_floats(CHUNK * M);
	uint32_t question[CHUNK];
	size_t got = 0, from = 0;

	*n = 0;
	for (size_t i = 0; i <= a->data.n_questions; i++) {
		bool last = i == a->data.n_questions;

		if (!last && (a->data.part[i] == PART_VAL || a->data.part[i] == PART_TEST) &&
		    a->encoded[i] && !isnan(a->data.score[i * M + model])) {
			question[*n - from] = (uint32_t)i;
			v[*n].question = i;
			v[(*n)++].y = (double)a->data.score[i * M + model];
		}
		if (*n - from < CHUNK && !last)
			continue;
		got = *n - from;
		atlas_forecasts(a, question, got, p);
		for (size_t k = 0; k < got; k++)
			v[from + k].p = (double)p[k * M + model];
		from = *n;
	}
	mem_free(p);
	return v;
}

static int by_forecast(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return x->question < y->question ? -1 : x->question > y->question;
}

/* v ascending by forecast. */
static void fill_bins(const struct answer *v, size_t n, struct profile *out)
{
	out->n_bins = n < PROFILE_BINS ? n : PROFILE_BINS;
	out->ece = n ? 0 : NAN;
	for (size_t k = 0; k < out->n_bins; k++) {
		struct profile_bin *bin = &out->bins[k];
		size_t from = k * n / out->n_bins, to = (k + 1) * n / out->n_bins;

		for (size_t i = from; i < to; i++) {
			bin->p += v[i].p / (double)(to - from);
			bin->right += v[i].y / (double)(to - from);
		}
		bin->n = to - from;
		out->ece += fabs(bin->right - bin->p) * (double)bin->n / (double)n;
	}
}

static void fill_surprises(const struct answer *v, size_t n, size_t want, struct profile *out)
{
	out->wrong = arena_array(&out->arena, struct profile_surprise, want + 1);
	out->right = arena_array(&out->arena, struct profile_surprise, want + 1);
	for (size_t i = n; i > 0 && v[i - 1].p >= .5 && out->n_wrong < want; i--)
		if (v[i - 1].y < .5)
			out->wrong[out->n_wrong++] =
			    (struct profile_surprise){v[i - 1].question, v[i - 1].p};
	for (size_t i = 0; i < n && v[i].p < .5 && out->n_right < want; i++)
		if (v[i].y >= .5)
			out->right[out->n_right++] =
			    (struct profile_surprise){v[i].question, v[i].p};
}

static void fill_forecasts(
    const struct atlas *a, const struct answer *v, size_t n, struct profile *out)
{
	double *sum = mem_zero_array(out->n_benchmarks + 1, sizeof(*sum));
	double *count = mem_zero_array(out->n_benchmarks + 1, sizeof(*count));

	for (size_t i = 0; i < n; i++) {
		sum[a->data.benchmark[v[i].question]] += v[i].p;
		count[a->data.benchmark[v[i].question]]++;
	}
	for (size_t b = 0; b < out->n_benchmarks; b++)
		out->benchmarks[b].forecast = count[b] > 0 ? sum[b] / count[b] : NAN;
	mem_free(sum);
	mem_free(count);
}

/* Of a model that was placed: it was not trained on the questions it has no answer to. */
static void foretell(const struct atlas *a, size_t model, struct profile *out)
{
	size_t D = a->data.dims, M = a->data.n_models, chunk = 1024, n = 0;
	double *sum = mem_zero_array(out->n_benchmarks + 1, sizeof(*sum));
	double *count = mem_zero_array(out->n_benchmarks + 1, sizeof(*count));
	uint32_t *question = mem_array(a->data.n_questions + 1, sizeof(*question));
	float *x = mem_floats(chunk * D), *p = mem_floats(chunk * M);

	for (size_t j = 0; j < a->data.n_questions; j++)
		if (a->encoded[j] && isnan(a->data.score[j * M + model]))
			question[n++] = (uint32_t)j;
	for (size_t i = 0; i < n; i += chunk) {
		size_t k = n - i < chunk ? n - i : chunk;

		mat_gather(a->data.enc, D, question + i, k, x);
		atlas_probability(a, x, k, p);
		for (size_t j = 0; j < k; j++) {
			sum[a->data.benchmark[question[i + j]]] += (double)p[j * M + model];
			count[a->data.benchmark[question[i + j]]]++;
		}
	}
	for (size_t b = 0; b < out->n_benchmarks; b++)
		out->benchmarks[b].forecast = count[b] > 0 ? sum[b] / count[b] : NAN;
	mem_free(sum);
	mem_free(count);
	mem_free(question);
	mem_free(x);
	mem_free(p);
}

bool task_profile(
    const struct atlas *a, size_t model, size_t surprises, struct profile *out, struct err *e)
{
	const struct catalog *r = &a->catalog;
	struct profile p = {.model = model, .n_benchmarks = r->n_benchmarks, .ece = NAN};
	double *scratch = mem_array(r->n_models + 1, sizeof(*scratch));

	(void)e;
	arena_init(&p.arena);
	p.rank = rank_overall(r, model);
	p.benchmarks = arena_array(&p.arena, struct profile_benchmark, r->n_benchmarks + 1);
	for (size_t b = 0; b < r->n_benchmarks; b++) {
		p.benchmarks[b].benchmark = b;
		fill_benchmark(r, model, scratch, &p.benchmarks[b]);
	}
	if (a->run && a->trained.in_run[model]) {
		struct answer *v = held_out_answers(a, model, &p.held_out);

		fill_forecasts(a, v, p.held_out, &p);
		qsort(v, p.held_out, sizeof(*v), by_forecast);
		fill_bins(v, p.held_out, &p);
		fill_surprises(v, p.held_out, surprises, &p);
		mem_free(v);
	} else if (a->run && a->placed[model]) {
		foretell(a, model, &p);
	}
	mem_free(scratch);
	*out = p;
	return true;
}

void profile_clear(struct profile *p)
{
	arena_clear(&p->arena);
	*p = (struct profile){.n_benchmarks = 0};
}

/* Tables */

static const struct column columns[PROFILE_COLUMNS] = {
    [PROFILE_NAME] = {"name", "benchmark", "Benchmark", COLUMN_CLIP, .width = 10, .grow = 26,
	.about = "The benchmark."},
    [PROFILE_BAR] = {NULL, "bar", "0%     50%    100%", COLUMN_SHARE, .width = 12, .grow = 60,
	.drop = 3, .about = "The accuracy as a bar; the line in it is the median of the models."},
    [PROFILE_ACCURACY] = {"accuracy", "accuracy", "Acc.", COLUMN_SHARE, 1, .width = 5,
	.about = "Of its answers to the benchmark's questions, how many are right, in percent."},
    [PROFILE_HALF_WIDTH] = {"half_width", "±", "±", COLUMN_SHARE, 1, .width = 4, .drop = 2,
	.about = "Half the 95 % interval of the accuracy (Wilson's score), in points."},
    [PROFILE_RANK] = {"rank", "rank", "Rank", COLUMN_INT, .width = 4, .drop = 1,
	.about = "Its place by that among the models that answered any; equal ones share it."},
    [PROFILE_MODELS] = {"models", "of", "of", COLUMN_INT, .drop = 8, .hidden = true,
	.about = "Models that answered any."},
    [PROFILE_MEDIAN] = {"median", "median", "Median", COLUMN_SHARE, 1, .width = 6, .drop = 5,
	.about = "The median accuracy of those models, in percent."},
    [PROFILE_FORECAST] = {"forecast", "forecast", "Forecast", COLUMN_SHARE, 1, .width = 8,
	.drop = 6,
	.about =
	    "What the run foretells of its accuracy: the mean of its probabilities on the "
	    "questions it was not trained on (of a model placed without training: on those it has "
	    "no answer to), in percent."},
    [PROFILE_QUESTIONS] = {"questions", "questions", "Labels", COLUMN_INT, .width = 6, .drop = 7,
	.about = "Questions of the benchmark it answered."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct profile_benchmark *b = &((const struct profile *)t->rows)->benchmarks[row];

	(void)scratch;
	switch (column) {
	case PROFILE_NAME:
		return value_text(
		    ((const struct catalog *)t->world)->benchmarks[b->benchmark].name);
	case PROFILE_ACCURACY:
		return value_real(b->accuracy);
	case PROFILE_HALF_WIDTH:
		return value_real(b->half);
	case PROFILE_RANK:
		return b->rank ? value_int((int64_t)b->rank) : value_missing();
	case PROFILE_MODELS:
		return value_int((int64_t)b->of);
	case PROFILE_MEDIAN:
		return value_real(b->median);
	case PROFILE_FORECAST:
		return value_real(b->forecast);
	default:
		return value_int(llround(b->seen));
	}
}

struct table profile_table(const struct profile *p, const struct catalog *c)
{
	return (struct table){.name = "profile",
	    .columns = columns,
	    .n_columns = PROFILE_COLUMNS,
	    .value = value,
	    .n = p ? p->n_benchmarks : 0,
	    .rows = p,
	    .world = c};
}

static const struct column surprise_columns[SURPRISES_COLUMNS] = {
    [SURPRISES_P] = {"p", "p(right)", "p", COLUMN_REAL, 3, .width = 5,
	.about = "The run's calibrated probability, 0 to 1, that the model is right."},
    [SURPRISES_WAS] = {"was", NULL, "Was", COLUMN_TEXT, .width = 5,
	.about = "What its answer was, against the forecast."},
    [SURPRISES_BENCHMARK] = {"benchmark", "benchmark", "Benchmark", COLUMN_TEXT, .width = 8,
	.grow = 14, .drop = 1, .about = "The benchmark the question is of."},
    [SURPRISES_ID] = {"question_id", "id", "Id", COLUMN_INT, .drop = 2, .hidden = true,
	.about = "The question's number in the database."},
    [SURPRISES_TEXT] = {"text", "question", "Question", COLUMN_CLIP, .width = 10, .grow = 200,
	.about = "What it asks."},
};

const struct profile_surprise *profile_surprise(const struct profile *p, size_t row)
{
	return row < p->n_wrong ? &p->wrong[row] : &p->right[row - p->n_wrong];
}

static struct value surprise_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct profile *p = t->rows;
	const struct atlas *a = t->world;
	const struct profile_surprise *s = profile_surprise(p, row);
	const struct catalog_question *q = &a->questions[s->question];

	(void)scratch;
	switch (column) {
	case SURPRISES_P:
		return value_real(s->p);
	case SURPRISES_WAS:
		return value_text(row < p->n_wrong ? "wrong" : "right");
	case SURPRISES_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	case SURPRISES_ID:
		return value_int(q->id);
	default:
		return value_text(q->text);
	}
}

struct table surprises_table(const struct profile *p, const struct atlas *a)
{
	return (struct table){.name = "surprises",
	    .columns = surprise_columns,
	    .n_columns = SURPRISES_COLUMNS,
	    .value = surprise_value,
	    .n = p ? p->n_wrong + p->n_right : 0,
	    .rows = p,
	    .world = a};
}
