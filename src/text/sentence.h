/* sentence.h - encoders from the checkpoints of sentence-transformers (Reimers & Gurevych 2019):
 * tokens (wordpiece.h), a transformer (transformer.h), the mean over a text's tokens or the first
 * one's vector, made unit length where the checkpoint says so.
 */
#ifndef TEXT_SENTENCE_H
#define TEXT_SENTENCE_H

#include "text/encoder.h"

/* The checkpoint in a folder as an encoder of this kind (a static string) with the identity
 * "KIND:CHECKSUM" over weights, tokenizer and settings. NULL with an error; encoder_free. */
struct encoder *sentence_open(const char *dir, const char *kind, struct err *e);

#endif
