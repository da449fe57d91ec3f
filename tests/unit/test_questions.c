/* The figures of questions on small tables whose answers are known. */
#include "test.h"

#include "base/err.h"
#include "task/questions.h"

#include <math.h>
#include <string.h>

#define M 6
#define Q 5

/* Pearson's correlation by its definition: of the label with accuracy on the other questions. */
static double item_rest(const float *score, size_t q)
{
	double y[M], rest[M], my = 0, mr = 0, syr = 0, syy = 0, srr = 0;
	size_t n = 0;

	for (size_t m = 0; m < M; m++) {
		double sum = 0, seen = 0;

		for (size_t o = 0; o < Q; o++)
			if (o != q && !isnan(score[o * M + m])) {
				sum += (double)score[o * M + m];
				seen++;
			}
		if (isnan(score[q * M + m]) || seen == 0)
			continue;
		y[n] = (double)score[q * M + m];
		rest[n++] = sum / seen;
	}
	for (size_t i = 0; i < n; i++) {
		my += y[i] / (double)n;
		mr += rest[i] / (double)n;
	}
	for (size_t i = 0; i < n; i++) {
		syr += (y[i] - my) * (rest[i] - mr);
		syy += (y[i] - my) * (y[i] - my);
		srr += (rest[i] - mr) * (rest[i] - mr);
	}
	return syr / sqrt(syy * srr);
}

static struct atlas world(
    const float *score, struct catalog_question *questions, struct catalog_model *models)
{
	struct atlas a;

	memset(models, 0, M * sizeof(*models));
	for (size_t i = 0; i < Q * M; i++)
		if (!isnan(score[i])) {
			models[i % M].seen++;
			models[i % M].right += (double)score[i];
		}

	memset(&a, 0, sizeof(a));
	a.data.n_models = a.catalog.n_models = M;
	a.data.n_questions = a.catalog.n_questions = Q;
	a.data.score = score;
	a.questions = questions;
	a.catalog.models = models;
	return a;
}

TEST(discrimination_is_the_item_rest_correlation)
{
	static const float score[Q * M] = {
	    1, 1, 1, 0, 0, 0,         /* the good ones are right */
	    1, 1, 0.5f, 0, NAN, 0,    /* a missing label and half a one */
	    0, 0, 1, 1, 0, 1,         /* the good ones are wrong */
	    1, 1, 1, 1, 1, 1,         /* everyone is right */
	    1, 0, NAN, NAN, NAN, NAN, /* two answers */
	};
	struct catalog_question questions[Q] = {{1, 0, "alpha", 5}, {2, 0, "beta", 4},
	    {3, 0, "gamma", 5}, {4, 0, "delta", 5}, {5, 0, "Beta beta", 9}};
	struct catalog_model models[M];
	struct atlas a = world(score, questions, models);
	struct questions_filter f;
	struct questions r;
	struct question_detail d;
	struct err e = ERR_INIT;

	questions_filter_default(&f);
	assert_true(task_questions(&a, &f, false, &r, &e));
	assert_int_equal(r.n, Q);
	for (size_t q = 0; q < 3; q++) {
		/* Sums of a few numbers in 0..1: only rounding differs. */
		assert_true(fabs(r.v[q].discrimination - item_rest(score, q)) <= 1e-12);
		assert_true(task_question(&a, q, 0, &d, &e));
		assert_true(fabs(d.row.discrimination - r.v[q].discrimination) <= 0);
		assert_true(fabs(d.row.right - r.v[q].right) <= 0);
		question_detail_clear(&d);
	}
	assert_true(r.v[0].discrimination > 0);
	assert_true(r.v[2].discrimination < 0);
	assert_true(isnan(r.v[3].discrimination));
	assert_true(isnan(r.v[4].discrimination));
	assert_int_equal(r.v[1].seen, 5);
	assert_true(fabs(r.v[1].right - 0.5) <= 1e-12);
	questions_clear(&r);

	f.text = "beta";
	assert_true(task_questions(&a, &f, false, &r, &e));
	assert_int_equal(r.n, 2);
	/* A filter leaves what the others answered in the rest score. */
	assert_true(fabs(r.v[0].discrimination - item_rest(score, 1)) <= 1e-12);
	questions_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(discrimination_is_the_item_rest_correlation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
