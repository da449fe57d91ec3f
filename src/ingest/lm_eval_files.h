/* lm_eval_files.h - the sample files of lm-evaluation-harness and what their names tell. */
#ifndef INGEST_LM_EVAL_FILES_H
#define INGEST_LM_EVAL_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct ingest;

/* The sample files below a directory (three levels deep: output/model/file), sorted by path, in the
 * arena. None is no error. */
bool lm_eval_files_list(
    const char *dir, struct arena *a, const char ***files, size_t *n, struct err *e);

/* Model and task of a sample file; both in the import's arena. The model is --model, else what the
 * newest results*.json beside the file says, else the folder's name; the task is in the file's name,
 * with the help of results.json in the oldest generation. */
bool lm_eval_files_names(
    struct ingest *in, const char *path, const char **model, const char **task, struct err *e);

#endif
