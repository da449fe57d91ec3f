#include "task/runs_compare.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/baseline.h"
#include "learn/metric.h"
#include "learn/routing.h"
#include "num/significance.h"
#include "num/topk.h"
#include "task/forecasts.h"
#include "task/neighbours.h"
#include "text/encoder.h"

#include <math.h>
#include <string.h>

#define NEAREST 10
#define LEVEL 0.05 /* of significance */

const char *const runs_compare_metric[RUNS_COMPARE_METRICS + 1] = {
    [METRIC_ACCURACY] = "accuracy",
    [METRIC_AUC] = "auc",
    [METRIC_AUC_WITHIN] = "auc_within_model",
    [METRIC_LOG_LOSS] = "log_loss",
    [METRIC_BRIER] = "brier",
    [METRIC_ECE] = "ece",
    [RUNS_COMPARE_ROUTED] = "routed",
};

static bool less_is_better(int metric)
{
	return metric == METRIC_LOG_LOSS || metric == METRIC_BRIER || metric == METRIC_ECE;
}

struct pair {
	const struct atlas *a, *b;
	struct forecasts ja, jb; /* the same questions, the same labels */
	size_t draws;
	uint16_t *counts; /* (draws, n): the same resamples for both */
};

/* Questions of the part in both splits that both runs know. */
static uint32_t *common_questions(
    const struct atlas *a, const struct atlas *b, enum part part, size_t *n)
{
	uint32_t *question = dataset_part(&a->data, part, n);
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		uint32_t q = question[i];

		if (b->data.part[q] == part && a->encoded[q] && b->encoded[q])
			question[kept++] = q;
	}
	*n = kept;
	return question;
}

static bool pair_init(struct pair *p, const struct atlas *a, const struct atlas *b,
    const struct evaluate_options *o, struct err *e)
{
	uint32_t *question, *copy;
	size_t n;
	bool any = false;

	if (a->data.n_models != b->data.n_models || a->data.n_questions != b->data.n_questions)
		return err_set(
		    e, ERR_FAILED, "the database changed while the runs were read: try again");
	question = common_questions(a, b, o->part, &n);
	copy = mem_array(n + 1, sizeof(*copy));
	memcpy(copy, question, n * sizeof(*copy));
	*p = (struct pair){.a = a, .b = b, .draws = o->bootstrap};
	p->ja = forecasts_new(a, question, n);
	p->jb = forecasts_new(b, copy, n);
	for (size_t i = 0; i < n * p->ja.M; i++) {
		if (isnan(p->jb.y[i]))
			p->ja.y[i] = NAN;
		p->jb.y[i] = p->ja.y[i];
		any = any || !isnan(p->ja.y[i]);
	}
	p->counts = metric_resample(n, p->draws, o->seed);
	return any ||
	       err_set(e, ERR_DATA,
		   "runs %lld and %lld have no %s question in common: train both on one split: "
		   "embedllm train --split NAME",
		   (long long)a->run, (long long)b->run, part_name(o->part));
}

static void pair_clear(struct pair *p)
{
	forecasts_free(&p->ja);
	forecasts_free(&p->jb);
	mem_free(p->counts);
}

/* Both runs' figures on the questions kept (NULL = all). The draws (draws, METRIC_COUNT) become
 * those of the difference. */
static double *judge_both(
    const struct pair *p, const unsigned char *keep, double a[METRIC_COUNT], double b[METRIC_COUNT])
{
	struct metric_rows ra = metric_rows_new(p->ja.n, p->ja.M, p->ja.p, p->ja.y, p->ja.w, keep);
	struct metric_rows rb = metric_rows_new(p->jb.n, p->jb.M, p->jb.p, p->jb.y, p->jb.w, keep);
	size_t n = p->draws * METRIC_COUNT;
	double *da = mem_array(n + 1, sizeof(*da)), *db = mem_array(n + 1, sizeof(*db));

	metric_compute(&ra, a);
	metric_compute(&rb, b);
	metric_bootstrap(&ra, p->draws, p->counts, da);
	metric_bootstrap(&rb, p->draws, p->counts, db);
	for (size_t i = 0; i < n; i++)
		da[i] -= db[i];
	metric_rows_free(&ra);
	metric_rows_free(&rb);
	mem_free(db);
	return da;
}

static struct figure difference(
    const struct pair *p, const double *a, const double *b, const double *draws, enum metric which)
{
	return figure_of_draws(a[which] - b[which], draws, p->draws, METRIC_COUNT, (size_t)which);
}

/* The differences of the rows by every metric, to be corrected together. */
struct differences {
	struct figure v[METRIC_COUNT];
	double p[METRIC_COUNT];
};

/* Holm's correction over the rows, metric by metric; of each the row where a is worse most surely. */
static void correct(struct runs_compare *c, const struct differences *d)
{
	double *p = mem_array(c->n + 1, sizeof(*p));

	for (int k = 0; k < METRIC_COUNT; k++) {
		struct runs_compare_worst *w = &c->worst[k];

		for (size_t i = 0; i < c->n; i++)
			p[i] = d[i].p[k];
		significance_holm(c->n, p, p);
		for (size_t i = 0; i < c->n; i++) {
			double worse = less_is_better(k) ? d[i].v[k].value : -d[i].v[k].value;

			if (k == METRIC_ACCURACY)
				c->v[i].p_holm = p[i];
			if (worse > 0 && !isnan(p[i]) && (!w->name || p[i] < w->p_holm))
				*w = (struct runs_compare_worst){c->v[i].name, d[i].v[k], p[i]};
		}
		c->all[k] = d[0].v[k];
		c->p[k] = d[0].p[k];
	}
	mem_free(p);
}

static bool add_rows(
    const struct pair *p, const struct progress *progress, struct runs_compare *c, struct err *e)
{
	const struct catalog *r = &p->a->catalog;
	unsigned char *keep = mem_array(p->ja.n + 1, 1);
	struct differences *d = mem_array(r->n_benchmarks + 1, sizeof(*d));
	bool ok = true;

	c->v = arena_array(&c->arena, struct runs_compare_row, r->n_benchmarks + 1);
	for (size_t i = 0; i <= r->n_benchmarks && ok; i++) {
		struct runs_compare_row *row = &c->v[c->n];
		double a[METRIC_COUNT], b[METRIC_COUNT], *draws;
		size_t kept = 0;

		ok = progress_tick(
			 progress, "comparing", (double)i, (double)r->n_benchmarks, "benchmarks") ||
		     err_set(e, ERR_CANCELLED, "comparison stopped");
		for (size_t q = 0; q < p->ja.n; q++)
			kept += keep[q] =
			    i == 0 || p->a->data.benchmark[p->ja.question[q]] == i - 1;
		if (!kept || !ok)
			continue;
		draws = judge_both(p, keep, a, b);
		for (int k = 0; k < METRIC_COUNT; k++) {
			d[c->n].v[k] = difference(p, a, b, draws, (enum metric)k);
			d[c->n].p[k] =
			    significance_of_draws(draws, p->draws, METRIC_COUNT, (size_t)k);
		}
		*row = (struct runs_compare_row){
		    .name = i == 0 ? "all" : arena_strdup(&c->arena, r->benchmarks[i - 1].name),
		    .n_questions = kept,
		    .a = a[METRIC_ACCURACY],
		    .b = b[METRIC_ACCURACY],
		    .difference = d[c->n].v[METRIC_ACCURACY],
		    .p = d[c->n].p[METRIC_ACCURACY],
		};
		mem_free(draws);
		c->n++;
	}
	if (ok)
		correct(c, d);
	mem_free(keep);
	mem_free(d);
	return ok;
}

/* Where the routes part, and which of them is right then. Both outcomes are of the same questions. */
static void count_discordant(const struct pair *p, const struct routing_outcomes *a,
    const struct routing_outcomes *b, struct runs_compare *c)
{
	size_t same = 0, M = p->ja.M;

	for (size_t i = 0; i < a->n; i++) {
		size_t q = a->index[i], to_a = SIZE_MAX, to_b = SIZE_MAX;
		bool right_a = a->got[i * ROUTING_STRATEGY_COUNT + ROUTING_ROUTED] >= 0.5f;
		bool right_b = b->got[i * ROUTING_STRATEGY_COUNT + ROUTING_ROUTED] >= 0.5f;

		for (size_t m = 0; m < M; m++) {
			size_t at = q * M + m;

			if (isnan(p->ja.y[at]))
				continue;
			if (to_a == SIZE_MAX || p->ja.p[at] > p->ja.p[q * M + to_a])
				to_a = m;
			if (to_b == SIZE_MAX || p->jb.p[at] > p->jb.p[q * M + to_b])
				to_b = m;
		}
		same += to_a == to_b;
		c->only_a += right_a && !right_b;
		c->only_b += right_b && !right_a;
	}
	c->agreement = a->n ? (double)same / (double)a->n : NAN;
	c->p_routed = significance_mcnemar(c->only_a, c->only_b);
}

/* Each run sends every question to the model it holds best, of the same candidates. */
static void add_routed(const struct pair *p, struct runs_compare *c)
{
	size_t n = p->ja.n;
	uint32_t *index = mem_array(n + 1, sizeof(*index)),
		 *benchmark = mem_array(n + 1, sizeof(*benchmark));
	struct dataset d = {.n_models = p->ja.M,
	    .n_questions = n,
	    .n_benchmarks = p->a->data.n_benchmarks,
	    .score = p->ja.y,
	    .benchmark = benchmark};
	struct baseline rates = baseline_fit(&p->a->data);
	struct routing_outcomes a, b;
	double *draws = mem_array(p->draws + 1, sizeof(*draws));
	double va[ROUTING_COUNT], vb[ROUTING_COUNT], value;

	for (size_t i = 0; i < n; i++) {
		index[i] = (uint32_t)i;
		benchmark[i] = p->a->data.benchmark[p->ja.question[i]];
	}
	a = routing_play(&d, index, n, p->ja.p, &rates);
	b = routing_play(&d, index, n, p->jb.p, &rates);
	routing_compute(&a, NULL, va);
	routing_compute(&b, NULL, vb);
	value = va[ROUTING_ROUTED] - vb[ROUTING_ROUTED];
	for (size_t i = 0; i < p->draws; i++) {
		routing_compute(&a, p->counts + i * n, va);
		routing_compute(&b, p->counts + i * n, vb);
		draws[i] = va[ROUTING_ROUTED] - vb[ROUTING_ROUTED];
	}
	c->all[RUNS_COMPARE_ROUTED] = figure_of_draws(value, draws, p->draws, 1, 0);
	c->p[RUNS_COMPARE_ROUTED] = significance_of_draws(draws, p->draws, 1, 0);
	if (value < 0)
		c->worst[RUNS_COMPARE_ROUTED] = (struct runs_compare_worst){
		    "all", c->all[RUNS_COMPARE_ROUTED], c->p[RUNS_COMPARE_ROUTED]};
	count_discordant(p, &a, &b, c);
	routing_outcomes_free(&a);
	routing_outcomes_free(&b);
	baseline_free(&rates);
	mem_free(draws);
	mem_free(benchmark);
	mem_free(index);
}

static void nearest(const struct mf *m, const bool *common, size_t M, size_t model, struct topk *t)
{
	topk_reset(t);
	for (size_t i = 0; i < M; i++)
		if (i != model && common[i])
			topk_add(t,
			    (float)neighbours_similarity(
				m->dim, m->p + model * m->dim, m->p + i * m->dim, NEIGHBOUR_COSINE),
			    (uint32_t)i);
}

static void add_overlap(const struct pair *p, struct runs_compare *c)
{
	size_t M = p->ja.M, models = 0, same = 0, k;
	bool *common = mem_array(M + 1, sizeof(*common));
	struct topk a, b;

	for (size_t m = 0; m < M; m++)
		models += common[m] = p->a->trained.in_run[m] && p->b->trained.in_run[m];
	c->n_models = models;
	c->overlap = NAN;
	if (models >= 3) {
		k = models - 1 < NEAREST ? models - 1 : NEAREST;
		topk_init(&a, k);
		topk_init(&b, k);
		for (size_t m = 0; m < M; m++) {
			if (!common[m])
				continue;
			nearest(&p->a->trained.mf, common, M, m, &a);
			nearest(&p->b->trained.mf, common, M, m, &b);
			for (size_t i = 0; i < a.n; i++)
				for (size_t j = 0; j < b.n; j++)
					same += a.index[i] == b.index[j];
		}
		c->overlap = (double)same / (double)(models * k);
		topk_clear(&a);
		topk_clear(&b);
	}
	mem_free(common);
}

static void differ_text(struct buf *out, const char *name, const char *a, const char *b)
{
	if (strcmp(a ? a : "-", b ? b : "-") != 0)
		buf_printf(out, "%s%s %s/%s", out->len ? ", " : "", name, a ? a : "-", b ? b : "-");
}

static const char *differing_settings(
    const struct atlas *a, const struct atlas *b, struct arena *to)
{
	struct buf out = BUF_INIT;
	const char *text;

	differ_text(&out, "method", a->trained.method->name, b->trained.method->name);
	if (a->trained.method == b->trained.method)
		trainer_options_differ(&a->trainer, &b->trainer, &out);
	differ_text(&out, "split", a->split, b->split);
	differ_text(&out, "encoder", a->encoder->identity, b->encoder->identity);
	differ_text(&out, "data", a->digest, b->digest);
	text = arena_strdup(to, buf_str(&out));
	buf_clear(&out);
	return text;
}

bool task_runs_compare(const struct atlas *a, const struct atlas *b,
    const struct evaluate_options *o, const struct progress *progress, struct runs_compare *out,
    struct err *e)
{
	struct runs_compare c = {.run_a = a->run, .run_b = b->run, .part = o->part};
	struct pair p;
	bool ok;

	if (!a->run || !b->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	memset(&p, 0, sizeof(p));
	arena_init(&c.arena);
	ok = pair_init(&p, a, b, o, e) && add_rows(&p, progress, &c, e);
	if (ok) {
		c.n_questions = p.ja.n;
		add_routed(&p, &c);
		add_overlap(&p, &c);
		c.differ = differing_settings(a, b, &c.arena);
		*out = c;
	} else {
		arena_clear(&c.arena);
	}
	pair_clear(&p);
	return ok;
}

void runs_compare_clear(struct runs_compare *c)
{
	arena_clear(&c->arena);
	*c = (struct runs_compare){0};
}

bool runs_compare_regressed(const struct runs_compare *c, int metric, struct buf *out)
{
	const struct runs_compare_worst *w = &c->worst[metric];

	if (!w->name || !(w->p_holm < LEVEL))
		return false;
	buf_printf(out,
	    "run %lld is worse than run %lld: %s %+.4f [%+.4f, %+.4f] on %s questions%s%s, p %.2g "
	    "by Holm",
	    (long long)c->run_a, (long long)c->run_b, runs_compare_metric[metric],
	    w->difference.value, w->difference.low, w->difference.high,
	    strcmp(w->name, "all") != 0 ? "the" : "all", strcmp(w->name, "all") != 0 ? " of " : "",
	    strcmp(w->name, "all") != 0 ? w->name : "", w->p_holm);
	return true;
}

/* The table */

static const struct column columns[RUNS_COMPARE_COLUMNS] = {
    [RUNS_COMPARE_NAME] = {"name", "accuracy on", "Accuracy on", COLUMN_CLIP, .width = 12,
	.grow = 26, .about = "A benchmark, or all questions that both runs held out."},
    [RUNS_COMPARE_QUESTIONS] = {"questions", "questions", "n", COLUMN_INT, .width = 6, .drop = 5,
	.about = "Questions of it that both runs held out."},
    [RUNS_COMPARE_A] = {"a", "first", "first", COLUMN_SHARE, 1, .width = 6, .drop = 3,
	.about = "Answers the first run foretells on the right side of one half, in percent."},
    [RUNS_COMPARE_B] = {"b", "second", "second", COLUMN_SHARE, 1, .width = 6, .drop = 3,
	.about = "The same of the second run."},
    [RUNS_COMPARE_DIFFERENCE] = {"difference", "difference [95 % interval]", "diff. [95 %]",
	COLUMN_SHARE_FIGURE, 1, .width = 19, .plus = true,
	.about = "First minus second, in points, with the 95 % interval over questions (paired "
		 "bootstrap)."},
    [RUNS_COMPARE_BAR] = {NULL, "bar", "-        0        +", COLUMN_SHARE, .width = 19, .grow = 41,
	.drop = 4, .about = "The difference and its interval as a bar."},
    [RUNS_COMPARE_P] = {"p", "p", "p", COLUMN_REAL, -2, .width = 6, .drop = 6,
	.about =
	    "How likely a difference as large is where there is none: two-sided, by the paired "
	    "bootstrap over questions."},
    [RUNS_COMPARE_P_HOLM] = {"p_holm", "p by Holm", "Holm p", COLUMN_REAL, -2, .width = 6,
	.drop = 2, .about = "The same, corrected by Holm's method for the number of rows."},
    [RUNS_COMPARE_BETTER] = {"better", NULL, "Better", COLUMN_TEXT, .width = 12, .drop = 1,
	.about = "Which run is, where the corrected p is under .05."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct runs_compare_row *r = &((const struct runs_compare *)t->rows)->v[row];
	const struct figure *d = &r->difference;

	(void)scratch;
	switch (column) {
	case RUNS_COMPARE_NAME:
		return value_text(r->name);
	case RUNS_COMPARE_QUESTIONS:
		return value_int((int64_t)r->n_questions);
	case RUNS_COMPARE_A:
		return value_real(r->a);
	case RUNS_COMPARE_B:
		return value_real(r->b);
	case RUNS_COMPARE_DIFFERENCE:
		return value_figure(d->value, d->low, d->high);
	case RUNS_COMPARE_P:
		return value_real(r->p);
	case RUNS_COMPARE_P_HOLM:
		return value_real(r->p_holm);
	default:
		return value_text(!(r->p_holm < LEVEL) ? "within noise"
				  : d->value > 0       ? "first"
						       : "second");
	}
}

struct table runs_compare_table(const struct runs_compare *c)
{
	return (struct table){.name = "runs_compare",
	    .columns = columns,
	    .n_columns = RUNS_COMPARE_COLUMNS,
	    .value = value,
	    .n = c ? c->n : 0,
	    .rows = c};
}
