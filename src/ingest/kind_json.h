/* kind_json.h - JSON of no format that is known: what it has, and what comes nearest. */
#ifndef INGEST_KIND_JSON_H
#define INGEST_KIND_JSON_H

struct arena;
struct ingest_head;

/* In the arena, or static. */
const char *kind_json(const struct ingest_head *h, struct arena *a);

#endif
