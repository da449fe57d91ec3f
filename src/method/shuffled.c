/* ridge on labels that were dealt to other questions: what a forecast reaches when the text says
 * nothing. Whole rows move, so that the models keep what they have in common. */
#include "method/method.h"

#include "base/mem.h"
#include "base/rng.h"

#include <string.h>

enum { STREAM_SHUFFLED = 0x73687566 };

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	const struct dataset *d = in->d;
	size_t M = d->n_models, n;
	uint32_t *train = dataset_part(d, PART_TRAIN, &n), *to = dataset_part(d, PART_TRAIN, &n);
	float *score = mem_floats(d->n_questions * M + 1);
	struct dataset dealt = *d;
	struct fit one = *in;
	struct rng r;
	bool ok;

	memcpy(score, d->score, d->n_questions * M * sizeof(float));
	rng_init(&r, in->seed, STREAM_SHUFFLED);
	rng_shuffle(&r, to, n);
	for (size_t i = 0; i < n; i++)
		memcpy(score + to[i] * M, d->score + train[i] * M, M * sizeof(float));
	dealt.score = score;
	dealt.weight = NULL;
	one.d = &dealt;
	ok = method_ridge.fit(&one, out, e);
	mem_free(train);
	mem_free(to);
	mem_free(score);
	return ok;
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	method_ridge.logits(p, enc, n, z);
}

const struct method method_shuffled = {
    .name = "shuffled",
    .about = "ridge on labels dealt to other questions",
    .control = true,
    .fit = fit,
    .logits = logits,
};
