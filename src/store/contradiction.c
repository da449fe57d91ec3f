#include "store/contradiction.h"

#include "store/stmt.h"

bool contradiction_find(struct db *db, struct contradictions *out, struct err *e)
{
	/* Only questions asked more than once can have any: most tables have none. */
	sqlite3_stmt *s = stmt_new(db,
	    "WITH asked AS (SELECT question FROM item GROUP BY question HAVING count(*) > 1 "
	    "UNION SELECT i.question FROM response r JOIN item i ON i.id = r.item WHERE r.n > "
	    "(SELECT min(n) FROM response)) "
	    "SELECT i.question, r.model, min(r.score), max(r.score), count(*) FROM asked a "
	    "JOIN item i ON i.question = a.question JOIN response r ON r.item = i.id "
	    "WHERE r.score IS NOT NULL GROUP BY i.question, r.model HAVING count(*) > 1",
	    e);
	struct contradictions c = {0};
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		struct contradiction v = {sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
		    sqlite3_column_double(s, 2), sqlite3_column_double(s, 3),
		    sqlite3_column_int64(s, 4)};

		c.repeated++;
		if (!(v.low < v.high))
			continue;
		if (c.n < sizeof(c.v) / sizeof(*c.v))
			c.v[c.n] = v;
		c.n++;
	}
	sqlite3_finalize(s);
	if (ok)
		*out = c;
	return ok;
}
