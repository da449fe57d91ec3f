/* One hidden layer over the encoding, an output for each model, started at the models' rates:
 * z = W2 relu(W1 e + b1) + b2. */
#include "method/net.h"

#include "base/mem.h"
#include "learn/baseline.h"

#define HIDDEN 256

static void start(const struct net *net, const struct fit *in, struct rng *r, float *theta)
{
	struct baseline rates = baseline_fit(in->d);
	float *out = theta + dense_size(net->D, HIDDEN), *bias = out + net->M * HIDDEN;

	dense_start(r, theta, net->D, HIDDEN);
	dense_start(r, out, HIDDEN, net->M);
	for (size_t m = 0; m < net->M; m++)
		bias[m] = (float)method_logit(rates.model[m], 1e-6);
	baseline_free(&rates);
}

/* work: h (n, HIDDEN), dh (n, HIDDEN) */
static void forward(
    const struct net *net, const float *theta, const float *x, size_t n, float *work, float *z)
{
	dense(theta, x, n, net->D, HIDDEN, work);
	relu(work, n * HIDDEN);
	dense(theta + dense_size(net->D, HIDDEN), work, n, HIDDEN, net->M, z);
}

static void back(const struct net *net, const float *theta, const float *x, size_t n, float *work,
    const float *dz, float *g)
{
	size_t out = dense_size(net->D, HIDDEN);
	float *dh = work + n * HIDDEN;

	dense_back(theta + out, work, dz, n, HIDDEN, net->M, g + out, dh);
	relu_back(work, dh, n * HIDDEN);
	dense_back(theta, x, dh, n, net->D, HIDDEN, g, NULL);
}

struct net net_mlp(size_t M, size_t D)
{
	return (struct net){
	    .M = M,
	    .D = D,
	    .n = dense_size(D, HIDDEN) + dense_size(HIDDEN, M),
	    .work = 2 * HIDDEN,
	    .start = start,
	    .forward = forward,
	    .back = back,
	};
}

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	static const struct net_options o = {.lr = 1e-3,
	    .weight_decay = 1e-4,
	    .sigma = 0.05,
	    .batch = 128,
	    .epochs = 100,
	    .patience = 10};
	struct net net = net_mlp(in->d->n_models, in->d->dims);

	params_set(out, "models", (double)net.M);
	params_set(out, "features", (double)net.D);
	return net_fit_committee(&net, &o, in, out, e);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	struct net net =
	    net_mlp((size_t)params_number(p, "models", 0), (size_t)params_number(p, "features", 0));

	net_logits(&net, p, enc, n, z);
}

const struct method method_mlp = {
    .name = "mlp",
    .about = "networks with one hidden layer and an output for each model: the mean of five",
    .source = "Krogh and Vedelsby 1994",
    .leaves_out = true,
    .fit = fit,
    .logits = logits,
};
