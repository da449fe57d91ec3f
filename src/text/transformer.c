#include "text/transformer.h"

#include "base/mem.h"
#include "num/layer.h"
#include "num/parallel.h"
#include "text/transformer_weights.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Rows are padded to whole panels, which products write. */
static size_t padded(size_t n)
{
	return (n + PACKED_COLS - 1) / PACKED_COLS * PACKED_COLS;
}

/* One call of transformer_run. Rows are tokens. */
struct run {
	const struct transformer *t;
	const uint32_t *ids;
	const size_t *start; /* (n + 1) */
	size_t n, rows;
	size_t width, qkv_width, inner_width; /* padded */
	float *x, *y;                         /* (rows, width) */
	float *qkv;                           /* (rows, qkv_width) */
	float *mixed;                         /* (rows, width) what attention gave */
	float *inner;                         /* (rows, inner_width) */
};

/* The share of a worker of n things. */
static void share(
    size_t n, size_t worker, const struct parallel_team *team, size_t *begin, size_t *end)
{
	size_t size = parallel_team_size(team);

	*begin = n * worker / size;
	*end = n * (worker + 1) / size;
}

static void product(const struct run *r, const struct transformer_product *p, const float *x,
    size_t ldx, float *y, size_t ldy, size_t worker, const struct parallel_team *team)
{
	size_t begin, end;

	share(packed_panels(&p->w), worker, team, &begin, &end);
	packed_product(&p->w, begin, end, r->rows, x, ldx, p->bias, y, ldy);
}

static void add_row(const struct transformer_table *table, size_t row, float *x, float *half)
{
	const float *from;

	if (table->half) {
		packed_from_half(table->cols, table->half + row * table->cols, half);
		from = half;
	} else {
		from = table->full + row * table->cols;
	}
	for (size_t i = 0; i < table->cols; i++)
		x[i] += from[i];
}

/* BERT counts positions from 0; MPNet from behind the padding's id, and a padding token in the text
 * has that id for its position. */
static size_t position(const struct checkpoint *c, uint32_t id, size_t *count)
{
	if (c->kind == CHECKPOINT_BERT)
		return (*count)++;
	return id == c->padding ? c->padding : c->padding + ++*count;
}

static void embed(const struct run *r, size_t text)
{
	const struct transformer *t = r->t;
	size_t h = t->c.hidden, count = 0;
	float *half = r->y + r->start[text] * r->width; /* not in use yet */

	for (size_t i = r->start[text]; i < r->start[text + 1]; i++) {
		float *x = r->x + i * r->width;

		memset(x, 0, r->width * sizeof(*x));
		add_row(&t->words, r->ids[i], x, half);
		if (t->type)
			for (size_t j = 0; j < h; j++)
				x[j] += t->type[j];
		add_row(&t->positions, position(&t->c, r->ids[i], &count), x, half);
		memset(half, 0, h * sizeof(*half));
		layer_add_norm(h, x, half, t->norm.gain, t->norm.offset, t->c.eps);
	}
}

/* Scratch space of one worker for the longest text. */
struct scratch {
	float *panel;  /* (max(tokens, head), PACKED_COLS) */
	float *scores; /* (tokens, padded tokens) */
	float *head;   /* (tokens, PACKED_COLS) */
};

static void scratch_init(struct scratch *s, const struct run *r)
{
	size_t longest = 1, d = r->t->c.hidden / r->t->c.heads;

	for (size_t i = 0; i < r->n; i++)
		if (r->start[i + 1] - r->start[i] > longest)
			longest = r->start[i + 1] - r->start[i];
	s->panel = mem_floats((longest > d ? longest : d) * PACKED_COLS);
	s->scores = mem_floats(longest * padded(longest));
	s->head = mem_floats(longest * PACKED_COLS);
}

static void scratch_clear(struct scratch *s)
{
	mem_free(s->panel);
	mem_free(s->scores);
	mem_free(s->head);
}

/* Attention of one head within one text: softmax(Q K' / sqrt(d) + bias) V. */
static void attend(const struct run *r, size_t text, size_t head, const struct scratch *s)
{
	const struct checkpoint *c = &r->t->c;
	size_t d = c->hidden / c->heads, first = r->start[text];
	size_t T = r->start[text + 1] - first, ld = padded(T);
	const float *q = r->qkv + first * r->qkv_width + head * d;
	const float *k = q + c->hidden, *v = k + c->hidden;
	float *out = r->mixed + first * r->width + head * d;
	float scale = 1 / sqrtf((float)d);

	for (size_t at = 0; at < T; at += PACKED_COLS) {
		size_t cols = T - at < PACKED_COLS ? T - at : PACKED_COLS;

		for (size_t j = 0; j < cols; j++)
			for (size_t i = 0; i < d; i++)
				s->panel[i * PACKED_COLS + j] = k[(at + j) * r->qkv_width + i];
		for (size_t i = 0; i < d && cols < PACKED_COLS; i++)
			memset(s->panel + i * PACKED_COLS + cols, 0,
			    (PACKED_COLS - cols) * sizeof(float));
		packed_panel(T, d, q, r->qkv_width, s->panel, s->scores + at, ld);
	}
	for (size_t i = 0; i < T; i++) {
		const float *bias = NULL;

		if (r->t->relative)
			bias = r->t->relative + head * (2 * c->max_tokens - 1) +
			       (c->max_tokens - 1 - i);
		layer_softmax(T, s->scores + i * ld, scale, bias);
	}
	for (size_t at = 0; at < d; at += PACKED_COLS) {
		size_t cols = d - at < PACKED_COLS ? d - at : PACKED_COLS;

		for (size_t i = 0; i < T; i++) {
			memcpy(s->panel + i * PACKED_COLS, v + i * r->qkv_width + at,
			    cols * sizeof(float));
			memset(s->panel + i * PACKED_COLS + cols, 0,
			    (PACKED_COLS - cols) * sizeof(float));
		}
		packed_panel(T, T, s->scores, ld, s->panel, s->head, PACKED_COLS);
		for (size_t i = 0; i < T; i++)
			memcpy(out + i * r->width + at, s->head + i * PACKED_COLS,
			    cols * sizeof(float));
	}
}

/* x = norm(x + y) for a worker's share of the rows. */
static void add_norm(const struct run *r, const struct transformer_norm *n, size_t worker,
    const struct parallel_team *team)
{
	size_t begin, end;

	share(r->rows, worker, team, &begin, &end);
	for (size_t i = begin; i < end; i++)
		layer_add_norm(r->t->c.hidden, r->x + i * r->width, r->y + i * r->width, n->gain,
		    n->offset, r->t->c.eps);
}

/* The columns that the same worker's part of the product has written. */
static void gelu(const struct run *r, const struct transformer_product *p, size_t worker,
    const struct parallel_team *team)
{
	size_t begin, end;

	share(packed_panels(&p->w), worker, team, &begin, &end);
	for (size_t i = 0; i < r->rows; i++)
		layer_gelu((end - begin) * PACKED_COLS,
		    r->inner + i * r->inner_width + begin * PACKED_COLS);
}

static void look(const struct run *r, size_t layer, size_t worker, struct parallel_team *team)
{
	if (!r->t->look)
		return;
	if (!worker)
		r->t->look(r->t->look_arg, layer, r->x, r->rows, r->width);
	parallel_wait(team);
}

static void work(void *arg, size_t worker, struct parallel_team *team)
{
	const struct run *r = arg;
	size_t heads = r->t->c.heads, begin, end;
	struct scratch s;

	scratch_init(&s, r);
	share(r->n, worker, team, &begin, &end);
	for (size_t i = begin; i < end; i++)
		embed(r, i);
	parallel_wait(team);
	look(r, 0, worker, team);
	for (size_t i = 0; i < r->t->c.layers; i++) {
		const struct transformer_layer *l = &r->t->layer[i];

		product(r, &l->qkv, r->x, r->width, r->qkv, r->qkv_width, worker, team);
		parallel_wait(team);
		share(r->n * heads, worker, team, &begin, &end);
		for (size_t j = begin; j < end; j++)
			attend(r, j / heads, j % heads, &s);
		parallel_wait(team);
		product(r, &l->out, r->mixed, r->width, r->y, r->width, worker, team);
		parallel_wait(team);
		add_norm(r, &l->attention_norm, worker, team);
		parallel_wait(team);
		product(r, &l->inner, r->x, r->width, r->inner, r->inner_width, worker, team);
		gelu(r, &l->inner, worker, team);
		parallel_wait(team);
		product(r, &l->outer, r->inner, r->inner_width, r->y, r->width, worker, team);
		parallel_wait(team);
		add_norm(r, &l->norm, worker, team);
		parallel_wait(team);
		look(r, i + 1, worker, team);
	}
	scratch_clear(&s);
}

void transformer_run(const struct transformer *t, const uint32_t *ids, const size_t *start,
    size_t n, size_t threads, float *x)
{
	struct run r = {.t = t, .ids = ids, .start = start, .n = n, .rows = start[n], .x = x};

	assert(!start[0]);
	r.width = transformer_width(t);
	r.qkv_width = padded(3 * t->c.hidden);
	r.inner_width = padded(t->c.inner);
	r.y = mem_floats(r.rows * r.width);
	r.qkv = mem_floats(r.rows * r.qkv_width);
	r.mixed = mem_floats(r.rows * r.width);
	r.inner = mem_floats(r.rows * r.inner_width);
	parallel_together(threads, work, &r);
	mem_free(r.y);
	mem_free(r.qkv);
	mem_free(r.mixed);
	mem_free(r.inner);
}

size_t transformer_width(const struct transformer *t)
{
	return padded(t->c.hidden);
}

void transformer_watch(struct transformer *t, transformer_look *fn, void *arg)
{
	t->look = fn;
	t->look_arg = arg;
}
