/* libcsv finds the fields (530 MB/s, measured; the inserts that follow take longer); here they are
 * collected into records, lines are counted, and limits are kept. */
#include "ingest/csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/stream.h"
#include "ingest/dialect.h"

#include <csv.h>
#include <string.h>

#define HEAD_SIZE ((size_t)64 << 10) /* bytes that tell the dialect */
#define HEAD_STEP ((size_t)1 << 10)

struct reading {
	struct csv_parser parser;
	struct dialect dialect;
	const struct csv_reader *r;
	struct err *e;
	struct buf text; /* the record's fields, a NUL after each */
	size_t *end;     /* end of each field in text */
	struct csv_field *v;
	size_t n, cap_end, cap_v;
	uint64_t line, next;   /* of the record; of what comes after it */
	int last;              /* character that ended the last line */
	const char *too_large; /* why the record cannot be taken */
	bool stop;             /* the caller or an error ends it */
	bool resync;           /* skipping the rest of a bad line */
};

static int no_space(unsigned char c)
{
	(void)c;
	return 0; /* spaces belong to the field */
}

static int is_space(unsigned char c)
{
	return c == ' ';
}

static void parser_start(struct reading *g)
{
	if (csv_init(&g->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL))
		die("libcsv does not start");
	csv_set_space_func(&g->parser, g->dialect.spaces ? is_space : no_space);
	csv_set_delim(&g->parser, (unsigned char)g->dialect.separator);
	csv_set_quote(&g->parser, (unsigned char)g->dialect.quote);
	csv_set_blk_size(&g->parser, (size_t)64 << 10);
}

static uint64_t count_newlines(const struct reading *g, const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t count = 0;

	while (p && (p = memchr(p, g->dialect.newline, (size_t)(end - p)))) {
		count++;
		p++;
	}
	return count;
}

static void on_field(void *field, size_t n, void *arg)
{
	struct reading *g = arg;

	if (g->stop)
		return;
	g->next += n ? count_newlines(g, field, n) : 0;
	if (n > CSV_FIELD_LIMIT)
		g->too_large = "a field of over 16 MiB";
	else if (g->n == CSV_COLUMNS_LIMIT)
		g->too_large = "over 4096 columns";
	if (g->too_large)
		return;
	if ((n && !buf_add(&g->text, field, n)) || !buf_addc(&g->text, '\0')) {
		g->too_large = "a line of over 64 MiB";
		return;
	}
	g->end = mem_grow(g->end, &g->cap_end, g->n + 1, sizeof(*g->end));
	g->end[g->n++] = g->text.len;
}

static bool complain(struct reading *g, const char *reason)
{
	bool go_on = g->r->bad(g->r->arg, g->line, g->n, reason, g->e);

	g->stop = g->stop || !go_on;
	return go_on;
}

static void record_over(struct reading *g)
{
	g->n = 0;
	g->too_large = NULL;
	buf_reset(&g->text);
	g->line = g->next;
}

/* Spreadsheets write rows of nothing but separators below a table, and between its parts. */
static bool is_empty(const struct reading *g)
{
	for (size_t i = 0; i < g->text.len; i++)
		if (g->text.s[i] != '\0' && g->text.s[i] != ' ')
			return false;
	return true;
}

static void hand_out(struct reading *g)
{
	struct csv_row row = {.n = g->n, .line = g->line};
	size_t start = 0;

	g->v = mem_grow(g->v, &g->cap_v, g->n, sizeof(*g->v));
	for (size_t i = 0; i < g->n; i++) {
		g->v[i] = (struct csv_field){g->text.s + start, g->end[i] - start - 1};
		start = g->end[i];
	}
	row.v = g->v;
	if (!g->r->row(g->r->arg, &row, g->e))
		g->stop = true;
}

static void on_line(int c, void *arg)
{
	struct reading *g = arg;

	if (g->stop)
		return;
	if (g->too_large)
		complain(g, g->too_large);
	else if (g->n && !is_empty(g))
		hand_out(g);
	/* CR and LF are reported one by one; together they are one line. */
	if (c != '\n' || g->last != '\r' || g->n || g->too_large)
		g->next++;
	g->last = c;
	record_over(g);
}

/* Feed n bytes; a malformed record is reported and left out up to the end of its line. */
static void feed(struct reading *g, const char *p, size_t n)
{
	while (n && !g->stop) {
		size_t used;

		if (g->resync) {
			const char *nl = memchr(p, g->dialect.newline, n);

			used = nl ? (size_t)(nl - p) + 1 : n;
			if (nl) {
				g->resync = false;
				g->next++;
				record_over(g);
			}
		} else {
			used = csv_parse(&g->parser, p, n, on_field, on_line, g);
			if (used < n && csv_error(&g->parser) == CSV_ENOMEM)
				die("out of memory");
			if (used < n && !g->stop) {
				complain(g,
				    "a quote inside a field: fields with quotes are written "
				    "\"like \"\"this\"\"\"");
				g->next += count_newlines(
				    g, (const char *)g->parser.entry_buf, g->parser.entry_pos);
				csv_free(&g->parser);
				parser_start(g);
				g->resync = true;
			}
		}
		p += used;
		n -= used;
	}
}

static bool read_all(struct reading *g, struct stream *s, const struct progress *p)
{
	const char *chunk;
	size_t n = 1, skip = g->dialect.skip;

	while (n && !g->stop) {
		if (!stream_read(s, &chunk, &n, g->e))
			return false;
		if (!progress_tick(p, "reading", stream_fraction(s) * 100,
			stream_fraction(s) < 0 ? 0 : 100, "%"))
			return err_set(g->e, ERR_CANCELLED, "%s: stopped; nothing was changed",
			    stream_name(s));
		feed(g, chunk + (skip < n ? skip : n), skip < n ? n - skip : 0);
		skip -= skip < n ? skip : n;
		/* A quote that is never closed makes one field of the rest of the file. */
		if (!g->stop && csv_get_buffer_size(&g->parser) > 4 * CSV_FIELD_LIMIT)
			return err_set(g->e, ERR_DATA,
			    "%s:%llu: a field of over 16 MiB: is its closing quote missing?",
			    stream_name(s), (unsigned long long)g->line);
	}
	if (g->stop)
		return false;
	if (!g->resync && csv_fini(&g->parser, on_field, on_line, g))
		return err_set(g->e, ERR_DATA,
		    "%s:%llu: the file ends inside a quoted field that begins in this record: it "
		    "is "
		    "cut off, or a closing quote is missing",
		    stream_name(s), (unsigned long long)g->line);
	return !g->stop;
}

static void start(struct reading *g, const char *head, size_t n)
{
	dialect_guess(head, n, &g->dialect);
	g->line = g->next = g->dialect.skip ? 2 : 1;
	buf_init(&g->text, 4 * CSV_FIELD_LIMIT);
	parser_start(g);
}

bool csv_read(struct stream *s, const struct csv_reader *r, const struct progress *p, struct err *e)
{
	struct reading g = {.r = r, .e = e};
	const char *head;
	size_t n;
	bool ok;

	if (!stream_peek(s, HEAD_SIZE, &head, &n, e))
		return false;
	start(&g, head, n);
	ok = read_all(&g, s, p);
	csv_free(&g.parser);
	buf_clear(&g.text);
	mem_free(g.end);
	mem_free(g.v);
	return ok;
}

struct csv_row csv_row_copy(struct arena *a, const struct csv_row *row)
{
	struct csv_field *v = arena_array(a, struct csv_field, row->n);

	for (size_t i = 0; i < row->n; i++)
		v[i] = (struct csv_field){arena_strndup(a, row->v[i].p, row->v[i].n), row->v[i].n};
	return (struct csv_row){v, row->n, row->line};
}

static bool keep_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct csv_first *f = arg;

	(void)e;
	f->rows[f->n++] = csv_row_copy(f->a, row);
	return f->n < f->max;
}

static bool give_up(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	(void)arg, (void)line, (void)column, (void)reason, (void)e;
	return false;
}

struct csv_reader csv_first_reader(struct csv_first *f)
{
	return (struct csv_reader){keep_row, give_up, f};
}

size_t csv_head(const char *p, size_t n, struct arena *a, struct csv_row *out, size_t max)
{
	struct csv_first f = {a, out, 0, max};
	struct csv_reader r = csv_first_reader(&f);
	struct reading g = {.r = &r};

	start(&g, p, n);
	/* libcsv does not stop within what it is given. */
	for (size_t at = g.dialect.skip; at < n && !g.stop; at += HEAD_STEP)
		feed(&g, p + at, n - at < HEAD_STEP ? n - at : HEAD_STEP);
	if (!g.stop && !g.resync)
		csv_fini(&g.parser, on_field, on_line, &g);
	csv_free(&g.parser);
	buf_clear(&g.text);
	mem_free(g.end);
	mem_free(g.v);
	return f.n;
}

bool csv_header(const char *p, size_t n, struct arena *a, struct csv_row *out)
{
	return csv_head(p, n, a, out, 1) > 0;
}
