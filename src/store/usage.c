/* A model's prices by least squares: cost = price_in * tokens_in + price_out * tokens_out. They are
 * taken only where the costs are explained by them and the two kinds of tokens vary apart; with one
 * kind of tokens alone the price is that of both. */
#include "store/usage.h"

#include "store/db.h"
#include "store/stmt.h"

#include <math.h>

#define UNEXPLAINED .02 /* of the costs' root mean square: they come rounded */
#define COLLINEAR 1e-6  /* of the product of the variances */

/* Sums over the rows of a model that have all of cost and tokens; i for in, o for out, c for cost. */
struct sums {
	double n, ii, io, oo, ic, oc, cc;
};

/* Prices in dollars a token; false where the rows do not determine them. */
static bool fit_prices(const struct sums *s, double *in, double *out)
{
	double det = s->ii * s->oo - s->io * s->io, left;

	if (s->n < 3 || s->cc <= 0 || det <= COLLINEAR * s->ii * s->oo)
		return false;
	*in = (s->ic * s->oo - s->oc * s->io) / det;
	*out = (s->oc * s->ii - s->ic * s->io) / det;
	left = s->cc - *in * s->ic - *out * s->oc;
	return *in >= 0 && *out >= 0 && left <= UNEXPLAINED * UNEXPLAINED * s->cc;
}

static bool put_model(struct db *db, sqlite3_stmt *put, sqlite3_stmt *from, struct err *e)
{
	const struct sums s = {
	    .n = sqlite3_column_double(from, 5),
	    .ii = sqlite3_column_double(from, 6),
	    .io = sqlite3_column_double(from, 7),
	    .oo = sqlite3_column_double(from, 8),
	    .ic = sqlite3_column_double(from, 9),
	    .oc = sqlite3_column_double(from, 10),
	    .cc = sqlite3_column_double(from, 11),
	};
	double in = NAN, out = NAN;

	if (!fit_prices(&s, &in, &out))
		in = out = NAN;
	sqlite3_bind_int64(put, 1, sqlite3_column_int64(from, 0));
	for (int i = 1; i < 5; i++)
		stmt_bind_real(put, i + 1, stmt_real(from, i));
	stmt_bind_real(put, 6, in * 1e6);
	stmt_bind_real(put, 7, out * 1e6);
	return stmt_done(db, put, e);
}

bool usage_summarise(struct db *db, struct err *e)
{
	sqlite3_stmt *from, *put;
	bool row, ok = stmt_exec(db, "DELETE FROM model_usage", e);

	from = stmt_new(db,
	    "SELECT model, avg(cost), avg(tokens_in), avg(tokens_out), avg(seconds), "
	    "sum(w), sum(w * tokens_in * tokens_in), sum(w * tokens_in * tokens_out), "
	    "sum(w * tokens_out * tokens_out), sum(w * tokens_in * cost), "
	    "sum(w * tokens_out * cost), sum(w * cost * cost) "
	    "FROM (SELECT *, iif(cost + tokens_in + tokens_out IS NULL, NULL, 1.0) AS w FROM "
	    "usage) "
	    "GROUP BY model",
	    e);
	put = stmt_new(db, "INSERT INTO model_usage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", e);
	ok = ok && from && put;
	while (ok && (ok = stmt_step(db, from, &row, e)) && row)
		ok = put_model(db, put, from, e);
	sqlite3_finalize(from);
	sqlite3_finalize(put);
	return ok;
}
