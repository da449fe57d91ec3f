/* Stored as: magic, count, then for each matrix its name, rows, columns and floats. */
#include "method/params.h"

#include "base/buf.h"
#include "base/err.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char magic[8] = "EMBPRM1";

void params_clear(struct params *p)
{
	for (size_t i = 0; i < p->n; i++)
		mat_free(&p->v[i].m);
	p->n = 0;
}

struct mat *params_add(struct params *p, const char *name, size_t rows, size_t cols)
{
	struct param *v = &p->v[p->n];

	assert(p->n < PARAMS_MAX && !params_find(p, name) && strlen(name) < sizeof(v->name));
	p->n++;
	snprintf(v->name, sizeof(v->name), "%s", name);
	v->m = mat_new(rows, cols);
	return &v->m;
}

void params_set(struct params *p, const char *name, double v)
{
	params_add(p, name, 1, 1)->v[0] = (float)v;
}

const struct mat *params_find(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].name, name))
			return &p->v[i].m;
	return NULL;
}

const struct mat *params_get(const struct params *p, const char *name)
{
	const struct mat *m = params_find(p, name);

	assert(m);
	return m;
}

double params_number(const struct params *p, const char *name, double unless_there)
{
	const struct mat *m = p ? params_find(p, name) : NULL;

	return m && m->rows * m->cols == 1 ? (double)m->v[0] : unless_there;
}

void params_embed(struct params *p, const char *prefix, const struct params *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct mat *m = &from->v[i].m;
		char name[2 * sizeof(from->v[i].name)];
		struct mat *copy;

		snprintf(name, sizeof(name), "%s/%s", prefix, from->v[i].name);
		copy = params_add(p, name, m->rows, m->cols);
		if (m->v)
			memcpy(copy->v, m->v, m->rows * m->cols * sizeof(float));
	}
}

void params_move(struct params *to, struct params *from)
{
	for (size_t i = 0; i < from->n; i++) {
		assert(to->n < PARAMS_MAX && !params_find(to, from->v[i].name));
		to->v[to->n++] = from->v[i];
	}
	from->n = 0;
}

struct params params_view(const struct params *p, const char *prefix)
{
	struct params view = {0};
	size_t n = strlen(prefix);

	for (size_t i = 0; i < p->n; i++)
		if (!strncmp(p->v[i].name, prefix, n) && p->v[i].name[n] == '/') {
			struct param *to = &view.v[view.n++];

			snprintf(to->name, sizeof(to->name), "%s", p->v[i].name + n + 1);
			to->m = p->v[i].m;
		}
	return view;
}

bool params_save(const struct params *p, struct buf *out)
{
	uint64_t n = p->n;
	bool ok = buf_add(out, magic, sizeof(magic)) && buf_add(out, &n, sizeof(n));

	for (size_t i = 0; i < p->n && ok; i++) {
		uint64_t shape[2] = {p->v[i].m.rows, p->v[i].m.cols};

		ok = buf_add(out, p->v[i].name, sizeof(p->v[i].name)) &&
		     buf_add(out, shape, sizeof(shape));
		if (ok && p->v[i].m.v)
			ok = buf_add(out, p->v[i].m.v, shape[0] * shape[1] * sizeof(float));
	}
	return ok;
}

/* The next n bytes of what is left, or false. */
static bool take(const char **p, size_t *left, void *to, size_t n)
{
	if (*left < n)
		return false;
	memcpy(to, *p, n);
	*p += n;
	*left -= n;
	return true;
}

static bool load_one(struct params *p, const char **s, size_t *left)
{
	char name[sizeof(p->v->name)];
	uint64_t shape[2];
	struct mat *m;

	if (!take(s, left, name, sizeof(name)) || !memchr(name, '\0', sizeof(name)) ||
	    !take(s, left, shape, sizeof(shape)) || params_find(p, name))
		return false;
	if (shape[0] > UINT32_MAX || shape[1] > UINT32_MAX ||
	    shape[0] * shape[1] > *left / sizeof(float))
		return false;
	m = params_add(p, name, (size_t)shape[0], (size_t)shape[1]);
	return !m->v || take(s, left, m->v, m->rows * m->cols * sizeof(float));
}

bool params_load(struct params *p, const void *bytes, size_t n, struct err *e)
{
	const char *s = bytes;
	char head[sizeof(magic)];
	uint64_t count = 0;
	bool ok;

	p->n = 0;
	ok = take(&s, &n, head, sizeof(head)) && !memcmp(head, magic, sizeof(magic)) &&
	     take(&s, &n, &count, sizeof(count)) && count <= PARAMS_MAX;
	for (uint64_t i = 0; i < count && ok; i++)
		ok = load_one(p, &s, &n);
	if (ok && !n)
		return true;
	params_clear(p);
	return err_set(e, ERR_DATA, "the stored method is damaged: train again");
}
