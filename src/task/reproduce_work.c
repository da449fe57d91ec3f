#include "task/reproduce_work.h"

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "task/kept.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct reproduce_row *reproduce_add(
    struct reproduction *w, enum experiment experiment, const char *subject, const char *measure)
{
	struct reproduce *r = w->out;
	struct reproduce_row *row;

	if (r->n == r->cap) {
		struct reproduce_row *more;

		r->cap = r->cap ? 2 * r->cap : 64;
		more = arena_array(&r->arena, struct reproduce_row, r->cap);
		if (r->n)
			memcpy(more, r->v, r->n * sizeof(*more));
		r->v = more;
	}
	row = &r->v[r->n++];
	*row = (struct reproduce_row){.experiment = experiment,
	    .subject = arena_strdup(&r->arena, subject),
	    .measure = arena_strdup(&r->arena, measure),
	    .questions = NAN,
	    .figure = {NAN, NAN, NAN},
	    .base = NAN,
	    .published = NAN};
	return row;
}

/* What is kept; split and encoder are the run's. */
static char *name_of(const struct reproduction *w, const char *what)
{
	return mem_printf("reproduce %s seed=%" PRIu64 " splits=%zu bootstrap=%zu", what,
	    w->o->seed, w->o->splits, w->o->bootstrap);
}

bool reproduce_kept(struct reproduction *w, const char *what, double *v, size_t n)
{
	char *name = name_of(w, what);
	json_t *kept = w->o->refresh ? NULL : kept_read(w->db, &w->a->catalog, w->a->run, name);
	bool found = json_array_size(kept) == n;

	for (size_t i = 0; found && i < n; i++)
		v[i] = json_number_at(kept, i);
	json_decref(kept);
	mem_free(name);
	return found;
}

void reproduce_keep(struct reproduction *w, const char *what, const double *v, size_t n)
{
	char *name = name_of(w, what);
	json_t *kept = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(kept, json_number(v[i]));
	kept_write(w->db, &w->a->catalog, w->a->run, name, kept);
	mem_free(name);
}

static bool tick(void *arg, const struct tick *t)
{
	const struct reproduce_step *s = arg;

	(void)t;
	return progress_tick(s->w->progress, s->phase, (double)s->done, (double)s->total, s->unit);
}

bool reproduce_step(struct reproduce_step *s, struct err *e)
{
	s->progress = (struct progress){tick, s};
	return tick(s, NULL) ||
	       err_set(e, ERR_CANCELLED,
		   "reproduce stopped; what is done is kept: the same command goes on with it");
}
