#include "tui/panes.h"

#include "tui/list.h"

void panes_clear(struct panes *p)
{
	for (int i = 0; i < PANES_MAX; i++)
		if (p->list[i])
			list_clear(p->list[i]);
	*p = (struct panes){.n = 0};
}

void panes_add(struct panes *p, struct list *l)
{
	p->list[p->n++] = l;
}

void panes_limit(struct panes *p, int n)
{
	p->n = n;
	if (p->focus >= n)
		p->focus = 0;
}

void panes_step(struct panes *p, bool forward)
{
	if (p->n)
		p->focus = (p->focus + (forward ? 1 : p->n - 1)) % p->n;
}

struct list *panes_list(const struct panes *p)
{
	struct list *l = p->list[p->focus];

	return l && l->n_columns ? l : NULL;
}

void panes_click(struct panes *p, const struct cells *c, int y, int x)
{
	for (int i = 0; i < p->n; i++) {
		int k = (p->focus + i) % p->n;

		if (list_click(p->list[k], c, y, x)) {
			p->focus = k;
			return;
		}
	}
}
