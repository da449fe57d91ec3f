/* factorise.h - model vectors for any method: what it has learned, as a factorisation.
 *
 * The logits of a fitted method on the training questions, L (n, M), are written as Q P' by their
 * truncated SVD, with the questions' coordinates Q of identity second moment (mf_canonical): the
 * product of two model vectors is the mean product of their logits, whatever method made them. A
 * new question has its coordinates from its own logits, so the result is an mf whose features are
 * the method's logits in place of encodings.
 */
#ifndef METHOD_FACTORISE_H
#define METHOD_FACTORISE_H

#include <stddef.h>

#include "learn/mf.h"

#define FACTORISE_DIM 128 /* vectors are at most so long */

/* From logits (n, M); mf_free. */
struct mf factorise(const float *logits, size_t n, size_t M);

#endif
