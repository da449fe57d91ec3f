/* RouterDC: a JSON array a dataset, each element a question with every model's score,
 *     {"question": "...", "scores": {"mistralai/Mistral-7B-v0.1": 0, ...}, "cluster_id": 3}
 * Scores are shares over repeats or partial credit. LLMRouter's converter writes the same. The
 * dataset is told by the file's name: arc_challenge_test.json is arc_challenge.
 *
 * Source: shuhao02/RouterDC, datasets/split2_model7/ and train_router_mdeberta.py. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "ingest/record.h"

#include <string.h>

struct dataset {
	struct ingest *in;
	const char *name;
};

static bool take_question(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct dataset *d = arg;
	json_t *scores = json_object_get(v, "scores"), *score;
	struct record r = RECORD_INIT;
	const char *model;
	bool taken;

	(void)text;
	(void)n;
	if (!json_is_object(scores))
		return ingest_bad(d->in, e, place,
		    "no scores by model: wanted is {\"question\": ..., \"scores\": {MODEL: "
		    "SCORE}}");
	r.category = d->name;
	r.text = json_get_string(v, "question");
	json_object_foreach(scores, model, score)
	{
		(void)score;
		if (!record_label(d->in, scores, model, place, &r.score, &taken, e))
			return false;
		r.model = model;
		if (taken && !record_take(d->in, &r, place, e))
			return false;
	}
	return true;
}

/* The dataset's name without the part at its end; the folder's name where nothing is left. */
static const char *dataset_name(struct ingest *in, const char *path)
{
	static const char *const parts[] = {"train", "test", "val", "valid", "dev"};
	char *stem = record_stem(&in->arena, path);
	size_t n = strlen(stem);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t k = strlen(parts[i]);

		if (n < k || strcmp(stem + n - k, parts[i]))
			continue;
		if (n == k)
			return *record_folder(&in->arena, path) ? record_folder(&in->arena, path)
								: stem;
		if (n > k + 1 && strchr("_-.", stem[n - k - 1])) {
			stem[n - k - 1] = '\0';
			return stem;
		}
	}
	return stem;
}

static bool read_router_dc(struct ingest *in, struct err *e)
{
	struct dataset d = {.in = in};
	struct ingest_values r = {.value = take_question, .arg = &d};

	if (!record_one_figure(in, "scores", e))
		return false;
	for (size_t i = 0; i < in->n_files; i++) {
		d.name = dataset_name(in, in->files[i]);
		if (!ingest_each_value(in, i, &r, e))
			return false;
	}
	return true;
}

static int score_router_dc(const struct ingest_head *h)
{
	if (!h->n || !ingest_head_has(h, "\"scores\"") || !ingest_head_has(h, "\"question\""))
		return SCORE_NONE;
	return SCORE_SURE - 10;
}

const struct importer importer_router_dc = {
    .name = "routerdc",
    .about = "RouterDC's JSON: an array of {question, scores by model}",
    .many = true,
    .score = score_router_dc,
    .read = read_router_dc,
};
