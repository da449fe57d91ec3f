#include "view/connection.h"

#include "base/err.h"

void database_init(struct database *d, const char *path)
{
	*d = (struct database){.path = path};
	pthread_mutex_init(&d->lock, NULL);
}

void connection_init(struct connection *c, struct database *d, bool keep)
{
	*c = (struct connection){.path = d->path, .database = d, .keep = keep};
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
	pthread_mutex_lock(&c->database->lock);
	c->others = c->database->others;
	pthread_mutex_unlock(&c->database->lock);
	if (c->db && !session_version(c->db, &c->version, e))
		connection_close(c);
	return c->db;
}

/* A look at the file, compared with the one that was read; accept: it is read now. */
static bool look(struct connection *c, bool accept, struct stamp *now, struct err *e)
{
	struct database *d = c->database;
	bool same, old;

	pthread_mutex_lock(&d->lock);
	*now = d->read;
	session_look(c->path, now);
	same = session_is_same(c->path, &d->read, now, e);
	/* No job of ours has given it an identity: another program did, or it is another database. */
	if (same && d->read.readable && !*d->read.identity && *now->identity)
		same = err_set(e, ERR_DATA, "%s: was replaced by another database", c->path);
	if (same || accept)
		d->read = *now;
	old = c->others != d->others;
	pthread_mutex_unlock(&d->lock);
	if (old) /* it may be to what is there no more */
		connection_close(c);
	return same;
}

bool connection_is_same(struct connection *c, struct err *e)
{
	struct err why = ERR_INIT;
	struct stamp now;

	if (look(c, false, &now, &why))
		return true;
	connection_close(c); /* it is of no use any more */
	return err_set(e, ERR_DATA, "%s; R reads what is there now", why.msg);
}

struct db *connection_read(struct connection *c, struct err *e)
{
	struct stamp now = {.there = false};

	if (!connection_is_same(c, e))
		return NULL;
	session_look(c->path, &now);
	if (!c->db && now.there)
		connection_open(c, SESSION_READ, e);
	return c->db;
}

struct db *connection_write(struct connection *c, struct err *e)
{
	struct stamp now = {.there = false};

	if (!connection_is_same(c, e))
		return NULL;
	c->write_jobs++;
	if (c->db && !c->writes)
		connection_close(c);
	session_look(c->path, &now);
	if (!c->db && connection_open(c, now.there ? SESSION_WRITE : SESSION_CREATE, e))
		look(c, true, &now, NULL); /* it may be new */
	return c->db;
}

struct db *connection_begin(struct connection *c, bool asked, bool *other, struct err *e)
{
	struct err why = ERR_INIT;
	struct stamp now;
	bool known, same;

	pthread_mutex_lock(&c->database->lock);
	known = c->database->read.there;
	pthread_mutex_unlock(&c->database->lock);
	same = look(c, false, &now, &why);
	*other = known && !same;
	if (*other)
		connection_close(c);
	if (*other && (!asked || !now.there)) {
		err_set(e, ERR_DATA, "%s; R %s", why.msg,
		    now.there ? "reads what is there now" : "looks again");
		return NULL;
	}
	pthread_mutex_lock(&c->database->lock);
	c->database->others += *other;
	pthread_mutex_unlock(&c->database->lock);
	look(c, true, &now, &why);
	/* Opening one of an older schema brings it up to date, and gives it an identity. */
	if (!c->db && now.there && connection_open(c, SESSION_READ, e))
		look(c, true, &now, &why);
	return c->db;
}

void connection_hold(struct connection *c)
{
	c->held = true;
}

void connection_rest(struct connection *c)
{
	if (!c->held && (c->writes || !c->keep))
		connection_close(c);
}

void connection_close(struct connection *c)
{
	struct db *db = c->db;

	pthread_mutex_lock(&c->lock);
	c->db = NULL;
	c->writes = c->held = false;
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
