#include "screen/route_pool.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "task/atlas.h"

#include <math.h>
#include <string.h>

#define STEP 0.02 /* of the weight */

void route_pool_clear(struct route_pool *p)
{
	for (size_t i = 0; i < p->n_undo; i++)
		mem_free(p->undo[i].out);
	mem_free(p->out);
	*p = (struct route_pool){.weight = 0};
}

static void leave_out(struct route_pool *p, int64_t model)
{
	p->out = mem_grow(p->out, &p->cap_out, p->n_out + 1, sizeof(*p->out));
	p->out[p->n_out++] = model;
}

/* Where it is left out, n_out if it is not. */
static size_t find(const struct route_pool *p, int64_t model)
{
	size_t i = 0;

	while (i < p->n_out && p->out[i] != model)
		i++;
	return i;
}

static size_t find_model(const struct catalog *c, int64_t id)
{
	size_t m = 0;

	while (m < c->n_models && c->models[m].id != id)
		m++;
	return m;
}

void route_pool_renew(struct route_pool *p, const struct catalog *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n_out; i++)
		if (find_model(c, p->out[i]) < c->n_models)
			p->out[kept++] = p->out[i];
	p->n_out = kept;
}

bool *route_pool_mask(const struct route_pool *p, const struct catalog *c)
{
	bool *in = mem_array(c->n_models + 1, sizeof(*in));

	for (size_t m = 0; m < c->n_models; m++)
		in[m] = find(p, c->models[m].id) == p->n_out;
	return in;
}

static void remember(struct route_pool *p, bool moving)
{
	struct route_pool_step *s;

	if (moving && p->moving)
		return;
	p->moving = moving;
	if (p->n_undo == ROUTE_POOL_UNDO) {
		mem_free(p->undo[0].out);
		memmove(p->undo, p->undo + 1, (ROUTE_POOL_UNDO - 1) * sizeof(*p->undo));
		p->n_undo--;
	}
	s = &p->undo[p->n_undo++];
	*s =
	    (struct route_pool_step){p->weight, mem_array(p->n_out + 1, sizeof(*s->out)), p->n_out};
	for (size_t i = 0; i < p->n_out; i++)
		s->out[i] = p->out[i];
}

void route_pool_weigh(struct route_pool *p, int steps)
{
	double weight = round(p->weight / STEP + steps) * STEP;

	remember(p, true);
	p->weight = fmin(fmax(weight, 0), 1);
}

void route_pool_weigh_to(struct route_pool *p, double weight)
{
	remember(p, false);
	p->weight = fmin(fmax(weight, 0), 1);
}

bool route_pool_toggle(struct route_pool *p, int64_t model, size_t n)
{
	size_t at = find(p, model);

	if (at == p->n_out && p->n_out + 1 >= n)
		return false;
	remember(p, false);
	if (at < p->n_out)
		p->out[at] = p->out[--p->n_out];
	else
		leave_out(p, model);
	return true;
}

bool route_pool_choose(
    struct route_pool *p, const struct catalog *c, const bool *among, const char *pattern)
{
	size_t in = 0;

	remember(p, false);
	p->n_out = 0;
	for (size_t m = 0; m < c->n_models; m++) {
		if (!among[m])
			continue;
		if (utf8_holds(c->models[m].name, pattern))
			in++;
		else
			leave_out(p, c->models[m].id);
	}
	p->n_out = in ? p->n_out : 0;
	return in > 0;
}

bool route_pool_undo(struct route_pool *p)
{
	const struct route_pool_step *s;

	if (!p->n_undo)
		return false;
	s = &p->undo[--p->n_undo];
	mem_free(p->out);
	p->out = s->out;
	p->n_out = s->n_out;
	p->cap_out = s->n_out + 1;
	p->weight = s->weight;
	p->moving = false;
	return true;
}

void route_pool_save(const struct route_pool *p, json_t *state)
{
	json_t *out = json_array();

	json_object_set_new(state, "cost_weight", json_real(p->weight));
	for (size_t i = 0; i < p->n_out; i++)
		json_array_append_new(out, json_integer(p->out[i]));
	json_object_set_new(state, "out", out);
}

void route_pool_restore(struct route_pool *p, const json_t *state)
{
	size_t i;
	json_t *v;

	json_get_number(state, "cost_weight", &p->weight);
	p->weight = p->weight >= 0 && p->weight <= 1 ? p->weight : 0;
	json_array_foreach(json_object_get(state, "out"), i, v) leave_out(p, json_integer_value(v));
}
