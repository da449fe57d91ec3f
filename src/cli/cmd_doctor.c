/* cmd_doctor.c - is everything sound */
#include "cli/cli.h"

#include "base/err.h"
#include "base/file.h"
#include "task/doctor.h"

static bool run(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "check", .title = "check", .kind = COLUMN_TEXT},
	    {.key = "ok", .title = "ok", .kind = COLUMN_BOOL},
	    {.key = "found", .title = "found", .kind = COLUMN_TEXT},
	};
	struct doctor d;

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
    .run = run,
};
