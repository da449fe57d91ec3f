/* AlpacaEval: annotations.json, an array of a judge's preferences between the answers of a baseline
 * (generator_1) and of a model (generator_2) to an instruction,
 *     {"instruction", "generator_1", "generator_2", "dataset", "preference": 1 to 2, ...}
 * 2 is the model's answer, 1 the baseline's, 1.5 neither; the weighted judge gives what lies between.
 * A label here is a win, preference over 1.5; no preference is no label.
 *
 * Source: tatsu-lab/alpaca_eval, README.md and results/MODEL/JUDGE/annotations.json. */
#include "ingest/importer.h"

#include "base/err.h"
#include "ingest/record.h"

#include <string.h>

struct annotations {
	struct ingest *in;
	const char *baseline, *judge; /* of the first; in the arena */
	size_t own;                   /* of the baseline against itself */
};

/* *score from the preference. False where it is none. */
static bool win(const json_t *v, double *score)
{
	double preference = json_is_number(v) ? json_number_value(v) : NAN;

	*score = NAN;
	if (!v || json_is_null(v))
		return true;
	if (preference == 0) { /* older files: a draw */
		*score = 0;
		return true;
	}
	if (!(preference >= 1 && preference <= 2))
		return false;
	*score = preference > 1.5;
	return true;
}

static bool take_preference(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct annotations *a = arg;
	const char *baseline = json_get_string(v, "generator_1");
	const char *judge = json_get_string(v, "annotator");
	struct record r = RECORD_INIT;

	(void)text;
	(void)n;
	r.model = json_get_string(v, "generator_2");
	if (!baseline || !r.model)
		return ingest_bad(
		    a->in, e, place, "no generator_1 and generator_2: is it of AlpacaEval?");
	if (!strcmp(baseline, r.model)) {
		a->own++;
		return true;
	}
	if (!a->baseline) {
		a->baseline = arena_strdup(&a->in->arena, baseline);
		a->judge = arena_strdup(&a->in->arena, judge ? judge : "a judge");
	} else if (strcmp(a->baseline, baseline)) {
		return ingest_bad(a->in, e, place,
		    "the baseline is %.100s here and %.100s above: wins over different baselines "
		    "are different labels; import them into databases of their own",
		    baseline, a->baseline);
	}
	if (!win(json_object_get(v, "preference"), &r.score))
		return ingest_bad(a->in, e, place, "preference is not from 1 to 2");
	r.benchmark = "alpaca_eval";
	r.category = json_get_string(v, "dataset");
	r.text = json_get_string(v, "instruction");
	return record_take(a->in, &r, place, e);
}

static bool read_alpaca_eval(struct ingest *in, struct err *e)
{
	struct annotations a = {.in = in};
	struct ingest_values r = {
	    .value = take_preference, .arg = &a, .skip = "output_1 output_2 raw_completion"};

	if (!record_one_figure(in, "preference", e))
		return false;
	for (size_t i = 0; i < in->n_files; i++)
		if (!ingest_each_value(in, i, &r, e))
			return false;
	if (a.baseline)
		ingest_remark(in, REMARK_CHOICE,
		    "a label is a preference, not correctness: 1 where %.100s prefers the answer "
		    "to "
		    "that of %.100s",
		    a.judge, a.baseline);
	if (a.own)
		ingest_remark(
		    in, REMARK_LEFT_OUT, "%zu comparisons of the baseline with itself", a.own);
	return true;
}

static int score_alpaca_eval(const struct ingest_head *h)
{
	if (!ingest_head_has(h, "\"instruction\"") || !ingest_head_has(h, "\"generator_1\""))
		return SCORE_NONE;
	return SCORE_SURE;
}

const struct importer importer_alpaca_eval = {
    .name = "alpacaeval",
    .about = "AlpacaEval's annotations.json: wins over a baseline by a judge",
    .many = true,
    .score = score_alpaca_eval,
    .read = read_alpaca_eval,
};
