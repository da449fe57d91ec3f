/* encoders.h - which encoders are installed, and which of them this database uses. */
#ifndef TASK_ENCODERS_H
#define TASK_ENCODERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct db;
struct err;

struct encoders_installed {
	const char *name;    /* "builtin", "minilm", ... */
	const char *model;   /* what it is called by its authors */
	const char *licence; /* of the weights */
	const char *dir;     /* where they are, or belong; NULL for the built-in one */
	bool installed;
	const char *identity;    /* NULL where it is not installed, or fitted on each database */
	size_t dims, max_tokens; /* 0 likewise */
	const char *sha256;      /* of the weights file, hex; NULL likewise */
	/* how to install it, or why it cannot be used; NULL: nothing is wrong */
	const char *problem;
};

struct encoders_stored {
	int64_t id;
	const char *identity, *kind, *note;
	size_t dims;
	size_t encoded;   /* stored questions that have a vector; of a pair: in both halves */
	const char *runs; /* their ids, with spaces between; "" = none */
	bool in_use;      /* by the run in use */
};

struct encoders {
	struct arena arena;
	size_t n_installed, n_stored;
	struct encoders_installed *installed;
	struct encoders_stored *stored; /* newest first */
};

/* db NULL: what is installed alone. */
bool task_encoders(struct db *db, struct encoders *out, struct err *e);
void encoders_clear(struct encoders *r);

#endif
