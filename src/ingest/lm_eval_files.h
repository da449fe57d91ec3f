/* lm_eval_files.h - the sample files of lm-evaluation-harness and what their names tell. */
#ifndef INGEST_LM_EVAL_FILES_H
#define INGEST_LM_EVAL_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct ingest;

/* May the file hold samples: by its name, samples_*.jsonl, or a .jsonl that begins like one? */
bool lm_eval_files_is_sample(const char *path);

/* Model and task of a sample file; both in the import's arena. The model is --model, else what the
 * newest results*.json beside the file says, else the folder's name; the task is in the file's name,
 * with the help of results.json in the oldest generation. */
bool lm_eval_files_names(
    struct ingest *in, const char *path, const char **model, const char **task, struct err *e);

#endif
