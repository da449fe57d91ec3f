/* files.h - looking into the files of an import. */
#ifndef INGEST_FILES_H
#define INGEST_FILES_H

#include "base/json.h"
#include "ingest/importer.h"

struct err;
struct stream;

/* files[i], open, with its first bytes looked at but not read: h->p is borrowed from the stream, which
 * is the caller's (stream_close). */
struct stream *files_peek(struct ingest *in, size_t i, struct ingest_head *h, struct err *e);

/* The path of NAME in the folder `up` levels above that of `path` (0 = the same); in the import's arena.
 * NULL where there is no such file, packed (.gz, .zst, .xz) or not. */
const char *files_beside(struct ingest *in, const char *path, unsigned up, const char *name);
/* The name of the folder `up` levels above the file (0 = the one it is in); in the arena, "" where the
 * path does not say. */
const char *files_folder(struct ingest *in, const char *path, unsigned up);

/* The rest of the stream as one JSON document of at most 64 MiB; json_decref. */
json_t *files_document(struct stream *s, struct err *e);

#endif
