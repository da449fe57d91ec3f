/* router_bench.h - what RouterBench's files have by convention, for reading and writing. */
#ifndef INGEST_ROUTER_BENCH_H
#define INGEST_ROUTER_BENCH_H

struct arena;

#define ROUTER_BENCH_COST "|total_cost" /* behind a model's name: the column of its costs */

/* The benchmark that an eval_name belongs to; in the arena. */
const char *router_bench_benchmark(struct arena *a, const char *eval);

#endif
