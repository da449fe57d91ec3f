/* route.h - a typed question: which model it goes to, how sure that is, what it costs, and why. */
#ifndef TASK_ROUTE_H
#define TASK_ROUTE_H

#include "base/table.h"
#include "task/atlas.h"

struct route_options {
	const bool *pool; /* (n_models) candidates, or NULL = every model of the run */
	/* 0 = best probability only .. 1; utility = p - weight * cost / dearest cost of the pool */
	double cost_weight;
	double tokens_in,
	    tokens_out;  /* assumed a question, for the cost; tokens_in 0 = guessed from the text */
	size_t evidence; /* nearest training questions to give, 10 */
	/* (n_models) dollars per million tokens read and written, NaN unknown; NULL = the catalog's */
	const double (*price)[2];
	size_t fallback; /* model that gets what is unlike all that is known; SIZE_MAX = none */
};
void route_options_default(struct route_options *o);

/* Dollars a thousand questions of so many bytes would cost, a token being about four bytes of English
 * text; NaN for a model without a price. */
double route_cost(
    const struct catalog *c, size_t model, size_t bytes, const struct route_options *o);
/* What candidates are ranked by; NaN where cost weighs and is not known. `dearest` 0 = none is. */
double route_utility(double p, double cost, double dearest, double weight);

struct route_candidate {
	size_t model;
	double p;         /* calibrated probability of a right answer */
	double low, high; /* 90 % interval; NaN without bootstrap heads */
	double cost;      /* dollars a thousand questions, NaN without prices */
	/* p - cost_weight * relative cost; NaN where cost weighs and this one has no price */
	double utility;
	double near_right, near_seen; /* its labels on the evidence questions: sum and count */
};

struct route_evidence {
	size_t question;    /* index in the atlas */
	double similarity;  /* cosine of encodings */
	double right_share; /* of all models */
};

struct route {
	struct arena arena;
	const char *text;
	size_t n;
	struct route_candidate *v; /* (n + n_out) best utility first; then those left out */
	size_t n_unpriced; /* candidates, the last of the n, that cannot be weighed: no utility */
	size_t n_out;      /* of the run, but not of the pool: likeliest first, utility NaN */
	size_t n_evidence;
	struct route_evidence *evidence;
	double best_single_p; /* p of the model that is best on training data, for comparison */
	size_t best_single;
	/* Share of training questions that lie nearer to another one than this text does to any:
	 * .95 = far from all that is known. */
	double novelty;
	const char *warning; /* e.g. text unlike the training questions; or NULL */
	bool fell_back;      /* for that reason the fallback stands first */
};

/* Ranks the candidates for one text. No database access: under 30 ms at the published scale. */
bool task_route(const struct atlas *a, const char *text, const struct route_options *o,
    struct route *out, struct err *e);
void route_clear(struct route *r);

enum {
	ROUTE_RANK,
	ROUTE_NAME,
	ROUTE_P,
	ROUTE_LOW,
	ROUTE_HIGH,
	ROUTE_BAR, /* drawn */
	ROUTE_COST,
	ROUTE_UTILITY,
	ROUTE_NEAR_RIGHT,
	ROUTE_NEAR_SEEN,
	ROUTE_COLUMNS
};
/* The candidates; then, without a rank, the models left out. */
struct table route_table(const struct route *r, const struct catalog *c);

enum {
	EVIDENCE_SIMILARITY,
	EVIDENCE_BENCHMARK,
	EVIDENCE_RIGHT,
	EVIDENCE_PICK,
	EVIDENCE_ID,
	EVIDENCE_TEXT,
	EVIDENCE_COLUMNS
};
struct table evidence_table(const struct route *r, const struct atlas *a);

#endif
