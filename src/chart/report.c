#include "chart/report.h"

#include "base/err.h"
#include "base/file.h"
#include "base/utf8.h"
#include "chart/chart.h"
#include "chart/chart_file.h"

#include <string.h>

static const char style[] =
    "body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:60em;margin:2em auto;"
    "padding:0 1em}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ddd}"
    "table{border-collapse:collapse;font-size:.9em;margin:1em 0}"
    "th,td{padding:.2em .7em;text-align:right;border-bottom:1px solid #eee;white-space:nowrap}"
    "th{border-bottom:1px solid #888}.l{text-align:left;white-space:normal}"
    "tbody tr:hover{background:#f6f6f6}img{max-width:100%;height:auto}";

/* Escaped for HTML; what is not printable is made visible first. */
static void add_text(struct buf *out, const char *text)
{
	struct buf printable = BUF_INIT;

	utf8_printable_add(&printable, text, strlen(text));
	for (const char *s = buf_str(&printable); *s; s++) {
		if (*s == '&')
			buf_adds(out, "&amp;");
		else if (*s == '<')
			buf_adds(out, "&lt;");
		else if (*s == '>')
			buf_adds(out, "&gt;");
		else if (*s == '"')
			buf_adds(out, "&quot;");
		else
			buf_addc(out, *s);
	}
	buf_clear(&printable);
}

static void add_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	add_text(out, text);
	buf_printf(out, "</%s>\n", name);
}

void report_begin(struct buf *out, const char *title)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width\">\n");
	add_element(out, "title", title);
	buf_printf(out, "<style>%s</style>\n</head>\n<body>\n", style);
	add_element(out, "h1", title);
}

void report_heading(struct buf *out, const char *text)
{
	add_element(out, "h2", text);
}

void report_paragraph(struct buf *out, const char *text)
{
	add_element(out, "p", text);
}

static void add_headings(struct buf *out, const struct table *t)
{
	buf_adds(out, "<thead><tr>");
	for (size_t k = 0; k < t->n_columns; k++) {
		const struct column *c = &t->columns[k];

		if (!c->title || !c->key)
			continue;
		buf_printf(out, "<th%s title=\"", column_is_left(c) ? " class=\"l\"" : "");
		add_text(out, c->about ? c->about : "");
		buf_adds(out, "\">");
		add_text(out, c->title);
		buf_adds(out, "</th>");
	}
	buf_adds(out, "</tr></thead>\n");
}

static void add_row(struct buf *out, const struct table *t, size_t row)
{
	struct buf scratch = BUF_INIT, text = BUF_INIT;

	buf_adds(out, "<tr>");
	for (size_t k = 0; k < t->n_columns; k++) {
		const struct column *c = &t->columns[k];
		struct value v;

		if (!c->title || !c->key)
			continue;
		v = table_get(t, row, k, &scratch);
		buf_reset(&text);
		column_text(&text, c, &v, COLUMN_PLAIN);
		buf_adds(out, column_is_left(c) ? "<td class=\"l\">" : "<td>");
		add_text(out, buf_str(&text));
		buf_adds(out, "</td>");
	}
	buf_adds(out, "</tr>\n");
	buf_clear(&scratch);
	buf_clear(&text);
}

void report_table(struct buf *out, const struct table *t, const uint32_t *order, size_t n)
{
	buf_adds(out, "<table>\n");
	add_headings(out, t);
	buf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < n; i++)
		add_row(out, t, order ? order[i] : i);
	buf_adds(out, "</tbody>\n</table>\n");
}

/* As an image of its own: pictures within one page would share the names of their glyphs. */
static void add_picture(struct buf *out, const struct buf *svg)
{
	buf_adds(out, "<p><img alt=\"\" src=\"data:image/svg+xml,");
	for (size_t i = 0; i < svg->len; i++) {
		unsigned char c = (unsigned char)svg->s[i];

		if (c <= ' ' || c >= 0x7f || strchr("\"#%&'<>?", c))
			buf_printf(out, "%%%02X", c);
		else
			buf_addc(out, (char)c);
	}
	buf_adds(out, "\"></p>\n");
}

void report_chart(struct buf *out, const struct chart *chart)
{
	struct buf svg = BUF_INIT;
	struct err e = ERR_INIT;

	if (chart_svg(chart, &svg, &e))
		add_picture(out, &svg);
	else
		report_paragraph(out, e.msg);
	buf_clear(&svg);
}

void report_end(struct buf *out)
{
	buf_adds(out, "</body>\n</html>\n");
}

bool report_write(const struct buf *page, const char *path, struct err *e)
{
	struct file_out o;

	if (!file_create(&o, path, e))
		return false;
	fwrite(buf_str(page), 1, page->len, o.f);
	return file_commit(&o, e);
}
