/* stack.c - lists linked downwards. */
#include "view/stack.h"

#include "base/mem.h"
#include "view/host.h"

struct view *stack_front(const struct host *h)
{
	return h->top[h->tab];
}

struct view *stack_bottom(const struct host *h, enum tab tab)
{
	struct view *v = h->top[tab];

	while (v->under)
		v = v->under;
	return v;
}

struct view *stack_find(const struct host *h, unsigned id)
{
	for (int t = 0; t < TAB_COUNT; t++)
		for (struct view *v = h->top[t]; v; v = v->under)
			if (v->id == id)
				return v;
	return NULL;
}

void stack_open(struct host *h, enum tab tab, const struct view_class *class, const void *arg)
{
	struct view *v = mem_zero_array(1, class->size);

	v->class = class;
	v->host = h;
	v->id = ++h->last_id;
	if (class->init)
		class->init(v, arg);
	v->under = h->top[tab];
	h->top[tab] = v;
	h->dirty = true;
}

void stack_open_tabs(struct host *h, const struct view_class *const *classes)
{
	for (int t = 0; t < TAB_COUNT; t++)
		stack_open(h, (enum tab)t, classes[t], NULL);
}

static void pop(struct host *h, enum tab tab)
{
	struct view *v = h->top[tab];

	h->top[tab] = v->under;
	if (v->class->clear)
		v->class->clear(v);
	panes_clear(&v->panes);
	mem_free(v);
	h->dirty = true;
}

void stack_close(struct host *h, struct view *v)
{
	for (int t = 0; t < TAB_COUNT; t++)
		if (h->top[t] == v && v->under)
			pop(h, (enum tab)t);
}

void stack_go(struct host *h, enum tab tab)
{
	h->tab = tab;
	h->dirty = true;
}

void stack_clear(struct host *h)
{
	for (int t = 0; t < TAB_COUNT; t++)
		while (h->top[t])
			pop(h, (enum tab)t);
}

void stack_renew(struct host *h)
{
	for (int t = 0; t < TAB_COUNT; t++)
		for (struct view *v = h->top[t]; v; v = v->under)
			v->ready = false;
}

static bool has_needs(const struct host *h, enum view_needs needs)
{
	switch (needs) {
	case NEEDS_NOTHING:
		return true;
	case NEEDS_MODELS:
		return data_catalog(h->data)->n_models > 0;
	case NEEDS_LABELS:
		return h->data->atlas && h->data->atlas->catalog.n_models > 0;
	case NEEDS_RUN:
		return data_run(h->data) != NULL;
	}
	return false;
}

bool stack_ready(struct host *h)
{
	struct view *v = stack_front(h);

	if (!has_needs(h, v->class->needs))
		return false;
	if (!v->ready) {
		v->ready = true;
		if (v->class->data)
			v->class->data(v);
	}
	return true;
}

struct list *stack_list(struct host *h)
{
	return stack_ready(h) ? panes_list(&stack_front(h)->panes) : NULL;
}
