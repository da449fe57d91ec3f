#include "task/status.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/response.h"
#include "store/run.h"
#include "store/split.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

static bool load_catalog(struct db *db, struct status *s, struct err *e)
{
	struct catalog c;

	if (!catalog_load(db, &s->arena, &c, e))
		return false;
	s->models = c.n_models;
	s->benchmarks = c.n_benchmarks;
	s->questions = c.n_questions;
	s->best_accuracy = NAN;
	for (size_t m = 0; m < c.n_models; m++) {
		double seen = 0, right = 0;

		for (size_t b = 0; b < c.n_benchmarks; b++) {
			seen += c.seen[m * c.n_benchmarks + b];
			right += c.right[m * c.n_benchmarks + b];
			s->labels += c.labels[m * c.n_benchmarks + b];
		}
		if (seen > 0 && !(right / seen <= s->best_accuracy)) {
			s->best_accuracy = right / seen;
			s->best_model = c.models[m].name;
		}
	}
	return true;
}

static bool load_splits(struct db *db, struct status *s, struct err *e)
{
	struct split *list, used;
	bool found;

	if (!split_list(db, &s->arena, &list, &s->n_splits, e) ||
	    !split_find(db, &s->arena, NULL, &used, &found, e))
		return false;
	s->splits = arena_array(&s->arena, struct status_split, s->n_splits + 1);
	for (size_t i = 0; i < s->n_splits; i++) {
		s->splits[i] = (struct status_split){
		    .name = list[i].name,
		    .in_use = found && list[i].id == used.id,
		    .imported = list[i].imported,
		    .seed = list[i].seed,
		};
		memcpy(s->splits[i].count, list[i].count, sizeof(list[i].count));
	}
	return true;
}

static bool load_encoders(struct db *db, struct status *s, struct err *e)
{
	struct encoding_encoder *list;

	if (!encoding_list_encoders(db, &s->arena, &list, &s->n_encoders, e))
		return false;
	s->encoders = arena_array(&s->arena, struct status_encoder, s->n_encoders + 1);
	for (size_t i = 0; i < s->n_encoders; i++)
		s->encoders[i] =
		    (struct status_encoder){list[i].identity, list[i].note, list[i].dims};
	return true;
}

static bool load_imports(struct db *db, struct status *s, struct err *e)
{
	struct response_import_row *list;

	if (!response_list_imports(db, &s->arena, &list, &s->n_imports, e))
		return false;
	s->imports = arena_array(&s->arena, struct status_import, s->n_imports + 1);
	for (size_t i = 0; i < s->n_imports; i++)
		s->imports[i] = (struct status_import){
		    .id = list[i].id,
		    .created = list[i].when,
		    .file = list[i].file,
		    .format = list[i].format,
		    .part = list[i].part == PART_NONE ? NULL : part_name(list[i].part),
		    .rows = list[i].rows,
		    .skipped = list[i].skipped,
		};
	return true;
}

static bool load_runs(struct db *db, struct status *s, struct err *e)
{
	struct run *list, used;
	bool found;

	if (!run_list(db, &s->arena, &list, &s->n_runs, e) ||
	    !run_find(db, 0, &s->arena, &used, &found, e))
		return false;
	s->run = found ? used.id : 0;
	return true;
}

static bool load_policy(struct db *db, struct status *s, struct err *e)
{
	struct policy policy;
	bool set;

	if (!policy_get(db, &policy, &set, e))
		return false;
	s->rule = policy_rule_name(policy.rule);
	s->threshold = policy.threshold;
	return true;
}

bool task_status(struct db *db, struct status *out, struct err *e)
{
	struct status s = {0};
	struct stat st;
	bool ok;

	arena_init(&s.arena);
	if (!db_begin_read(db, e))
		return false;
	ok = load_catalog(db, &s, e) && load_splits(db, &s, e) && load_encoders(db, &s, e) &&
	     load_imports(db, &s, e) && load_runs(db, &s, e) && load_policy(db, &s, e);
	ok = db_end(db, ok, e);
	if (!ok) {
		arena_clear(&s.arena);
		return false;
	}
	s.path = arena_strdup(&s.arena, db_path(db));
	s.note = db_note(db);
	s.bytes = stat(s.path, &st) ? 0 : (uint64_t)st.st_size;
	s.next = !s.labels ? "embedllm import FILE" : !s.run ? "embedllm train" : NULL;
	*out = s;
	return true;
}

void status_clear(struct status *s)
{
	arena_clear(&s->arena);
	*s = (struct status){0};
}
