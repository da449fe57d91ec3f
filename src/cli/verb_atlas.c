#include "cli/verb.h"

#include "base/err.h"
#include "task/atlas.h"

struct atlas *verb_atlas(struct cli *c, int64_t id, struct err *e)
{
	struct atlas *a = atlas_open(c->db, id, verb_progress(c), e);

	if (a && a->run == 0) {
		atlas_free(a);
		a = NULL;
		err_set(e, ERR_DATA, "%s: no run yet; train first: embedllm train", c->path);
	}
	return a;
}

void verb_run(struct cli *c, const struct atlas *a)
{
	if (out_format(c->out) == OUT_PLAIN)
		out_fact_text(c->out, "run", "run", a->run_name);
	else
		out_fact_int(c->out, "run", NULL, a->run);
}

void verb_tags(struct cli *c, const struct atlas_model *m)
{
	const char **keys = arena_array(&c->arena, const char *, m->n_tags + 1);
	const char **texts = arena_array(&c->arena, const char *, m->n_tags + 1);

	for (size_t i = 0; i < m->n_tags; i++) {
		keys[i] = m->tags[i].key;
		texts[i] = m->tags[i].value;
	}
	out_map(c->out, m->n_tags, keys, texts);
}
