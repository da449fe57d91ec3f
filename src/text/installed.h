/* installed.h - encoders by name: where their checkpoints are, and how to get them.
 *
 * "minilm" and "mpnet" are folders of that name in $EMBEDLLM_ENCODERS, else in "encoders" of the
 * user's data folder; "path:DIR" is any folder.
 */
#ifndef TEXT_INSTALLED_H
#define TEXT_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

struct encoder;
struct err;

struct installed_known {
	const char *name;    /* "minilm" */
	const char *model;   /* "all-MiniLM-L6-v2" */
	const char *licence; /* of the weights */
	const char *remedy;  /* how to install it: goes behind "; " */
};
extern const struct installed_known installed_known[];
extern const size_t installed_known_count;

/* NULL where the name is none of those. */
const struct installed_known *installed_find(const char *name);
/* The folder that the name stands for, whether it is there or not; mem_free. NULL with an error
 * where it stands for none. */
char *installed_dir(const char *name, struct err *e);
bool installed_is_there(const char *name);
/* New encoder of kind NAME, or "path"; encoder_free. NULL with an error that says how to get it. */
struct encoder *installed_open(const char *name, struct err *e);

#endif
