#include "text/safetensors.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_HEADER ((uint64_t)16 << 20)

struct safetensors {
	struct arena arena;
	char *path;
	int fd;
	uint64_t start, size;         /* of the numbers, and of the file */
	struct safetensors_tensor *v; /* (n) by place */
	size_t n;
};

static const struct {
	const char *name;
	size_t size;
	enum safetensors_type type;
} types[] = {
    {"F32", 4, SAFETENSORS_F32},
    {"F16", 2, SAFETENSORS_F16},
    {"BF16", 2, SAFETENSORS_BF16},
    {"F64", 8, SAFETENSORS_OTHER},
    {"I64", 8, SAFETENSORS_OTHER},
    {"U64", 8, SAFETENSORS_OTHER},
    {"I32", 4, SAFETENSORS_OTHER},
    {"U32", 4, SAFETENSORS_OTHER},
    {"I16", 2, SAFETENSORS_OTHER},
    {"U16", 2, SAFETENSORS_OTHER},
    {"I8", 1, SAFETENSORS_OTHER},
    {"U8", 1, SAFETENSORS_OTHER},
    {"BOOL", 1, SAFETENSORS_OTHER},
    {"F8_E4M3", 1, SAFETENSORS_OTHER},
    {"F8_E5M2", 1, SAFETENSORS_OTHER},
};

size_t safetensors_size(enum safetensors_type type)
{
	return type == SAFETENSORS_OTHER ? 0 : type == SAFETENSORS_F32 ? 4 : 2;
}

static bool read_at(const struct safetensors *s, uint64_t at, void *out, size_t n, struct err *e)
{
	char *p = out;

	while (n) {
		ssize_t got = pread(s->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, ERR_DATA, "%s", s->path);
		if (!got)
			return err_set(
			    e, ERR_DATA, "%s: it became shorter while it was read", s->path);
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

static bool read_integer(const json_t *v, uint64_t *n)
{
	json_int_t i = json_integer_value(v);

	if (!json_is_integer(v) || i < 0)
		return false;
	*n = (uint64_t)i;
	return true;
}

/* What is wrong with a tensor's entry, or NULL. */
static const char *read_tensor(
    const struct safetensors *s, const json_t *o, struct safetensors_tensor *t)
{
	const char *type = json_get_string(o, "dtype");
	const json_t *shape = json_object_get(o, "shape");
	const json_t *place = json_object_get(o, "data_offsets");
	uint64_t bytes = 1, count = 1, left = s->size - s->start, n;
	size_t i;

	for (i = 0; type && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(type, types[i].name))
			break;
	if (!type || i == sizeof(types) / sizeof(*types))
		return "its type is unknown";
	t->type = types[i].type;
	bytes = types[i].size;
	if (!json_is_array(shape) || json_array_size(shape) > SAFETENSORS_DIMS)
		return "its shape makes no sense";
	t->n_dims = json_array_size(shape);
	for (i = 0; i < t->n_dims; i++) {
		if (!read_integer(json_array_get(shape, i), &n) ||
		    __builtin_mul_overflow(count, n, &count) || n > SIZE_MAX)
			return "its shape makes no sense";
		t->dims[i] = (size_t)n;
	}
	if (json_array_size(place) != 2 || !read_integer(json_array_get(place, 0), &t->begin) ||
	    !read_integer(json_array_get(place, 1), &t->end) || t->begin > t->end || t->end > left)
		return "it lies outside the file";
	if (__builtin_mul_overflow(bytes, count, &bytes) || bytes != t->end - t->begin)
		return "its shape does not fit its bytes";
	t->count = (size_t)count;
	t->begin += s->start;
	t->end += s->start;
	return NULL;
}

static int by_place(const void *a, const void *b)
{
	const struct safetensors_tensor *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

static bool read_header(struct safetensors *s, const char *text, size_t n, struct err *e)
{
	json_t *root = json_read(text, n, s->path, e);
	uint64_t at = s->start;
	const char *name, *why;
	json_t *o;

	if (!root)
		return false;
	s->v = arena_array(&s->arena, struct safetensors_tensor, json_object_size(root) + 1);
	json_object_foreach(root, name, o)
	{
		if (!strcmp(name, "__metadata__"))
			continue;
		why = read_tensor(s, o, &s->v[s->n]);
		if (why) {
			err_set(e, ERR_DATA, "%s: tensor \"%s\": %s", s->path, name, why);
			json_decref(root);
			return false;
		}
		s->v[s->n++].name = arena_strdup(&s->arena, name);
	}
	json_decref(root);
	if (!s->n)
		return err_set(e, ERR_DATA, "%s: there is no tensor in it", s->path);
	qsort(s->v, s->n, sizeof(*s->v), by_place);
	for (size_t i = 0; i < s->n; at = s->v[i++].end)
		if (s->v[i].begin != at)
			return err_set(e, ERR_DATA, "%s: tensor \"%s\" %s the one before it",
			    s->path, s->v[i].name,
			    s->v[i].begin < at ? "overlaps" : "leaves bytes between itself and");
	if (at != s->size)
		return err_set(e, ERR_DATA, "%s: %llu bytes after the last tensor", s->path,
		    (unsigned long long)(s->size - at));
	return true;
}

static bool open_file(struct safetensors *s, struct err *e)
{
	unsigned char head[8];
	struct stat st;
	uint64_t n = 0;
	char *text;
	bool ok;

	s->fd = open(s->path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return err_errno(e, ERR_DATA, "%s", s->path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_DATA, "%s: not a file", s->path);
	s->size = (uint64_t)st.st_size;
	if (s->size < sizeof(head))
		return err_set(e, ERR_DATA, "%s: too short for safetensors", s->path);
	if (!read_at(s, 0, head, sizeof(head), e))
		return false;
	for (int i = 7; i >= 0; i--)
		n = n << 8 | head[i];
	if (n < 2 || n > s->size - sizeof(head) || n > MAX_HEADER)
		return err_set(e, ERR_DATA,
		    "%s: its header is said to have %llu bytes: no safetensors file, or cut short",
		    s->path, (unsigned long long)n);
	s->start = sizeof(head) + n;
	text = mem_alloc((size_t)n);
	ok = read_at(s, sizeof(head), text, (size_t)n, e) && read_header(s, text, (size_t)n, e);
	mem_free(text);
	return ok;
}

struct safetensors *safetensors_open(const char *path, struct err *e)
{
	struct safetensors *s = mem_zero_array(1, sizeof(*s));

	s->path = mem_strdup(path);
	s->fd = -1;
	if (!open_file(s, e)) {
		safetensors_close(s);
		return NULL;
	}
	return s;
}

void safetensors_close(struct safetensors *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	arena_clear(&s->arena);
	mem_free(s->path);
	mem_free(s);
}

size_t safetensors_count(const struct safetensors *s)
{
	return s->n;
}

const struct safetensors_tensor *safetensors_at(const struct safetensors *s, size_t i)
{
	assert(i < s->n);
	return &s->v[i];
}

const struct safetensors_tensor *safetensors_find(const struct safetensors *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].name, name))
			return &s->v[i];
	return NULL;
}

bool safetensors_read(const struct safetensors *s, const struct safetensors_tensor *t, size_t first,
    size_t n, void *out, struct err *e)
{
	size_t size = safetensors_size(t->type);

	assert(size && first <= t->count && n <= t->count - first);
	return read_at(s, t->begin + (uint64_t)first * size, out, n * size, e);
}
