/* question.h - the text of a question, from what evaluation logs keep of it. */
#ifndef INGEST_QUESTION_H
#define INGEST_QUESTION_H

#include <stdbool.h>

#include "base/json.h"

struct buf;

/* Appends the text of one message's content: a string, or a list of pieces of which those that are
 * no text leave their kind in brackets, as "(image)". */
void question_content(const json_t *content, struct buf *out);

/* The question in a prompt: a string as it is; of chat messages (role and content, or OpenCompass's
 * role and prompt) the last that a user wrote, since what stands before is instructions and worked
 * examples, which differ from run to run. `more`, which may be NULL, gets the whole conversation up to
 * there, instructions too, or nothing where it is the same. False, and nothing appended, where there
 * is no question. */
bool question_messages(const json_t *prompt, struct buf *out, struct buf *more);

/* Appends the options of a multiple choice, one a line as "A. ...", unless the text has them already.
 * `options` is an array of strings; nothing happens where it is anything else. */
void question_options(const json_t *options, struct buf *out);

#endif
