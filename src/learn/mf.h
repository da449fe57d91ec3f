/* mf.h - the EmbedLLM factorisation (Zhuang et al., ICLR 2025, arXiv 2410.02223).
 *
 * q = A e + a            question projection           A (K, D), a (K)
 * logit(m, e) = p_m' diag(w) q + b                     P (M, K), w (K), b (1)
 * P(right) = 1 / (1 + exp(-logit))
 *
 * The published two softmax outputs are one logistic output of their difference.
 */
#ifndef LEARN_MF_H
#define LEARN_MF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng;
struct vec_loss;

/* One block of floats; the pointers are carved out of it. */
struct mf {
	size_t models, dim, features; /* M, K, D */
	size_t n;                     /* floats in block */
	float *block;                 /* 64-byte aligned, owned */
	float *p;                     /* (M, K) */
	float *a;                     /* (K, D) */
	float *a0;                    /* (K) */
	float *w;                     /* (K) */
	float *b;                     /* (1) */
};

struct mf mf_new(size_t models, size_t dim, size_t features); /* zeroed */
void mf_free(struct mf *m);

/* As torch.nn.Embedding and torch.nn.Linear start: P ~ N(0,1), A, a, w, b uniform. */
void mf_init_paper(struct mf *m, struct rng *r);
/* Start from what is known: small P, w = 1, and a last direction that every question has to the
 * same extent (A row 0, a = 1) and on which each model has the logit of its training rate
 * (rate (M), strictly between 0 and 1). The first epoch then starts at the model-rate baseline. */
void mf_init_rates(struct mf *m, const double *rate, struct rng *r);

/* logit (n, M) of n encodings (n, D). */
void mf_logits(const struct mf *m, const float *enc, size_t n, float *logit);
/* w * (A e + a) (n, K): what the model vectors are multiplied with. */
void mf_project(const struct mf *m, const float *enc, size_t n, float *q);

/* Buffers for mf_gradient on up to n questions. */
struct mf_work {
	float *q, *qw, *dq; /* (n, K) */
	float *z;           /* (n, M) */
};
struct mf_work mf_work_new(const struct mf *m, size_t n);
void mf_work_free(struct mf_work *w);

/* g = gradient of the mean log-loss of n encodings x (n, D) against labels y (n, M) in 0..1, NaN =
 * missing, with weights (n, M) or NULL = 1. Adds the sums of loss, right answers and weights to
 * *sum. Every question is projected once for all models: five matrix products in all. */
void mf_gradient(const struct mf *m, const float *x, const float *y, const float *weight, size_t n,
    struct mf_work *work, struct mf *g, struct vec_loss *sum);

/* Turn the model into the equivalent one (same logits to float rounding) with w = 1 whose question
 * projections have the identity as second moment over the n given encodings, with axes by
 * descending model variance and unused directions dropped (dim may shrink to at most
 * min(models, dim)). The product of two rows of P is then the mean product of their logits over
 * the questions: cosine and distance speak of behaviour, not of an arbitrary basis. */
void mf_canonical(struct mf *m, const float *enc, size_t n);

#endif
