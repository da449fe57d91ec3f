#include "task/runs.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/run.h"
#include "store/run_bin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool row_of(struct db *db, const struct run *r, int64_t in_use,
    const struct encoding_encoder *encoders, size_t n_encoders, struct arena *a,
    struct runs_row *row, struct err *e)
{
	struct epoch *curve;
	size_t n;

	*row = (struct runs_row){
	    .id = r->id,
	    .created = r->created,
	    .method = r->method,
	    .state = run_state_name(r->state),
	    .in_use = r->id == in_use,
	    .split = r->split_name,
	    .kernel = r->kernel,
	    .digest = r->data_digest,
	    .settings = r->settings,
	    .threads = r->threads,
	    .epochs = r->epochs,
	    .best_epoch = r->best_epoch,
	    .seconds = r->seconds,
	    .val_accuracy = NAN,
	    .val_loss = NAN,
	};
	for (size_t i = 0; i < n_encoders; i++)
		if (encoders[i].id == r->encoder)
			row->encoder = encoders[i].identity;
	trainer_options_default(&row->trainer);
	if (!trainer_options_read(r->settings, &row->trainer, e) ||
	    !run_load_curve(db, r->id, a, &curve, &n, e))
		return false;
	if (n > row->epochs) { /* still running, or killed: what is saved counts */
		row->epochs = curve[n - 1].epoch;
		row->seconds = curve[n - 1].seconds;
	}
	for (size_t i = 0; i < n; i++)
		if (row->best_epoch ? curve[i].epoch == row->best_epoch
				    : !(curve[i].val_loss >= row->val_loss)) {
			row->val_accuracy = curve[i].val_accuracy;
			row->val_loss = curve[i].val_loss;
		}
	return true;
}

static bool add_figures(
    struct db *db, const struct catalog *catalog, struct runs_row *row, struct err *e)
{
	bool found;

	if (!run_figures_kept(db, catalog, row->id, &row->test, &found, e))
		return false;
	row->tested = found ? RUNS_TESTED : RUNS_UNTESTED;
	return true;
}

bool task_runs(struct db *db, struct runs *out, struct err *e)
{
	struct runs r = {0};
	struct encoding_encoder *encoders;
	struct catalog catalog;
	struct run *list;
	size_t n_encoders;
	bool ok;

	arena_init(&r.arena);
	if (!db_begin_read(db, e))
		return false;
	ok = run_list(db, &r.arena, &list, &r.n, e) &&
	     encoding_list_encoders(db, &r.arena, &encoders, &n_encoders, e) &&
	     catalog_load(db, &r.arena, &catalog, e);
	r.v = arena_array(&r.arena, struct runs_row, r.n + 1);
	for (size_t i = 0; i < r.n && ok; i++)
		ok =
		    row_of(db, &list[i], catalog.run, encoders, n_encoders, &r.arena, &r.v[i], e) &&
		    add_figures(db, &catalog, &r.v[i], e);
	ok = db_end(db, ok, e);
	if (ok)
		*out = r;
	else
		arena_clear(&r.arena);
	return ok;
}

void runs_clear(struct runs *r)
{
	arena_clear(&r->arena);
	*r = (struct runs){0};
}

bool task_runs_curve(struct db *db, int64_t run, struct runs_curve *out, struct err *e)
{
	struct runs_curve c = {0};
	struct run r;

	arena_init(&c.arena);
	if (!run_require(db, run, &r, &c.arena, e) ||
	    !run_load_curve(db, r.id, &c.arena, &c.v, &c.n, e)) {
		arena_clear(&c.arena);
		return false;
	}
	for (size_t i = 0; i < c.n; i++)
		c.v[i].best = c.v[i].epoch == r.best_epoch;
	*out = c;
	return true;
}

void runs_curve_clear(struct runs_curve *c)
{
	arena_clear(&c->arena);
	*c = (struct runs_curve){0};
}

bool task_runs_use(struct db *db, int64_t run, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct run r;
	bool ok = run_require(db, run, &r, &a, e);

	if (ok && r.state != RUN_DONE)
		ok = err_set(e, ERR_USAGE,
		    "run %lld is %s: finish it first: embedllm train --resume %lld", (long long)run,
		    run_state_name(r.state), (long long)run);
	ok = ok && run_use(db, run, e);
	arena_clear(&a);
	return ok;
}

bool task_runs_delete(struct db *db, int64_t run, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct run r;
	bool ok = run_require(db, run, &r, &a, e) && run_delete(db, run, e);

	arena_clear(&a);
	return ok;
}

bool task_runs_put_away(struct db *db, int64_t run, int64_t *ticket, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct run r;
	bool ok = run_require(db, run, &r, &a, e) && run_bin_put(db, run, ticket, e);

	arena_clear(&a);
	return ok;
}

bool task_runs_restore(struct db *db, int64_t ticket, int64_t *run, struct err *e)
{
	return run_bin_restore(db, ticket, run, e);
}
