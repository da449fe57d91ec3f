#include "base/column.h"

#include "base/buf.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct value value_text(const char *s)
{
	return (struct value){.missing = !s, .text = s};
}

struct value value_int(int64_t n)
{
	return (struct value){.n = n};
}

struct value value_real(double v)
{
	return (struct value){.missing = !isfinite(v), .v = {v}};
}

struct value value_figure(double v, double low, double high)
{
	return (struct value){.missing = !isfinite(v), .v = {v, low, high}};
}

struct value value_bool(bool v)
{
	return (struct value){.n = v};
}

struct value value_missing(void)
{
	return (struct value){.missing = true};
}

struct value value_map(const struct buf *pairs, size_t n)
{
	return (struct value){.missing = n == 0, .text = buf_str(pairs), .n = (int64_t)n};
}

void value_map_add(struct buf *pairs, const char *name, const char *text)
{
	buf_add(pairs, name, strlen(name) + 1);
	buf_add(pairs, text, strlen(text) + 1);
}

bool column_is_left(const struct column *c)
{
	return column_is_text(c) || c->kind == COLUMN_BOOL || c->kind == COLUMN_DATE;
}

bool column_is_text(const struct column *c)
{
	return c->kind == COLUMN_TEXT || c->kind == COLUMN_CLIP || c->kind == COLUMN_MAP;
}

const char *column_heading(const struct column *c)
{
	return c->brief ? c->brief : c->title ? c->title : c->key;
}

bool column_is_figure(const struct column *c)
{
	return c->kind == COLUMN_FIGURE || c->kind == COLUMN_SHARE_FIGURE || c->kind == COLUMN_PM ||
	       c->kind == COLUMN_SHARE_PM;
}

static bool is_share(const struct column *c)
{
	return c->kind == COLUMN_SHARE || c->kind == COLUMN_SHARE_FIGURE ||
	       c->kind == COLUMN_SHARE_PM;
}

/* Text */

/* Never "-0.0". */
static void add_fixed(struct buf *b, const struct column *c, double v, int decimals, unsigned style)
{
	size_t start;

	if (c->plus && v >= 0)
		buf_addc(b, '+');
	start = b->len;
	if (decimals < 0)
		buf_printf(b, "%.*g", -decimals, v);
	else if (style & COLUMN_CELL && decimals <= 6)
		buf_add_number(b, v, decimals);
	else
		buf_printf(b, "%.*f", decimals, v);
	if (b->s[start] == '-' && strspn(b->s + start + 1, "0.") == b->len - start - 1) {
		memmove(b->s + start, b->s + start + 1, b->len - start);
		b->len--;
	}
}

static int money_decimals(double v)
{
	int decimals = 2;

	for (double unit = 1; v != 0 && fabs(v) < unit && decimals < 12; unit /= 10)
		decimals++;
	/* But no zeros at the end. */
	for (double power = pow(10, decimals - 1); decimals > 2; power /= 10, decimals--)
		if (fabs(round(v * power) / power - v) > 0.0005 * fabs(v))
			break;
	return decimals;
}

static void add_map(struct buf *b, const struct value *v, void (*add)(struct buf *, const char *))
{
	const char *s = v->text;

	for (int64_t i = 0; i < v->n; i++) {
		if (i)
			buf_addc(b, ' ');
		add(b, s);
		s += strlen(s) + 1;
		buf_addc(b, '=');
		add(b, s);
		s += strlen(s) + 1;
	}
}

static void add_as_is(struct buf *b, const char *s)
{
	buf_adds(b, s);
}

static void add_printable(struct buf *b, const char *s)
{
	utf8_printable_add(b, s, strlen(s));
}

/* "0.765 [0.757, 0.773]" or "0.765 ±0.008"; the value alone where it has no interval. */
static void add_figure(struct buf *b, const struct column *c, const struct value *v, unsigned style)
{
	double unit = is_share(c) ? 100 : 1;
	const char *percent = is_share(c) && !(style & COLUMN_CELL) ? "%" : "";

	add_fixed(b, c, unit * v->v[0], c->decimals, style);
	if (!isfinite(v->v[1]) || !isfinite(v->v[2])) {
		buf_adds(b, percent);
		return;
	}
	if (c->kind == COLUMN_PM || c->kind == COLUMN_SHARE_PM) {
		buf_adds(b, style & COLUMN_ASCII ? " +-" : " \u00b1");
		add_fixed(b, c, unit * (v->v[2] - v->v[1]) / 2, c->decimals, style);
		buf_adds(b, percent);
		return;
	}
	buf_printf(b, "%s [", percent);
	add_fixed(b, c, unit * v->v[1], c->decimals, style);
	buf_adds(b, ", ");
	add_fixed(b, c, unit * v->v[2], c->decimals, style);
	buf_printf(b, "%s]", percent);
}

void column_text(struct buf *b, const struct column *c, const struct value *v, unsigned style)
{
	if (v->missing) {
		buf_adds(b, style & COLUMN_ASCII ? "-" : "\u2013");
		return;
	}
	switch (c->kind) {
	case COLUMN_TEXT:
	case COLUMN_CLIP:
	case COLUMN_DATE:
		(style & COLUMN_CELL ? add_as_is : add_printable)(b, v->text);
		break;
	case COLUMN_INT:
		if (style & COLUMN_CELL)
			buf_add_number(b, (double)v->n, 0);
		else
			buf_printf(b, "%lld", (long long)v->n);
		break;
	case COLUMN_REAL:
	case COLUMN_SECONDS:
		add_fixed(b, c, v->v[0], c->decimals, style);
		break;
	case COLUMN_SHARE:
		add_fixed(b, c, 100 * v->v[0], c->decimals, style);
		buf_adds(b, style & COLUMN_CELL ? "" : "%");
		break;
	case COLUMN_MONEY:
		add_fixed(b, c, v->v[0], money_decimals(v->v[0]), style);
		break;
	case COLUMN_FIGURE:
	case COLUMN_SHARE_FIGURE:
	case COLUMN_PM:
	case COLUMN_SHARE_PM:
		add_figure(b, c, v, style);
		break;
	case COLUMN_BOOL:
		buf_adds(b, v->n ? "yes" : "");
		break;
	case COLUMN_MAP:
		add_map(b, v, style & COLUMN_CELL ? add_as_is : add_printable);
		break;
	}
}

const char *column_cell(const struct column *c, const struct value *v, struct buf *b)
{
	if (!v->missing && v->text && c->kind != COLUMN_MAP)
		return v->text;
	buf_reset(b);
	column_text(b, c, v, COLUMN_CELL);
	return buf_str(b);
}

bool column_number(const struct column *c, const struct value *v, double *out)
{
	if (column_is_left(c) && c->kind != COLUMN_BOOL)
		return false;
	*out = v->missing                                        ? NAN
	       : c->kind == COLUMN_INT || c->kind == COLUMN_BOOL ? (double)v->n
	       : is_share(c)                                     ? 100 * v->v[0]
								 : v->v[0];
	return true;
}

/* Fields */

/* A key may hold the name of a benchmark, and so anything. */
static void add_key(struct buf *b, const char *key, const char *end, char gap)
{
	struct buf whole = BUF_INIT;

	buf_printf(&whole, "%s%s", key, end);
	(gap == ',' ? quote_csv : quote_tsv)(b, buf_str(&whole), whole.len);
	buf_clear(&whole);
}

void column_keys(struct buf *b, const struct column *c, char gap)
{
	static const char *const end[] = {"", "_low", "_high"};

	for (int i = 0; i < (column_is_figure(c) ? 3 : 1); i++) {
		if (i)
			buf_addc(b, gap);
		add_key(b, c->key, end[i], gap);
	}
}

static void add_number(struct buf *b, double v)
{
	if (isfinite(v))
		buf_printf(b, "%.9g", v);
}

static void add_tsv(struct buf *b, const char *s)
{
	quote_tsv(b, s, strlen(s));
}

static void add_field(struct buf *b, const struct column *c, const struct value *v, char gap,
    void (*add_text)(struct buf *, const char *))
{
	if (column_is_figure(c)) {
		for (int i = 0; i < 3; i++) {
			if (i)
				buf_addc(b, gap);
			if (!v->missing)
				add_number(b, v->v[i]);
		}
		return;
	}
	if (v->missing)
		return;
	switch (c->kind) {
	case COLUMN_TEXT:
	case COLUMN_CLIP:
	case COLUMN_DATE:
		add_text(b, v->text);
		break;
	case COLUMN_INT:
		buf_printf(b, "%lld", (long long)v->n);
		break;
	case COLUMN_BOOL:
		buf_adds(b, v->n ? "true" : "false");
		break;
	case COLUMN_MAP:
		add_map(b, v, add_text);
		break;
	default:
		add_number(b, v->v[0]);
		break;
	}
}

void column_tsv(struct buf *b, const struct column *c, const struct value *v)
{
	add_field(b, c, v, '\t', add_tsv);
}

void column_csv(struct buf *b, const struct column *c, const struct value *v)
{
	struct buf plain = BUF_INIT;

	if (!column_is_left(c)) {
		add_field(b, c, v, ',', add_as_is);
		return;
	}
	add_field(&plain, c, v, ',', add_as_is);
	quote_csv(b, buf_str(&plain), plain.len);
	buf_clear(&plain);
}

/* Our text is UTF-8 already; where a byte is not (a file name), its escape is shown. */
static json_t *json_text(const char *s)
{
	size_t n = strlen(s);
	struct buf b = BUF_INIT;
	json_t *v;

	if (utf8_check(s, n) == n)
		return json_string(s);
	utf8_printable_add(&b, s, n);
	v = json_string(buf_str(&b));
	buf_clear(&b);
	return v;
}

static json_t *json_map(const struct value *v)
{
	json_t *map = json_object();
	const char *s = v->text;

	for (int64_t i = 0; !v->missing && i < v->n; i++) {
		const char *text = s + strlen(s) + 1;

		json_object_set_new(map, s, json_text(text));
		s = text + strlen(text) + 1;
	}
	return map;
}

json_t *column_json(const struct column *c, const struct value *v)
{
	if (column_is_figure(c))
		return json_pack("{sososo}", "value", json_number(v->missing ? NAN : v->v[0]),
		    "low", json_number(v->missing ? NAN : v->v[1]), "high",
		    json_number(v->missing ? NAN : v->v[2]));
	if (c->kind == COLUMN_MAP)
		return json_map(v);
	if (v->missing)
		return json_null();
	switch (c->kind) {
	case COLUMN_TEXT:
	case COLUMN_CLIP:
	case COLUMN_DATE:
		return json_text(v->text);
	case COLUMN_INT:
		return json_integer(v->n);
	case COLUMN_BOOL:
		return json_boolean(v->n);
	default:
		return json_number(v->v[0]);
	}
}
