#include "task/reproduce_work.h"

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/run.h"

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

/* What is kept */

/* Other labels or another number of them make another key; split and encoder are the run's. */
static void cache_key(const struct reproduction *w, const char *what, struct buf *key)
{
	buf_printf(key, "reproduce %s seed=%" PRIu64 " splits=%zu bootstrap=%zu labels=%s", what,
	    w->o->seed, w->o->splits, w->o->bootstrap, w->a->catalog.history);
}

bool reproduce_kept(struct reproduction *w, const char *what, double *v, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct buf key = BUF_INIT;
	struct err e = ERR_INIT;
	const char *text = NULL;
	json_t *kept = NULL;
	bool found;

	cache_key(w, what, &key);
	/* What cannot be read is as good as nothing: it is computed again. */
	if (!w->o->refresh && run_cache_get(w->db, w->a->run, buf_str(&key), &arena, &text, &e) &&
	    text)
		kept = json_read(text, strlen(text), what, NULL);
	found = kept && json_array_size(kept) == n;
	for (size_t i = 0; found && i < n; i++)
		v[i] = json_number_at(kept, i);
	json_decref(kept);
	buf_clear(&key);
	arena_clear(&arena);
	return found;
}

void reproduce_keep(struct reproduction *w, const char *what, const double *v, size_t n)
{
	struct err unwritable = ERR_INIT;
	struct buf key = BUF_INIT;
	json_t *kept = json_array();
	char *text;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(kept, json_number(v[i]));
	text = json_compact(kept);
	cache_key(w, what, &key);
	run_cache_set(w->db, w->a->run, buf_str(&key), text, &unwritable);
	mem_free(text);
	json_decref(kept);
	buf_clear(&key);
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
