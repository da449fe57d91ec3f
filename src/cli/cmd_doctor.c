/* cmd_doctor.c - is everything sound: the database and the machine, or the data in it */
#include "cli/cli.h"

#include "base/err.h"
#include "base/file.h"
#include "task/atlas.h"
#include "task/data_doctor.h"
#include "task/doctor.h"

struct options {
	bool data;
};

static const struct option_row rows[] = {
    {"data", 0, OPTION_SET, NULL, offsetof(struct options, data),
	.help = "look at the questions and labels instead: repeats, leaks, copies, wrong keys"},
    {.name = NULL},
};

static void print_data(struct cli *c, const struct atlas *a, const struct data_doctor *d)
{
	struct table t = data_doctor_table(d), examples;
	struct data_examples list;

	out_fact_int(c->out, "found", "checks that found something", (int64_t)d->found);
	out_rows(c->out, "checks", "", &t, NULL, t.n);
	for (int check = 0; check < DATA_CHECKS; check++)
		if (d->v[check].n)
			out_line(c->out, "%s: %s", d->v[check].check, d->v[check].remedy);
	data_examples_of(d, a, DATA_CHECKS, &c->arena, &list);
	examples = data_examples_table(&list);
	if (list.n || out_format(c->out) == OUT_JSON)
		out_rows(c->out, "examples", "", &examples, NULL, list.n);
}

static bool look_at_data(struct cli *c, struct err *e)
{
	struct data_doctor d;
	struct atlas *a;
	bool ok;

	if (!cli_open(c, SESSION_READ, e))
		return false;
	a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	ok = a && task_data_doctor(c->db, a, cli_progress(c), &d, e);
	if (ok) {
		print_data(c, a, &d);
		data_doctor_clear(&d);
	}
	atlas_free(a);
	return ok;
}

static bool run(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "check", .title = "check", .kind = COLUMN_TEXT},
	    {.key = "ok", .title = "ok", .kind = COLUMN_BOOL},
	    {.key = "found", .title = "found", .kind = COLUMN_TEXT},
	};
	struct doctor d;

	if (((const struct options *)c->options)->data)
		return look_at_data(c, e);
	/* Without a database the machine alone is looked at, unless one was asked for. */
	if ((c->path_given || file_exists(c->path)) && !cli_open(c, SESSION_READ, e))
		return false;
	if (!task_doctor(c->db, &d, e))
		return false;
	out_table(c->out, NULL, NULL, columns, 3);
	for (size_t i = 0; i < d.n; i++) {
		out_row(c->out);
		out_text(c->out, d.v[i].check);
		out_bool(c->out, d.v[i].ok);
		out_text(c->out, d.v[i].found);
	}
	c->keep_out = true;
	if (!d.healthy)
		err_set(e, ERR_DATA, "%s: not sound; see the checks without a yes", c->path);
	doctor_clear(&d);
	return e->kind == ERR_NONE;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .synopsis = "",
    .summary = "check the database and the machine's mathematics",
    .group = COMMAND_OTHER,
    .flags = COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
