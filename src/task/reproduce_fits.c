/* Forecast, routing and latency: methods fitted on samples of the training questions. */
#include "task/reproduce_work.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/baseline.h"
#include "learn/metric.h"
#include "learn/routing.h"
#include "num/mat.h"
#include "store/label.h"
#include "task/methods.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STREAM_SAMPLE = 0x726570 };

/* Labels of the test questions by one rule for repeats. */
struct rule {
	const char *name; /* NULL: there are no repeats */
	float *y, *w;     /* (n, M); w NULL = 1 each */
	struct dataset d; /* a->data with y in place */
	float *score;     /* of d */
};

#define RULES_MAX 2

struct bench {
	struct reproduction *w;
	size_t n, M, D, B;  /* test questions, models, dims, benchmarks */
	uint32_t *question; /* (n) */
	float *enc;         /* (n, D) */
	size_t n_rules;
	struct rule rule[RULES_MAX];
	uint16_t *counts; /* (draws, n) */
	size_t n_train;
	uint32_t *train; /* (n_train) shuffled: a sample is its beginning */
	const struct method *method[16];
	size_t n_methods;
};

/* What one fit comes to, under each rule. */
enum { FIT_ACCURACY, FIT_AUC, FIT_ROUTED, FIT_ROUTED_MACRO, FIT_FIGURES };
struct fitted {
	struct figure f[RULES_MAX][FIT_FIGURES];
};
#define FITTED_NUMBERS (sizeof(struct fitted) / sizeof(double))

static const char *const measures[FIT_FIGURES] = {
    "accuracy", "AUC", "routed accuracy", "routed accuracy, mean of benchmarks"};

/* Labels by rule */

static void add_rule(struct bench *b, const char *name, float *y, float *w)
{
	const struct dataset *d = &b->w->a->data;
	struct rule *r = &b->rule[b->n_rules++];
	size_t all = d->n_questions * b->M;

	*r = (struct rule){.name = name, .y = y, .w = w, .d = *d, .score = mem_floats(all + 1)};
	memcpy(r->score, d->score, all * sizeof(float));
	for (size_t i = 0; i < b->n; i++)
		memcpy(r->score + b->question[i] * b->M, y + i * b->M, b->M * sizeof(float));
	r->d.score = r->score;
}

/* Where a model answered a question once, all rules are one. */
static bool load_rules(struct bench *b, struct err *e)
{
	const struct atlas *a = b->w->a;
	size_t all = b->n * b->M;
	float *rows = mem_floats(all + 1), *right = mem_floats(all + 1);
	bool repeats = false;

	if (!label_rows(b->w->db, &a->catalog, a->questions, b->question, b->n, rows, right, e)) {
		mem_free(rows);
		mem_free(right);
		return false;
	}
	for (size_t i = 0; i < all; i++)
		repeats |= rows[i] > 1;
	if (repeats) {
		float *y = mem_floats(all + 1);

		for (size_t i = 0; i < all; i++) {
			y[i] = rows[i] > 0 ? (float)(2 * right[i] >= rows[i]) : NAN;
			right[i] = rows[i] > 0 ? right[i] / rows[i] : NAN;
		}
		add_rule(b, "rows", right, rows);
		add_rule(b, "majority, ties right", y, NULL);
	} else {
		mat_gather(a->data.score, b->M, b->question, b->n, right);
		add_rule(b, NULL, right, NULL);
		mem_free(rows);
	}
	return true;
}

/* Methods */

static bool add_method(struct bench *b, const char *name, struct err *e)
{
	const struct method *m = method_find(name);

	if (!m) {
		struct train_options o = {0};

		return train_options_method(&o, name, e); /* an error that lists them */
	}
	for (size_t i = 0; i < b->n_methods; i++)
		if (b->method[i] == m)
			return true;
	if (b->n_methods == sizeof(b->method) / sizeof(*b->method))
		return err_set(e, ERR_USAGE, "--methods: at most %zu", b->n_methods);
	b->method[b->n_methods++] = m;
	return true;
}

static bool choose_methods(struct bench *b, struct err *e)
{
	char *names = mem_strdup(b->w->o->methods), *rest = names, *name;
	bool ok = true;

	while (ok && (name = strsep(&rest, ", ")))
		ok = !*name || add_method(b, name, e);
	mem_free(names);
	return ok && add_method(b, b->w->a->trained.method->name, e);
}

static bool bench_init(struct bench *b, struct reproduction *w, struct err *e)
{
	const struct dataset *d = &w->a->data;
	struct rng r;

	*b = (struct bench){.w = w, .M = d->n_models, .D = d->dims, .B = d->n_benchmarks};
	b->question = dataset_part(d, PART_TEST, &b->n);
	b->train = dataset_part(d, PART_TRAIN, &b->n_train);
	b->enc = mem_floats(b->n * b->D + 1);
	b->counts = metric_resample(b->n, w->o->bootstrap, w->o->seed);
	mat_gather(d->enc, b->D, b->question, b->n, b->enc);
	rng_init(&r, w->o->seed, STREAM_SAMPLE);
	rng_shuffle(&r, b->train, b->n_train);
	if (!b->n)
		return err_set(e, ERR_DATA,
		    "split %s has no test part to judge by: draw one that has and train on it: "
		    "embedllm split --test 20 --val 10, then embedllm train",
		    w->a->split ? w->a->split : "(none)");
	return load_rules(b, e) && choose_methods(b, e);
}

static void bench_clear(struct bench *b)
{
	for (size_t i = 0; i < b->n_rules; i++) {
		mem_free(b->rule[i].y);
		mem_free(b->rule[i].w);
		mem_free(b->rule[i].score);
	}
	mem_free(b->question);
	mem_free(b->train);
	mem_free(b->enc);
	mem_free(b->counts);
}

/* Judging */

/* sum(value) / sum(weight) over questions, with its bootstrap interval. */
static struct figure ratio(const struct bench *b, const double *value, const double *weight)
{
	size_t draws = b->w->o->bootstrap;
	double *d = mem_array(draws + 1, sizeof(*d)), top = 0, bottom = 0;
	struct figure f;

	for (size_t i = 0; i < b->n; i++) {
		top += value[i];
		bottom += weight[i];
	}
	for (size_t k = 0; k < draws; k++) {
		const uint16_t *count = b->counts + k * b->n;
		double t = 0, s = 0;

		for (size_t i = 0; i < b->n; i++) {
			t += count[i] * value[i];
			s += count[i] * weight[i];
		}
		d[k] = s > 0 ? t / s : NAN;
	}
	f = figure_of_draws(bottom > 0 ? top / bottom : NAN, d, draws, 1, 0);
	mem_free(d);
	return f;
}

/* Share of answers on the side of 1/2 that z (n, M) is on. */
static struct figure accuracy(const struct bench *b, const struct rule *r, const float *z)
{
	double *right = mem_zero_array(b->n + 1, sizeof(*right));
	double *rows = mem_zero_array(b->n + 1, sizeof(*rows));
	struct figure f;

	for (size_t i = 0; i < b->n * b->M; i++) {
		double y = (double)r->y[i], w = r->w ? (double)r->w[i] : 1;

		if (isnan(y))
			continue;
		right[i / b->M] += w * (z[i] > 0 ? y : 1 - y);
		rows[i / b->M] += w;
	}
	f = ratio(b, right, rows);
	mem_free(right);
	mem_free(rows);
	return f;
}

static double auc(const struct bench *b, const struct rule *r, const float *z)
{
	struct metric_rows rows = metric_rows_new(b->n, b->M, z, r->y, r->w, NULL);
	double v[METRIC_COUNT];

	for (size_t i = 0; i < rows.n; i++)
		rows.p[i] = 1 / (1 + expf(-rows.p[i]));
	metric_compute(&rows, v);
	metric_rows_free(&rows);
	return v[METRIC_AUC];
}

/* What a strategy got, micro and as the mean of the benchmarks. */
static void routed(const struct bench *b, const struct routing_outcomes *o, enum routing strategy,
    struct figure out[FIT_FIGURES])
{
	double *got = mem_zero_array(b->n + 1, sizeof(*got));
	double *asked = mem_zero_array(b->n + 1, sizeof(*asked));
	double *by = mem_zero_array(2 * b->B + 1, sizeof(*by)), sum = 0, benchmarks = 0;

	for (size_t i = 0; i < o->n; i++) {
		size_t q = o->index[i], k = b->w->a->data.benchmark[b->question[q]];

		got[q] = (double)o->got[i * ROUTING_STRATEGY_COUNT + strategy];
		asked[q] = 1;
		by[2 * k] += got[q];
		by[2 * k + 1]++;
	}
	for (size_t k = 0; k < b->B; k++)
		if (by[2 * k + 1] > 0) {
			sum += by[2 * k] / by[2 * k + 1];
			benchmarks++;
		}
	out[FIT_ROUTED] = ratio(b, got, asked);
	out[FIT_ROUTED_MACRO] = (struct figure){benchmarks > 0 ? sum / benchmarks : NAN, NAN, NAN};
	mem_free(got);
	mem_free(asked);
	mem_free(by);
}

static void judge(const struct bench *b, const float *z, struct fitted *out)
{
	struct baseline rates = baseline_fit(&b->w->a->data);

	for (size_t r = 0; r < b->n_rules; r++) {
		const struct rule *rule = &b->rule[r];
		struct routing_outcomes o = routing_play(&rule->d, b->question, b->n, z, &rates);

		out->f[r][FIT_ACCURACY] = accuracy(b, rule, z);
		out->f[r][FIT_AUC] = (struct figure){auc(b, rule, z), NAN, NAN};
		routed(b, &o, ROUTING_ROUTED, out->f[r]);
		routing_outcomes_free(&o);
	}
	baseline_free(&rates);
}

/* The fit on the first `size` of the shuffled training questions. */
static bool fit(const struct bench *b, const struct method *m, size_t size,
    const struct progress *p, struct fitted *out, struct err *e)
{
	struct dataset d = b->w->a->data;
	uint8_t *part = mem_array(d.n_questions + 1, 1);
	float *z = mem_floats(b->n * b->M + 1);
	struct params params = {0};
	bool ok;

	memcpy(part, d.part, d.n_questions);
	for (size_t i = size; i < b->n_train; i++)
		part[b->train[i]] = PART_NONE;
	d.part = part;
	ok = m->fit(&(struct fit){.d = &d, .seed = b->w->o->seed, .progress = p}, &params, e);
	if (ok) {
		m->logits(&params, b->enc, b->n, z);
		judge(b, z, out);
	}
	params_clear(&params);
	mem_free(part);
	mem_free(z);
	return ok;
}

static bool fit_or_kept(const struct bench *b, const struct method *m, size_t size,
    const struct progress *p, struct fitted *out, struct err *e)
{
	double v[FITTED_NUMBERS] = {0};
	char what[96];

	snprintf(what, sizeof(what), "fit %s questions=%zu rules=%zu", m->name, size, b->n_rules);
	if (reproduce_kept(b->w, what, v, FITTED_NUMBERS)) {
		memcpy(out, v, sizeof(*out));
		return true;
	}
	*out = (struct fitted){0};
	if (!fit(b, m, size, p, out, e))
		return false;
	memcpy(v, out, sizeof(v));
	reproduce_keep(b->w, what, v, FITTED_NUMBERS);
	return true;
}

/* Rows */

static void add(const struct bench *b, enum experiment x, const char *subject, size_t size,
    size_t rule, int measure, struct figure f, double base)
{
	struct reproduce_row *row = reproduce_add(b->w, x, subject, measures[measure]);

	row->questions = size ? (double)size : NAN;
	row->rule = b->rule[rule].name;
	row->figure = f;
	row->base = base;
}

/* Accuracy and AUC of the models' rates on training questions, as logits. */
static void judge_rates(const struct bench *b, struct fitted *out)
{
	struct baseline rates = baseline_fit(&b->w->a->data);
	float *z = mem_floats(b->n * b->M + 1);

	for (size_t i = 0; i < b->n * b->M; i++)
		z[i] = (float)log(rates.model[i % b->M] / (1 - rates.model[i % b->M]));
	judge(b, z, out);
	mem_free(z);
	baseline_free(&rates);
}

/* The strategies that need no vectors; `single` gets what the best single model got. */
static void add_strategies(const struct bench *b, double single[RULES_MAX][FIT_FIGURES])
{
	static const struct {
		enum routing strategy;
		const char *name;
	} v[] = {{ROUTING_RANDOM, "random"}, {ROUTING_BEST_SINGLE, "best single model"},
	    {ROUTING_BEST_PER_BENCHMARK, "best model of the benchmark"},
	    {ROUTING_ORACLE, "oracle"}};
	struct baseline rates = baseline_fit(&b->w->a->data);
	float *z = mem_floats(b->n * b->M + 1);

	for (size_t r = 0; r < b->n_rules; r++) {
		struct routing_outcomes o =
		    routing_play(&b->rule[r].d, b->question, b->n, z, &rates);

		for (size_t k = 0; k < sizeof(v) / sizeof(*v); k++) {
			struct figure f[FIT_FIGURES];

			routed(b, &o, v[k].strategy, f);
			for (int i = FIT_ROUTED; i <= FIT_ROUTED_MACRO; i++) {
				if (v[k].strategy == ROUTING_BEST_SINGLE)
					single[r][i] = f[i].value;
				if (b->w->o->run[EXPERIMENT_ROUTING])
					add(b, EXPERIMENT_ROUTING, v[k].name, 0, r, i, f[i], NAN);
			}
		}
		routing_outcomes_free(&o);
	}
	mem_free(z);
	baseline_free(&rates);
}

/* The published sizes where there are so many questions, else halves of halves. */
static size_t sizes(const struct bench *b, size_t out[8])
{
	static const size_t released[] = {1000, 5000, 10000, 15000, 20000, 25000};
	size_t n = 0;

	if (b->n_train > 12000) {
		for (size_t i = 0; i < 6 && released[i] < b->n_train; i++)
			out[n++] = released[i];
	} else {
		for (size_t k = 16; k > 1; k /= 2)
			if (b->n_train / k >= 50)
				out[n++] = b->n_train / k;
	}
	out[n++] = b->n_train;
	return n;
}

static bool run_fits(const struct bench *b, struct err *e)
{
	const bool *run = b->w->o->run;
	struct fitted rates, f;
	double single[RULES_MAX][FIT_FIGURES] = {{0}};
	size_t size[8], n = sizes(b, size), first = run[EXPERIMENT_FORECAST] ? 0 : n - 1;
	struct reproduce_step s = {.w = b->w,
	    .phase = "fitting methods",
	    .unit = "fits",
	    .total = (n - first) * b->n_methods};

	judge_rates(b, &rates);
	add_strategies(b, single);
	for (size_t m = 0; m < b->n_methods; m++) {
		for (size_t i = first; i < n; i++, s.done++) {
			const char *name = b->method[m]->name;

			if (!reproduce_step(&s, e) ||
			    !fit_or_kept(b, b->method[m], size[i], &s.progress, &f, e))
				return false;
			for (size_t r = 0; r < b->n_rules; r++)
				for (int k = 0; k < FIT_FIGURES; k++) {
					bool routing = k >= FIT_ROUTED;

					if (routing && i == n - 1 && run[EXPERIMENT_ROUTING])
						add(b, EXPERIMENT_ROUTING, name, size[i], r, k,
						    f.f[r][k], single[r][k]);
					if (!routing && run[EXPERIMENT_FORECAST])
						add(b, EXPERIMENT_FORECAST, name, size[i], r, k,
						    f.f[r][k], rates.f[r][k].value);
				}
		}
	}
	return true;
}

bool reproduce_fits(struct reproduction *w, struct err *e)
{
	struct bench b;
	bool ok = bench_init(&b, w, e) && run_fits(&b, e);

	bench_clear(&b);
	return ok;
}

/* Latency */

#define LATENCY_QUESTIONS 3000
#define LATENCY_TIMES 5

void reproduce_latency(struct reproduction *w)
{
	const struct atlas *a = w->a;
	size_t M = a->data.n_models, D = a->data.dims, n = LATENCY_QUESTIONS;
	float *enc = mem_floats(n * D + 1), *z = mem_floats(n * M + 1);
	uint32_t *chosen = mem_zero_array(n + 1, sizeof(*chosen));
	struct reproduce_row *row;
	double best = INFINITY;

	for (size_t i = 0; i < n; i++)
		memcpy(enc + i * D, a->data.enc + i % a->data.n_questions * D, D * sizeof(float));
	for (int k = 0; k < LATENCY_TIMES; k++) {
		double start = clock_now();

		trained_logits(&a->trained, enc, n, z);
		for (size_t i = 0; i < n; i++)
			for (size_t m = 1; m < M; m++)
				if (z[i * M + m] > z[i * M + chosen[i]])
					chosen[i] = (uint32_t)m;
		best = fmin(best, clock_now() - start);
	}
	row = reproduce_add(
	    w, EXPERIMENT_LATENCY, a->trained.method->name, "seconds for 3,000 questions");
	row->figure.value = best;
	row = reproduce_add(w, EXPERIMENT_LATENCY, a->trained.method->name, "questions a second");
	row->figure.value = (double)n / best;
	mem_free(enc);
	mem_free(z);
	mem_free(chosen);
}
