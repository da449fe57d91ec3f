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

/* What training wrote of its baseline when it ended. */
static void read_baseline(const char *summary, struct runs_row *row)
{
	struct err e = ERR_INIT;
	json_t *v = summary ? json_read(summary, strlen(summary), "summary", &e) : NULL;

	row->base_val_accuracy = row->base_val_loss = NAN;
	json_get_number(v, "base_val_accuracy", &row->base_val_accuracy);
	json_get_number(v, "base_val_loss", &row->base_val_loss);
	json_decref(v);
}

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
	    .by_epochs = !strcmp(r->method, "mf"),
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
	read_baseline(r->summary, row);
	trainer_options_default(&row->trainer);
	/* One damaged run is no reason to show none: doctor says what is wrong with it. */
	if (!trainer_options_read(r->settings, &row->trainer, NULL))
		row->state = "damaged";
	if (!run_load_curve(db, r->id, a, &curve, &n, e))
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

static void add_figures(struct db *db, const struct catalog *catalog, struct runs_row *row)
{
	bool found = run_figures_kept(db, catalog, row->id, &row->test);

	row->tested = found ? RUNS_TESTED : RUNS_UNTESTED;
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
	for (size_t i = 0; i < r.n && ok; i++) {
		ok = row_of(db, &list[i], catalog.run, encoders, n_encoders, &r.arena, &r.v[i], e);
		if (ok)
			add_figures(db, &catalog, &r.v[i]);
	}
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

bool task_runs_delete(struct db *db, int64_t run, bool *running, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct run r;
	bool ok = run_require(db, run, &r, &a, e) && run_delete(db, run, e);

	if (ok && running)
		*running = r.state == RUN_RUNNING;
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

/* The table */

static const struct column columns[RUNS_COLUMNS] = {
    [RUNS_ID] = {"run", "run", "Run", COLUMN_INT, .width = 4, .about = "The run's number."},
    [RUNS_CREATED] = {"created", "when", "When", COLUMN_DATE, .width = 11, .grow = 15, .drop = 4,
	.about = "When its training began (UTC in files)."},
    [RUNS_METHOD] = {"method", "method", "Method", COLUMN_TEXT, .width = 6, .grow = 11, .drop = 4,
	.about = "How it forecasts: mf is EmbedLLM's factorisation; 'methods' lists all."},
    [RUNS_DIM] = {"dim", "K", "K", COLUMN_INT, .width = 4, .drop = 2,
	.about = "Dimensions of the factorisation's vectors; other methods have none to set."},
    [RUNS_ENCODER] = {"encoder", NULL, "Encoder", COLUMN_CLIP, .width = 8, .grow = 26, .drop = 4,
	.about = "What read the questions; a dash where it was deleted since."},
    [RUNS_SEED] = {"seed", "seed", "Seed", COLUMN_INT, .width = 5, .drop = 7,
	.about = "The seed of its random numbers: the same one gives the same run."},
    [RUNS_SPLIT] = {"split", "split", "Split", COLUMN_CLIP, .width = 8, .grow = 24, .drop = 9,
	.hidden = true, .about = "The split of the questions it was trained on."},
    [RUNS_EPOCHS] = {"epochs", "epochs", "Epochs", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "Epochs it was trained for."},
    [RUNS_BEST_EPOCH] = {"best_epoch", "best", "Best", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "The epoch of the least validation loss, which is kept."},
    [RUNS_VAL_ACCURACY] = {"val_accuracy", "val accuracy", "Valid", COLUMN_SHARE, 1, .width = 5,
	.drop = 1,
	.about = "Validation answers foretold on the right side of one half, in percent, of the "
		 "best epoch."},
    [RUNS_VAL_LOSS] = {"val_log_loss", "val log-loss", "Loss", COLUMN_REAL, 4, .drop = 9,
	.hidden = true, .about = "Log-loss of the validation answers, of the best epoch."},
    [RUNS_TEST_ACCURACY] = {"test_accuracy", "test accuracy", "Test ±", COLUMN_SHARE_PM, 1,
	.width = 10,
	.about = "Test answers foretold on the right side of one half, in percent, with half the "
		 "95 % interval over questions."},
    [RUNS_TEST_AUC] = {"test_auc", "test AUC", "AUC ±", COLUMN_PM, 3, .width = 12, .drop = 3,
	.about = "The chance that a right test answer got a higher probability than a wrong one, "
		 "0.5 to 1, with half the 95 % interval over questions."},
    [RUNS_ACCURACY_GAIN] = {"test_accuracy_gain", NULL, "Gain", COLUMN_SHARE_FIGURE, 1, .drop = 9,
	.hidden = true, .plus = true,
	.about = "Test accuracy over that of the models' own rates, in points, with its 95 % "
		 "interval (paired)."},
    [RUNS_AUC_GAIN] = {"test_auc_gain", NULL, "AUC gain", COLUMN_FIGURE, 3, .drop = 9,
	.hidden = true, .plus = true,
	.about = "Test AUC over that of the models' own rates, with its 95 % interval (paired)."},
    [RUNS_SECONDS] = {"seconds", "seconds", "Time", COLUMN_SECONDS, 1, .width = 6, .drop = 6,
	.about = "How long the training took: minutes and seconds; seconds in files."},
    [RUNS_THREADS] = {"threads", NULL, "Threads", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "Threads it was trained with."},
    [RUNS_KERNEL] = {"kernel", NULL, "Kernel", COLUMN_TEXT, .drop = 9, .hidden = true,
	.about = "The kernel of the matrix library."},
    [RUNS_DIGEST] = {"data_digest", NULL, "Data", COLUMN_TEXT, .width = 12, .drop = 9,
	.hidden = true, .about = "Digest of the labels it was trained on."},
    [RUNS_SETTINGS] = {"settings", NULL, "Settings", COLUMN_CLIP, .width = 20, .grow = 200,
	.drop = 9, .hidden = true, .about = "All its settings, as JSON."},
    [RUNS_IN_USE] = {"in_use", "in use", "In use", COLUMN_BOOL, .drop = 9, .hidden = true,
	.about = "Whether it is the run that all views and verbs use."},
    [RUNS_STATE] = {"state", "state", "State", COLUMN_TEXT, .width = 7,
	.about = "running, stopped, done or failed; in use on screen where it is the one used."},
};

static struct value figure(const struct figure *f)
{
	return value_figure(f->value, f->low, f->high);
}

static struct value test_value(const struct runs_row *r, size_t column)
{
	switch (column) {
	case RUNS_TEST_ACCURACY:
		return figure(&r->test.accuracy);
	case RUNS_TEST_AUC:
		return figure(&r->test.auc);
	case RUNS_ACCURACY_GAIN:
		return figure(&r->test.accuracy_gain);
	default:
		return figure(&r->test.auc_gain);
	}
}

static struct value text_value(const struct runs_row *r, size_t column)
{
	switch (column) {
	case RUNS_CREATED:
		return value_text(r->created);
	case RUNS_METHOD:
		return value_text(r->method);
	case RUNS_ENCODER:
		return value_text(r->encoder);
	case RUNS_SPLIT:
		return value_text(r->split);
	case RUNS_KERNEL:
		return value_text(r->kernel);
	case RUNS_DIGEST:
		return value_text(r->digest);
	case RUNS_SETTINGS:
		return value_text(r->settings);
	default:
		return value_text(r->state);
	}
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct runs_row *r = &((const struct runs *)t->rows)->v[row];

	(void)scratch;
	switch (column) {
	case RUNS_ID:
		return value_int(r->id);
	case RUNS_DIM:
		return r->by_epochs ? value_int((int64_t)r->trainer.dim) : value_missing();
	case RUNS_SEED:
		return value_int((int64_t)r->trainer.seed);
	case RUNS_EPOCHS:
		return value_int((int64_t)r->epochs);
	case RUNS_BEST_EPOCH:
		return value_int((int64_t)r->best_epoch);
	case RUNS_VAL_ACCURACY:
		return value_real(r->val_accuracy);
	case RUNS_VAL_LOSS:
		return value_real(r->val_loss);
	case RUNS_TEST_ACCURACY:
	case RUNS_TEST_AUC:
	case RUNS_ACCURACY_GAIN:
	case RUNS_AUC_GAIN:
		return test_value(r, column);
	case RUNS_SECONDS:
		return value_real(r->seconds);
	case RUNS_THREADS:
		return value_int(r->threads);
	case RUNS_IN_USE:
		return value_bool(r->in_use);
	default:
		return text_value(r, column);
	}
}

struct table runs_table(const struct runs *r)
{
	return (struct table){.name = "runs",
	    .columns = columns,
	    .n_columns = RUNS_COLUMNS,
	    .value = value,
	    .n = r ? r->n : 0,
	    .rows = r};
}
