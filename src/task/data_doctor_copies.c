/* Models with the same answers.
 *
 * Two models that answer independently given how hard a question is differ on some questions: by the
 * Rasch model on sum p (1 - p') + p' (1 - p). A pair that differs on next to none where more than that
 * is expected, by Poisson's distribution and corrected for all pairs, is one model under two names, or
 * one that was made of the other.
 */
#include "task/data_doctor_checks.h"

#include "learn/agreement.h"
#include "task/atlas.h"

#include <math.h>

#define COMMON 50       /* questions */
#define DIFFERENT 0.005 /* at most this share of them */

static double right(double ability, double difficulty)
{
	return 1 / (1 + exp(difficulty - ability));
}

/* P(X <= k) of Poisson's distribution. */
static double poisson_up_to(size_t k, double mean)
{
	double term = exp(-mean), sum = term;

	for (size_t i = 1; i <= k; i++) {
		term *= mean / (double)i;
		sum += term;
	}
	return sum;
}

static double expected(
    const struct atlas *a, const double *ability, const double *difficulty, size_t x, size_t y)
{
	const struct dataset *d = &a->data;
	double sum = 0;

	for (size_t q = 0; q < d->n_questions; q++) {
		const float *s = d->score + q * d->n_models;
		double p = right(ability[x], difficulty[q]), r = right(ability[y], difficulty[q]);

		if (!isnan(s[x]) && !isnan(s[y]))
			sum += p * (1 - r) + r * (1 - p);
	}
	return sum;
}

void data_doctor_copies(
    const struct atlas *a, const double *ability, const double *difficulty, struct data_doctor *d)
{
	size_t M = a->data.n_models, common, differ, pairs = M * (M - (M > 0)) / 2;
	const struct catalog_model *m = a->catalog.models;
	struct agreement b = agreement_new(&a->data, NULL, 0);

	d->v[DATA_COPIES].of = pairs;
	for (size_t x = 0; x < M; x++)
		for (size_t y = x + 1; y < M; y++) {
			double mean;

			agreement_count(&b, x, y, &common, &differ);
			if (common < COMMON || (double)differ > DIFFERENT * (double)common)
				continue;
			mean = expected(a, ability, difficulty, x, y);
			if (poisson_up_to(differ, mean) * (double)pairs > DATA_LEVEL)
				continue;
			d->v[DATA_COPIES].n++;
			data_finding_example(d, DATA_COPIES, 0, m[x].id,
			    arena_printf(&d->arena,
				"as %s: %zu of %zu answers differ, %.0f would by chance", m[y].name,
				differ, common, mean));
		}
	agreement_free(&b);
}
