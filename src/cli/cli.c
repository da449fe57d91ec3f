#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "chart/chart_file.h"
#include "cli/live.h"
#include "task/atlas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const cli_parts[] = {"", "train", "val", "test", NULL};

bool cli_open(struct cli *c, enum session_mode mode, struct err *e)
{
	c->db = session_open(c->path, mode, e);
	return c->db != NULL;
}

const struct progress *cli_progress(struct cli *c)
{
	return live_progress(c->quiet);
}

void cli_note(struct cli *c, const char *fmt, ...)
{
	struct buf b = BUF_INIT, shown = BUF_INIT;
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	utf8_printable_add(&shown, buf_str(&b), b.len);
	live_clear();
	fprintf(stderr, "%s\n", buf_str(&shown));
	buf_clear(&b);
	buf_clear(&shown);
}

struct atlas *cli_atlas(struct cli *c, int64_t id, struct err *e)
{
	struct atlas *a = atlas_open(c->db, id, NULL, cli_progress(c), e);

	if (a && a->run == 0) {
		atlas_free(a);
		a = NULL;
		err_set(e, ERR_DATA, "%s: no run yet; train first: embedllm train", c->path);
	}
	return a;
}

void cli_run(struct cli *c, const struct atlas *a)
{
	if (out_format(c->out) == OUT_PLAIN)
		out_fact_text(c->out, "run", "run", a->run_name);
	else
		out_fact_int(c->out, "run", NULL, a->run);
}

void cli_tags(struct cli *c, const struct catalog_model *m)
{
	const char **keys = arena_array(&c->arena, const char *, m->n_tags + 1);
	const char **texts = arena_array(&c->arena, const char *, m->n_tags + 1);

	for (size_t i = 0; i < m->n_tags; i++) {
		keys[i] = m->tags[i].key;
		texts[i] = m->tags[i].value;
	}
	out_map(c->out, m->n_tags, keys, texts);
}

bool cli_plot(struct cli *c, const struct chart *chart, const char *path, struct err *e)
{
	if (!chart_file_write(chart, path, e))
		return false;
	cli_note(c, "wrote %s", path);
	return true;
}

/* Marks the named models; an ambiguous or unknown name is an error. */
static bool mark(
    const struct atlas *a, const struct option_list *names, bool value, bool *pool, struct err *e)
{
	for (size_t i = 0; i < names->n; i++) {
		size_t m = catalog_find_model(&a->catalog, names->v[i], e);

		if (m == SIZE_MAX)
			return false;
		if (!a->has_vector[m])
			return err_set(e, ERR_USAGE, "%s has no vector in %s; it has no answers",
			    a->catalog.models[m].name, a->run_name);
		pool[m] = value;
	}
	return true;
}

bool cli_pool(struct cli *c, const struct atlas *a, const struct option_list *in,
    const struct option_list *without, const bool **out, struct err *e)
{
	bool *pool = arena_array(&c->arena, bool, a->catalog.n_models);

	for (size_t m = 0; m < a->catalog.n_models; m++)
		pool[m] = in->n == 0 && a->has_vector[m];
	if (!mark(a, in, true, pool, e) || !mark(a, without, false, pool, e))
		return false;
	if (!memchr(pool, true, a->catalog.n_models))
		return err_set(e, ERR_USAGE, "no model is left to route to");
	*out = pool;
	return true;
}
