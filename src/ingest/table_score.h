/* table_score.h - how sure the readers of tables with a label a row are of a file. */
#ifndef INGEST_TABLE_SCORE_H
#define INGEST_TABLE_SCORE_H

struct ingest_head;

int table_score_embedllm(const struct ingest_head *h);
int table_score_long(const struct ingest_head *h);
int table_score_triple(const struct ingest_head *h);

#endif
