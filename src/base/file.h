/* file.h - paths and safe writing. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct err;

/* embedllm/ under $XDG_DATA_HOME, $XDG_CACHE_HOME, $XDG_CONFIG_HOME, $XDG_STATE_HOME, or their
 * defaults under $HOME. New string, mem_free. The folder is not made. NULL if there is no home. */
char *file_data_dir(void);
char *file_cache_dir(void);
char *file_config_dir(void);
char *file_state_dir(void);

/* A file or folder that is installed with the program, e.g. "demo": in $EMBEDLLM_SHARE, else in the
 * share/ folder of the source tree the program was built in, else where it was installed. New
 * string, mem_free; NULL with an error that lists where it was looked for. */
char *file_share(const char *name, struct err *e);

bool file_mkdirs(const char *dir, struct err *e);
char *file_join(const char *dir, const char *name); /* mem_free */
const char *file_base(const char *path);            /* borrowed: after the last '/' */
char *file_dir(const char *path);                   /* mem_free; "." if none */
bool file_is_dir(const char *path);
bool file_exists(const char *path);

/* Write through a temporary beside `path` that is fsynced and renamed over it on success, so that
 * a reader sees the old or the new file, never a half. A file that is replaced leaves its mode to
 * the new one; an open database is none to replace (base/guard.h). "-" writes to stdout.
 *   struct file_out o; if (!file_create(&o, path, e)) ...; fprintf(o.f, ...);
 *   if (!file_commit(&o, e)) ...            or file_abandon(&o)                              */
struct file_out {
	FILE *f;
	char *path, *tmp;
};
bool file_create(struct file_out *o, const char *path, struct err *e);
bool file_commit(struct file_out *o, struct err *e);
void file_abandon(struct file_out *o);
/* "-" alone: the reader has closed the pipe (head), which ends the writing and is no error; a commit
 * then succeeds. */
bool file_reader_gone(const struct file_out *o);

#endif
