#include "store/run_bin.h"

#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/run.h"
#include "store/stmt.h"

/* What a run consists of, but for generated columns: the run first, which the others refer to. */
static const struct part {
	const char *table, *key, *columns;
} part[] = {
    {"run", "id",
	"created, method, split, encoder, split_name, settings, seed, threads, kernel, "
	"data_digest, "
	"state, epochs, best_epoch, seconds, summary, calibration"},
    {"curve", "run", "epoch, train_loss, train_accuracy, val_loss, val_accuracy, seconds"},
    {"checkpoint", "run", "kind, epoch, data"},
    {"vector", "run", "kind, owner, data"},
    {"cache", "run", "key, value"},
};

enum step { MAKE, PUT, BACK, FORGET };

static void print(struct buf *b, enum step step, const struct part *p)
{
	switch (step) {
	case MAKE:
		buf_printf(b,
		    "CREATE TEMP TABLE IF NOT EXISTS bin_%s AS SELECT 0 AS ticket, %s FROM main.%s "
		    "WHERE 0",
		    p->table, p->columns, p->table);
		break;
	case PUT:
		buf_printf(b, "INSERT INTO temp.bin_%s SELECT ?2, %s FROM main.%s WHERE %s = ?1",
		    p->table, p->columns, p->table, p->key);
		break;
	case BACK:
		buf_printf(b,
		    "INSERT INTO main.%s (%s, %s) SELECT ?1, %s FROM temp.bin_%s WHERE ticket = ?2",
		    p->table, p->key, p->columns, p->columns, p->table);
		break;
	default:
		buf_printf(b, "DELETE FROM temp.bin_%s WHERE ticket = ?2", p->table);
		break;
	}
}

static bool each_part(struct db *db, enum step step, int64_t run, int64_t ticket, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(part) / sizeof(part[0]); i++) {
		buf_reset(&b);
		print(&b, step, &part[i]);
		ok = stmt_run(db, buf_str(&b), run, ticket, e);
	}
	buf_clear(&b);
	return ok;
}

static bool make(struct db *db, struct err *e)
{
	return stmt_exec(db,
		   "CREATE TEMP TABLE IF NOT EXISTS bin (ticket INTEGER PRIMARY KEY, run INTEGER, "
		   "in_use INTEGER)",
		   e) &&
	       each_part(db, MAKE, 0, 0, e);
}

bool run_bin_put(struct db *db, int64_t run, int64_t *ticket, struct err *e)
{
	int64_t t = 0;
	bool ok;

	if (!db_begin(db, e))
		return false;
	ok = make(db, e) &&
	     stmt_run(db,
		 "INSERT INTO temp.bin (run, in_use) SELECT ?1, EXISTS (SELECT 1 FROM main.meta "
		 "WHERE "
		 "key = 'run' AND CAST(value AS INTEGER) = ?1)",
		 run, 0, e) &&
	     stmt_int(db, "SELECT max(ticket) FROM temp.bin", 0, 0, 0, &t, e) &&
	     each_part(db, PUT, run, t, e) && run_delete(db, run, e);
	if (!db_end(db, ok, e))
		return false;
	*ticket = t;
	return true;
}

static bool restore(struct db *db, int64_t ticket, int64_t *run, struct err *e)
{
	int64_t in_use;

	return stmt_int(db,
		   "SELECT iif(EXISTS (SELECT 1 FROM main.run WHERE id = b.run), (SELECT max(id) + "
		   "1 "
		   "FROM main.run), b.run) FROM temp.bin AS b WHERE ticket = ?1",
		   ticket, 0, 0, run, e) &&
	       (*run || err_set(e, ERR_USAGE, "the deleted run is kept no longer")) &&
	       stmt_int(
		   db, "SELECT in_use FROM temp.bin WHERE ticket = ?1", ticket, 0, 0, &in_use, e) &&
	       stmt_exec(db,
		   "UPDATE temp.bin_run SET split = NULL WHERE split NOT IN (SELECT id FROM "
		   "main.split);"
		   "UPDATE temp.bin_run SET encoder = NULL WHERE encoder NOT IN (SELECT id FROM "
		   "main.encoder);"
		   "DELETE FROM temp.bin_vector WHERE kind = 'model' AND owner NOT IN (SELECT id "
		   "FROM "
		   "main.model)",
		   e) &&
	       each_part(db, BACK, *run, ticket, e) && (!in_use || run_use(db, *run, e)) &&
	       each_part(db, FORGET, 0, ticket, e) &&
	       stmt_run(db, "DELETE FROM temp.bin WHERE ticket = ?1", ticket, 0, e);
}

bool run_bin_restore(struct db *db, int64_t ticket, int64_t *run, struct err *e)
{
	int64_t as = 0;

	if (!db_begin(db, e) || !db_end(db, make(db, e) && restore(db, ticket, &as, e), e))
		return false;
	*run = as;
	return true;
}
