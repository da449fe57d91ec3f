/* cmd_encode.c - questions, or any texts, as vectors */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/plural.h"
#include "base/progress.h"
#include "base/stream.h"
#include "task/encode.h"
#include "task/encode_text.h"

#include <math.h>
#include <string.h>

#define LINE_LIMIT ((size_t)16 << 20) /* bytes of a line of --file */
#define BATCH 256                     /* texts at a time */

struct options {
	const char *split, *encoder, *file, *from, *order;
	struct option_list text;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"encoder", 0, OPTION_TEXT, "NAME", AT(encoder),
	.help = "builtin, minilm, mpnet, path:DIR, or two as A+B",
	.unset = "the best that is installed; minilm for --text and --file"},
    {"split", 0, OPTION_TEXT, "NAME", AT(split),
	.help = "fit the built-in encoder on the training questions of this split",
	.unset = "the one in use, else the imported one, else all questions"},
    {"text", 0, OPTION_LIST, "TEXT", AT(text),
	.help = "encode this text instead and print its vector; may be given again"},
    {"file", 0, OPTION_TEXT, "FILE", AT(file),
	.help = "the same for a text a line; '-' is standard input"},
    {"from", 0, OPTION_TEXT, "FILE", AT(from),
	.help = "take the questions' vectors from a .npy file, or a tensor saved by PyTorch"},
    {"order", 0, OPTION_TEXT, "FILE", AT(order),
	.help = "CSV whose column prompt says which question each of these vectors is of",
	.unset = "the questions by id, as `export encodings` writes them"},
    {.name = NULL},
};

static void add_joined(struct cli *c, const struct encode_text *t, bool ids)
{
	struct buf b = BUF_INIT;
	size_t n = ids ? t->n_ids : t->dims;

	for (size_t i = 0; i < n; i++) {
		const char *space = i ? " " : "";

		if (ids)
			buf_printf(&b, "%s%u", space, t->ids[i]);
		else
			buf_printf(&b, "%s%.9g", space, (double)t->vector[i]);
	}
	out_text(c->out, buf_str(&b));
	buf_clear(&b);
}

/* {"text", "ids", "embedding"} on a line: of a million texts none waits for the last. */
static bool print_json(const struct encode_text *t, struct err *e)
{
	json_t *o = json_object(), *ids = json_array(), *v = json_array();
	bool ok;

	/* What is no UTF-8 cannot be written as JSON. */
	if (json_object_set_new(o, "text", json_string(t->text)))
		json_object_set_new(o, "text", json_null());
	for (size_t i = 0; i < t->n_ids; i++)
		json_array_append_new(ids, json_integer(t->ids[i]));
	for (size_t i = 0; i < t->dims; i++)
		json_array_append_new(v, json_number((double)t->vector[i]));
	json_object_set_new(o, "ids", ids);
	json_object_set_new(o, "embedding", v);
	ok = json_write_line(stdout, o, e);
	json_decref(o);
	return ok;
}

static bool encode_texts(
    struct cli *c, const struct encoder *enc, const char *const *text, size_t n, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encode_text *t = arena_array(&a, struct encode_text, n + 1);
	bool ok = encode_text_run(enc, text, n, &a, t, e);

	for (size_t i = 0; i < n && ok; i++) {
		if (out_format(c->out) == OUT_JSON) {
			ok = print_json(&t[i], e);
			continue;
		}
		out_row(c->out);
		out_text(c->out, t[i].text);
		out_int(c->out, (int64_t)t[i].n_ids);
		out_int(c->out, (int64_t)t[i].dims);
		add_joined(c, &t[i], true);
		add_joined(c, &t[i], false);
	}
	arena_clear(&a);
	return ok;
}

/* A line as a text; NULs, which end our strings, are left out, as BERT's normaliser does. */
static char *text_of_line(const char *line, size_t n)
{
	char *text = mem_alloc(n + 1);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (line[i])
			text[kept++] = line[i];
	text[kept] = '\0';
	return text;
}

static bool encode_lines(struct cli *c, const struct encoder *enc, const char *file, struct err *e)
{
	struct stream *s = stream_open(file, e);
	const struct progress *p = cli_progress(c);
	char *text[BATCH];
	bool ok = s != NULL, got = ok;
	size_t n = 0, done = 0;

	while (ok && got) {
		const char *line;
		size_t len;

		ok = stream_line(s, LINE_LIMIT, &line, &len, &got, e);
		if (ok && got)
			text[n++] = text_of_line(line, len);
		if (ok && (n == BATCH || (!got && n))) {
			ok = encode_texts(c, enc, (const char *const *)text, n, e);
			for (done += n; n;)
				mem_free(text[--n]);
			if (ok && !progress_tick(p, "encoding", (double)done, 0, "texts"))
				ok = err_set(e, ERR_CANCELLED, "stopped after %zu text%s", done,
				    plural(done));
		}
	}
	while (n)
		mem_free(text[--n]);
	stream_close(s);
	return ok;
}

static bool run_texts(struct cli *c, const struct options *o, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "text", .title = "text", .kind = COLUMN_CLIP},
	    {.key = "tokens", .title = "tokens", .kind = COLUMN_INT},
	    {.key = "dims", .title = "dims", .kind = COLUMN_INT},
	    {.key = "ids", .title = "ids", .kind = COLUMN_CLIP},
	    {.key = "embedding", .kind = COLUMN_TEXT},
	};
	struct encoder *enc;
	bool ok;

	if (o->split || o->from || o->order)
		return err_set(e, ERR_USAGE,
		    "encode: --text and --file need no database: leave out --split, --from, "
		    "--order");
	enc = encode_text_open(o->encoder, e);
	if (!enc)
		return false;
	if (out_format(c->out) != OUT_JSON)
		out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	else
		c->printed = true;
	ok = encode_texts(c, enc, o->text.v, o->text.n, e) &&
	     (!o->file || encode_lines(c, enc, o->file, e));
	encode_text_close(enc);
	return ok;
}

static bool run_import(struct cli *c, const struct options *o, struct err *e)
{
	const struct encode_import from = {o->from, o->order, o->encoder};
	struct encode_imported r;

	if (o->split)
		return err_set(
		    e, ERR_USAGE, "encode: --split is for fitting, --from brings vectors");
	if (!cli_open(c, SESSION_WRITE, e) ||
	    !task_encode_import(c->db, &from, cli_progress(c), &r, e))
		return false;
	out_fact_text(c->out, "encoder", "encoder", r.identity);
	out_fact_int(c->out, "dims", "dimensions", (int64_t)r.dims);
	out_fact_int(c->out, "rows", "vectors in the file", (int64_t)r.rows);
	out_fact_int(c->out, "matched", "questions with a vector", (int64_t)r.matched);
	out_fact_int(c->out, "missing", "questions without one", (int64_t)r.missing);
	out_fact_int(c->out, "unknown", "vectors of no stored question", (int64_t)r.unknown);
	if (!o->order)
		cli_note(c,
		    "without --order the rows are taken for the questions by id, as 'export "
		    "encodings' writes them");
	if (!o->encoder)
		cli_note(c,
		    "which encoder made them is not known, so no typed question can be routed by "
		    "them: say it with --encoder NAME");
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct encode_result r;

	if (o->text.n || o->file)
		return run_texts(c, o, e);
	if (o->from)
		return run_import(c, o, e);
	if (o->order)
		return err_set(e, ERR_USAGE, "encode: --order says what is in --from FILE");
	if (!cli_open(c, SESSION_WRITE, e) ||
	    !task_encode(c->db, o->encoder, o->split, cli_progress(c), &r, e))
		return false;
	out_fact_text(c->out, "encoder", "encoder", r.identity);
	out_fact_int(c->out, "dims", "dimensions", (int64_t)r.dims);
	out_fact_bool(c->out, "fitted", "fitted now", r.fitted);
	out_fact_int(c->out, "fitted_on", "fitted on questions", (int64_t)r.fitted_on);
	out_fact_int(c->out, "encoded", "encoded now", (int64_t)r.encoded);
	out_fact_int(c->out, "known", "encoded before", (int64_t)r.known);
	out_fact_real(c->out, "seconds", "seconds", 1, r.seconds);
	return true;
}

const struct command cmd_encode = {
    .name = "encode",
    .synopsis = "",
    .summary = "turn every question, or any text, into a vector",
    .description =
	"The built-in encoder is fitted on the training questions alone and kept in the database, "
	"so that a typed question is encoded the same way; a sentence transformer is frozen "
	"(embedllm encoders). Only what is missing is encoded; training does this by itself. With "
	"--text or --file no database is touched, and --json prints token ids and vector of each "
	"text as an object on a line of its own.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
