/* filter.c - a filter is parsed once into terms, each bound to its column; a row passes where all
 * terms do. A term that cannot be applied yet, or at all, hides nothing, and the note says so. */
#include "base/filter.h"

#include "base/buf.h"
#include "base/filter_value.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "base/table.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NOTE_COLUMNS 12 /* named where one is not there */
#define UNLIKE 0.6      /* of a name's letters: no likeness any more */
#define PAIR_ROWS 5000  /* looked at for names of pairs */

enum op { WORD, HAS, EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST };

static const struct {
	const char *sign;
	enum op op;
} signs[] = {{">=", AT_LEAST}, {"<=", AT_MOST}, {"!=", UNEQUAL}, {"<>", UNEQUAL}, {"==", EQUAL},
    {"\u2265", AT_LEAST}, {"\u2264", AT_MOST}, {"\u2260", UNEQUAL}, {">", MORE}, {"<", LESS},
    {"=", EQUAL}, {":", HAS}};

struct term {
	bool not ;
	enum op op;
	int column; /* -1: none; then `pair`, or any */
	char *pair; /* name of a pair of a map column, or NULL */
	char *text; /* the word, or the value as it was written */
	struct filter_value value;
	bool numeric; /* `value` was parsed */
	bool missing; /* the value is "-" */
	bool idle;    /* hides nothing */
};

struct filter {
	struct term *v;
	size_t n, cap;
	struct buf note, fault;
};

/* What is written */

struct reader {
	const char *s;
	const struct table *t;
	struct filter *f;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* The comparison that begins at s, and its length; WORD where none does. */
static enum op op_at(const char *s, size_t *n)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		*n = strlen(signs[i].sign);
		if (!strncmp(s, signs[i].sign, *n))
			return signs[i].op;
	}
	*n = 0;
	return WORD;
}

/* In quotes up to the closing one, or the end while it is not typed yet; else to a blank, or a
 * comparison if `name`. */
static char *read_word(struct reader *r, bool name)
{
	struct buf b = BUF_INIT;
	bool quoted = *r->s == '"';
	size_t n;

	r->s += quoted;
	while (*r->s && (quoted ? *r->s != '"' : !is_blank(*r->s))) {
		if (!quoted && name && op_at(r->s, &n) != WORD)
			break;
		if (quoted && r->s[0] == '\\' && r->s[1] == '"')
			r->s++;
		buf_addc(&b, *r->s++);
	}
	r->s += quoted && *r->s == '"';
	buf_addc(&b, '\0');
	return buf_take(&b);
}

/* Columns */

static bool is_named(const struct column *c, const char *name, bool whole)
{
	size_t n = strlen(name);
	const char *heading = column_heading(c);

	if (!c->key || !n)
		return false;
	return whole ? !strcasecmp(heading, name) || !strcasecmp(c->key, name)
		     : !strncasecmp(heading, name, n) || !strncasecmp(c->key, name, n);
}

/* By the whole heading or key, else by the start of a heading, else of a key. */
static int find_column(const struct table *t, const char *name)
{
	for (int whole = 1; whole >= 0; whole--)
		for (size_t j = 0; j < t->n_columns; j++)
			if (is_named(&t->columns[j], name, whole))
				return (int)j;
	return -1;
}

/* The text of the pair, NULL where the row has none of that name. */
static const char *find_pair(const struct value *v, const char *name)
{
	const char *s = v->text;

	for (int64_t i = 0; !v->missing && i < v->n; i++) {
		const char *text = s + strlen(s) + 1;

		if (!strcasecmp(s, name))
			return text;
		s = text + strlen(text) + 1;
	}
	return NULL;
}

static bool row_has_pair(const struct table *t, size_t row, const char *name, struct buf *scratch)
{
	for (size_t j = 0; j < t->n_columns; j++) {
		struct value v;

		if (t->columns[j].kind != COLUMN_MAP || !t->columns[j].key)
			continue;
		v = table_get(t, row, j, scratch);
		if (find_pair(&v, name))
			return true;
	}
	return false;
}

static bool is_pair(const struct table *t, const char *name)
{
	struct buf scratch = BUF_INIT;
	bool maps = false, found = false;

	for (size_t j = 0; j < t->n_columns; j++)
		maps |= t->columns[j].kind == COLUMN_MAP && t->columns[j].key;
	for (size_t i = t->totals; maps && !found && i < t->n && i < PAIR_ROWS; i++)
		found = row_has_pair(t, i, name, &scratch);
	buf_clear(&scratch);
	return found;
}

/* What is said */

/* As a filter can name it. */
static const char *short_name(const struct column *c)
{
	const char *heading = column_heading(c);

	return *heading && !strpbrk(heading, " \"") ? heading : c->key;
}

struct near {
	const char *name;
	double unlike;
	size_t place;
};

static int by_likeness(const void *pa, const void *pb)
{
	const struct near *a = pa, *b = pb;

	if (a->unlike != b->unlike)
		return a->unlike < b->unlike ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* Edits a character of the longer one, 0 to 1; what is not like it at all comes in its own order. */
static double unlike(const struct column *c, const char *name)
{
	const char *own[] = {column_heading(c), c->key};
	double least = c->hidden ? 2 : 1;

	for (int i = 0; i < 2; i++) {
		double longer = fmax(1, fmax((double)strlen(own[i]), (double)strlen(name)));
		double share = (double)spelling_distance(own[i], name) / longer;

		least = share <= UNLIKE ? fmin(least, share) : least;
	}
	return least;
}

/* "no column foo; there are Score, Name, ...": the nearest first. */
static void say_unknown(struct filter *f, const struct table *t, const char *name)
{
	struct near *v;
	size_t n = 0;

	if (f->fault.len)
		return;
	v = mem_array(t->n_columns + 1, sizeof(*v));
	for (size_t j = 0; j < t->n_columns; j++)
		if (t->columns[j].key)
			v[n++] = (struct near){
			    short_name(&t->columns[j]), unlike(&t->columns[j], name), j};
	qsort(v, n, sizeof(*v), by_likeness);
	buf_printf(&f->fault, "no column %s", name);
	buf_reset(&f->note);
	buf_printf(&f->note, "%s; there are ", buf_str(&f->fault));
	for (size_t i = 0; i < n && i < NOTE_COLUMNS; i++)
		buf_printf(&f->note, "%s%s", i ? ", " : "", v[i].name);
	buf_adds(&f->note, n > NOTE_COLUMNS ? ", \u2026" : "");
	mem_free(v);
}

static void say_no_value(struct filter *f, const struct column *c, const char *text)
{
	if (f->fault.len)
		return;
	buf_printf(&f->fault, "\"%s\" is no value of %s", text, column_heading(c));
	buf_reset(&f->note);
	buf_printf(
	    &f->note, "%s, which is written %s", buf_str(&f->fault), filter_value_example(c));
}

static const char *sign_of(enum op op)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (signs[i].op == op)
			return signs[i].sign;
	return "";
}

static void say_unfinished(struct filter *f, const struct column *c, const struct term *t)
{
	if (f->fault.len)
		return;
	buf_reset(&f->note);
	buf_printf(&f->note, "%s %s \u2026 a value, such as %s", column_heading(c), sign_of(t->op),
	    column_is_text(c) || t->op == HAS ? "a word, or \"some words\""
					      : filter_value_example(c));
}

/* How a value was taken that could have meant another thing. */
static void say_reading(struct filter *f, const struct column *c, const struct term *t)
{
	if (!f->note.len && t->value.share)
		buf_printf(&f->note, "%s %s %g%%", column_heading(c), sign_of(t->op), t->value.low);
}

/* Terms */

static bool is_dash(const char *s)
{
	return !strcmp(s, "-") || !strcmp(s, "\u2013");
}

/* What may become a value with more keys. */
static bool may_go_on(const char *s)
{
	return strspn(s, "0123456789.,+-$:eET") == strlen(s);
}

static bool parse_bool(const char *text, struct filter_value *out)
{
	bool yes = !strcasecmp(text, "yes") || !strcasecmp(text, "true") || !strcmp(text, "1");

	*out = (struct filter_value){.low = yes, .high = yes};
	return yes || !strcasecmp(text, "no") || !strcasecmp(text, "false") || !strcmp(text, "0");
}

/* A value of the column, or why there is none. */
static void bind_value(struct filter *f, const struct column *c, struct term *k)
{
	k->missing = is_dash(k->text) && (k->op == EQUAL || k->op == UNEQUAL || k->op == HAS);
	if (k->missing)
		return;
	if (!*k->text) {
		k->idle = true;
		say_unfinished(f, c, k);
		return;
	}
	if (k->op == HAS || column_is_text(c))
		return;
	k->numeric = c->kind == COLUMN_BOOL ? parse_bool(k->text, &k->value)
					    : filter_value_parse(c, k->text, &k->value);
	k->idle = !k->numeric;
	if (k->numeric)
		say_reading(f, c, k);
	else if (may_go_on(k->text))
		say_unfinished(f, c, k);
	else
		say_no_value(f, c, k->text);
}

/* As it stands: no column has the name. */
static void bind_nothing(
    struct reader *r, struct term *k, const char *name, const char *from, const char *end)
{
	struct buf b = BUF_INIT;

	if (is_pair(r->t, name)) {
		k->pair = mem_strdup(name);
		k->idle = !*k->text;
		return;
	}
	say_unknown(r->f, r->t, name);
	k->op = WORD;
	mem_free(k->text);
	buf_add(&b, from, (size_t)(end - from));
	buf_addc(&b, '\0');
	k->text = buf_take(&b);
}

static bool is_name(const char *s)
{
	return utf8_is_letter((unsigned char)*s) || (unsigned char)*s >= 0x80 || *s == '#' ||
	       *s == '|' || *s == '$' || *s == '_';
}

/* "col > 5": the comparison may stand alone. */
static enum op read_op(struct reader *r)
{
	size_t n, blanks = strspn(r->s, " ");
	enum op op = op_at(r->s + blanks, &n);

	if (op == WORD || (blanks && op == HAS))
		return WORD;
	r->s += blanks + n;
	if (op != HAS)
		r->s += strspn(r->s, " ");
	return op;
}

/* "col < 30 %": percent is what is shown. */
static void skip_percent(struct reader *r)
{
	const char *s = r->s + strspn(r->s, " ");

	if (s > r->s && *s == '%' && (!s[1] || is_blank(s[1])))
		r->s = s + 1;
}

static void read_term(struct reader *r)
{
	struct term k = {.column = -1};
	const char *from;
	char *word;

	k.not = *r->s == '-' && r->s[1] && !is_blank(r->s[1]);
	k.idle = *r->s == '-' && !k.not ;
	r->s += k.not ;
	from = r->s;
	word = read_word(r, true);
	k.op = is_name(word) ? read_op(r) : WORD;
	if (k.op != WORD) {
		k.column = find_column(r->t, word);
		k.text = read_word(r, false);
		skip_percent(r);
		if (k.column >= 0)
			bind_value(r->f, &r->t->columns[k.column], &k);
		else
			bind_nothing(r, &k, word, from, r->s);
		mem_free(word);
	} else if (*from == '"') {
		k.text = word;
	} else { /* with whatever sign it begins with */
		mem_free(word);
		r->s = from;
		k.text = read_word(r, false);
	}
	k.idle |= k.op == WORD && !*k.text;
	r->f->v = mem_grow(r->f->v, &r->f->cap, r->f->n + 1, sizeof(*r->f->v));
	r->f->v[r->f->n++] = k;
}

struct filter *filter_new(const struct table *t, const char *text)
{
	struct filter *f = mem_zero_array(1, sizeof(*f));
	struct reader r = {text, t, f};

	buf_init(&f->note, 1024);
	buf_init(&f->fault, 256);
	for (;;) {
		while (is_blank(*r.s))
			r.s++;
		if (!*r.s)
			return f;
		read_term(&r);
	}
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		mem_free(f->v[i].pair);
		mem_free(f->v[i].text);
	}
	mem_free(f->v);
	buf_clear(&f->note);
	buf_clear(&f->fault);
	mem_free(f);
}

const char *filter_note(const struct filter *f)
{
	return f->note.len ? buf_str(&f->note) : NULL;
}

const char *filter_fault(const struct filter *f)
{
	return f->fault.len ? buf_str(&f->fault) : NULL;
}

bool filter_narrows(const char *before, const char *after)
{
	return !strncmp(before, after, strlen(before)) && !strpbrk(after, ":<>=!-\"\u2264");
}

/* Rows */

struct row {
	const struct table *t;
	size_t row;
	const char *more;
	const bool *off;
	struct buf scratch, text;
};

static bool compare_text(enum op op, const char *text, const char *want)
{
	const char *found;
	int d;

	switch (op) {
	case EQUAL:
	case UNEQUAL:
		found = utf8_search(text, want);
		return (found == text && strlen(text) == strlen(want)) == (op == EQUAL);
	case LESS:
	case AT_MOST:
	case MORE:
	case AT_LEAST:
		d = strcasecmp(text, want);
		return op == LESS ? d < 0 : op == AT_MOST ? d <= 0 : op == MORE ? d > 0 : d >= 0;
	default:
		return utf8_search(text, want) != NULL;
	}
}

static bool compare_number(enum op op, double v, double shown, const struct filter_value *want)
{
	bool equal = want->high > want->low ? v >= want->low && v < want->high
					    : v == want->low || shown == want->low;

	switch (op) {
	case EQUAL:
		return equal;
	case UNEQUAL:
		return !equal;
	case LESS:
		return !equal && v < want->low;
	case AT_MOST:
		return equal || v < want->low;
	case MORE:
		return !equal && v > want->low;
	default:
		return equal || v > want->low;
	}
}

static bool column_passes(struct row *r, const struct term *k)
{
	const struct column *c = &r->t->columns[k->column];
	struct value v = table_get(r->t, r->row, (size_t)k->column, &r->scratch);
	double number, shown;

	if (k->missing)
		return v.missing == (k->op != UNEQUAL);
	if (v.missing)
		return k->op == UNEQUAL;
	if (c->kind == COLUMN_MAP && k->op == EQUAL)
		return compare_text(HAS, column_cell(c, &v, &r->text), k->text);
	if (!k->numeric)
		return compare_text(k->op, column_cell(c, &v, &r->text), k->text);
	if (c->kind == COLUMN_DATE) {
		number = filter_value_date(v.text);
		return !isnan(number) && compare_number(k->op, number, NAN, &k->value);
	}
	column_number(c, &v, &number);
	shown = c->kind == COLUMN_BOOL      ? number
		: c->kind == COLUMN_SECONDS ? floor(number)
					    : strtod(column_cell(c, &v, &r->text), NULL);
	return compare_number(k->op, number, shown, &k->value);
}

/* A pair's text is compared as a number where both are: "7B" with 7B. */
static bool pair_passes(struct row *r, const struct term *k)
{
	static const struct column number = {.key = "", .kind = COLUMN_REAL};
	const char *text = NULL;
	struct filter_value want, have;

	for (size_t j = 0; !text && j < r->t->n_columns; j++) {
		struct value v;

		if (r->t->columns[j].kind != COLUMN_MAP || !r->t->columns[j].key)
			continue;
		v = table_get(r->t, r->row, j, &r->scratch);
		text = find_pair(&v, k->pair);
	}
	if (is_dash(k->text))
		return !text == (k->op != UNEQUAL);
	if (!text)
		return k->op == UNEQUAL;
	if (k->op != HAS && filter_value_parse(&number, k->text, &want) &&
	    filter_value_parse(&number, text, &have))
		return compare_number(k->op, have.low, have.low, &want);
	return compare_text(k->op, text, k->text);
}

static bool any_passes(struct row *r, const char *word)
{
	if (r->more && utf8_search(r->more, word))
		return true;
	for (size_t j = 0; j < r->t->n_columns; j++) {
		const struct column *c = &r->t->columns[j];
		struct value v;

		if (!c->key || (r->off && r->off[j]))
			continue;
		v = table_get(r->t, r->row, j, &r->scratch);
		if (utf8_search(column_cell(c, &v, &r->text), word))
			return true;
	}
	return false;
}

bool filter_match(
    const struct filter *f, const struct table *t, size_t row, const char *more, const bool *off)
{
	struct row r = {t, row, more, off, BUF_INIT, BUF_INIT};
	bool match = true;

	for (size_t i = 0; match && i < f->n; i++) {
		const struct term *k = &f->v[i];

		if (k->idle)
			continue;
		match = (k->column >= 0 ? column_passes(&r, k)
			    : k->pair   ? pair_passes(&r, k)
					: any_passes(&r, k->text)) != k->not ;
	}
	buf_clear(&r.scratch);
	buf_clear(&r.text);
	return match;
}
