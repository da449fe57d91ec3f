/* The pickle is run on a stack of its own that knows the few opcodes such a file has and can build
 * nothing but numbers, strings, tuples and the one tensor: no code of the file is ever followed.
 */
#include "ingest/tensor_pth.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zip.h"

#include <stdint.h>
#include <string.h>

#define MAX_PICKLE ((size_t)1 << 20)
#define MAX_NUMBERS ((size_t)4 << 30)
#define STACK 256
#define MEMO 1024

struct file {
	const char *p;
	size_t n;
	const char *where;
};

enum kind { NOTHING, MARK, NUMBER, TEXT, TUPLE, STORAGE, TENSOR };

struct value {
	enum kind kind;
	int64_t number;     /* NUMBER */
	const char *text;   /* TEXT, and "module name" of something global */
	size_t n;           /* bytes of text; items of a tuple */
	struct value *item; /* TUPLE; of a STORAGE its description; of a TENSOR its arguments */
};

struct machine {
	const char *p, *end;
	struct value stack[STACK], memo[MEMO];
	size_t n;
	struct arena arena;
};

static bool push(struct machine *m, struct value v)
{
	if (m->n == STACK)
		return false;
	m->stack[m->n++] = v;
	return true;
}

static bool take(struct machine *m, size_t n, const char **out)
{
	if (n > (size_t)(m->end - m->p))
		return false;
	*out = m->p;
	m->p += n;
	return true;
}

static size_t little(const char *p, size_t bytes)
{
	size_t v = 0;

	while (bytes--)
		v = v << 8 | (unsigned char)p[bytes];
	return v;
}

static bool take_number(struct machine *m, size_t bytes, size_t *out)
{
	const char *p;

	if (!take(m, bytes, &p))
		return false;
	*out = little(p, bytes);
	return true;
}

/* Rest of the line, without its end. */
static bool take_line(struct machine *m, const char **out, size_t *n)
{
	const char *stop = memchr(m->p, '\n', (size_t)(m->end - m->p));

	if (!stop)
		return false;
	*out = m->p;
	*n = (size_t)(stop - m->p);
	m->p = stop + 1;
	return true;
}

/* The last n values become one tuple. */
static bool make_tuple(struct machine *m, size_t n)
{
	struct value t = {.kind = TUPLE, .n = n};

	if (n > m->n)
		return false;
	t.item = arena_array(&m->arena, struct value, n + 1);
	m->n -= n;
	if (n)
		memcpy(t.item, m->stack + m->n, n * sizeof(*t.item));
	return push(m, t);
}

static bool tuple_from_mark(struct machine *m)
{
	size_t n = 0;

	while (n < m->n && m->stack[m->n - 1 - n].kind != MARK)
		n++;
	if (n == m->n)
		return false;
	if (!make_tuple(m, n))
		return false;
	m->stack[m->n - 2] = m->stack[m->n - 1]; /* the mark goes */
	m->n--;
	return true;
}

static bool is_text(const struct value *v, const char *s)
{
	return v->kind == TEXT && v->n == strlen(s) && !memcmp(v->text, s, v->n);
}

/* A call: of what makes a tensor or wraps one; all else makes nothing. */
static bool reduce(struct machine *m)
{
	struct value f, args, made = {.kind = NOTHING};

	if (m->n < 2)
		return false;
	args = m->stack[--m->n];
	f = m->stack[--m->n];
	if (args.kind != TUPLE)
		return false;
	if (is_text(&f, "torch._utils _rebuild_tensor_v2") && args.n >= 4)
		made = (struct value){.kind = TENSOR, .n = args.n, .item = args.item};
	else if (is_text(&f, "torch._utils _rebuild_parameter") && args.n >= 1)
		made = args.item[0];
	return push(m, made);
}

static bool global(struct machine *m)
{
	const char *module, *name;
	struct value v = {.kind = TEXT};
	size_t a, b;
	char *text;

	if (!take_line(m, &module, &a) || !take_line(m, &name, &b))
		return false;
	text = arena_alloc(&m->arena, a + b + 2, 1);
	memcpy(text, module, a);
	text[a] = ' ';
	memcpy(text + a + 1, name, b);
	v.text = text;
	v.n = a + 1 + b;
	return push(m, v);
}

static bool text(struct machine *m, size_t length_bytes)
{
	struct value v = {.kind = TEXT};

	return take_number(m, length_bytes, &v.n) && take(m, v.n, &v.text) && push(m, v);
}

static bool number(struct machine *m, size_t bytes)
{
	size_t v;

	if (!take_number(m, bytes, &v))
		return false;
	if (bytes == 4)
		v = (size_t)(int64_t)(int32_t)(uint32_t)v;
	return push(m, (struct value){.kind = NUMBER, .number = (int64_t)v});
}

/* LONG1: so many bytes, two's complement; no shape needs more than 8. */
static bool long_number(struct machine *m)
{
	size_t n;

	return take_number(m, 1, &n) && n <= 8 && number(m, n);
}

static bool put(struct machine *m, size_t bytes)
{
	size_t at;

	if (!take_number(m, bytes, &at) || at >= MEMO || !m->n)
		return false;
	m->memo[at] = m->stack[m->n - 1];
	return true;
}

static bool get(struct machine *m, size_t bytes)
{
	size_t at;

	return take_number(m, bytes, &at) && at < MEMO && push(m, m->memo[at]);
}

static bool storage(struct machine *m)
{
	struct value *v = m->n ? &m->stack[m->n - 1] : NULL;

	if (!v || v->kind != TUPLE || v->n < 5)
		return false;
	v->kind = STORAGE;
	return true;
}

/* One opcode; false where it is none of those that a tensor needs, or makes no sense. */
static bool step(struct machine *m, char op)
{
	const struct value nothing = {.kind = NOTHING};
	size_t skip;

	switch (op) {
	case '\x80': /* PROTO */
		return take_number(m, 1, &skip);
	case '\x95': /* FRAME */
		return take_number(m, 8, &skip);
	case 'c':
		return global(m);
	case '(':
		return push(m, (struct value){.kind = MARK});
	case 'X':
		return text(m, 4);
	case '\x8c':
		return text(m, 1);
	case 'K':
		return number(m, 1);
	case 'M':
		return number(m, 2);
	case 'J':
		return number(m, 4);
	case '\x8a':
		return long_number(m);
	case 't':
		return tuple_from_mark(m);
	case ')':
		return make_tuple(m, 0);
	case '\x85':
		return make_tuple(m, 1);
	case '\x86':
		return make_tuple(m, 2);
	case '\x87':
		return make_tuple(m, 3);
	case 'q':
		return put(m, 1);
	case 'r':
		return put(m, 4);
	case 'h':
		return get(m, 1);
	case 'j':
		return get(m, 4);
	case 'Q':
		return storage(m);
	case 'R':
		return reduce(m);
	case 'N':
	case '\x88':
	case '\x89':
	case '}':
		return push(m, nothing);
	default:
		return false;
	}
}

static bool run(struct machine *m, struct value *out)
{
	const char *op;

	while (take(m, 1, &op)) {
		if (*op == '.') {
			if (m->n != 1)
				return false;
			*out = m->stack[0];
			return true;
		}
		if (!step(m, *op))
			return false;
	}
	return false;
}

static bool size_of(const struct value *v, size_t *out)
{
	*out = (size_t)v->number;
	return v->kind == NUMBER && v->number >= 0;
}

/* (storage, offset, (rows, cols), (stride, 1), ...) with storage ("storage", type, key, ...) */
static const char *describe(const struct value *t, enum tensor_type *type, const struct value **key,
    size_t *offset, size_t *rows, size_t *cols)
{
	static const struct {
		const char *name;
		enum tensor_type type;
	} types[] = {{"torch FloatStorage", TENSOR_FLOAT}, {"torch HalfStorage", TENSOR_HALF},
	    {"torch BFloat16Storage", TENSOR_BFLOAT}, {"torch DoubleStorage", TENSOR_DOUBLE}};
	size_t stride, one, i;

	if (t->kind != TENSOR || t->item[0].kind != STORAGE)
		return "it is not one tensor; save the tensor itself: torch.save(tensor, file)";
	for (i = 0; i < 4; i++)
		if (is_text(&t->item[0].item[1], types[i].name))
			break;
	if (i == 4)
		return "its numbers are not float16, bfloat16, float32 or float64";
	*type = types[i].type;
	*key = &t->item[0].item[2];
	if ((*key)->kind != TEXT || !size_of(&t->item[1], offset) || t->item[2].kind != TUPLE ||
	    t->item[3].kind != TUPLE || t->item[2].n != 2 || t->item[3].n != 2 ||
	    !size_of(&t->item[2].item[0], rows) || !size_of(&t->item[2].item[1], cols) ||
	    !size_of(&t->item[3].item[0], &stride) || !size_of(&t->item[3].item[1], &one))
		return "its tensor is no matrix";
	if (stride != *cols || one != 1)
		return "its tensor is not contiguous; save tensor.contiguous()";
	return NULL;
}

/* One member of the archive into `out`. `why` says what it means where there is none. */
static bool read_member(
    const struct file *f, const char *tail, struct buf *out, const char *why, struct err *e)
{
	bool found;

	if (!zip_member(f->p, f->n, tail, f->where, out, &found, e))
		return false;
	return found || !why || err_set(e, ERR_DATA, "%s: %s", f->where, why);
}

static bool from_machine(struct machine *m, const struct file *f, struct buf *pickle,
    struct buf *data, struct tensor *out, struct err *e)
{
	const struct value *key = NULL;
	struct value top = {.kind = NOTHING};
	enum tensor_type type = TENSOR_FLOAT;
	size_t offset = 0, rows = 0, cols = 0, width;
	const char *why, *name;

	if (!read_member(f, "/byteorder", data, NULL, e) ||
	    !read_member(
		f, "/data.pkl", pickle, "no file of torch.save: there is no data.pkl in it", e))
		return false;
	if (data->len && (data->len != 6 || memcmp(data->s, "little", 6)))
		return err_set(e, ERR_DATA, "%s: it comes from a big-endian machine", f->where);
	m->p = pickle->s;
	m->end = pickle->s + pickle->len;
	if (!run(m, &top))
		return err_set(e, ERR_DATA,
		    "%s: its data.pkl describes more than one plain tensor, or is damaged; save "
		    "the tensor itself: torch.save(tensor, file)",
		    f->where);
	why = describe(&top, &type, &key, &offset, &rows, &cols);
	if (why)
		return err_set(e, ERR_DATA, "%s: %s", f->where, why);
	name = arena_printf(&m->arena, "/data/%.*s", (int)(key->n < 64 ? key->n : 64), key->text);
	why = arena_printf(&m->arena, "there is no %s in it", name + 1);
	buf_reset(data);
	if (!read_member(f, name, data, why, e))
		return false;
	width = type == TENSOR_DOUBLE ? 8 : type == TENSOR_FLOAT ? 4 : 2;
	if (offset > data->len / width)
		return err_set(e, ERR_DATA, "%s: its tensor begins behind the numbers", f->where);
	return tensor_numbers(data->s + offset * width, data->len - offset * width, type, rows,
	    cols, f->where, out, e);
}

bool tensor_from_pth(const char *p, size_t n, const char *where, struct tensor *out, struct err *e)
{
	const struct file file = {p, n, where};
	struct arena a = ARENA_INIT;
	struct machine *m = arena_new(&a, struct machine);
	struct buf pickle, data;
	bool ok;

	buf_init(&pickle, MAX_PICKLE);
	buf_init(&data, MAX_NUMBERS);
	ok = from_machine(m, &file, &pickle, &data, out, e);
	buf_clear(&pickle);
	buf_clear(&data);
	arena_clear(&m->arena);
	arena_clear(&a);
	return ok;
}
