/* The method on the planted world, without a database: text to encodings to vectors, for eight
 * seeds, or for one in the short suite. tests/cli/demo.sh asks the same of the program. */
#include "test.h"

#include "help.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/mf.h"
#include "learn/trainer.h"
#include "num/stats.h"
#include "task/demo_world.h"
#include "text/lsa.h"

#include <math.h>
#include <string.h>

enum { NEAREST = 5 };

/* A world, its labels, a random 70/10/20 split by question, its encodings and a trained model. */
struct trial {
	struct demo_world w;
	struct dataset d;
	float *score, *logit; /* (questions, models) */
	uint8_t *part;
	uint32_t *benchmark;
	struct mat enc, train; /* encodings of all, and of the training questions */
	struct mf mf;          /* canonical */
};

static void draw_labels(struct trial *t, uint64_t seed)
{
	size_t n = t->w.n_questions, m = t->w.n_models;
	unsigned char label[128];
	struct rng r;

	rng_init(&r, seed, 77);
	t->score = mem_floats(n * m);
	t->part = mem_array(n, 1);
	t->benchmark = mem_array(n, sizeof(uint32_t));
	for (size_t i = 0; i < n; i++) {
		double u = rng_uniform(&r);

		t->part[i] = u < 0.2 ? PART_TEST : u < 0.3 ? PART_VAL : PART_TRAIN;
		t->benchmark[i] = (uint32_t)t->w.questions[i].benchmark;
		demo_world_labels(&t->w, i, label);
		for (size_t j = 0; j < m; j++)
			t->score[i * m + j] = label[j];
	}
}

static void encode(struct trial *t)
{
	const char **text = mem_array(t->w.n_questions, sizeof(*text));
	const char **train = mem_array(t->w.n_questions, sizeof(*train));
	struct lsa_options o;
	struct encoder *enc;
	size_t n = 0;

	for (size_t i = 0; i < t->w.n_questions; i++) {
		text[i] = t->w.questions[i].text;
		if (t->part[i] == PART_TRAIN)
			train[n++] = text[i];
	}
	lsa_options_default(&o);
	enc = lsa_fit(train, n, &o, NULL, NULL);
	assert_non_null(enc);
	t->enc = mat_new(t->w.n_questions, enc->dims);
	t->train = mat_new(n, enc->dims);
	assert_true(encoder_encode(enc, text, t->w.n_questions, &t->enc, NULL, NULL));
	assert_true(encoder_encode(enc, train, n, &t->train, NULL, NULL));
	encoder_free(enc);
	mem_free(train);
	mem_free(text);
}

static void fit(struct trial *t)
{
	struct trainer_options o;
	struct epoch epoch;
	struct trainer *trainer;
	const struct mf *best;
	bool done = false;

	t->d = (struct dataset){.n_models = t->w.n_models,
	    .n_questions = t->w.n_questions,
	    .n_benchmarks = t->w.n_benchmarks,
	    .dims = t->enc.cols,
	    .score = t->score,
	    .enc = t->enc.v,
	    .part = t->part,
	    .benchmark = t->benchmark};
	trainer_options_default(&o);
	trainer = trainer_new(&t->d, &o, NULL);
	assert_non_null(trainer);
	while (!done)
		assert_true(trainer_step(trainer, NULL, &epoch, &done, NULL));
	best = trainer_model(trainer);
	t->mf = mf_new(best->models, best->dim, best->features);
	memcpy(t->mf.block, best->block, best->n * sizeof(float));
	t->logit = mem_floats(t->w.n_questions * t->w.n_models);
	mf_logits(&t->mf, t->enc.v, t->w.n_questions, t->logit);
	mf_canonical(&t->mf, t->train.v, t->train.rows);
	trainer_free(trainer);
}

static void trial_clear(struct trial *t)
{
	mf_free(&t->mf);
	mem_free(t->logit);
	mat_free(&t->train);
	mat_free(&t->enc);
	mem_free(t->benchmark);
	mem_free(t->part);
	mem_free(t->score);
	demo_world_clear(&t->w);
}

/* Inner product of two models' vectors: planted, in the metric of the training questions' second
 * moment, or learned. */
static double inner(const struct trial *t, bool planted, const double *moment, size_t i, size_t j)
{
	double sum = 0;

	if (planted)
		for (size_t k = 0; k < DEMO_DIMS * DEMO_DIMS; k++)
			sum += t->w.models[i].planted[k / DEMO_DIMS] * moment[k] *
			       t->w.models[j].planted[k % DEMO_DIMS];
	else
		for (size_t k = 0; k < t->mf.dim; k++)
			sum +=
			    (double)t->mf.p[i * t->mf.dim + k] * (double)t->mf.p[j * t->mf.dim + k];
	return sum;
}

/* near[j] = whether j is among the models nearest to i by cosine: fewer than five are nearer. */
static void nearest(const struct trial *t, bool planted, const double *moment, size_t i, bool *near)
{
	size_t n = t->w.n_models;
	double cosine[128];

	for (size_t j = 0; j < n; j++)
		cosine[j] = j == i ? -2
				   : inner(t, planted, moment, i, j) /
					 sqrt(inner(t, planted, moment, j, j));
	cosine[i] = -INFINITY;
	for (size_t j = 0; j < n; j++) {
		size_t nearer = 0;

		for (size_t k = 0; k < n; k++)
			nearer += cosine[k] > cosine[j];
		near[j] = nearer < NEAREST;
	}
}

static double neighbour_overlap(const struct trial *t)
{
	double moment[DEMO_DIMS * DEMO_DIMS] = {0}, same = 0;

	for (size_t i = 0; i < t->w.n_questions; i++)
		for (size_t k = 0; t->part[i] == PART_TRAIN && k < DEMO_DIMS * DEMO_DIMS; k++)
			moment[k] += t->w.questions[i].planted[k / DEMO_DIMS] *
				     t->w.questions[i].planted[k % DEMO_DIMS];
	for (size_t i = 0; i < t->w.n_models; i++) {
		bool want[128], got[128];

		nearest(t, true, moment, i, want);
		nearest(t, false, moment, i, got);
		for (size_t j = 0; j < t->w.n_models; j++)
			same += want[j] && got[j];
	}
	return same / (double)(NEAREST * t->w.n_models);
}

struct outcome {
	double auc, auc_planted, single, routed, best;
};

/* On the test questions; routing counts planted probabilities, not one draw of them. */
static struct outcome judge(const struct trial *t)
{
	size_t m = t->w.n_models, n = 0, top = 0, questions = 0;
	float *run = mem_floats(t->w.n_questions * m), *truth = mem_floats(t->w.n_questions * m);
	float *label = mem_floats(t->w.n_questions * m);
	double right[128] = {0}, single[128] = {0};
	struct outcome o = {0, 0, 0, 0, 0};

	for (size_t i = 0; i < t->w.n_questions; i++) {
		double best = 0, routed = 0;
		float most = -INFINITY;

		for (size_t j = 0; j < m; j++) {
			double p = demo_world_probability(
			    t->w.models[j].planted, t->w.questions[i].planted);

			if (t->part[i] == PART_TRAIN)
				right[j] += (double)t->score[i * m + j];
			if (t->part[i] != PART_TEST)
				continue;
			run[n] = t->logit[i * m + j];
			truth[n] = (float)p;
			label[n++] = t->score[i * m + j];
			single[j] += p;
			best = fmax(best, p);
			if (t->logit[i * m + j] > most) {
				most = t->logit[i * m + j];
				routed = p;
			}
		}
		questions += t->part[i] == PART_TEST;
		o.best += best;
		o.routed += routed;
	}
	for (size_t j = 1; j < m; j++)
		top = right[j] > right[top] ? j : top;
	o.single = single[top] / (double)questions;
	o.best /= (double)questions;
	o.routed /= (double)questions;
	o.auc = stats_auc(n, run, label, NULL);
	o.auc_planted = stats_auc(n, truth, label, NULL);
	mem_free(label);
	mem_free(truth);
	mem_free(run);
	return o;
}

TEST(planted_world_is_recovered)
{
	const uint64_t seeds = help_is_long() ? 8 : 1;
	char *share = file_share("demo", NULL);

	assert_non_null(share);
	for (uint64_t seed = 0; seed < seeds; seed++) {
		struct trial t = {.score = NULL};
		struct outcome o;
		double overlap;

		assert_true(demo_world_new(share, DEMO_SMALL, seed, false, &t.w, NULL));
		draw_labels(&t, seed);
		encode(&t);
		fit(&t);
		overlap = neighbour_overlap(&t);
		o = judge(&t);
		print_message("# seed %d: neighbours %.3f, AUC %.4f of %.4f, routing %.3f of %.3f "
			      "(single %.3f)\n",
		    (int)seed, overlap, o.auc, o.auc_planted, o.routed, o.best, o.single);
		assert_true(overlap >= 0.8);
		assert_true(o.auc >= o.auc_planted - 0.02);
		assert_true(o.best - o.single > 0.1); /* there is something to gain */
		assert_true(o.routed - o.single >= 0.8 * (o.best - o.single));
		trial_clear(&t);
	}
	mem_free(share);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(planted_world_is_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
