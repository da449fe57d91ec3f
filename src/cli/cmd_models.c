/* cmd_models.c - models; models set, import, rename, merge, delete */
#include "cli/cli.h"

#include "base/err.h"
#include "base/utf8.h"
#include "task/atlas.h"
#include "task/models.h"

#include <math.h>
#include <string.h>

/* models */

struct options {
	int sort;
	size_t top; /* 0 = all */
};
enum sort { SORT_ACCURACY, SORT_NAME, SORT_QUESTIONS, SORT_ADJUSTED };

static const char *const sorts[] = {"accuracy", "name", "questions", "adjusted", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"sort", 0, OPTION_CHOICE, "COLUMN", AT(sort), .help = "order", .choices = sorts},
    {"top", 0, OPTION_SIZE, "N", AT(top), .help = "models to show", .unset = "all"},
    {.name = NULL},
};

/* What the rows are ordered by, the most first; NaN comes last. */
static double weight_of(const struct models *v, enum sort by, uint32_t row)
{
	return by == SORT_QUESTIONS ? v->catalog->models[row].seen
	       : v->adjusted.n      ? v->adjusted.v[row].value
				    : NAN;
}

/* Rows of the same weight stay as they are. */
static void sort_rows(const struct models *v, enum sort by, uint32_t *order, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t row = order[i];
		double w = weight_of(v, by, row);
		size_t j = i;

		for (; j > 0; j--) {
			double before = weight_of(v, by, order[j - 1]);

			if (isnan(w) || (!isnan(before) && before >= w))
				break;
			order[j] = order[j - 1];
		}
		order[j] = row;
	}
}

/* Kept with the run in use, else computed; there need not be a run. */
static void find_adjusted(struct cli *c, const struct catalog *r, struct adjusted *out)
{
	struct err why = ERR_INIT;
	struct atlas *a;

	*out = (struct adjusted){0};
	if (!r->run || adjusted_kept(c->db, r, &c->arena, out))
		return;
	a = atlas_open(c->db, r->run, NULL, NULL, &why);
	if (a)
		task_adjusted(a, &c->arena, out);
	else
		cli_note(c, "no adjusted accuracies: %s", why.msg);
	atlas_free(a);
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct adjusted adjusted;
	struct models models;
	struct catalog r;
	struct table t;
	uint32_t *order;
	size_t n = 0;

	if (!catalog_load(c->db, &c->arena, &r, e))
		return false;
	find_adjusted(c, &r, &adjusted);
	task_models(&r, &adjusted, &models);
	order = arena_array(&c->arena, uint32_t, r.n_models + 1);
	for (size_t i = 0; i < r.n_models; i++) {
		uint32_t m = o->sort == SORT_NAME ? (uint32_t)i : models.by_accuracy[i];

		if (c->argc == 0 || utf8_holds(r.models[m].name, c->argv[0]))
			order[n++] = m;
	}
	if (o->sort == SORT_QUESTIONS || o->sort == SORT_ADJUSTED)
		sort_rows(&models, (enum sort)o->sort, order, n);
	t = models_table(&models);
	out_rows(c->out, NULL, NULL, &t, order, o->top && o->top < n ? o->top : n);
	models_clear(&models);
	return true;
}

const struct command cmd_models = {
    .name = "models",
    .synopsis = "[PATTERN]",
    .summary = "list the models",
    .description = "With PATTERN, those whose name holds it (or matches it, with * and ?).",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};

/* models set */

struct set_options {
	struct option_list tags;
	double price_in, price_out;
};

#define SET_AT(field) offsetof(struct set_options, field)
static const struct option_row set_rows[] = {
    {"tag", 0, OPTION_LIST, "KEY=VALUE", SET_AT(tags),
	.help = "a tag such as size=7B; without a value it is removed; may be repeated"},
    {"price-in", 0, OPTION_REAL, "X", SET_AT(price_in), .help = "dollars per million tokens read"},
    {"price-out", 0, OPTION_REAL, "Y", SET_AT(price_out),
	.help = "dollars per million tokens written"},
    {.name = NULL},
};

static void set_defaults(void *options)
{
	struct set_options *o = options;

	o->price_in = o->price_out = NAN;
}

static bool set(struct cli *c, struct err *e)
{
	const struct set_options *o = c->options;
	struct catalog_tag *tags = arena_array(&c->arena, struct catalog_tag, o->tags.n + 1);

	if (o->tags.n == 0 && isnan(o->price_in) && isnan(o->price_out))
		return err_set(e, ERR_USAGE, "models set: give --tag, --price-in or --price-out");
	for (size_t i = 0; i < o->tags.n; i++) {
		const char *tag = o->tags.v[i], *equals = strchr(tag, '=');

		if (!equals || equals == tag)
			return err_set(e, ERR_USAGE, "--tag: '%s' is not KEY=VALUE", tag);
		tags[i].key = arena_strndup(&c->arena, tag, (size_t)(equals - tag));
		tags[i].value = equals[1] ? equals + 1 : NULL;
	}
	return task_models_set(c->db, c->argv[0], tags, o->tags.n, o->price_in, o->price_out, e);
}

const struct command cmd_models_set = {
    .name = "models set",
    .synopsis = "NAME",
    .summary = "set tags and prices of a model",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .min_operands = 1,
    .max_operands = 1,
    .options = set_rows,
    .size = sizeof(struct set_options),
    .defaults = set_defaults,
    .run = set,
};

/* models import, rename, merge, delete */

static bool import(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "not in the database", .kind = COLUMN_CLIP}};
	struct models_imported m;

	if (!task_models_import(c->db, c->argv[0], &c->arena, &m, e))
		return false;
	out_fact_int(c->out, "rows", "rows", (int64_t)m.rows);
	out_fact_int(c->out, "changed", "models changed", (int64_t)m.changed);
	if (m.n_unknown || out_format(c->out) == OUT_JSON) {
		out_table(c->out, "unknown", "", columns, 1);
		for (size_t i = 0; i < m.n_unknown; i++) {
			out_row(c->out);
			out_text(c->out, m.unknown[i]);
		}
	}
	return true;
}

const struct command cmd_models_import = {
    .name = "models import",
    .synopsis = "FILE.csv",
    .summary = "read tags and prices of many models",
    .description = "Columns: model, price_in, price_out; every other column is a tag.",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .min_operands = 1,
    .max_operands = 1,
    .run = import,
};

static bool rename_model(struct cli *c, struct err *e)
{
	return task_models_rename(c->db, c->argv[0], c->argv[1], e);
}

const struct command cmd_models_rename = {
    .name = "models rename",
    .synopsis = "NAME NEW-NAME",
    .summary = "give a model another name",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .min_operands = 2,
    .max_operands = 2,
    .run = rename_model,
};

static bool merge(struct cli *c, struct err *e)
{
	return task_models_merge(c->db, c->argv[0], c->argv[1], e);
}

const struct command cmd_models_merge = {
    .name = "models merge",
    .synopsis = "NAME INTO",
    .summary = "make the answers of one model those of another",
    .description = "For a model that came in under two names. Where both answered a question, the "
		   "answers become repeats, which the database's rule resolves.",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .min_operands = 2,
    .max_operands = 2,
    .run = merge,
};

static bool delete (struct cli *c, struct err *e)
{
	return task_models_delete(c->db, c->argv[0], e);
}

const struct command cmd_models_delete = {
    .name = "models delete",
    .synopsis = "NAME",
    .summary = "remove a model and all its answers",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .min_operands = 1,
    .max_operands = 1,
    .run = delete,
};
