/* What distances of vectors mean, in a world whose vectors are known: three families, each good at
 * something else, and models of any ability in each. */
#include "test.h"

#include "help.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "task/atlas.h"
#include "task/geometry.h"
#include "task/neighbours.h"
#include "task/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { M = 36, FAMILIES = 3, K = 1 + FAMILIES, Q = 600, B = 3 };

struct world {
	struct atlas a;
	float *score;
	uint32_t *benchmark;
	uint8_t *part;
	bool *in_run;
	struct catalog_model models[M];
	struct catalog_tag tag[M];
	char name[M][16], family[FAMILIES][8];
	double seen[M * B], right[M * B];
};

static double sigmoid(double z)
{
	return 1 / (1 + exp(-z));
}

/* `blind`: the answers have nothing to do with the vectors. */
static void make_world(struct world *w, uint64_t seed, bool blind)
{
	struct rng r;

	*w = (struct world){.score = mem_floats(Q * M)};
	w->benchmark = mem_array(Q, sizeof(*w->benchmark));
	w->part = mem_array(Q, 1);
	w->in_run = mem_array(M, sizeof(bool));
	w->a.trained.mf = mf_new(M, K, 1);
	rng_init(&r, seed, 0);
	for (int f = 0; f < FAMILIES; f++)
		snprintf(w->family[f], sizeof(w->family[f]), "f%d", f);
	for (int m = 0; m < M; m++) {
		float *p = w->a.trained.mf.p + m * K;

		snprintf(w->name[m], sizeof(w->name[m]), "m%02d", m);
		w->tag[m] = (struct catalog_tag){"family", w->family[m % FAMILIES]};
		w->models[m] = (struct catalog_model){.id = m + 1,
		    .name = w->name[m],
		    .price_in = NAN,
		    .price_out = NAN,
		    .tags = &w->tag[m],
		    .n_tags = 1};
		p[0] = (float)(3 * rng_normal(&r)); /* ability */
		for (int f = 0; f < FAMILIES; f++)
			p[1 + f] =
			    (float)(m % FAMILIES == f ? 1.5 : 0) + 0.2f * (float)rng_normal(&r);
		w->in_run[m] = true;
	}
	for (int q = 0; q < Q; q++) {
		int b = q % B;

		w->benchmark[q] = (uint32_t)b;
		w->part[q] = q % 2 ? PART_TEST : PART_TRAIN;
		for (int m = 0; m < M; m++) {
			const float *p = w->a.trained.mf.p + (blind ? (m * 7 + 5) % M : m) * K;
			double z = (double)(p[0] + 2 * p[1 + b]) - 1 + rng_normal(&r);
			float y = rng_uniform(&r) < sigmoid(z) ? 1 : 0;

			w->score[q * M + m] = y;
			w->seen[m * B + b]++;
			w->right[m * B + b] += (double)y;
			w->models[m].seen++;
			w->models[m].right += (double)y;
		}
	}
	w->a.data = (struct dataset){.n_models = M,
	    .n_questions = Q,
	    .n_benchmarks = B,
	    .score = w->score,
	    .part = w->part,
	    .benchmark = w->benchmark};
	w->a.catalog = (struct catalog){.n_models = M,
	    .n_benchmarks = B,
	    .models = w->models,
	    .seen = w->seen,
	    .right = w->right};
	w->a.run = 1;
	w->a.trained.method = &method_mf;
	w->a.trained.in_run = w->in_run;
	w->a.has_vector = w->in_run;
}

static void clear_world(struct world *w)
{
	mf_free(&w->a.trained.mf);
	mem_free(w->score);
	mem_free(w->benchmark);
	mem_free(w->part);
	mem_free(w->in_run);
}

static void look(const struct world *w, struct geometry *g)
{
	struct geometry_options o;
	struct err e = ERR_INIT;

	geometry_options_default(&o);
	o.metric = NEIGHBOUR_L2;
	o.permutations = 199;
	if (!task_geometry(&w->a, &o, NULL, g, &e))
		fail_msg("%s", e.msg);
}

TEST(near_models_agree_and_noise_says_nothing)
{
	struct geometry g;
	struct world w;

	make_world(&w, 1, false);
	look(&w, &g);
	assert_int_equal(g.part, PART_TEST);
	assert_int_equal(g.n_questions, Q / 2);
	assert_int_equal(g.n_pairs, M * (M - 1) / 2);
	assert_true(g.fit[SPACE_RUN].spearman > 0.5);
	assert_true(g.fit[SPACE_RUN].kendall > 0.35);
	assert_near(g.fit[SPACE_RUN].p, 1.0 / 200, 1e-9);
	assert_true(fabs(g.fit[SPACE_NOISE].spearman) < 0.15);
	assert_true(g.fit[SPACE_NOISE].p > 0.05);
	assert_true(g.fit[SPACE_RUN].agreement[0] > g.agreement + 0.1);
	assert_near(g.fit[SPACE_NOISE].agreement[0], g.agreement, 0.15);
	geometry_clear(&g);
	clear_world(&w);
}

TEST(families_are_found_apart_from_ability)
{
	struct geometry g;
	struct world w;

	make_world(&w, 2, false);
	look(&w, &g);
	assert_int_equal(g.n_groups, FAMILIES); /* no name tells a size */
	for (size_t i = 0; i < g.n_groups; i++) {
		const struct geometry_group *v = &g.group[i];

		assert_string_equal(v->tag, "family");
		assert_int_equal(v->n, M / FAMILIES);
		/* Of .2 a coordinate within, of 1.5 in two of them between. */
		assert_true(v->within[SPACE_APART] < 0.6 && v->between[SPACE_APART] > 1.5);
		assert_true(v->p[SPACE_APART] <= 3.0 / 200);
		assert_true(v->p[SPACE_NOISE] > 0.05);
	}
	geometry_clear(&g);
	clear_world(&w);
}

/* Mantel's p where there is nothing to find: below .1 about as often as that. */
TEST(the_permutation_test_keeps_its_level)
{
	size_t low = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct geometry_options o;
		struct err e = ERR_INIT;
		struct geometry g;
		struct world w;

		make_world(&w, seed, true);
		geometry_options_default(&o);
		o.permutations = 49;
		o.metric = NEIGHBOUR_L2;
		assert_true(task_geometry(&w.a, &o, NULL, &g, &e));
		low += g.fit[SPACE_RUN].p <= 0.1;
		geometry_clear(&g);
		clear_world(&w);
	}
	/* Binomial of 40 and .1: more than 10 has a chance of .001. */
	assert_true(low <= 10);
}

TEST(ability_is_taken_out)
{
	struct err e = ERR_INIT;
	struct vectors own, apart;
	double ability[M], along[M];
	struct world w;

	make_world(&w, 3, false);
	assert_true(vectors_of(&w.a, false, &own, &e));
	assert_memory_equal(own.v.v, w.a.trained.mf.p, sizeof(float) * M * K);
	assert_true(isnan(own.ability));
	assert_true(vectors_of(&w.a, true, &apart, &e));
	assert_true(apart.ability > 0.9);
	assert_true(apart.share > 0.8);
	for (int k = 0; k < K; k++) {
		for (int m = 0; m < M; m++) {
			ability[m] = (double)w.a.trained.mf.p[m * K];
			along[m] = (double)mat_row(&apart.v, (size_t)m)[k];
		}
		/* What is left has hardly to do with it: the axis is found to a few degrees. */
		for (int m = 0; m < M; m++)
			assert_true(fabs(along[m]) < 4);
		if (k == 0)
			for (int m = 0; m < M; m++)
				assert_true(fabs(along[m]) < 0.2 * fabs(ability[m]) + 0.5);
	}
	vectors_free(&own);
	vectors_free(&apart);
	clear_world(&w);
}

TEST(neighbours_that_agree_by_chance_are_marked)
{
	struct err e = ERR_INIT;
	struct neighbours near;
	size_t marked = 0;
	struct rng r;
	struct world w;

	make_world(&w, 4, false);
	/* One model answers by a coin. */
	rng_init(&r, 9, 9);
	for (int q = 0; q < Q; q++)
		w.score[q * M] = (float)rng_below(&r, 2);
	assert_true(task_neighbours(&w.a, 0, &(struct neighbours_options){.k = 0}, &near, &e));
	for (size_t i = 0; i < near.n; i++)
		marked += near.v[i].at_chance;
	assert_true(marked >= near.n - 6); /* 35 tests at 5 %: 7 or more would be one in 500 */
	neighbours_clear(&near);
	/* And near ones of the same family are not. */
	assert_true(task_neighbours(&w.a, 1, &(struct neighbours_options){.k = 3}, &near, &e));
	for (size_t i = 0; i < near.n; i++)
		assert_false(near.v[i].at_chance);
	neighbours_clear(&near);
	clear_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(near_models_agree_and_noise_says_nothing),
	    cmocka_unit_test(families_are_found_apart_from_ability),
	    cmocka_unit_test(the_permutation_test_keeps_its_level),
	    cmocka_unit_test(ability_is_taken_out),
	    cmocka_unit_test(neighbours_that_agree_by_chance_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
