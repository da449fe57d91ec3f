#include "work/queue.h"

#include <assert.h>
#include <stddef.h>

void job_free(struct job *j)
{
	if (j)
		j->ops->free(j);
}

void queue_init(struct queue *q)
{
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->filled, NULL);
	q->head = NULL;
	q->tail = &q->head;
	q->closed = false;
}

void queue_clear(struct queue *q)
{
	queue_drop(q, NULL);
	pthread_cond_destroy(&q->filled);
	pthread_mutex_destroy(&q->lock);
}

/* With the lock held. Unlinks the jobs of a kind (NULL: all) and returns them as a list. */
static struct job *unlink_kind(struct queue *q, const struct job_ops *ops)
{
	struct job *out = NULL, **p = &q->head;

	while (*p) {
		struct job *j = *p;

		if (!ops || j->ops == ops) {
			*p = j->next;
			j->next = out;
			out = j;
		} else {
			p = &j->next;
		}
	}
	q->tail = p;
	return out;
}

static unsigned free_list(struct job *j)
{
	unsigned n = 0;

	while (j) {
		struct job *next = j->next;

		job_free(j);
		j = next;
		n++;
	}
	return n;
}

static unsigned add(struct queue *q, struct job *j, bool replace)
{
	struct job *old = NULL;

	assert(!j->next);
	pthread_mutex_lock(&q->lock);
	if (replace)
		old = unlink_kind(q, j->ops);
	*q->tail = j;
	q->tail = &j->next;
	pthread_cond_signal(&q->filled);
	pthread_mutex_unlock(&q->lock);
	return free_list(old); /* a free may take its time: not under the lock */
}

void queue_add(struct queue *q, struct job *j)
{
	add(q, j, false);
}

unsigned queue_replace(struct queue *q, struct job *j)
{
	return add(q, j, true);
}

struct job *queue_take(struct queue *q, bool wait)
{
	struct job *j;

	pthread_mutex_lock(&q->lock);
	while (wait && !q->head && !q->closed)
		pthread_cond_wait(&q->filled, &q->lock);
	j = q->closed ? NULL : q->head;
	if (j) {
		q->head = j->next;
		if (!q->head)
			q->tail = &q->head;
		j->next = NULL;
	}
	pthread_mutex_unlock(&q->lock);
	return j;
}

unsigned queue_drop(struct queue *q, const struct job_ops *ops)
{
	struct job *old;

	pthread_mutex_lock(&q->lock);
	old = unlink_kind(q, ops);
	pthread_mutex_unlock(&q->lock);
	return free_list(old);
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->filled);
	pthread_mutex_unlock(&q->lock);
}
