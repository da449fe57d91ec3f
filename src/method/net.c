#include "method/net.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "learn/adam.h"
#include "num/blas.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

enum { STREAM_START = 1, STREAM_FOLDS = 2, STREAM_SHUFFLE = 1 << 20, STREAM_NOISE = 1 << 24 };

#define ROWS 256    /* questions whose logits are made at a time */
#define COMMITTEE 5 /* members */

void dense_start(struct rng *r, float *w, size_t in, size_t out)
{
	double bound = 1 / sqrt((double)in);

	for (size_t i = 0; i < dense_size(in, out); i++)
		w[i] = (float)((2 * rng_uniform(r) - 1) * bound);
}

void dense(const float *w, const float *x, size_t n, size_t in, size_t out, float *y)
{
	for (size_t i = 0; i < n; i++)
		memcpy(y + i * out, w + out * in, out * sizeof(float));
	blas_sgemm(false, true, n, out, in, 1, x, in, w, in, 1, y, out);
}

void dense_back(const float *w, const float *x, const float *dy, size_t n, size_t in, size_t out,
    float *gw, float *dx)
{
	blas_sgemm(true, false, out, in, n, 1, dy, out, x, in, 1, gw, in);
	for (size_t i = 0; i < n; i++)
		vec_axpby(out, 1, dy + i * out, 1, gw + out * in);
	if (dx)
		blas_sgemm(false, false, n, in, out, 1, dy, out, w, in, 0, dx, in);
}

void relu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = fmaxf(x[i], 0);
}

void relu_back(const float *y, float *dy, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (y[i] <= 0)
			dy[i] = 0;
}

/* One minibatch's buffers. */
struct batch {
	uint32_t *order;
	float *x, *y, *w, *z, *work, *g;
};

static void gather(const struct sample *s, const uint32_t *index, size_t n, struct batch *b)
{
	mat_gather(s->x, s->D, index, n, b->x);
	mat_gather(s->y, s->M, index, n, b->y);
	if (s->w)
		mat_gather(s->w, s->M, index, n, b->w);
}

/* One pass over n training questions. */
static void epoch(const struct net *net, const struct net_options *o, const struct sample *s,
    const uint32_t *rows, size_t n_rows, uint64_t seed, size_t at, struct batch *b,
    struct adam *adam, float *theta)
{
	struct rng r;
	uint64_t key;

	memcpy(b->order, rows, n_rows * sizeof(*rows));
	rng_init(&r, seed, STREAM_SHUFFLE + at);
	rng_shuffle(&r, b->order, n_rows);
	rng_init(&r, seed, STREAM_NOISE + at);
	key = rng_next(&r);
	for (size_t i = 0; i < n_rows; i += o->batch) {
		size_t n = n_rows - i < o->batch ? n_rows - i : o->batch;
		struct vec_loss sum = {0};

		gather(s, b->order + i, n, b);
		if (o->sigma > 0)
			vec_add_noise(n * s->D, b->x, (float)o->sigma, key + i, b->x);
		net->forward(net, theta, b->x, n, b->work, b->z);
		vec_logistic(n * s->M, b->z, b->y, b->w, b->z, &sum);
		if (!(sum.weight > 0))
			continue;
		for (size_t j = 0; j < n * s->M; j++)
			b->z[j] /= (float)sum.weight;
		memset(b->g, 0, net->n * sizeof(float));
		net->back(net, theta, b->x, n, b->work, b->z, b->g);
		adam_step(adam, theta, b->g);
	}
}

/* 0, 1 ... n - 1; new array. */
static uint32_t *ascending(size_t n)
{
	uint32_t *v = mem_array(n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (uint32_t)i;
	return v;
}

static double judge(
    const struct net *net, const struct sample *val, const float *theta, struct batch *b)
{
	float *z = mem_floats(val->n * val->M + 1);
	double loss;

	for (size_t i = 0; i < val->n; i += ROWS)
		net->forward(net, theta, val->x + i * val->D, val->n - i < ROWS ? val->n - i : ROWS,
		    b->work, z + i * val->M);
	loss = sample_loss(val, z);
	mem_free(z);
	return loss;
}

static struct batch batch_new(const struct net *net, const struct net_options *o, size_t n, bool w)
{
	size_t rows = o->batch > ROWS ? o->batch : ROWS;

	return (struct batch){
	    .order = mem_array(n + 1, sizeof(uint32_t)),
	    .x = mem_floats(rows * net->D + 1),
	    .y = mem_floats(rows * net->M + 1),
	    .w = w ? mem_floats(rows * net->M + 1) : NULL,
	    .z = mem_floats(rows * net->M + 1),
	    .work = mem_floats(rows * net->work + 1),
	    .g = mem_floats(net->n),
	};
}

static void batch_clear(struct batch *b)
{
	mem_free(b->order);
	mem_free(b->x);
	mem_free(b->y);
	mem_free(b->w);
	mem_free(b->z);
	mem_free(b->work);
	mem_free(b->g);
}

bool net_fit(const struct net *net, const struct net_options *o, const struct fit *in,
    struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN), val = sample_new(in->d, PART_VAL);
	size_t epochs = in->like ? (size_t)params_number(in->like, "epochs", 20) : o->epochs;
	struct batch b = batch_new(net, o, s.n, s.w != NULL);
	struct adam adam = adam_new(net->n, o->lr, o->weight_decay);
	float *theta = mem_floats(net->n), *kept = params_add(out, "theta", 1, net->n)->v;
	uint32_t *rows = ascending(s.n);
	double least = INFINITY;
	size_t best = 0;
	struct rng r;
	bool ok = true;

	memset(theta, 0, net->n * sizeof(float));
	rng_init(&r, in->seed, STREAM_START);
	net->start(net, in, &r, theta);
	for (size_t at = 0; at < epochs && ok && at - best < o->patience; at++) {
		double loss = -(double)at; /* without a judge the last is the best */

		ok =
		    progress_tick(in->progress, "training", (double)at, (double)epochs, "epochs") ||
		    err_set(e, ERR_CANCELLED, "training stopped after epoch %zu", at);
		if (!ok)
			break;
		epoch(net, o, &s, rows, s.n, in->seed, at, &b, &adam, theta);
		if (!in->like)
			loss = judge(net, &val, theta, &b);
		if (isnan(loss))
			loss = -(double)at;
		if (loss < least) {
			least = loss;
			best = at + 1;
			memcpy(kept, theta, net->n * sizeof(float));
		}
	}
	params_set(out, "epochs", (double)best);
	batch_clear(&b);
	adam_free(&adam);
	mem_free(theta);
	mem_free(rows);
	sample_clear(&s);
	sample_clear(&val);
	return ok;
}

/* A committee: every member leaves a fold of the training questions out. */
struct committee {
	const struct net *net;
	const struct net_options *o;
	const struct fit *in;
	struct sample s;
	struct batch b;
	uint32_t *order; /* (s.n) fold k is k n / COMMITTEE until (k + 1) n / COMMITTEE */
	uint32_t *rows;  /* scratch: what a member is trained on */
	struct adam adam[COMMITTEE];
	float *theta; /* (COMMITTEE, net->n) */
	float *held;  /* (s.n, M) */
};

static struct committee committee_new(
    const struct net *net, const struct net_options *o, const struct fit *in)
{
	struct committee c = {.net = net, .o = o, .in = in};
	struct rng r;

	c.s = sample_new(in->d, PART_TRAIN);
	c.b = batch_new(net, o, c.s.n, c.s.w != NULL);
	c.order = ascending(c.s.n);
	c.rows = ascending(c.s.n);
	c.theta = mem_floats(COMMITTEE * net->n);
	c.held = mem_floats(c.s.n * c.s.M + 1);
	rng_init(&r, in->seed, STREAM_FOLDS);
	rng_shuffle(&r, c.order, c.s.n);
	memset(c.theta, 0, COMMITTEE * net->n * sizeof(float));
	for (size_t k = 0; k < COMMITTEE; k++) {
		c.adam[k] = adam_new(net->n, o->lr, o->weight_decay);
		rng_init(&r, in->seed + k, STREAM_START);
		net->start(net, in, &r, c.theta + k * net->n);
	}
	return c;
}

static void committee_clear(struct committee *c)
{
	for (size_t k = 0; k < COMMITTEE; k++)
		adam_free(&c->adam[k]);
	sample_clear(&c->s);
	batch_clear(&c->b);
	mem_free(c->order);
	mem_free(c->rows);
	mem_free(c->theta);
	mem_free(c->held);
}

/* An epoch of member k, and its logits of the fold it leaves out. */
static void committee_epoch(struct committee *c, size_t k, size_t at)
{
	size_t n = c->s.n, from = k * n / COMMITTEE, to = (k + 1) * n / COMMITTEE;
	size_t rest = from + n - to, M = c->s.M;
	float *theta = c->theta + k * c->net->n;

	memcpy(c->rows, c->order, from * sizeof(*c->rows));
	memcpy(c->rows + from, c->order + to, (n - to) * sizeof(*c->rows));
	epoch(c->net, c->o, &c->s, c->rows, rest, c->in->seed + k, at, &c->b, &c->adam[k], theta);
	for (size_t i = from; i < to; i += ROWS) {
		size_t rows = to - i < ROWS ? to - i : ROWS;

		mat_gather(c->s.x, c->s.D, c->order + i, rows, c->b.x);
		c->net->forward(c->net, theta, c->b.x, rows, c->b.work, c->b.z);
		for (size_t j = 0; j < rows; j++)
			memcpy(c->held + c->order[i + j] * M, c->b.z + j * M, M * sizeof(float));
	}
}

bool net_fit_committee(const struct net *net, const struct net_options *o, const struct fit *in,
    struct params *out, struct err *e)
{
	struct committee c = committee_new(net, o, in);
	size_t epochs = in->like ? (size_t)params_number(in->like, "epochs", 20) : o->epochs;
	float *kept = params_add(out, "theta", COMMITTEE, net->n)->v;
	double least = INFINITY;
	size_t best = 0;
	bool ok = true;

	for (size_t at = 0; at < epochs && ok && at - best < o->patience; at++) {
		double loss = -(double)at; /* as another: the last is the best */

		ok =
		    progress_tick(in->progress, "training", (double)at, (double)epochs, "epochs") ||
		    err_set(e, ERR_CANCELLED, "training stopped after epoch %zu", at);
		for (size_t k = 0; k < COMMITTEE && ok; k++)
			committee_epoch(&c, k, at);
		if (!in->like)
			loss = sample_loss(&c.s, c.held);
		if (ok && (loss < least || !at)) {
			least = loss;
			best = at + 1;
			memcpy(kept, c.theta, COMMITTEE * net->n * sizeof(float));
			if (in->held)
				memcpy(in->held, c.held, c.s.n * c.s.M * sizeof(float));
		}
	}
	params_set(out, "epochs", (double)best);
	committee_clear(&c);
	return ok;
}

void net_logits(const struct net *net, const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *theta = params_get(p, "theta");
	float *work = mem_floats((n < ROWS ? n : ROWS) * net->work + 1);
	float *one = mem_floats(ROWS * net->M);

	memset(z, 0, n * net->M * sizeof(float));
	for (size_t i = 0; i < n; i += ROWS) {
		size_t rows = n - i < ROWS ? n - i : ROWS;

		for (size_t k = 0; k < theta->rows; k++) {
			net->forward(net, mat_row(theta, k), enc + i * net->D, rows, work, one);
			vec_axpby(rows * net->M, 1 / (float)theta->rows, one, 1, z + i * net->M);
		}
	}
	mem_free(work);
	mem_free(one);
}
