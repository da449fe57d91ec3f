/* net.h - small networks: their layers, and training by Adam with early stopping.
 *
 * A network is one block of floats, and a function that adds the gradient of a minibatch. Random
 * numbers are functions of (seed, epoch), so that a fit repeats to the bit.
 */
#ifndef METHOD_NET_H
#define METHOD_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "method/method.h"

struct rng;

struct net {
	size_t M, D; /* models, features of an encoding */
	size_t n;    /* floats in the block */
	size_t work; /* floats of scratch that a row needs */
	void (*start)(const struct net *net, const struct fit *in, struct rng *r, float *theta);
	/* z (n, M) of x (n, D); what the way back needs is left in work (n * net->work). */
	void (*forward)(const struct net *net, const float *theta, const float *x, size_t n,
	    float *work, float *z);
	/* g <- gradient, from dz (n, M) and what forward has left; g is zeroed. */
	void (*back)(const struct net *net, const float *theta, const float *x, size_t n,
	    float *work, const float *dz, float *g);
};

struct net_options {
	double lr, weight_decay, sigma; /* Adam; noise on the encodings */
	size_t batch, epochs, patience;
};

/* Into *out: "theta", and "epochs", how many were best; in->like: train for as many as it says. */
bool net_fit(const struct net *net, const struct net_options *o, const struct fit *in,
    struct params *out, struct err *e);
/* Five of them, each trained without a fifth of the training questions, on which all are stopped
 * together and which give the held logits: "theta" has a row for each, and their mean logit is the
 * forecast (Krogh and Vedelsby, NIPS 1994). */
bool net_fit_committee(const struct net *net, const struct net_options *o, const struct fit *in,
    struct params *out, struct err *e);
void net_logits(
    const struct net *net, const struct params *p, const float *enc, size_t n, float *z);

/* A dense layer: w (out, in), then its bias (out). */
static inline size_t dense_size(size_t in, size_t out)
{
	return out * in + out;
}
void dense_start(struct rng *r, float *w, size_t in, size_t out); /* uniform, as torch.nn.Linear */
void dense(const float *w, const float *x, size_t n, size_t in, size_t out, float *y);
/* gw += its gradient; dx (n, in) <- the gradient of x, unless NULL. */
void dense_back(const float *w, const float *x, const float *dy, size_t n, size_t in, size_t out,
    float *gw, float *dx);
void relu(float *x, size_t n);
void relu_back(const float *y, float *dy, size_t n); /* y: what relu gave */

/* The networks there are, for M models and encodings of D numbers. */
struct net net_mlp(size_t M, size_t D);
struct net net_2pl(size_t M, size_t D);
struct net net_je_irt(size_t M, size_t D);
struct net net_irtnet(size_t M, size_t D);

#endif
