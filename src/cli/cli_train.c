#include "cli/cli_train.h"

#include "base/err.h"
#include "base/plural.h"
#include "cli/cli.h"
#include "cli/live.h"
#include "task/methods.h"
#include "task/train.h"

#include <math.h>

/* The watch runs on this thread: task_train trains where it is called. */

static void started(void *arg, const struct train_start *s)
{
	cli_note(arg, "run %lld: %s, %zu model%s, %zu training question%s, K %zu, seed %llu",
	    (long long)s->run, s->method, s->models, plural(s->models), s->questions,
	    plural(s->questions), s->options->dim, (unsigned long long)s->options->seed);
}

static void epoch(void *arg, const struct epoch *t)
{
	if (live_on_screen())
		live_say("epoch %zu  loss %.4f  validation %.4f, accuracy %.4f%s", t->epoch,
		    t->train_loss, t->val_loss, t->val_accuracy, t->best ? " *" : "");
	else if (isnan(t->val_loss))
		cli_note(arg, "epoch %zu  loss %.4f  %.1f s", t->epoch, t->train_loss, t->seconds);
	else
		cli_note(arg, "epoch %zu  loss %.4f  validation %.4f, accuracy %.4f%s  %.1f s",
		    t->epoch, t->train_loss, t->val_loss, t->val_accuracy, t->best ? " *" : "",
		    t->seconds);
}

static void note(void *arg, const char *message)
{
	cli_note(arg, "%s", message);
}

static struct train_watch watch_of(struct cli *c)
{
	return (struct train_watch){.started = started,
	    .epoch = epoch,
	    .note = note,
	    .progress = cli_progress(c),
	    .arg = c};
}

bool cli_train_all(struct cli *c, const struct train_options *o, struct err *e)
{
	const struct train_watch watch = watch_of(c);
	struct methods_list m;
	struct table t;

	if (!task_train_all(c->db, o, &watch, e) || !task_methods(c->db, &m, e))
		return false;
	t = methods_table(&m);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	methods_clear(&m);
	return true;
}

bool cli_train(struct cli *c, const struct train_options *o, struct err *e)
{
	const struct train_watch watch = watch_of(c);
	struct train_result r;

	if (!trainer_options_check(&o->trainer, e)) {
		err_wrap(e, "train");
		return false;
	}
	if (!task_train(c->db, o, &watch, &r, e))
		return false;
	out_fact_int(c->out, "run", "run", r.run);
	out_fact_bool(c->out, "stopped", "stopped", r.stopped);
	out_fact_int(c->out, "epochs", "epochs", (int64_t)r.epochs);
	out_fact_int(c->out, "best_epoch", "best epoch", (int64_t)r.best_epoch);
	out_fact_real(c->out, "seconds", "seconds", 1, r.seconds);
	out_fact_real(c->out, "val_accuracy", "validation accuracy", 4, r.val_accuracy);
	out_fact_real(
	    c->out, "base_val_accuracy", "  of each model's training rate", 4, r.base_val_accuracy);
	out_fact_real(c->out, "val_log_loss", "validation log-loss", 4, r.val_loss);
	out_fact_real(
	    c->out, "base_val_log_loss", "  of each model's training rate", 4, r.base_val_loss);
	if (!r.stopped)
		return true;
	c->keep_out = true;
	return err_set(e, ERR_CANCELLED,
	    "stopped after epoch %zu, which is kept; go on with: embedllm train --resume %lld",
	    r.epochs, (long long)r.run);
}
