/* lm_eval_doc.h - the question in a sample of lm-evaluation-harness. */
#ifndef INGEST_LM_EVAL_DOC_H
#define INGEST_LM_EVAL_DOC_H

#include <stdbool.h>

#include "base/json.h"

struct buf;

/* How much of the document makes the text. */
enum lm_eval_depth {
	LM_EVAL_TEMPLATE, /* what the task's template asks */
	LM_EVAL_TELLING,  /* with every member that is no id and no answer */
	LM_EVAL_WHOLE,    /* with every member */
	LM_EVAL_DEPTHS
};

/* Puts the question into the empty `out`: the document's members that make the task's text, and its options,
 * one a line as "A. ...". The same document gives the same text whatever the model, the shots, the
 * chat template or the harness's version. A sample without a document (`doc` absent or empty) gives
 * the last block of its prompt, without the marks of chat templates. False where there is none
 * either; `arguments` may then be a sample's, or NULL. */
bool lm_eval_text(const char *task, const json_t *doc, const json_t *arguments,
    enum lm_eval_depth depth, struct buf *out);

/* Is it the name of a task, or of tasks, whose template is known? */
bool lm_eval_is_task(const char *name);

#endif
