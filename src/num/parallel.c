#include "num/parallel.h"

#include "num/blas.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
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

struct parallel_team {
	parallel_member *fn;
	void *arg;
	atomic_size_t size; /* 0 until all that will start have */
	atomic_size_t waiting, round;
};

struct together {
	struct parallel_team *team;
	size_t worker;
	pthread_t thread;
};

/* Spin a while, since the others are about to come; then let someone else have the processor. */
static void pause_turn(unsigned *turn)
{
	if (++*turn % 1024 == 0)
		sched_yield();
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

static void *join_team(void *arg)
{
	struct together *m = arg;
	unsigned turn = 0;

	while (!atomic_load_explicit(&m->team->size, memory_order_acquire))
		pause_turn(&turn);
	m->team->fn(m->team->arg, m->worker, m->team);
	return NULL;
}

void parallel_together(size_t threads, parallel_member *fn, void *arg)
{
	struct parallel_team team = {.fn = fn, .arg = arg};
	struct together members[PARALLEL_MAX];
	size_t most = parallel_threads(), n = 1;

	if (threads > most)
		threads = most;
	for (; n < threads; n++) {
		members[n] = (struct together){.team = &team, .worker = n};
		if (pthread_create(&members[n].thread, NULL, join_team, &members[n]))
			break;
	}
	atomic_store_explicit(&team.size, n, memory_order_release);
	fn(arg, 0, &team);
	for (size_t i = 1; i < n; i++)
		pthread_join(members[i].thread, NULL);
}

size_t parallel_team_size(const struct parallel_team *team)
{
	return atomic_load_explicit(&team->size, memory_order_relaxed);
}

void parallel_wait(struct parallel_team *team)
{
	size_t round = atomic_load_explicit(&team->round, memory_order_acquire);
	unsigned turn = 0;

	if (atomic_fetch_add_explicit(&team->waiting, 1, memory_order_acq_rel) + 1 ==
	    parallel_team_size(team)) {
		atomic_store_explicit(&team->waiting, 0, memory_order_relaxed);
		atomic_fetch_add_explicit(&team->round, 1, memory_order_release);
		return;
	}
	while (atomic_load_explicit(&team->round, memory_order_acquire) == round)
		pause_turn(&turn);
}
