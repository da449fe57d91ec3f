#include "task/train.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/baseline.h"
#include "num/blas.h"
#include "num/mat.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/run.h"
#include "store/split.h"
#include "task/encode.h"
#include "task/labels.h"
#include "task/runs.h"
#include "task/split.h"
#include "task/train_finish.h"
#include "task/train_method.h"
#include "task/trained.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Everything of one training, in memory. */
struct training {
	struct db *db;
	const struct train_options *o;
	const struct train_watch *w;
	struct arena arena;
	struct catalog c;
	struct catalog_question *q;
	struct split split;
	const char *encoder_name; /* NULL = the default */
	struct encode_result encoder;
	struct dataset data;
	uint8_t *part;
	struct run run;
	const struct method *method;
	struct trainer_options trainer;
	struct epoch best; /* of the epochs so far; epoch 0 = none */
	struct trainer *t;
	double base_val_loss, base_val_accuracy; /* of each model's training rate */
	struct search search;                    /* of hyper-parameters, what was tried */
};

void train_options_default(struct train_options *o)
{
	*o = (struct train_options){.method = &method_mf, .heads = true};
	trainer_options_default(&o->trainer);
}

void train_options_paper(struct train_options *o)
{
	trainer_options_paper(&o->trainer);
}

__attribute__((format(printf, 2, 3))) static void note(
    const struct training *t, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	if (!t->w->note)
		return;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	t->w->note(t->w->arg, buf_str(&b));
	buf_clear(&b);
}

/* The split asked for, the one in use, the imported one, or a new one. */
static bool choose_split(struct training *t, const char *name, struct err *e)
{
	struct split_options o;
	bool found;

	if (!split_find(t->db, &t->arena, name, &t->split, &found, e))
		return false;
	if (!found && name)
		return err_set(e, ERR_USAGE,
		    "there is no split \"%s\": embedllm status lists them, embedllm split makes "
		    "one",
		    name);
	if (found)
		return true;
	split_options_default(&o);
	if (!task_split(t->db, &o, &t->arena, &t->split, e))
		return false;
	note(t,
	    "no split yet: %g %% of the questions are for test, %g %% for validation (seed %llu)",
	    o.test, o.val, (unsigned long long)o.seed);
	return true;
}

/* The factorisation goes epoch by epoch and keeps checkpoints; the others are fitted in one go. */
static bool trains_by_epochs(const struct training *t)
{
	return t->method == &method_mf;
}

/* Names, texts, labels and parts, of one state of the database. */
static bool load_data(struct training *t, struct err *e)
{
	if (!catalog_load(t->db, &t->arena, &t->c, e))
		return false;
	if (!t->c.n_questions || !t->c.n_models)
		return err_set(e, ERR_DATA, "there are no labels yet: embedllm import FILE");
	t->part = arena_array(&t->arena, uint8_t, t->c.n_questions);
	if (!labels_load(t->db, &t->c, &t->arena, &t->q, &t->data, e) ||
	    !split_load(t->db, t->split.id, t->q, t->c.n_questions, t->part, e))
		return false;
	t->data.part = t->part;
	return true;
}

static bool load_encodings(struct training *t, struct err *e)
{
	size_t n = t->c.n_questions, missing;
	bool *have = arena_array(&t->arena, bool, n + 1);
	struct mat rows;

	if (!encode_ensure(t->db, t->encoder_name, t->q, n, t->part, t->split.name, t->w->progress,
		&t->encoder, e))
		return false;
	rows = mat_view(arena_array(&t->arena, float, n * t->encoder.dims), n, t->encoder.dims);
	if (!encode_rows(t->db, t->encoder.encoder, t->q, n, &rows, have, &missing, e))
		return false;
	t->data.dims = t->encoder.dims;
	t->data.enc = rows.v;
	return true;
}

/* What the training depends on besides its settings: labels, parts, encoder. Hex, in the arena. */
static bool digest(struct training *t, const char **out, struct err *e)
{
	unsigned char sum[HASH_SIZE];
	char labels[65], *hex = arena_array(&t->arena, char, 2 * HASH_SIZE + 1);
	struct hash_state h;

	if (!label_digest(t->db, labels, e))
		return false;
	hash_init(&h);
	hash_add(&h, labels, strlen(labels));
	hash_add(&h, t->part, t->c.n_questions);
	hash_add(&h, t->encoder.identity, strlen(t->encoder.identity));
	hash_final(&h, sum);
	hash_hex(sum, hex);
	*out = hex;
	return true;
}

static bool start_new(struct training *t, struct err *e)
{
	char *settings = trainer_options_write(&t->trainer);
	bool ok;

	t->run = (struct run){
	    .method = t->method->name,
	    .split = t->split.id,
	    .encoder = t->encoder.encoder,
	    .split_name = t->split.name,
	    .settings = arena_strdup(&t->arena, settings),
	    .seed = t->trainer.seed,
	    .threads = blas_threads(),
	    .kernel = blas_kernel(),
	    .state = RUN_RUNNING,
	};
	mem_free(settings);
	ok = digest(t, &t->run.data_digest, e) && run_create(t->db, &t->run, &t->arena, e);
	return ok;
}

/* The best epoch among those that a resumed run goes on from. */
static bool recall_best(struct training *t, size_t epoch, struct err *e)
{
	struct epoch *v;
	size_t n;

	if (!run_load_curve(t->db, t->run.id, &t->arena, &v, &n, e))
		return false;
	for (size_t i = 0; i < n && v[i].epoch <= epoch; i++)
		if (!t->best.epoch || !t->trainer.keep_best || v[i].val_loss < t->best.val_loss)
			t->best = v[i];
	t->best.best = t->best.epoch > 0;
	return true;
}

/* Go on where the last finished epoch ended; only on the same data, kernel and threads, which is
 * what makes the continuation the same to the bit. */
static bool start_again(struct training *t, struct err *e)
{
	const char *now;
	const void *p;
	size_t n, epoch;

	if (!digest(t, &now, e))
		return false;
	if (strcmp(now, t->run.data_digest))
		return err_set(e, ERR_DATA,
		    "the labels, the split or the encoder are not those that run %lld began with: "
		    "train anew: embedllm train",
		    (long long)t->run.id);
	if (strcmp(t->run.kernel, blas_kernel()) || t->run.threads != blas_threads())
		note(t,
		    "run %lld began with kernel %s on %d threads, it goes on with %s on %d: the "
		    "vectors will differ in the last digits",
		    (long long)t->run.id, t->run.kernel, t->run.threads, blas_kernel(),
		    blas_threads());
	if (!run_load_checkpoint(t->db, t->run.id, RUN_LAST, &t->arena, &p, &n, &epoch, e))
		return false;
	if (!p)
		note(t, "run %lld was stopped in its first epoch: it starts again",
		    (long long)t->run.id);
	else if (!t->t || !trainer_restore(t->t, p, n, e))
		return false;
	epoch = p ? epoch : 0;
	t->run.epochs = epoch;
	return recall_best(t, epoch, e) && run_reopen(t->db, t->run.id, epoch, e);
}

/* The model rates judged on the validation part: what the run has to beat. */
static void judge_rates(const struct dataset *d, double *mean_loss, double *accuracy)
{
	struct baseline rates = baseline_fit(d);
	double loss = 0, right = 0, seen = 0;

	for (size_t q = 0; q < d->n_questions; q++)
		for (size_t m = 0; m < d->n_models && d->part[q] == PART_VAL; m++) {
			size_t i = q * d->n_models + m;
			double y = (double)d->score[i], w = d->weight ? (double)d->weight[i] : 1;
			double p = rates.model[m];

			if (isnan(y))
				continue;
			loss -= w * (y * log(p) + (1 - y) * log(1 - p));
			right += w * (p >= 0.5 ? y : 1 - y);
			seen += w;
		}
	*mean_loss = seen > 0 ? loss / seen : NAN;
	*accuracy = seen > 0 ? right / seen : NAN;
	baseline_free(&rates);
}

/* A resumed run brings its own settings, split and encoder, and its threads unless others are asked
 * for. */
static bool find_resumed(struct training *t, struct err *e)
{
	if (!run_require(t->db, t->o->resume, &t->run, &t->arena, e))
		return false;
	if (t->run.state == RUN_DONE)
		return err_set(e, ERR_USAGE, "run %lld is done, there is nothing to resume",
		    (long long)t->run.id);
	if (!t->run.split)
		return err_set(e, ERR_DATA, "the split of run %lld was deleted: train anew",
		    (long long)t->run.id);
	if (!t->run.encoder)
		return err_set(e, ERR_DATA, "the encoder of run %lld was deleted: train anew",
		    (long long)t->run.id);
	t->method = method_find(t->run.method);
	if (!t->method)
		return err_set(e, ERR_DATA,
		    "run %lld is of method %s, which this program does not know: train anew",
		    (long long)t->run.id, t->run.method);
	if (!t->o->threads)
		blas_set_threads(t->run.threads);
	return encode_name(t->db, t->run.encoder, &t->arena, &t->encoder_name, e) &&
	       trainer_options_read(t->run.settings, &t->trainer, e);
}

static bool prepare(struct training *t, struct err *e)
{
	bool resume = t->o->resume != 0, ok;
	size_t n_train = 0, aside = 0;

	t->trainer = t->o->trainer;
	t->method = t->o->method;
	t->encoder_name = t->o->encoder;
	if (resume && !find_resumed(t, e))
		return false;
	if (!choose_split(t, resume ? t->run.split_name : t->o->split, e) ||
	    !db_begin_read(t->db, e))
		return false;
	ok = db_end(t->db, load_data(t, e), e);
	if (!ok)
		return false;
	if (!memchr(t->part, PART_VAL, t->c.n_questions))
		aside =
		    split_set_aside(t->q, t->c.n_questions, SPLIT_ASIDE, t->trainer.seed, t->part);
	if (aside)
		note(t,
		    "split %s has no validation part: %zu of its training questions (%d %%, seed "
		    "%llu) are set aside as one",
		    t->split.name, aside, SPLIT_ASIDE, (unsigned long long)t->trainer.seed);
	if (!load_encodings(t, e))
		return false;
	if (trains_by_epochs(t)) {
		t->t = trainer_new(&t->data, &t->trainer, e);
		if (!t->t)
			return false;
	}
	if (!(resume ? start_again(t, e) : start_new(t, e)))
		return false;
	for (size_t i = 0; i < t->c.n_questions; i++)
		n_train += t->part[i] == PART_TRAIN;
	judge_rates(&t->data, &t->base_val_loss, &t->base_val_accuracy);
	if (t->w->started)
		t->w->started(t->w->arg, &(struct train_start){
					     .run = t->run.id,
					     .method = t->method->name,
					     .options = &t->trainer,
					     .models = t->c.n_models,
					     .questions = n_train,
					     .base_val_loss = t->base_val_loss,
					     .base_val_accuracy = t->base_val_accuracy,
					 });
	return true;
}

/* The curve point and the checkpoints of a finished epoch, in one transaction. */
static bool keep_epoch(struct training *t, const struct epoch *at, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	if (!trainer_save(t->t, &b)) {
		buf_clear(&b);
		return err_set(
		    e, ERR_FAILED, "the checkpoint is over %zu bytes: use a smaller --dim", b.max);
	}
	ok = run_save_epoch(
	    t->db, t->run.id, at, b.s, b.len, at->best ? b.s : NULL, at->best ? b.len : 0, e);
	buf_clear(&b);
	return ok;
}

/* Until the trainer is done. Cancelled: false with ERR_CANCELLED, all finished epochs are kept. */
static bool epochs(struct training *t, struct err *e)
{
	struct epoch at;
	bool done = trainer_done(t->t); /* resumed: killed while the results were made */

	while (!done) {
		if (!trainer_step(t->t, t->w->progress, &at, &done, e) || !keep_epoch(t, &at, e))
			return false;
		t->run.epochs = at.epoch;
		t->run.seconds = at.seconds;
		if (at.best || !t->trainer.keep_best || !t->best.epoch)
			t->best = at;
		if (t->w->epoch)
			t->w->epoch(t->w->arg, &at);
		done = done || (t->w->enough && t->w->enough(t->w->arg));
	}
	return true;
}

static bool finish_mf(struct training *t, struct trained *out, struct err *e)
{
	const struct train_finish f = {
	    .d = &t->data,
	    .mf = trainer_model(t->t),
	    .heads = t->o->heads,
	    .seed = t->trainer.seed,
	    .progress = t->w->progress,
	};

	out->method = t->method;
	return train_finish(&f, out, e);
}

/* In one go; what it reached on the validation part stands for its only epoch. */
static bool fit_method(struct training *t, struct trained *out, struct err *e)
{
	const struct train_method m = {
	    .method = t->method,
	    .d = &t->data,
	    .questions = t->q,
	    .heads = t->o->heads,
	    .seed = t->trainer.seed,
	    .search = &t->search,
	    .progress = t->w->progress,
	};

	if (!train_method(&m, &t->best, out, e))
		return false;
	t->run.epochs = t->best.epoch;
	t->run.seconds = t->best.seconds;
	return run_save_epoch(t->db, t->run.id, &t->best, NULL, 0, NULL, 0, e);
}

static json_t *search_json(const struct search *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(
		    all, json_pack("{s:s,s:s,s:o,s:b}", "method", s->v[i].method, "setting",
			     s->v[i].setting, "val_log_loss", json_number(s->v[i].loss), "chosen",
			     (int)s->v[i].chosen));
	return all;
}

static char *summary_write(const struct train_result *r, const struct search *search)
{
	json_t *v = json_pack("{s:o,s:o,s:o,s:o}", "val_accuracy", json_number(r->val_accuracy),
	    "val_loss", json_number(r->val_loss), "base_val_accuracy",
	    json_number(r->base_val_accuracy), "base_val_loss", json_number(r->base_val_loss));
	char *text;

	if (search->n)
		json_object_set_new(v, "search", search_json(search));
	text = json_compact(v);
	json_decref(v);
	return text;
}

/* The run with all its vectors, done and in use, in one transaction. */
static bool save(
    struct training *t, const struct trained *trained, const struct train_result *r, struct err *e)
{
	int64_t *ids = arena_array(&t->arena, int64_t, t->c.n_models + 1);
	char *calibration = trained_calibration_write(trained),
	     *summary = summary_write(r, &t->search);
	bool ok = db_begin(t->db, e);

	for (size_t m = 0; m < t->c.n_models; m++)
		ids[m] = t->c.models[m].id;
	t->run.state = RUN_DONE;
	t->run.best_epoch = t->best.epoch;
	t->run.calibration = calibration;
	t->run.summary = summary;
	if (ok) {
		ok = trained_save(t->db, t->run.id, trained, ids, e) &&
		     run_finish(t->db, &t->run, e) && run_use(t->db, t->run.id, e);
		ok = db_end(t->db, ok, e);
	}
	mem_free(calibration);
	mem_free(summary);
	return ok;
}

/* After a stop: what is there is kept under the state it is in. */
static bool stop(struct training *t, enum run_state state, struct err *e)
{
	t->run.state = state;
	t->run.best_epoch = t->best.epoch;
	return run_finish(t->db, &t->run, e);
}

static bool train(struct training *t, struct train_result *r, struct err *e)
{
	struct trained trained = {0};
	struct err why = ERR_INIT;
	bool ok;

	if (!prepare(t, e))
		return false;
	ok = trains_by_epochs(t) ? epochs(t, &why) && finish_mf(t, &trained, &why)
				 : fit_method(t, &trained, &why);
	r->run = t->run.id;
	r->epochs = t->run.epochs;
	r->best_epoch = t->best.epoch;
	r->seconds = t->run.seconds;
	r->best = t->best;
	r->val_accuracy = t->best.epoch ? t->best.val_accuracy : NAN;
	r->val_loss = t->best.epoch ? t->best.val_loss : NAN;
	r->base_val_loss = t->base_val_loss;
	r->base_val_accuracy = t->base_val_accuracy;
	if (ok)
		ok = save(t, &trained, r, e);
	else if (why.kind == ERR_CANCELLED)
		ok = r->stopped = stop(t, RUN_STOPPED, e);
	else if (stop(t, RUN_FAILED, e))
		*e = why;
	trained_clear(&trained);
	return ok;
}

bool task_train(struct db *db, const struct train_options *o, const struct train_watch *w,
    struct train_result *out, struct err *e)
{
	const struct train_watch silent = {0};
	struct training t = {.db = db, .o = o, .w = w ? w : &silent};
	struct train_result r = {0};
	bool ok;

	if (!trainer_options_check(&o->trainer, e))
		return false;
	blas_set_threads(o->threads);
	ok = train(&t, &r, e);
	if (ok)
		*out = r;
	trainer_free(t.t);
	arena_clear(&t.arena);
	return ok;
}
