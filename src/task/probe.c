#include "task/probe.h"

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "learn/ridge.h"
#include "num/stats.h"
#include "store/run.h"
#include "task/refit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Relative to the rows' mean square length, so that the scale of the vectors does not matter. */
static const double lambdas[] = {
    1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3, 10};
#define N_LAMBDAS (sizeof(lambdas) / sizeof(*lambdas))

void probe_options_default(struct probe_options *o)
{
	*o = (struct probe_options){.folds = 5, .seed = 1, .bootstrap = 1000};
}

/* The work of one benchmark ticks as nothing but "probing, so many benchmarks done": its own phases
 * would make the share of the whole go back and forth. */
struct inner {
	const struct progress *outer;
	double done, total; /* benchmarks */
};

static bool tick_probing(const struct inner *n)
{
	return progress_tick(n->outer, "probing", n->done, n->total, "benchmarks");
}

static bool inner_tick(void *arg, const struct tick *t)
{
	(void)t;
	return tick_probing(arg);
}

/* Vectors (n_models, K) from a fit that never saw the benchmark, or the run's own. */
static bool vectors(const struct atlas *a, const struct probe_options *o, uint32_t benchmark,
    const struct progress *p, struct mf *out, struct err *e)
{
	const struct mf *own = &a->trained.mf;
	struct dataset d = a->data;
	uint8_t *part;
	bool ok;

	if (o->seen) {
		*out = mf_new(own->models, own->dim, own->features);
		memcpy(out->block, own->block, own->n * sizeof(float));
		return true;
	}
	part = mem_array(d.n_questions + 1, 1);
	for (size_t q = 0; q < d.n_questions; q++)
		part[q] = d.benchmark[q] == benchmark ? PART_NONE : d.part[q];
	d.part = part;
	ok = refit_vectors(a, &d, p, out, e);
	mem_free(part);
	return ok;
}

/* Accuracy of every model on the benchmark, over all its labels. */
static void accuracies(const struct atlas *a, uint32_t benchmark, double *truth)
{
	const struct dataset *d = &a->data;
	double *seen = mem_zero_array(d->n_models + 1, sizeof(*seen));

	memset(truth, 0, d->n_models * sizeof(*truth));
	for (size_t q = 0; q < d->n_questions; q++) {
		if (d->benchmark[q] != benchmark)
			continue;
		for (size_t m = 0; m < d->n_models; m++) {
			float y = d->score[q * d->n_models + m];

			if (isnan(y))
				continue;
			truth[m] += (double)y;
			seen[m]++;
		}
	}
	for (size_t m = 0; m < d->n_models; m++)
		truth[m] = seen[m] > 0 ? truth[m] / seen[m] : NAN;
	mem_free(seen);
}

/* R2 against the training folds' means, MAE, MAE of those means, Kendall's tau, of the n models
 * listed in pick (NULL = 0..n-1). */
static void score(size_t n, const uint32_t *pick, const double *truth, const double *forecast,
    const double *mean, double out[4])
{
	double *x = mem_array(n, sizeof(*x)), *y = mem_array(n, sizeof(*y));
	double error = 0, base = 0, mae = 0, base_mae = 0;

	for (size_t i = 0; i < n; i++) {
		size_t j = pick ? pick[i] : i;
		double r = truth[j] - forecast[j], b = truth[j] - mean[j];

		x[i] = forecast[j];
		y[i] = truth[j];
		error += r * r;
		base += b * b;
		mae += fabs(r) / (double)n;
		base_mae += fabs(b) / (double)n;
	}
	out[0] = base > 0 ? 1 - error / base : NAN;
	out[1] = mae;
	out[2] = base_mae;
	out[3] = stats_kendall(n, x, y);
	mem_free(x);
	mem_free(y);
}

/* The figures with percentile intervals over resampled models. */
static void judge(const struct probe_options *o, size_t n, const double *truth,
    const double *forecast, const double *mean, struct probe_row *row)
{
	double here[4], *draws[4];
	uint32_t *pick = mem_array(n, sizeof(*pick));
	struct figure *figure[4] = {&row->r2, &row->mae, NULL, &row->tau};
	struct rng r;

	score(n, NULL, truth, forecast, mean, here);
	row->base_mae = here[2];
	for (int k = 0; k < 4; k++)
		draws[k] = mem_array(o->bootstrap + 1, sizeof(double));
	rng_init(&r, o->seed, 2);
	for (size_t b = 0; b < o->bootstrap; b++) {
		double one[4];

		for (size_t i = 0; i < n; i++)
			pick[i] = (uint32_t)rng_below(&r, n);
		score(n, pick, truth, forecast, mean, one);
		for (int k = 0; k < 4; k++)
			draws[k][b] = one[k];
	}
	for (int k = 0; k < 4; k++) {
		if (figure[k]) {
			figure[k]->value = here[k];
			stats_interval(
			    o->bootstrap, draws[k], 0.95, &figure[k]->low, &figure[k]->high);
		}
		mem_free(draws[k]);
	}
	mem_free(pick);
}

/* Cross-validated ridge from the vectors to the n accuracies of `models`; fills the row. */
static void regress(const struct probe_options *o, const struct mf *m, size_t n,
    const uint32_t *models, struct probe_row *row)
{
	size_t K = m->dim, *fold = mem_array(n, sizeof(*fold));
	double *x = mem_array(n * K, sizeof(*x)), *y = mem_array(n, sizeof(*y));
	double *forecast = mem_array(n, sizeof(*forecast)), *mean = mem_array(n, sizeof(*mean));
	double *chosen = mem_array(o->folds, sizeof(*chosen)), grid[N_LAMBDAS], square = 0;
	uint32_t *order = mem_array(n, sizeof(*order));
	struct rng r;

	for (size_t i = 0; i < n; i++) {
		order[i] = (uint32_t)i;
		y[i] = row->truth[models[i]];
		for (size_t k = 0; k < K; k++) {
			x[i * K + k] = (double)m->p[models[i] * K + k];
			square += x[i * K + k] * x[i * K + k] / (double)n;
		}
	}
	rng_init(&r, o->seed, 1);
	rng_shuffle(&r, order, n);
	for (size_t i = 0; i < n; i++)
		fold[order[i]] = i % o->folds;
	for (size_t l = 0; l < N_LAMBDAS; l++)
		grid[l] = lambdas[l] * (square > 0 ? square : 1);
	ridge_forecast(n, K, x, y, fold, o->folds, grid, N_LAMBDAS, forecast, mean, chosen);
	for (size_t i = 0; i < n; i++) {
		forecast[i] = fmin(fmax(forecast[i], 0), 1); /* an accuracy */
		row->forecast[models[i]] = forecast[i];
	}
	judge(o, n, y, forecast, mean, row);
	stats_sort(o->folds, chosen);
	row->lambda = chosen[o->folds / 2] / (square > 0 ? square : 1);
	mem_free(fold);
	mem_free(x);
	mem_free(y);
	mem_free(forecast);
	mem_free(mean);
	mem_free(chosen);
	mem_free(order);
}

static bool probe_one(const struct atlas *a, const struct probe_options *o,
    const struct progress *p, struct arena *arena, struct probe_row *row, struct err *e)
{
	uint32_t *models = mem_array(a->catalog.n_models + 1, sizeof(*models));
	struct mf m;
	bool ok = true;

	for (size_t i = 0; i < a->catalog.n_models; i++)
		if (a->trained.in_run[i] && !isnan(row->truth[i]))
			models[row->n_models++] = (uint32_t)i;
	if (row->n_models < PROBE_MIN_MODELS) {
		row->why_not = arena_printf(arena,
		    "%zu model%s answered it, a fit over models needs at least %d", row->n_models,
		    row->n_models == 1 ? " has" : "s have", PROBE_MIN_MODELS);
	} else if (!o->seen && a->catalog.n_benchmarks < 2) {
		row->why_not = "there is no other benchmark to learn the vectors from; --seen uses "
			       "the run's own";
	} else {
		ok = vectors(a, o, (uint32_t)row->benchmark, p, &m, e);
		if (ok) {
			regress(o, &m, row->n_models, models, row);
			mf_free(&m);
		}
	}
	mem_free(models);
	return ok;
}

static bool compute(const struct atlas *a, const struct probe_options *o, const struct progress *p,
    struct probe *out, struct err *e)
{
	for (size_t b = 0; b < out->n; b++) {
		struct inner inner = {p, (double)b, (double)out->n};
		const struct progress within = {inner_tick, &inner};

		if (!tick_probing(&inner))
			return err_set(e, ERR_CANCELLED,
			    "probe stopped after %zu of %zu benchmarks", b, out->n);
		if (!probe_one(a, o, &within, &out->arena, &out->v[b], e))
			return false;
	}
	return true;
}

/* An empty row for each benchmark. */
static void rows_init(const struct atlas *a, struct probe *out)
{
	size_t M = a->catalog.n_models;

	arena_init(&out->arena);
	out->n = a->catalog.n_benchmarks;
	out->v = arena_array(&out->arena, struct probe_row, out->n + 1);
	for (size_t b = 0; b < out->n; b++) {
		const struct figure none = {NAN, NAN, NAN};

		out->v[b] = (struct probe_row){.benchmark = b,
		    .r2 = none,
		    .mae = none,
		    .tau = none,
		    .base_mae = NAN,
		    .lambda = NAN};
		out->v[b].truth = arena_array(&out->arena, double, M + 1);
		out->v[b].forecast = arena_array(&out->arena, double, M + 1);
		for (size_t m = 0; m < M; m++)
			out->v[b].forecast[m] = NAN;
		accuracies(a, (uint32_t)b, out->v[b].truth);
	}
}

/* What is kept: an array with an object a benchmark, in catalog order, under a key that names the
 * options and how much there was to look at. */
static void cache_key(const struct atlas *a, const struct probe_options *o, char *key, size_t size)
{
	snprintf(key, size,
	    "probe %s folds=%zu seed=%" PRIu64 " bootstrap=%zu labels=%zu models=%zu",
	    o->seen ? "seen" : "left-out", o->folds, o->seed, o->bootstrap, a->catalog.n_labels,
	    a->catalog.n_models);
}

static json_t *figure_json(const struct figure *f)
{
	return json_pack(
	    "[o,o,o]", json_number(f->value), json_number(f->low), json_number(f->high));
}

static void figure_read(const json_t *row, const char *key, struct figure *f)
{
	const json_t *v = json_object_get(row, key);

	*f = (struct figure){json_number_at(v, 0), json_number_at(v, 1), json_number_at(v, 2)};
}

static bool cache_save(
    struct db *db, const struct atlas *a, const struct probe *probe, struct err *e)
{
	json_t *rows = json_array();
	char key[160], *text;
	bool ok;

	for (size_t b = 0; b < probe->n; b++) {
		const struct probe_row *r = &probe->v[b];
		json_t *forecast = json_array();

		for (size_t m = 0; m < a->catalog.n_models; m++)
			json_array_append_new(forecast, json_number(r->forecast[m]));
		json_array_append_new(
		    rows, json_pack("{s:I,s:s?,s:o,s:o,s:o,s:o,s:o,s:o}", "n_models",
			      (json_int_t)r->n_models, "why_not", r->why_not, "r2",
			      figure_json(&r->r2), "mae", figure_json(&r->mae), "tau",
			      figure_json(&r->tau), "base_mae", json_number(r->base_mae), "lambda",
			      json_number(r->lambda), "forecast", forecast));
	}
	text = json_compact(rows);
	cache_key(a, &probe->options, key, sizeof(key));
	ok = run_cache_set(db, a->run, key, text, e);
	mem_free(text);
	json_decref(rows);
	return ok;
}

/* false where nothing usable is kept: then it is computed. */
static bool cache_load(struct db *db, const struct atlas *a, struct probe *probe)
{
	struct arena arena = ARENA_INIT;
	struct err e = ERR_INIT;
	json_t *rows = NULL;
	const char *text;
	char key[160];
	bool ok;

	cache_key(a, &probe->options, key, sizeof(key));
	ok = run_cache_get(db, a->run, key, &arena, &text, &e) && text &&
	     (rows = json_read(text, strlen(text), key, &e)) && json_array_size(rows) == probe->n;
	for (size_t b = 0; b < probe->n && ok; b++) {
		const json_t *row = json_array_get(rows, b);
		const json_t *forecast = json_object_get(row, "forecast");
		const char *why_not = json_get_string(row, "why_not");
		struct probe_row *r = &probe->v[b];
		double n_models = 0;

		json_get_number(row, "n_models", &n_models);
		r->n_models = (size_t)n_models;
		r->why_not = why_not ? arena_strdup(&probe->arena, why_not) : NULL;
		figure_read(row, "r2", &r->r2);
		figure_read(row, "mae", &r->mae);
		figure_read(row, "tau", &r->tau);
		if (!json_get_number(row, "base_mae", &r->base_mae))
			r->base_mae = NAN;
		if (!json_get_number(row, "lambda", &r->lambda))
			r->lambda = NAN;
		for (size_t m = 0; m < a->catalog.n_models; m++)
			r->forecast[m] = json_number_at(forecast, m);
	}
	json_decref(rows);
	arena_clear(&arena);
	return ok;
}

bool probe_kept(
    struct db *db, const struct atlas *a, const struct probe_options *o, struct probe *out)
{
	struct probe probe = {.options = *o};

	rows_init(a, &probe);
	if (!cache_load(db, a, &probe)) {
		arena_clear(&probe.arena);
		return false;
	}
	*out = probe;
	return true;
}

bool task_probe(struct db *db, const struct atlas *a, const struct probe_options *o, bool refresh,
    const struct progress *p, struct probe *out, struct err *e)
{
	struct probe probe = {.options = *o};
	bool ok = true;

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (o->folds < 2 || o->folds > PROBE_MIN_MODELS)
		return err_set(e, ERR_USAGE, "folds must be from 2 to %d", PROBE_MIN_MODELS);
	rows_init(a, &probe);
	if (!db || refresh || !cache_load(db, a, &probe)) {
		ok = compute(a, o, p, &probe, e) && (!db || cache_save(db, a, &probe, e));
	}
	if (ok)
		*out = probe;
	else
		arena_clear(&probe.arena);
	return ok;
}

void probe_clear(struct probe *p)
{
	arena_clear(&p->arena);
	*p = (struct probe){0};
}

/* The table */

static const struct column columns[PROBE_COLUMNS] = {
    [PROBE_NAME] = {"name", "benchmark", "Benchmark", COLUMN_CLIP, .width = 12, .grow = 24,
	.about = "The benchmark whose accuracies are foretold from the model vectors."},
    [PROBE_MODELS] = {"models", "models", "Models", COLUMN_INT, .width = 6, .drop = 6,
	.about = "Models with an accuracy on it."},
    [PROBE_R2] = {"r2", "R2", "R²", COLUMN_PM, 2, .width = 10,
	.about =
	    "Share of the accuracies' variance that held-out forecasts explain: 1 is perfect, 0 "
	    "no better than the mean; with half the 95 % interval over models."},
    [PROBE_MAE] = {"mae", "MAE", "Error", COLUMN_SHARE_PM, 1, .width = 9,
	.about = "Mean distance of forecast and truth, in points, with half the 95 % interval."},
    [PROBE_BASE_MAE] = {"base_mae", "of the mean", "Mean's", COLUMN_SHARE, 1, .width = 6,
	.about = "The same of foretelling the mean for every model, in points."},
    [PROBE_TAU] = {"tau", "tau", "Tau", COLUMN_PM, 2, .width = 10, .drop = 4,
	.about = "Rank correlation (Kendall's) of forecast and truth, -1 to 1, with half the 95 % "
		 "interval."},
    [PROBE_LAMBDA] = {"lambda", "lambda", "λ", COLUMN_REAL, -2, .width = 7, .drop = 5,
	.about = "Strength of the ridge that the inner folds chose, the median of the folds."},
    [PROBE_BAR] = {NULL, "bar", "R² 0…1", COLUMN_REAL, .width = 18, .grow = 60,
	.about = "R² as a bar, with its interval."},
    [PROBE_WHY_NOT] = {"why_not", "why not", "Why not", COLUMN_CLIP, .width = 20, .grow = 60,
	.drop = 9, .hidden = true, .about = "Why there is no fit."},
};

static struct value figure(const struct figure *f)
{
	return value_figure(f->value, f->low, f->high);
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct probe *p = t->rows;
	const struct probe_row *r = p ? &p->v[row] : NULL;

	(void)scratch;
	if (column == PROBE_NAME)
		return value_text(((const struct catalog *)t->world)->benchmarks[row].name);
	if (!r)
		return value_missing();
	switch (column) {
	case PROBE_MODELS:
		return value_int((int64_t)r->n_models);
	case PROBE_R2:
		return figure(&r->r2);
	case PROBE_MAE:
		return figure(&r->mae);
	case PROBE_BASE_MAE:
		return value_real(r->base_mae);
	case PROBE_TAU:
		return figure(&r->tau);
	case PROBE_LAMBDA:
		return value_real(r->lambda);
	default:
		return value_text(r->why_not);
	}
}

struct table probe_table(const struct probe *p, const struct catalog *c)
{
	return (struct table){.name = "probe",
	    .columns = columns,
	    .n_columns = PROBE_COLUMNS,
	    .value = value,
	    .n = c ? c->n_benchmarks : 0,
	    .rows = p,
	    .world = c};
}
