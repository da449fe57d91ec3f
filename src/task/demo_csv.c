#include "task/demo.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/quote.h"

#include <stdio.h>
#include <string.h>

static const char HEADER[] = "prompt_id,model_id,category_id,label,prompt,model_name,category\n";

/* "org/name" is "org__name" in the release. */
static void add_model(struct buf *b, const char *name)
{
	const char *slash = strchr(name, '/');

	buf_add(b, name, (size_t)(slash - name));
	buf_adds(b, "__");
	buf_adds(b, slash + 1);
}

/* All rows of one listing: the same beginning and end around model, label and name. */
static void listing_rows(const struct demo_world *w, size_t l, unsigned char *label,
    struct buf *prompt, struct buf *rows)
{
	const struct demo_world_listing *listing = &w->listings[l];
	const struct demo_world_question *q = &w->questions[listing->question];
	const char *category = w->benchmarks[q->benchmark];
	size_t category_id = 2 * q->benchmark + listing->repeat;

	buf_reset(prompt);
	quote_csv(prompt, q->text, strlen(q->text));
	buf_reset(rows);
	demo_world_labels(w, l, label);
	for (size_t m = 0; m < w->n_models; m++) {
		buf_printf(rows, "%u,%zu,%zu,%d,", listing->question, m, category_id, label[m]);
		buf_add(rows, prompt->s, prompt->len);
		buf_addc(rows, ',');
		add_model(rows, w->models[m].name);
		buf_addc(rows, ',');
		buf_adds(rows, category);
		buf_adds(rows, listing->repeat ? "_fewshot\n" : "\n");
	}
}

static bool write_part(const char *dir, const struct demo_world *w, enum part part,
    const struct progress *p, struct demo_files *count, struct err *e)
{
	char *name = mem_printf("%s/%s.csv", dir, part == PART_NONE ? "all" : part_name(part));
	struct buf prompt = BUF_INIT, rows = BUF_INIT;
	unsigned char *label = mem_array(w->n_models, 1);
	struct file_out out;
	bool ok = file_create(&out, name, e);

	if (ok) {
		setvbuf(out.f, NULL, _IOFBF, 1 << 20);
		fputs(HEADER, out.f);
		for (size_t l = 0; ok && l < w->n_listings; l++) {
			if (w->questions[w->listings[l].question].part != part)
				continue;
			listing_rows(w, l, label, &prompt, &rows);
			fwrite(rows.s, 1, rows.len, out.f);
			count->rows[part] += w->n_models;
			count->bytes += rows.len;
			if (l % 1024 == 0 && !progress_tick(p, "writing", (double)l,
						 (double)w->n_listings, "questions"))
				ok = err_set(e, ERR_CANCELLED, "stopped");
		}
		if (ok)
			ok = file_commit(&out, e);
		else
			file_abandon(&out);
	}
	mem_free(label);
	buf_clear(&rows);
	buf_clear(&prompt);
	mem_free(name);
	return ok;
}

/* As the release's, whose first column has no name. */
static bool write_models(const char *dir, const struct demo_world *w, struct err *e)
{
	char *name = file_join(dir, "model_order.csv");
	struct buf line = BUF_INIT;
	struct file_out out;
	bool ok = file_create(&out, name, e);

	if (ok) {
		fputs(",model_id,model_name\n", out.f);
		for (size_t m = 0; m < w->n_models; m++) {
			buf_reset(&line);
			buf_printf(&line, "%zu,%zu,", m, m);
			add_model(&line, w->models[m].name);
			fprintf(out.f, "%s\n", buf_str(&line));
		}
		ok = file_commit(&out, e);
	}
	buf_clear(&line);
	mem_free(name);
	return ok;
}

static bool write_questions(const char *dir, const struct demo_world *w, struct err *e)
{
	char *name = file_join(dir, "question_order.csv");
	struct buf line = BUF_INIT;
	struct file_out out;
	bool ok = file_create(&out, name, e);

	if (ok) {
		fputs("prompt_id,prompt\n", out.f);
		for (size_t i = 0; i < w->n_questions; i++) {
			buf_reset(&line);
			buf_printf(&line, "%zu,", i);
			quote_csv(&line, w->questions[i].text, strlen(w->questions[i].text));
			fprintf(out.f, "%s\n", buf_str(&line));
		}
		ok = file_commit(&out, e);
	}
	buf_clear(&line);
	mem_free(name);
	return ok;
}

bool task_demo_csv(const char *dir, const struct demo_options *o, const struct progress *p,
    struct demo_files *out, struct err *e)
{
	struct demo_files count = {{0}, 0};
	char *share = file_share("demo", e);
	bool has[PART_COUNT] = {false}, ok;
	struct demo_world w;

	if (!share || !demo_world_new(share, o->scale, o->seed, o->long_prompts, &w, e)) {
		mem_free(share);
		return false;
	}
	for (size_t i = 0; i < w.n_questions; i++)
		has[w.questions[i].part] = true;
	ok = file_mkdirs(dir, e);
	for (int part = 0; ok && part < PART_COUNT; part++)
		if (has[part])
			ok = write_part(dir, &w, (enum part)part, p, &count, e);
	ok = ok && write_models(dir, &w, e) && write_questions(dir, &w, e);
	if (ok)
		*out = count;
	demo_world_clear(&w);
	mem_free(share);
	return ok;
}
