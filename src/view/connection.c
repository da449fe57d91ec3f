#include "view/connection.h"

#include "base/err.h"
#include "base/file.h"
#include "task/session.h"

void connection_init(struct connection *c, const char *path)
{
	*c = (struct connection){.path = path};
	pthread_mutex_init(&c->lock, NULL);
}

void connection_interrupt(struct connection *c)
{
	pthread_mutex_lock(&c->lock);
	if (c->db)
		session_interrupt(c->db);
	pthread_mutex_unlock(&c->lock);
}

/* A version means something on its own connection only: a new one starts as unchanged. */
static struct db *connection_open(struct connection *c, enum session_mode mode, struct err *e)
{
	struct db *db = session_open(c->path, mode, e);

	pthread_mutex_lock(&c->lock);
	c->db = db;
	pthread_mutex_unlock(&c->lock);
	c->writes = mode != SESSION_READ;
	if (c->db && !session_version(c->db, &c->version, e))
		connection_close(c);
	return c->db;
}

struct db *connection_read(struct connection *c, struct err *e)
{
	if (!c->db && file_exists(c->path))
		connection_open(c, SESSION_READ, e);
	return c->db;
}

struct db *connection_write(struct connection *c, struct err *e)
{
	c->write_jobs++;
	if (c->db && !c->writes)
		connection_close(c);
	if (!c->db)
		connection_open(c, SESSION_CREATE, e);
	return c->db;
}

void connection_close(struct connection *c)
{
	struct db *db = c->db;

	pthread_mutex_lock(&c->lock);
	c->db = NULL;
	pthread_mutex_unlock(&c->lock);
	session_close(db);
}

bool connection_changed(struct connection *c, bool accept, bool *changed, struct err *e)
{
	struct db *db = connection_read(c, e);
	int64_t now = c->version;

	if (db ? !session_version(db, &now, e) : e->kind != ERR_NONE)
		return false;
	if (accept)
		c->version = now;
	*changed = now != c->version;
	return true;
}
