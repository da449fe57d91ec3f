#include "task/labels.h"

#include "base/arena.h"
#include "store/label.h"

bool labels_load(struct db *db, const struct catalog *c, struct arena *a,
    struct catalog_question **questions, struct dataset *out, struct err *e)
{
	size_t Q = c->n_questions, cells = Q * c->n_models + 1;
	float *score = arena_array(a, float, cells);
	float *weight = c->policy.rule == POLICY_ROWS ? arena_array(a, float, cells) : NULL;
	uint32_t *benchmark = arena_array(a, uint32_t, Q + 1);
	bool weighted;

	if (!catalog_load_questions(db, c, a, questions, e) ||
	    !label_load(db, c, *questions, score, weight, &weighted, e))
		return false;
	for (size_t i = 0; i < Q; i++)
		benchmark[i] = (*questions)[i].benchmark;
	*out = (struct dataset){
	    .n_models = c->n_models,
	    .n_questions = Q,
	    .n_benchmarks = c->n_benchmarks,
	    .score = score,
	    .weight = weighted ? weight : NULL,
	    .benchmark = benchmark,
	};
	return true;
}
