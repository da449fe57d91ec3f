#include "task/demo.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/stats.h"
#include "num/topk.h"
#include "store/catalog.h"
#include "store/planted.h"
#include "task/atlas.h"

#include <math.h>
#include <string.h>

enum { NEAREST = 5 };

/* The planted truth for the atlas's models and questions, and its models' learned vectors. */
struct truth {
	const struct atlas *atlas;
	size_t dims, n;    /* of planted vectors; models that are in the run and planted */
	uint32_t *model;   /* (n) catalog indexes */
	double *models;    /* (n_models, dims) */
	double *questions; /* (n_questions, dims) */
};

static bool load(
    struct db *db, const struct atlas *atlas, struct arena *a, struct truth *t, struct err *e)
{
	const struct dataset *d = &atlas->data;
	struct catalog_question *q;
	struct catalog c;

	*t = (struct truth){.atlas = atlas};
	if (!atlas->run)
		return err_set(
		    e, ERR_DATA, "there is no run to compare; train one: 'embedllm train'");
	if (!catalog_load(db, a, &c, e) || !catalog_load_questions(db, &c, a, &q, e) ||
	    !planted_load(db, &c, q, a, &t->dims, &t->models, &t->questions, e))
		return false;
	if (!t->dims || c.n_models != d->n_models || c.n_questions != d->n_questions)
		return err_set(
		    e, ERR_DATA, "this database is not a demo world's: nothing is planted");
	t->model = arena_array(a, uint32_t, d->n_models + 1);
	for (size_t m = 0; m < d->n_models; m++)
		if (atlas->trained.in_run[m] && !isnan(t->models[m * t->dims]))
			t->model[t->n++] = (uint32_t)m;
	return true;
}

/* gram (n, n) of the planted vectors: u_i' S u_j, S the second moment of the planted vectors of
 * the training questions. */
static double *planted_gram(const struct truth *t, struct arena *a)
{
	size_t d = t->dims;
	double *s = arena_array(a, double, d *d), *gram = arena_array(a, double, t->n * t->n + 1);

	for (size_t i = 0; i < t->atlas->data.n_questions; i++) {
		const double *z = t->questions + i * d;

		if (t->atlas->data.part[i] != PART_TRAIN || isnan(z[0]))
			continue;
		for (size_t k = 0; k < d * d; k++)
			s[k] += z[k / d] * z[k % d];
	}
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->n; j++)
			for (size_t k = 0; k < d * d; k++)
				gram[i * t->n + j] += t->models[t->model[i] * d + k / d] * s[k] *
						      t->models[t->model[j] * d + k % d];
	return gram;
}

static double *learned_gram(const struct truth *t, struct arena *a)
{
	const struct mf *mf = &t->atlas->trained.mf;
	double *gram = arena_array(a, double, t->n * t->n + 1);

	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->n; j++)
			for (size_t k = 0; k < mf->dim; k++)
				gram[i * t->n + j] += (double)mf->p[t->model[i] * mf->dim + k] *
						      (double)mf->p[t->model[j] * mf->dim + k];
	return gram;
}

/* near (NEAREST) <- the models nearest to i by cosine. */
static size_t nearest(const double *gram, size_t n, size_t i, uint32_t *near)
{
	struct topk top;
	size_t found;

	topk_init(&top, NEAREST);
	for (size_t j = 0; j < n; j++)
		if (j != i)
			topk_add(&top,
			    (float)(gram[i * n + j] / sqrt(gram[i * n + i] * gram[j * n + j])),
			    (uint32_t)j);
	topk_sort(&top);
	found = top.n;
	memcpy(near, top.index, found * sizeof(*near));
	topk_clear(&top);
	return found;
}

static double neighbour_overlap(const struct truth *t, struct arena *a)
{
	const double *planted = planted_gram(t, a), *learned = learned_gram(t, a);
	double same = 0, all = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t want[NEAREST], got[NEAREST];
		size_t n_want = nearest(planted, t->n, i, want);
		size_t n_got = nearest(learned, t->n, i, got);

		all += (double)n_want;
		for (size_t k = 0; k < n_want; k++)
			for (size_t l = 0; l < n_got; l++)
				same += want[k] == got[l];
	}
	return same / all;
}

/* The model with the best rate on the training part. */
static size_t best_single(const struct truth *t)
{
	const struct dataset *d = &t->atlas->data;
	double best = -1;
	size_t model = 0;

	for (size_t k = 0; k < t->n; k++) {
		size_t m = t->model[k];
		double right = 0, seen = 0;

		for (size_t i = 0; i < d->n_questions; i++) {
			float y = d->score[i * d->n_models + m];

			if (d->part[i] != PART_TRAIN || isnan(y))
				continue;
			right += (double)y;
			seen++;
		}
		if (seen > 0 && right / seen > best) {
			best = right / seen;
			model = m;
		}
	}
	return model;
}

static void judge(const struct truth *t, const uint32_t *test, size_t n, const float *p,
    struct demo_recovery *out)
{
	const struct dataset *d = &t->atlas->data;
	size_t single = best_single(t), rows = n * t->n;
	float *run = mem_floats(rows), *truth = mem_floats(rows), *label = mem_floats(rows);

	for (size_t i = 0; i < n; i++) {
		const double *z = t->questions + test[i] * t->dims;
		double routed = 0, best = 0;
		float top = -1;

		for (size_t k = 0; k < t->n; k++) {
			size_t m = t->model[k], at = i * t->n + k;
			double planted = demo_world_probability(t->models + m * t->dims, z);

			run[at] = p[i * d->n_models + m];
			truth[at] = (float)planted;
			label[at] = d->score[test[i] * d->n_models + m];
			best = fmax(best, planted);
			if (run[at] > top) {
				top = run[at];
				routed = planted;
			}
			if (m == single)
				out->single += planted / (double)n;
		}
		out->routed += routed / (double)n;
		out->best += best / (double)n;
	}
	out->auc = stats_auc(rows, run, label, NULL);
	out->auc_planted = stats_auc(rows, truth, label, NULL);
	out->recovered = (out->routed - out->single) / (out->best - out->single);
	mem_free(label);
	mem_free(truth);
	mem_free(run);
}

bool task_demo_recovery(
    struct db *db, const struct atlas *atlas, struct demo_recovery *out, struct err *e)
{
	const struct dataset *d = &atlas->data;
	struct demo_recovery r = {0};
	struct arena a = ARENA_INIT;
	uint32_t *test;
	float *enc, *p;
	struct truth t;
	size_t n = 0;
	bool ok = load(db, atlas, &a, &t, e);

	if (ok && t.dims != DEMO_DIMS)
		ok = err_set(e, ERR_DATA,
		    "planted by another version of embedllm: %zu numbers, not %d", t.dims,
		    DEMO_DIMS);
	test = arena_array(&a, uint32_t, d->n_questions + 1);
	for (size_t i = 0; ok && i < d->n_questions; i++)
		if (d->part[i] == PART_TEST && !isnan(t.questions[i * t.dims]))
			test[n++] = (uint32_t)i;
	if (ok && (!n || t.n <= NEAREST))
		ok =
		    err_set(e, ERR_DATA, "no planted question in the test part, or too few models");
	if (ok) {
		enc = arena_array(&a, float, n * d->dims);
		p = arena_array(&a, float, n * d->n_models);
		for (size_t i = 0; i < n; i++)
			memcpy(
			    enc + i * d->dims, d->enc + test[i] * d->dims, d->dims * sizeof(*enc));
		atlas_probability(atlas, enc, n, p);
		r.n_models = t.n;
		r.n_questions = n;
		r.neighbours = neighbour_overlap(&t, &a);
		judge(&t, test, n, p, &r);
		*out = r;
	}
	arena_clear(&a);
	return ok;
}
