/* Item response theory with the text's side learned:
 *
 * 2pl      logit = a(e) (theta_m - b(e)),  log a and b linear in e: one ability a model
 * je-irt   logit = q' u_m / |q| - |q|,  q = W2 relu(W1 e): direction is topic, length difficulty
 *          (JE-IRT, arXiv 2509.22888; hidden 512 and 128 dimensions in place of 1536 and 256)
 * irtnet   h = S e + sum_k softmax(G e)_k relu(E_k e);  logit = (A h)' t_m - c'h
 *          (IrtNet's mixture with 8 experts of 128 in place of 39 of 512) */
#include "method/net.h"

#include "base/rng.h"
#include "learn/baseline.h"
#include "num/blas.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

/* 2pl: theta = log a: dense (D -> 1), b: dense (D -> 1), ability (M) */

static void start_2pl(const struct net *net, const struct fit *in, struct rng *r, float *theta)
{
	struct baseline rates = baseline_fit(in->d);
	float *ability = theta + 2 * dense_size(net->D, 1);

	(void)r; /* a = 1, b = 0 everywhere: the model rates */
	for (size_t m = 0; m < net->M; m++)
		ability[m] = (float)method_logit(rates.model[m], 1e-6);
	baseline_free(&rates);
}

/* work: a (n), b (n), da (n), db (n) */
static void forward_2pl(
    const struct net *net, const float *theta, const float *x, size_t n, float *work, float *z)
{
	size_t D = net->D, M = net->M;
	const float *ability = theta + 2 * dense_size(D, 1);
	float *a = work, *b = work + n;

	dense(theta, x, n, D, 1, a);
	dense(theta + dense_size(D, 1), x, n, D, 1, b);
	for (size_t i = 0; i < n; i++) {
		a[i] = expf(fminf(fmaxf(a[i], -4), 4));
		for (size_t m = 0; m < M; m++)
			z[i * M + m] = a[i] * (ability[m] - b[i]);
	}
}

static void back_2pl(const struct net *net, const float *theta, const float *x, size_t n,
    float *work, const float *dz, float *g)
{
	size_t D = net->D, M = net->M;
	const float *ability = theta + 2 * dense_size(D, 1);
	float *a = work, *b = work + n, *da = work + 2 * n, *db = work + 3 * n;

	for (size_t i = 0; i < n; i++) {
		da[i] = db[i] = 0;
		for (size_t m = 0; m < M; m++) {
			float d = dz[i * M + m];

			da[i] += d * (ability[m] - b[i]) * a[i]; /* of log a */
			db[i] -= d * a[i];
			g[2 * dense_size(D, 1) + m] += d * a[i];
		}
	}
	dense_back(theta, x, da, n, D, 1, g, NULL);
	dense_back(theta + dense_size(D, 1), x, db, n, D, 1, g + dense_size(D, 1), NULL);
}

struct net net_2pl(size_t M, size_t D)
{
	return (struct net){
	    .M = M,
	    .D = D,
	    .n = 2 * dense_size(D, 1) + M,
	    .work = 4,
	    .start = start_2pl,
	    .forward = forward_2pl,
	    .back = back_2pl,
	};
}

/* je-irt: dense (D -> H), dense (H -> K), u (M, K) */

#define JE_H 512
#define JE_K 128

static void start_je(const struct net *net, const struct fit *in, struct rng *r, float *theta)
{
	float *w2 = theta + dense_size(net->D, JE_H), *u = w2 + dense_size(JE_H, JE_K);

	(void)in;
	dense_start(r, theta, net->D, JE_H);
	dense_start(r, w2, JE_H, JE_K);
	/* N(0, .01^2): a model with few labels must not stay at a random draw. */
	for (size_t i = 0; i < net->M * JE_K; i++)
		u[i] = 0.01f * (float)rng_normal(r);
}

/* work: h (n, H), q (n, K), length (n), dh (n, H), dq (n, K), unit (n, K) */
static void forward_je(
    const struct net *net, const float *theta, const float *x, size_t n, float *work, float *z)
{
	const float *w2 = theta + dense_size(net->D, JE_H), *u = w2 + dense_size(JE_H, JE_K);
	float *h = work, *q = h + n * JE_H, *length = q + n * JE_K;
	float *unit = length + n + n * JE_H + n * JE_K;

	dense(theta, x, n, net->D, JE_H, h);
	relu(h, n * JE_H);
	dense(w2, h, n, JE_H, JE_K, q);
	memcpy(unit, q, n * JE_K * sizeof(float));
	for (size_t i = 0; i < n; i++)
		length[i] = fmaxf(vec_normalise(JE_K, unit + i * JE_K), 1e-6f);
	blas_sgemm(false, true, n, net->M, JE_K, 1, unit, JE_K, u, JE_K, 0, z, net->M);
	for (size_t i = 0; i < n * net->M; i++)
		z[i] -= length[i / net->M];
}

static void back_je(const struct net *net, const float *theta, const float *x, size_t n,
    float *work, const float *dz, float *g)
{
	size_t w2 = dense_size(net->D, JE_H), u = w2 + dense_size(JE_H, JE_K);
	float *h = work, *q = h + n * JE_H, *length = q + n * JE_K;
	float *dh = length + n, *dq = dh + n * JE_H, *unit = dq + n * JE_K;

	blas_sgemm(true, false, net->M, JE_K, n, 1, dz, net->M, unit, JE_K, 1, g + u, JE_K);
	blas_sgemm(false, false, n, JE_K, net->M, 1, dz, net->M, theta + u, JE_K, 0, dq, JE_K);
	for (size_t i = 0; i < n; i++) {
		float *d = dq + i * JE_K, *e = unit + i * JE_K, along = vec_dot(JE_K, d, e),
		      all = 0;

		/* Through q / |q|, then through -|q|. */
		for (size_t m = 0; m < net->M; m++)
			all += dz[i * net->M + m];
		for (size_t k = 0; k < JE_K; k++)
			d[k] = (d[k] - along * e[k]) / length[i] - all * e[k];
	}
	dense_back(theta + w2, h, dq, n, JE_H, JE_K, g + w2, dh);
	relu_back(h, dh, n * JE_H);
	dense_back(theta, x, dh, n, net->D, JE_H, g, NULL);
}

struct net net_je_irt(size_t M, size_t D)
{
	return (struct net){
	    .M = M,
	    .D = D,
	    .n = dense_size(D, JE_H) + dense_size(JE_H, JE_K) + M * JE_K,
	    .work = 2 * JE_H + 3 * JE_K + 1,
	    .start = start_je,
	    .forward = forward_je,
	    .back = back_je,
	};
}

/* irtnet: shared dense (D -> H), gate dense (D -> X), experts dense (D -> X H), A dense (H -> K),
 * c dense (H -> 1), t (M, K) */

#define IN_X 8
#define IN_H 128
#define IN_K 64

struct irtnet {
	size_t gate, experts, a, c, t, n; /* offsets in the block; the shared layer is at 0 */
};

static struct irtnet layout(size_t M, size_t D)
{
	struct irtnet l = {.gate = dense_size(D, IN_H)};

	l.experts = l.gate + dense_size(D, IN_X);
	l.a = l.experts + dense_size(D, IN_X * IN_H);
	l.c = l.a + dense_size(IN_H, IN_K);
	l.t = l.c + dense_size(IN_H, 1);
	l.n = l.t + M * IN_K;
	return l;
}

static void start_irtnet(const struct net *net, const struct fit *in, struct rng *r, float *theta)
{
	struct irtnet l = layout(net->M, net->D);

	(void)in;
	dense_start(r, theta, net->D, IN_H);
	dense_start(r, theta + l.gate, net->D, IN_X);
	dense_start(r, theta + l.experts, net->D, IN_X * IN_H);
	dense_start(r, theta + l.a, IN_H, IN_K);
	dense_start(r, theta + l.c, IN_H, 1);
	for (size_t i = l.t; i < l.n; i++)
		theta[i] = 0.01f * (float)rng_normal(r);
}

/* Where a minibatch's numbers lie in the scratch. */
struct irtnet_work {
	float *h, *gate, *expert, *a, *b, *dh, *dgate, *dexpert, *da, *db;
};
#define IN_WORK (2 * (IN_H + IN_X + IN_X * IN_H + IN_K + 1))

static struct irtnet_work places(float *work, size_t n)
{
	struct irtnet_work w = {.h = work};

	w.gate = w.h + n * IN_H;
	w.expert = w.gate + n * IN_X;
	w.a = w.expert + n * IN_X * IN_H;
	w.b = w.a + n * IN_K;
	w.dh = w.b + n;
	w.dgate = w.dh + n * IN_H;
	w.dexpert = w.dgate + n * IN_X;
	w.da = w.dexpert + n * IN_X * IN_H;
	w.db = w.da + n * IN_K;
	return w;
}

static void softmax(float *v, size_t n)
{
	float most = v[0], sum = 0;

	for (size_t i = 1; i < n; i++)
		most = fmaxf(most, v[i]);
	for (size_t i = 0; i < n; i++)
		sum += v[i] = expf(v[i] - most);
	for (size_t i = 0; i < n; i++)
		v[i] /= sum;
}

static void forward_irtnet(
    const struct net *net, const float *theta, const float *x, size_t n, float *work, float *z)
{
	struct irtnet l = layout(net->M, net->D);
	struct irtnet_work w = places(work, n);

	dense(theta, x, n, net->D, IN_H, w.h);
	dense(theta + l.gate, x, n, net->D, IN_X, w.gate);
	dense(theta + l.experts, x, n, net->D, IN_X * IN_H, w.expert);
	relu(w.expert, n * IN_X * IN_H);
	for (size_t i = 0; i < n; i++) {
		softmax(w.gate + i * IN_X, IN_X);
		for (size_t k = 0; k < IN_X; k++)
			vec_axpby(IN_H, w.gate[i * IN_X + k], w.expert + (i * IN_X + k) * IN_H, 1,
			    w.h + i * IN_H);
	}
	dense(theta + l.a, w.h, n, IN_H, IN_K, w.a);
	dense(theta + l.c, w.h, n, IN_H, 1, w.b);
	blas_sgemm(false, true, n, net->M, IN_K, 1, w.a, IN_K, theta + l.t, IN_K, 0, z, net->M);
	for (size_t i = 0; i < n * net->M; i++)
		z[i] -= w.b[i / net->M];
}

static void back_irtnet(const struct net *net, const float *theta, const float *x, size_t n,
    float *work, const float *dz, float *g)
{
	struct irtnet l = layout(net->M, net->D);
	struct irtnet_work w = places(work, n);

	blas_sgemm(true, false, net->M, IN_K, n, 1, dz, net->M, w.a, IN_K, 1, g + l.t, IN_K);
	blas_sgemm(false, false, n, IN_K, net->M, 1, dz, net->M, theta + l.t, IN_K, 0, w.da, IN_K);
	for (size_t i = 0; i < n; i++) {
		w.db[i] = 0;
		for (size_t m = 0; m < net->M; m++)
			w.db[i] -= dz[i * net->M + m];
	}
	dense_back(theta + l.c, w.h, w.db, n, IN_H, 1, g + l.c, w.dexpert); /* scratch for dh */
	dense_back(theta + l.a, w.h, w.da, n, IN_H, IN_K, g + l.a, w.dh);
	vec_axpby(n * IN_H, 1, w.dexpert, 1, w.dh);
	for (size_t i = 0; i < n; i++) {
		const float *gate = w.gate + i * IN_X, *dh = w.dh + i * IN_H;
		float *dgate = w.dgate + i * IN_X, mean = 0;

		for (size_t k = 0; k < IN_X; k++) {
			dgate[k] = vec_dot(IN_H, dh, w.expert + (i * IN_X + k) * IN_H);
			mean += gate[k] * dgate[k];
		}
		for (size_t k = 0; k < IN_X; k++) {
			vec_axpby(IN_H, gate[k], dh, 0, w.dexpert + (i * IN_X + k) * IN_H);
			dgate[k] = gate[k] * (dgate[k] - mean);
		}
	}
	relu_back(w.expert, w.dexpert, n * IN_X * IN_H);
	dense_back(theta + l.experts, x, w.dexpert, n, net->D, IN_X * IN_H, g + l.experts, NULL);
	dense_back(theta + l.gate, x, w.dgate, n, net->D, IN_X, g + l.gate, NULL);
	dense_back(theta, x, w.dh, n, net->D, IN_H, g, NULL);
}

struct net net_irtnet(size_t M, size_t D)
{
	return (struct net){
	    .M = M,
	    .D = D,
	    .n = layout(M, D).n,
	    .work = IN_WORK,
	    .start = start_irtnet,
	    .forward = forward_irtnet,
	    .back = back_irtnet,
	};
}

/* The three methods */

static bool fit(struct net (*of)(size_t, size_t), double lr, const struct fit *in,
    struct params *out, struct err *e)
{
	const struct net_options o = {.lr = lr,
	    .weight_decay = 1e-4,
	    .sigma = 0.05,
	    .batch = 128,
	    .epochs = 100,
	    .patience = 10};
	struct net net = of(in->d->n_models, in->d->dims);

	params_set(out, "models", (double)net.M);
	params_set(out, "features", (double)net.D);
	return net_fit(&net, &o, in, out, e);
}

static void logits(
    struct net (*of)(size_t, size_t), const struct params *p, const float *enc, size_t n, float *z)
{
	struct net net =
	    of((size_t)params_number(p, "models", 0), (size_t)params_number(p, "features", 0));

	net_logits(&net, p, enc, n, z);
}

static bool fit_2pl(const struct fit *in, struct params *out, struct err *e)
{
	return fit(net_2pl, 3e-3, in, out, e);
}

static void logits_2pl(const struct params *p, const float *enc, size_t n, float *z)
{
	logits(net_2pl, p, enc, n, z);
}

static bool fit_je(const struct fit *in, struct params *out, struct err *e)
{
	return fit(net_je_irt, 1e-3, in, out, e);
}

static void logits_je(const struct params *p, const float *enc, size_t n, float *z)
{
	logits(net_je_irt, p, enc, n, z);
}

static bool fit_irtnet(const struct fit *in, struct params *out, struct err *e)
{
	return fit(net_irtnet, 1e-3, in, out, e);
}

static void logits_irtnet(const struct params *p, const float *enc, size_t n, float *z)
{
	logits(net_irtnet, p, enc, n, z);
}

const struct method method_2pl = {
    .name = "2pl",
    .about = "one ability a model, discrimination and difficulty from the text",
    .source = "Birnbaum 1968, with the item side learned from text",
    .fit = fit_2pl,
    .logits = logits_2pl,
};

const struct method method_je_irt = {
    .name = "je-irt",
    .about = "a question's direction is its topic, its length its difficulty",
    .source = "JE-IRT, arXiv 2509.22888",
    .fit = fit_je,
    .logits = logits_je,
};

const struct method method_irtnet = {
    .name = "irtnet",
    .about = "a small mixture of experts on the question side, multidimensional 2PL",
    .source = "IrtNet, JianhaoChen-nju/IrtNet",
    .fit = fit_irtnet,
    .logits = logits_irtnet,
};
