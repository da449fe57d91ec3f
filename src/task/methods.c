#include "task/methods.h"

#include "base/buf.h"
#include "base/err.h"
#include "method/method.h"

#include <math.h>
#include <string.h>

bool task_methods(struct db *db, struct methods_list *out, struct err *e)
{
	struct methods_list m = {.n = n_methods};

	if (!task_runs(db, &m.runs, e))
		return false;
	m.v = arena_array(&m.runs.arena, struct methods_row, m.n);
	for (size_t i = 0; i < m.n; i++) {
		m.v[i].method = methods[i];
		for (size_t r = 0; r < m.runs.n && !m.v[i].run; r++)
			if (!strcmp(m.runs.v[r].method, methods[i]->name) &&
			    !strcmp(m.runs.v[r].state, "done"))
				m.v[i].run = &m.runs.v[r];
	}
	*out = m;
	return true;
}

void methods_clear(struct methods_list *m)
{
	runs_clear(&m->runs);
	*m = (struct methods_list){0};
}

static const struct column columns[METHODS_COLUMNS] = {
    [METHODS_NAME] = {"method", "method", "Method", COLUMN_TEXT, .width = 12,
	.about = "As 'train --method' takes it."},
    [METHODS_RUN] = {"run", "run", "Run", COLUMN_INT, .width = 4,
	.about = "Its newest finished run."},
    [METHODS_LOSS] = {"val_log_loss", "validation log-loss", "Loss", COLUMN_REAL, 4, .width = 6,
	.about = "Mean log-loss of that run on the validation part: less is better."},
    [METHODS_ACCURACY] = {"val_accuracy", "accuracy", "Acc.", COLUMN_SHARE, 1, .width = 5,
	.about = "Of the validation labels, how many the run foretells."},
    [METHODS_SECONDS] = {"seconds", "seconds", "Sec.", COLUMN_SECONDS, 1, .width = 6,
	.about = "Seconds that fitting took, the search for hyper-parameters included."},
    [METHODS_CONTROL] = {"control", "control", "Control", COLUMN_BOOL, .width = 7,
	.about = "A yardstick that knows nothing of what is asked: never chosen."},
    [METHODS_ABOUT] = {"about", "what it does", "What it does", COLUMN_CLIP, .width = 20,
	.grow = 80, .about = "What it does."},
    [METHODS_SOURCE] = {"source", NULL, "Source", COLUMN_CLIP, .width = 10, .grow = 40,
	.about = "Where it comes from."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct methods_row *r = &((const struct methods_list *)t->rows)->v[row];

	(void)scratch;
	switch (column) {
	case METHODS_NAME:
		return value_text(r->method->name);
	case METHODS_RUN:
		return r->run ? value_int(r->run->id) : value_missing();
	case METHODS_LOSS:
		return value_real(r->run ? r->run->val_loss : NAN);
	case METHODS_ACCURACY:
		return value_real(r->run ? r->run->val_accuracy : NAN);
	case METHODS_SECONDS:
		return value_real(r->run ? r->run->seconds : NAN);
	case METHODS_CONTROL:
		return value_bool(r->method->control);
	case METHODS_ABOUT:
		return value_text(r->method->about);
	default:
		return r->method->source ? value_text(r->method->source) : value_missing();
	}
}

struct table methods_table(const struct methods_list *m)
{
	return (struct table){.name = "methods",
	    .columns = columns,
	    .n_columns = METHODS_COLUMNS,
	    .value = value,
	    .n = m ? m->n : 0,
	    .rows = m};
}

bool train_options_method(struct train_options *o, const char *name, struct err *e)
{
	struct buf names = BUF_INIT;

	o->method = method_find(name);
	if (o->method)
		return true;
	for (size_t i = 0; i < n_methods; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", methods[i]->name);
	err_set(e, ERR_USAGE, "there is no method '%s'; there are: %s", name, buf_str(&names));
	buf_clear(&names);
	return false;
}

bool task_train_all(
    struct db *db, const struct train_options *o, const struct train_watch *w, struct err *e)
{
	struct train_options one = *o;
	int64_t best = 0;
	double least = INFINITY;

	for (size_t i = 0; i < n_methods; i++) {
		struct train_result r;

		one.method = methods[i];
		if (!task_train(db, &one, w, &r, e))
			return false;
		if (r.stopped)
			return err_set(e, ERR_CANCELLED,
			    "stopped at method %s; the methods before it are kept as runs",
			    methods[i]->name);
		if (!methods[i]->control && (!best || r.val_loss < least)) {
			best = r.run;
			least = r.val_loss;
		}
	}
	return task_runs_use(db, best, e);
}
