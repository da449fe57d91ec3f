#include "task/doctor.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "num/kernel.h"
#include "num/mat.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/run.h"
#include "task/encode.h"
#include "text/encoder.h"

#include <math.h>
#include <string.h>

#define MAX_LINES 64

__attribute__((format(printf, 4, 5))) static void line(
    struct doctor *d, const char *check, bool ok, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	if (d->n == MAX_LINES)
		return;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	d->v[d->n++] = (struct doctor_line){check, ok, arena_strdup(&d->arena, buf_str(&b))};
	d->healthy = d->healthy && ok;
	buf_clear(&b);
}

static void look_at_machine(struct doctor *d)
{
	struct kernel_report r;

	kernel_report(&r);
	line(d, "blas kernel", true, "%s (%s), processor has %s", r.kernel, r.why, r.cpu);
	line(d, "blas speed", r.sgemm_gflops > 0 && isfinite(r.sgemm_gflops),
	    "%.0f GFLOP/s single, %.0f double precision, %d threads", r.sgemm_gflops,
	    r.dgemm_gflops, r.threads);
}

/* A stored encoder must open and give the vectors that it gave; one whose weights are not at hand
 * is told, but the database is sound without them. */
static bool look_at_encoders(struct db *db, struct doctor *d, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder *list;
	size_t n;
	bool ok = encoding_list_encoders(db, &a, &list, &n, e);

	for (size_t i = 0; i < n && ok; i++) {
		struct err why = ERR_INIT;
		struct encoder *enc = encode_open(db, list[i].id, &why);

		if (!enc)
			line(d, "encoder", false, "%s: %s; train anew", list[i].identity, why.msg);
		else if (!encoder_prepare(enc, &why))
			line(d, "encoder", true, "%s, %zu dims, but no text can go through it: %s",
			    list[i].identity, list[i].dims, why.msg);
		else
			line(d, "encoder", true, "%s, %zu dims, %.1f MB in the database",
			    list[i].identity, list[i].dims, (double)list[i].size / 1e6);
		encoder_free(enc);
	}
	arena_clear(&a);
	return ok;
}

static bool all_finite(const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

static bool json_is_sound(const char *text, const char *what, struct err *why)
{
	json_t *v = text ? json_read(text, strlen(text), what, why) : NULL;
	bool sound = !text || v;

	json_decref(v);
	return sound;
}

/* What a run says of itself must read back. */
static bool run_is_sound(const struct run *r, struct err *why)
{
	return json_is_sound(r->settings ? r->settings : "", "settings", why) &&
	       json_is_sound(r->summary, "summary", why) &&
	       json_is_sound(r->calibration, "calibration", why);
}

static bool look_at_runs(struct db *db, struct doctor *d, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct run *list;
	size_t n, bad = 0, unfinished = 0;
	bool ok = run_list(db, &a, &list, &n, e);

	for (size_t i = 0; i < n && ok; i++) {
		struct err why = ERR_INIT;
		struct run_vector *v;
		size_t k, width = 0;

		unfinished += list[i].state != RUN_DONE;
		if (!run_is_sound(&list[i], &why)) {
			line(d, "run", false,
			    "run %lld is damaged: %s: embedllm runs delete %lld, then train",
			    (long long)list[i].id, why.msg, (long long)list[i].id);
			bad++;
			continue;
		}
		ok = run_load_vectors(db, list[i].id, "model", &a, &v, &k, e);
		for (size_t j = 0; j < k && ok; j++) {
			width = j ? width : v[j].n;
			if (v[j].n != width || !all_finite(v[j].v, v[j].n)) {
				line(d, "run", false,
				    "run %lld: the vector of model %lld is damaged: embedllm runs "
				    "delete %lld, then train",
				    (long long)list[i].id, (long long)v[j].owner,
				    (long long)list[i].id);
				bad++;
				break;
			}
		}
	}
	if (ok && !bad)
		line(d, "runs", true, "%zu, of these %zu not finished", n, unfinished);
	arena_clear(&a);
	return ok;
}

static bool look_at_database(struct db *db, struct doctor *d, struct err *e)
{
	const char **problems;
	size_t n;

	if (!check_database(db, &d->arena, &problems, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		line(d, "database", false, "%s", problems[i]);
	if (!n)
		line(d, "database", true,
		    "%s: integrity, foreign keys, labels and summaries are sound", db_path(db));
	else
		line(d, "remedy", false,
		    "go back to a backup, or export the labels and import them "
		    "into a new database");
	return look_at_encoders(db, d, e) && look_at_runs(db, d, e);
}

bool task_doctor(struct db *db, struct doctor *out, struct err *e)
{
	struct doctor d = {.healthy = true};
	bool ok;

	arena_init(&d.arena);
	d.v = arena_array(&d.arena, struct doctor_line, MAX_LINES);
	look_at_machine(&d);
	ok = !db || look_at_database(db, &d, e);
	if (ok)
		*out = d;
	else
		arena_clear(&d.arena);
	return ok;
}

void doctor_clear(struct doctor *d)
{
	arena_clear(&d->arena);
	*d = (struct doctor){0};
}
