/* triple.h - which of the three files a path is, so that they can be brought together. */
#ifndef INGEST_TRIPLE_H
#define INGEST_TRIPLE_H

#include "ingest/importer.h"

/* In the order in which the importer wants the paths. */
enum triple_file { TRIPLE_QUESTIONS, TRIPLE_MODELS, TRIPLE_LABELS, TRIPLE_COUNT };

bool triple_recognise(const struct ingest_head *h, enum triple_file *which);

#endif
