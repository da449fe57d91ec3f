#include "task/reproduce.h"

#include "base/err.h"
#include "task/reproduce_work.h"

#include <math.h>
#include <string.h>

/* What was published */

static const struct published {
	enum experiment experiment;
	const char *subject;
	double questions;
	const char *measure, *rule;
	double value;
	const char *source;
} published[] = {
#define PUBLISHED(experiment, subject, questions, measure, rule, value, source)                    \
	{EXPERIMENT_##experiment, subject, questions, measure, rule, value, source},
#include "task/reproduce_published.def"
#undef PUBLISHED
};

/* The benchmarks of the EmbedLLM release. */
static bool is_release(const struct catalog *c)
{
	static const char *const names[] = {"asdiv", "gpqa", "gsm8k", "logiqa", "mathqa", "medmcqa",
	    "mmlu", "piqa", "socialqa", "truthfulqa"};
	size_t found = 0, n = sizeof(names) / sizeof(*names);

	for (size_t b = 0; b < c->n_benchmarks; b++)
		for (size_t i = 0; i < n; i++)
			found += !strcmp(c->benchmarks[b].name, names[i]);
	return found == n && c->n_benchmarks == n && c->n_models > 100 && c->n_models < 120;
}

/* `all`: how many training questions there are. */
static bool is_of(const struct published *p, const struct reproduce_row *row, double all)
{
	double questions = p->questions > 0 ? p->questions : all;

	return p->experiment == row->experiment && !strcmp(p->subject, row->subject) &&
	       !strcmp(p->measure, row->measure) &&
	       (isnan(p->questions) || questions == row->questions) &&
	       (!p->rule || !row->rule || !strcmp(p->rule, row->rule));
}

static void set_beside_published(struct reproduction *w)
{
	double all = 0;

	for (size_t q = 0; q < w->a->data.n_questions; q++)
		all += w->a->data.part[q] == PART_TRAIN;
	for (size_t i = 0; i < w->out->n; i++)
		for (size_t k = 0; k < sizeof(published) / sizeof(*published); k++)
			if (is_of(&published[k], &w->out->v[i], all)) {
				w->out->v[i].published = published[k].value;
				w->out->v[i].source = published[k].source;
			}
}

static bool experiments(struct reproduction *w, struct err *e)
{
	const bool *run = w->o->run;

	if ((run[EXPERIMENT_FORECAST] || run[EXPERIMENT_ROUTING]) && !reproduce_fits(w, e))
		return false;
	if (run[EXPERIMENT_LATENCY])
		reproduce_latency(w);
	return (!run[EXPERIMENT_BENCHMARKS] || reproduce_benchmarks(w, e)) &&
	       (!run[EXPERIMENT_CONTRIBUTION] || reproduce_contribution(w, e)) &&
	       (!run[EXPERIMENT_COMMUNITIES] || reproduce_communities(w, e));
}

bool task_reproduce(struct db *db, const struct atlas *a, const struct reproduce_options *o,
    const struct progress *p, struct reproduce *out, struct err *e)
{
	struct reproduce r = {.release = is_release(&a->catalog)};
	struct reproduction w = {.db = db, .a = a, .o = o, .progress = p, .out = &r};

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!experiments(&w, e)) {
		arena_clear(&r.arena);
		return false;
	}
	if (r.release)
		set_beside_published(&w);
	*out = r;
	return true;
}
