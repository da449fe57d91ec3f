/* transformer.h - the encoder of BERT (Devlin et al. 2018) or MPNet (Song et al. 2020): token ids
 * to one vector a token.
 *
 * With x (T, hidden) the sum of a token's embedding, its position's and (BERT) that of type 0,
 * normalised, a layer is
 *
 *   a = softmax(Q K' / sqrt(d) + bias) V     in every head; Q, K, V = x W' + b; bias (MPNet): a
 *                                            number for the head and the distance of two tokens
 *   x = norm(x + a Wo' + bo)
 *   x = norm(x + gelu(x W1' + b1) W2' + b2)
 *
 * Nothing is dropped and nothing padded: texts stand one after the other, and attention is within
 * each. A text gives the same bits alone or among others, on any number of threads.
 */
#ifndef TEXT_TRANSFORMER_H
#define TEXT_TRANSFORMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct checkpoint;
struct err;
struct transformer;

/* Reads the weights, a tensor at a time; NULL with an error, transformer_free. */
struct transformer *transformer_open(
    const char *safetensors, const struct checkpoint *c, struct err *e);
void transformer_free(struct transformer *t);
/* Over names and bytes of the tensors in use. */
uint64_t transformer_checksum(const struct transformer *t);

/* x (tokens of all texts, transformer_width) <- n texts; text i has ids start[i]..start[i + 1],
 * at least one and not more than the checkpoint's positions. On at most `threads` threads. */
void transformer_run(const struct transformer *t, const uint32_t *ids, const size_t *start,
    size_t n, size_t threads, float *x);
/* Floats between rows of x; the first `hidden` of a row count. */
size_t transformer_width(const struct transformer *t);

/* For tests: called after the embeddings (layer 0) and after every layer (1 ...) with x. */
typedef void transformer_look(void *arg, size_t layer, const float *x, size_t rows, size_t width);
void transformer_watch(struct transformer *t, transformer_look *look, void *arg);

#endif
