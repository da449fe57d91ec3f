/* model_name.h - what a model's name gives away where it has no tag: its family and its size. */
#ifndef TASK_MODEL_NAME_H
#define TASK_MODEL_NAME_H

#include "base/buf.h"
#include "task/atlas.h"

/* Parameters in billions: of the tag `size` ("7B", "350M", "7"), else of the name ("Llama-2-13b",
 * "Mixtral-8x7B" = 56: all experts). NaN where neither says it. */
double model_name_size(const struct catalog_model *m);

/* The tag `family`, else the first word of the name after its owner, in lower case ("qwen" of
 * "Qwen/Qwen1.5-72B"), a leading "meta" left out. */
void model_name_family(const struct catalog_model *m, struct buf *out);

/* The name without its owner: "Qwen1.5-72B". */
const char *model_name_short(const struct catalog_model *m);

#endif
