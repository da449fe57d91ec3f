/* lm_eval_doc.h - the question in a lm-evaluation-harness sample. */
#ifndef INGEST_LM_EVAL_DOC_H
#define INGEST_LM_EVAL_DOC_H

#include <stdbool.h>

#include "base/json.h"

struct buf;

/* Appends the question of a sample to `out`: the document's context and question and its options,
 * one a line as "A. ..."; for a document of unknown shape the last block of the prompt. The same
 * document gives the same text whatever the model, the shots or the harness's version. False where
 * the sample holds no question. */
bool lm_eval_text(const json_t *sample, struct buf *out);

#endif
