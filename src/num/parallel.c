#include "num/parallel.h"

#include "num/blas.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct team {
	size_t n, block;
	parallel_fn *fn;
	void *arg;
	atomic_size_t next; /* first item nobody has taken */
};

struct member {
	struct team *team;
	size_t worker;
	pthread_t thread;
	bool started;
};

size_t parallel_threads(void)
{
	int n = blas_threads();

	return n < 1 ? 1 : n > PARALLEL_MAX ? PARALLEL_MAX : (size_t)n;
}

static void *work(void *arg)
{
	struct member *m = arg;
	struct team *t = m->team;
	size_t begin;

	while ((begin = atomic_fetch_add(&t->next, t->block)) < t->n) {
		size_t left = t->n - begin;

		t->fn(t->arg, begin, begin + (left < t->block ? left : t->block), m->worker);
	}
	return NULL;
}

void parallel_for(size_t n, size_t block, parallel_fn *fn, void *arg)
{
	struct team team = {.n = n, .block = block, .fn = fn, .arg = arg};
	struct member members[PARALLEL_MAX];
	size_t threads = parallel_threads(), blocks;

	assert(block > 0);
	blocks = n / block + (n % block != 0);
	if (threads > blocks)
		threads = blocks;
	atomic_init(&team.next, 0);
	for (size_t i = 0; i < threads; i++)
		members[i] = (struct member){.team = &team, .worker = i};
	/* Where no thread is to be had, those there are take its blocks. */
	for (size_t i = 1; i < threads; i++)
		members[i].started = !pthread_create(&members[i].thread, NULL, work, &members[i]);
	if (threads)
		work(&members[0]);
	for (size_t i = 1; i < threads; i++)
		if (members[i].started)
			pthread_join(members[i].thread, NULL);
}
