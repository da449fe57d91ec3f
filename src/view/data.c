#include "view/data.h"

#include "base/err.h"
#include "base/mem.h"
#include "task/session.h"

struct data *data_ref(struct data *d)
{
	if (d)
		d->refs++;
	return d;
}

void data_unref(struct data *d)
{
	if (!d || --d->refs > 0)
		return;
	arena_clear(&d->arena);
	atlas_free(d->atlas);
	mem_free(d);
}

const struct catalog *data_catalog(const struct data *d)
{
	return d->atlas ? &d->atlas->catalog : &d->early;
}

const struct atlas *data_run(const struct data *d)
{
	return d->atlas && d->atlas->run ? d->atlas : NULL;
}

size_t data_find_model(const struct data *d, int64_t id)
{
	const struct catalog *r = data_catalog(d);

	for (size_t m = 0; m < r->n_models; m++)
		if (r->models[m].id == id)
			return m;
	return SIZE_MAX;
}

/* NULL without an error: there is nothing to read. */
static struct data *begin(struct connection *c, bool asked, struct db **db, struct err *e)
{
	struct data *d;
	bool other;

	*db = connection_begin(c, asked, &other, e);
	if (!*db && e->kind != ERR_NONE)
		return NULL;
	d = mem_zero_array(1, sizeof(*d));
	d->refs = 1;
	d->other = other;
	d->note = *db ? session_note(*db) : NULL;
	return d;
}

bool data_read_early(struct connection *c, struct data **out, struct err *e)
{
	struct db *db;
	struct data *d = begin(c, true, &db, e);

	if (!d)
		return false;
	if (db && !catalog_load(db, &d->arena, &d->early, e)) {
		data_unref(d);
		return false;
	}
	*out = d;
	return true;
}

bool data_read(struct connection *c, const struct data *known, bool asked, const struct progress *p,
    struct data **out, struct err *e)
{
	struct db *db;
	struct data *d = begin(c, asked, &db, e);

	if (!d)
		return false;
	if (db) {
		d->atlas = session_version(db, &c->version, e)
			       ? atlas_open(db, 0, known && !d->other ? known->atlas : NULL, p, e)
			       : NULL;
		if (!d->atlas) {
			data_unref(d);
			return false;
		}
	}
	*out = d;
	return true;
}
