#include "task/evaluate.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/attainable.h"
#include "learn/baseline.h"
#include "learn/metric.h"
#include "learn/routing.h"
#include "num/stats.h"
#include "task/forecasts.h"

#include <math.h>
#include <string.h>

/* The part under judgement: its labels and the run's forecasts, and what they are judged with. */
struct judging {
	const struct atlas *a;
	struct forecasts j;
	size_t draws;
	uint16_t *counts; /* (draws, n) */
	struct baseline rates;
	bool brief;
};

void evaluate_options_default(struct evaluate_options *o)
{
	*o = (struct evaluate_options){.part = PART_TEST, .bootstrap = 1000, .seed = 1};
}

static void judging_init(struct judging *g, const struct atlas *a, const struct evaluate_options *o)
{
	size_t n;
	uint32_t *question = dataset_part(&a->data, o->part, &n);

	*g = (struct judging){.a = a, .draws = o->bootstrap, .brief = o->brief};
	g->j = forecasts_new(a, question, n);
	g->counts = metric_resample(n, g->draws, o->seed);
	g->rates = baseline_fit(&a->data);
}

static void judging_clear(struct judging *g)
{
	forecasts_free(&g->j);
	mem_free(g->counts);
	baseline_free(&g->rates);
}

static struct figure *metrics_member(struct metrics *m, enum metric which)
{
	struct figure *const member[METRIC_COUNT] = {
	    [METRIC_ACCURACY] = &m->accuracy,
	    [METRIC_AUC] = &m->auc,
	    [METRIC_AUC_WITHIN] = &m->auc_within_model,
	    [METRIC_LOG_LOSS] = &m->log_loss,
	    [METRIC_BRIER] = &m->brier,
	    [METRIC_ECE] = &m->ece,
	};

	return member[which];
}

/* A resample's calibration error is larger than the sample's by as much again as the sample's is than
 * the truth's: the draws are moved to have the value as their mean, and none is below 0. */
static void centre(double value, double *draws, size_t n, size_t stride, size_t column)
{
	double sum = 0, defined = 0;

	for (size_t b = 0; b < n; b++)
		if (!isnan(draws[b * stride + column])) {
			sum += draws[b * stride + column];
			defined++;
		}
	for (size_t b = 0; b < n; b++) {
		double *d = &draws[b * stride + column];

		if (!isnan(*d))
			*d = fmax(0, *d - sum / defined + value);
	}
}

/* All figures of forecasts p (n, M) on the questions kept (NULL = all); the draws (draws,
 * METRIC_COUNT) are left in *draws where it is not NULL, for the caller to free. */
static double judge(const struct judging *g, const float *p, const unsigned char *keep,
    struct metrics *m, double **draws)
{
	struct metric_rows r = metric_rows_new(g->j.n, g->j.M, p, g->j.y, g->j.w, keep);
	double value[METRIC_COUNT], rows = 0;
	double *d = mem_array(g->draws * METRIC_COUNT + 1, sizeof(*d));

	metric_compute(&r, value);
	metric_bootstrap(&r, g->draws, g->counts, d);
	centre(value[METRIC_ECE], d, g->draws, METRIC_COUNT, METRIC_ECE);
	for (int k = 0; k < METRIC_COUNT; k++)
		*metrics_member(m, (enum metric)k) =
		    figure_of_draws(value[k], d, g->draws, METRIC_COUNT, (size_t)k);
	for (size_t i = 0; i < r.n; i++)
		rows += (double)r.w[i];
	metric_rows_free(&r);
	if (draws)
		*draws = d;
	else
		mem_free(d);
	return rows;
}

static struct figure gain(const struct metrics *run, const struct metrics *base, const double *a,
    const double *b, size_t draws, enum metric which)
{
	struct metrics x = *run, y = *base;
	double *d = mem_array(draws + 1, sizeof(*d));
	struct figure f;

	for (size_t i = 0; i < draws; i++)
		d[i] = a[i * METRIC_COUNT + which] - b[i * METRIC_COUNT + which];
	f = figure_of_draws(
	    metrics_member(&x, which)->value - metrics_member(&y, which)->value, d, draws, 1, 0);
	mem_free(d);
	return f;
}

/* The baselines, and the run against the model rates on the same resamples. */
static bool judge_baselines(const struct judging *g, const double *run_draws,
    const struct progress *p, struct evaluation *v, struct err *e)
{
	float *rate = mem_floats(g->j.n * g->j.M + 1);
	bool ok = true;

	v->baselines = arena_array(&v->arena, struct metrics_row, BASELINE_COUNT);
	for (int k = 0; k < BASELINE_COUNT && ok; k++) {
		struct metrics_row *row = &v->baselines[v->n_baselines];
		double *draws;

		if (g->brief && k != BASELINE_MODEL)
			continue;

		ok = progress_tick(p, "judging baselines", k, BASELINE_COUNT, "baselines") ||
		     err_set(e, ERR_CANCELLED, "evaluation stopped");
		if (!ok)
			break;
		for (size_t i = 0; i < g->j.n; i++)
			for (size_t m = 0; m < g->j.M; m++)
				rate[i * g->j.M + m] =
				    (float)baseline_rate(&g->rates, (enum baseline_kind)k, m,
					g->a->data.benchmark[g->j.question[i]]);
		v->n_baselines++;
		row->name = baseline_name[k];
		row->rows = judge(g, rate, NULL, &row->m, &draws);
		if (k == BASELINE_MODEL) {
			v->accuracy_gain =
			    gain(&v->all, &row->m, run_draws, draws, g->draws, METRIC_ACCURACY);
			v->auc_gain =
			    gain(&v->all, &row->m, run_draws, draws, g->draws, METRIC_AUC);
			v->log_loss_gain =
			    gain(&v->all, &row->m, run_draws, draws, g->draws, METRIC_LOG_LOSS);
			v->brier_gain =
			    gain(&v->all, &row->m, run_draws, draws, g->draws, METRIC_BRIER);
		}
		mem_free(draws);
	}
	mem_free(rate);
	return ok;
}

static bool judge_benchmarks(
    const struct judging *g, const struct progress *p, struct evaluation *v, struct err *e)
{
	unsigned char *keep = mem_array(g->j.n + 1, 1);
	bool ok = true;

	v->benchmarks = arena_array(&v->arena, struct metrics_row, g->a->catalog.n_benchmarks + 1);
	for (size_t b = 0; b < g->a->catalog.n_benchmarks && ok; b++) {
		struct metrics_row *row = &v->benchmarks[v->n_benchmarks];
		size_t kept = 0;

		ok = progress_tick(p, "judging benchmarks", (double)b,
			 (double)g->a->catalog.n_benchmarks, "benchmarks") ||
		     err_set(e, ERR_CANCELLED, "evaluation stopped");
		for (size_t i = 0; i < g->j.n; i++)
			kept += keep[i] = g->a->data.benchmark[g->j.question[i]] == b;
		if (!kept)
			continue;
		row->name = arena_strdup(&v->arena, g->a->catalog.benchmarks[b].name);
		row->rows = judge(g, g->j.p, keep, &row->m, NULL);
		v->n_benchmarks++;
	}
	mem_free(keep);
	return ok;
}

static bool was_trained_on(const struct judging *g, size_t benchmark)
{
	const struct dataset *d = &g->a->data;

	for (size_t q = 0; q < d->n_questions; q++)
		if (d->part[q] == PART_TRAIN && d->benchmark[q] == benchmark)
			return true;
	return false;
}

/* Questions of benchmarks that training saw, and of those it did not: two regimes, never mixed. */
static void judge_regimes(const struct judging *g, struct evaluation *v)
{
	static const char *const name[] = {"unseen_benchmarks", "seen_benchmarks"};
	size_t B = g->a->catalog.n_benchmarks, kept[2] = {0};
	bool *seen = mem_array(B + 1, sizeof(*seen));
	unsigned char *keep = mem_array(g->j.n + 1, 1);

	for (size_t b = 0; b < B; b++)
		seen[b] = was_trained_on(g, b);
	for (size_t i = 0; i < g->j.n; i++)
		kept[seen[g->a->data.benchmark[g->j.question[i]]]]++;
	v->regimes = arena_array(&v->arena, struct metrics_row, 2);
	for (size_t k = 2; k-- > 0 && kept[0];) {
		struct metrics_row *row = &v->regimes[v->n_regimes];

		for (size_t i = 0; i < g->j.n; i++)
			keep[i] = seen[g->a->data.benchmark[g->j.question[i]]] == (k == 1);
		if (!kept[k])
			continue;
		row->name = name[k];
		row->rows = judge(g, g->j.p, keep, &row->m, NULL);
		v->n_regimes++;
	}
	mem_free(keep);
	mem_free(seen);
}

/* What a choice could add to the best single model, and where none is right, in every resample: those of
 * the single model are `d` (draws, ROUTING_COUNT). */
static void judge_headroom(const struct judging *g, const struct routing_outcomes *o,
    const double *single, struct routing_figures *f)
{
	float *surplus = mem_floats(g->j.n + 1);
	double *d = mem_array(2 * (g->draws + 1), sizeof(*d)), value[2] = {NAN, NAN};

	attainable_surplus(&g->a->data, &g->rates, g->j.question, g->j.n, surplus);
	for (size_t b = 0; b <= g->draws; b++) {
		const uint16_t *count = b < g->draws ? g->counts + b * g->j.n : NULL;
		double *to = count ? d + 2 * b : value, sum[2] = {0}, n = 0;
		double base =
		    count ? single[b * ROUTING_COUNT + ROUTING_BEST_SINGLE] : f->best_single.value;

		for (size_t i = 0; i < o->n; i++) {
			double c = count ? count[o->index[i]] : 1;
			float oracle = o->got[i * ROUTING_STRATEGY_COUNT + ROUTING_ORACLE];

			n += c;
			sum[0] += c * (double)surplus[o->index[i]];
			sum[1] += oracle < 0.5f ? c : 0;
		}
		to[0] = n > 0 ? base + sum[0] / n : NAN;
		to[1] = n > 0 ? sum[1] / n : NAN;
	}
	f->attainable = figure_of_draws(value[0], d, g->draws, 2, 0);
	f->all_wrong = figure_of_draws(value[1], d, g->draws, 2, 1);
	mem_free(surplus);
	mem_free(d);
}

static void judge_routing(const struct judging *g, struct routing_figures *f)
{
	struct routing_outcomes o =
	    routing_play(&g->a->data, g->j.question, g->j.n, g->j.p, &g->rates);
	struct figure *const member[ROUTING_COUNT] = {
	    [ROUTING_ROUTED] = &f->routed,
	    [ROUTING_BEST_SINGLE] = &f->best_single,
	    [ROUTING_BEST_SINGLE_HINDSIGHT] = &f->best_single_hindsight,
	    [ROUTING_BEST_PER_BENCHMARK] = &f->best_per_benchmark,
	    [ROUTING_RANDOM] = &f->random,
	    [ROUTING_ORACLE] = &f->oracle,
	    [ROUTING_GAP_RECOVERED] = &f->gap_recovered,
	};
	double value[ROUTING_COUNT];
	double *d = mem_array(g->draws * ROUTING_COUNT + 1, sizeof(*d));

	routing_compute(&o, NULL, value);
	for (size_t b = 0; b < g->draws; b++)
		routing_compute(&o, g->counts + b * g->j.n, d + b * ROUTING_COUNT);
	for (int k = 0; k < ROUTING_COUNT; k++)
		*member[k] = figure_of_draws(value[k], d, g->draws, ROUTING_COUNT, (size_t)k);
	f->best_single_model = o.best_single;
	f->best_single_hindsight_model = o.best_single_hindsight;
	judge_headroom(g, &o, d, f);
	routing_outcomes_free(&o);
	mem_free(d);
}

bool task_evaluate(const struct atlas *a, const struct evaluate_options *o,
    const struct progress *p, struct evaluation *out, struct err *e)
{
	struct evaluation v = {.run = a->run, .part = o->part};
	struct judging g;
	double *draws;
	bool ok;

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	judging_init(&g, a, o);
	if (!g.j.n) {
		judging_clear(&g);
		return err_set(e, ERR_DATA,
		    "split %s has no %s part: draw one that has and train on it: embedllm split "
		    "--test 20 --val 10, then embedllm train",
		    a->split ? a->split : "(none)", part_name(o->part));
	}
	arena_init(&v.arena);
	v.n_questions = g.j.n;
	v.rows = judge(&g, g.j.p, NULL, &v.all, &draws);
	ok = judge_baselines(&g, draws, p, &v, e) && (o->brief || judge_benchmarks(&g, p, &v, e));
	if (ok && !o->brief) {
		judge_regimes(&g, &v);
		judge_routing(&g, &v.routing);
	}
	mem_free(draws);
	judging_clear(&g);
	if (ok)
		*out = v;
	else
		arena_clear(&v.arena);
	return ok;
}

void evaluation_clear(struct evaluation *v)
{
	arena_clear(&v->arena);
	*v = (struct evaluation){0};
}

#define LITTLE 0.02 /* a gain that is not worth a router */

void evaluation_headroom(const struct evaluation *v, const struct catalog *names, struct buf *out)
{
	const struct routing_figures *f = &v->routing;
	double room = f->attainable.value - f->best_single.value;
	double gain = f->routed.value - f->best_single.value;
	const char *best = names->models[f->best_single_model].name;

	if (room < LITTLE && gain < LITTLE)
		buf_printf(out,
		    "Routing for accuracy is not worth it here: %s alone gets %.1f %%, and a "
		    "choice "
		    "by question could add about %.1f points.",
		    best, 100 * f->best_single.value, 100 * fmax(0, room));
	else if (f->gap_recovered.low > 0)
		buf_printf(out,
		    "Routing is worth it: this run gets %.1f %%, %.1f points more than %s alone.",
		    100 * f->routed.value, 100 * gain, best);
	else
		buf_printf(out,
		    "There is room for routing, about %.1f points over %s alone, but this run is "
		    "not surely better than that model (%+.1f points).",
		    100 * fmax(room, gain), best, 100 * gain);
	buf_printf(out,
	    " The oracle's %.1f %% is partly luck: %.1f %% or a little more seem attainable; on "
	    "%.1f %% of the questions no model is right.",
	    100 * f->oracle.value, 100 * fmax(f->attainable.value, f->routed.value),
	    100 * f->all_wrong.value);
}
