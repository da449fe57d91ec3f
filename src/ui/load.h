/* load.h - the explorer's own jobs: read the database, notice changes of others, import into it. */
#ifndef UI_LOAD_H
#define UI_LOAD_H

#include <stdbool.h>

struct err;
struct host;

/* Read the database; the names come first where nothing is on screen yet. */
void load_start(struct host *h);
/* Look whether others have changed it, once in a while. */
void load_watch(struct host *h);
/* "PATH", or "--check PATH": only look. The reports come on screen. */
bool load_import(struct host *h, const char *arg, struct err *e);
/* Whether it is the second; *path: the path in it. */
bool load_import_path(const char *arg, const char **path);
void load_models(struct host *h, const char *path); /* prices and tags of models */
void load_demo(struct host *h);                     /* the demo world, into an empty database */

#endif
