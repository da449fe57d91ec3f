/* data.c - see data.h */
#include "view/data.h"

#include "base/err.h"
#include "base/file.h"
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

void link_init(struct link *l, const char *path)
{
	*l = (struct link){.path = path};
	pthread_mutex_init(&l->lock, NULL);
}

void link_interrupt(struct link *l)
{
	pthread_mutex_lock(&l->lock);
	if (l->db)
		session_interrupt(l->db);
	pthread_mutex_unlock(&l->lock);
}

/* A version means something on its own connection only: a new one starts as unchanged. */
static struct db *link_open(struct link *l, enum session_mode mode, struct err *e)
{
	struct db *db = session_open(l->path, mode, e);

	pthread_mutex_lock(&l->lock);
	l->db = db;
	pthread_mutex_unlock(&l->lock);
	l->writes = mode != SESSION_READ;
	if (l->db && !session_version(l->db, &l->version, e))
		link_close(l);
	return l->db;
}

struct db *link_read(struct link *l, struct err *e)
{
	if (!l->db && file_exists(l->path))
		link_open(l, SESSION_READ, e);
	return l->db;
}

struct db *link_write(struct link *l, struct err *e)
{
	l->write_jobs++;
	if (l->db && !l->writes)
		link_close(l);
	if (!l->db)
		link_open(l, SESSION_CREATE, e);
	return l->db;
}

void link_close(struct link *l)
{
	struct db *db = l->db;

	pthread_mutex_lock(&l->lock);
	l->db = NULL;
	pthread_mutex_unlock(&l->lock);
	session_close(db);
}

bool link_changed(struct link *l, bool accept, bool *changed, struct err *e)
{
	struct db *db = link_read(l, e);
	int64_t now = l->version;

	if (db ? !session_version(db, &now, e) : e->kind != ERR_NONE)
		return false;
	if (accept)
		l->version = now;
	*changed = now != l->version;
	return true;
}

/* NULL without an error: there is nothing to read. */
static struct data *begin(struct link *l, struct db **db, struct err *e)
{
	struct data *d;

	*db = link_read(l, e);
	if (!*db && e->kind != ERR_NONE)
		return NULL;
	d = mem_zero_array(1, sizeof(*d));
	d->refs = 1;
	d->note = *db ? session_note(*db) : NULL;
	return d;
}

bool data_read_early(struct link *l, struct data **out, struct err *e)
{
	struct db *db;
	struct data *d = begin(l, &db, e);

	if (!d)
		return false;
	if (db && !catalog_load(db, &d->arena, &d->early, e)) {
		data_unref(d);
		return false;
	}
	*out = d;
	return true;
}

bool data_read(struct link *l, const struct progress *p, struct data **out, struct err *e)
{
	struct db *db;
	struct data *d = begin(l, &db, e);

	if (!d)
		return false;
	if (db) {
		if (!session_version(db, &l->version, e) || !(d->atlas = atlas_open(db, 0, p, e))) {
			data_unref(d);
			return false;
		}
	}
	*out = d;
	return true;
}
