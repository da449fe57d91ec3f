#include "task/neighbours.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/share.h"
#include "num/vec.h"
#include "task/vectors.h"

#include <math.h>
#include <stdlib.h>

double neighbours_similarity(size_t n, const float *x, const float *y, enum neighbour_metric metric)
{
	double length;

	if (metric == NEIGHBOUR_L2)
		return sqrt((double)vec_distance2(n, x, y));
	length = sqrt((double)vec_dot(n, x, x) * (double)vec_dot(n, y, y));
	return length > 0 ? (double)vec_dot(n, x, y) / length : 0;
}

/* What two models' labels have in common, counted over the questions both have. */
struct tally {
	uint32_t common, equal, right, own; /* right: the other's right answers; own: this one's */
};

/* t (n_models) <- the model's labels against everyone's; by question, as they lie in memory. */
static void tally(const struct dataset *d, size_t model, struct tally *t)
{
	for (size_t q = 0; q < d->n_questions; q++) {
		const float *y = d->score + q * d->n_models;
		uint32_t own = y[model] >= 0.5f;

		if (isnan(y[model]))
			continue;
		for (size_t m = 0; m < d->n_models; m++) {
			uint32_t has = y[m] == y[m], right = y[m] >= 0.5f;

			t[m].common += has;
			t[m].equal += has & (right == own);
			t[m].right += right;
			t[m].own += has & own;
		}
	}
}

static void agree(const struct tally *t, struct neighbour *v)
{
	double n = t->common, a = t->own / n, b = t->right / n;
	/* Of agreement minus chance, where the two are independent. */
	double sd = 2 * sqrt(a * (1 - a) * b * (1 - b) / n);

	v->common = t->common;
	v->agreement = n > 0 ? t->equal / n : NAN;
	v->chance = n > 0 ? a * b + (1 - a) * (1 - b) : NAN;
	v->at_chance = n > 0 && !(fabs(v->agreement - v->chance) > 1.96 * sd);
}

static int nearest_first(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->cosine != y->cosine)
		return x->cosine < y->cosine ? 1 : -1;
	return x->model < y->model ? -1 : 1;
}

static int nearest_first_l2(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return x->model < y->model ? -1 : 1;
}

/* All models of the run but this one. */
static size_t list_others(const struct atlas *a, size_t model, const struct neighbours_options *o,
    const struct vectors *x, struct neighbour *v)
{
	size_t M = a->catalog.n_models, n = 0;
	const float *own = mat_row(&x->v, model);

	for (size_t m = 0; m < M; m++) {
		const float *other = mat_row(&x->v, m);

		if (m == model || !a->has_vector[m])
			continue;
		v[n++] = (struct neighbour){.model = m,
		    .cosine = neighbours_similarity(x->v.cols, own, other, NEIGHBOUR_COSINE),
		    .distance = neighbours_similarity(x->v.cols, own, other, NEIGHBOUR_L2),
		    .stays = a->stays && !o->apart ? (double)a->stays[model * M + m] : NAN};
	}
	return n;
}

bool task_neighbours(const struct atlas *a, size_t model, const struct neighbours_options *o,
    struct neighbours *out, struct err *e)
{
	size_t M = a->catalog.n_models, n;
	struct neighbour *v;
	struct vectors x;
	struct tally *t;

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!a->has_vector[model])
		return err_set(e, ERR_DATA,
		    "run %lld has no vector for %s: it has no answers that were encoded",
		    (long long)a->run, a->catalog.models[model].name);
	if (!vectors_of(a, o->apart, &x, e))
		return false;
	*out = (struct neighbours){
	    .model = model, .options = *o, .ability = x.ability, .share = x.share};
	arena_init(&out->arena);
	v = arena_array(&out->arena, struct neighbour, M);
	n = list_others(a, model, o, &x, v);
	vectors_free(&x);
	qsort(v, n, sizeof(*v), o->metric == NEIGHBOUR_L2 ? nearest_first_l2 : nearest_first);
	out->v = v;
	out->n = o->k && o->k < n ? o->k : n;
	t = mem_zero_array(M, sizeof(*t));
	tally(&a->data, model, t);
	for (size_t i = 0; i < out->n; i++)
		agree(&t[v[i].model], &v[i]);
	mem_free(t);
	return true;
}

void neighbours_clear(struct neighbours *n)
{
	arena_clear(&n->arena);
	*n = (struct neighbours){0};
}

static const struct column columns[NEIGHBOURS_COLUMNS] = {
    [NEIGHBOURS_RANK] = {"rank", "#", .kind = COLUMN_INT, .width = 4, .drop = 3,
	.about = "Place by the metric in use, the nearest first."},
    [NEIGHBOURS_NAME] = {"name", "model", "Name", COLUMN_CLIP, .width = 18, .grow = 44,
	.about = "The other model."},
    [NEIGHBOURS_COSINE] = {"cosine", "cosine", "Cosine", COLUMN_REAL, 3, .width = 6,
	.about = "Cosine of the angle between the two models' vectors of the run: 1 the same "
		 "direction, 0 nothing in common, -1 opposite."},
    [NEIGHBOURS_DISTANCE] = {"distance", "distance", "Dist.", COLUMN_REAL, 3, .width = 6, .drop = 6,
	.about = "Euclidean distance of the two vectors, in the run's own unit: 0 is "
		 "the same place."},
    [NEIGHBOURS_AGREEMENT] = {"agreement", "same answers", "Same%", COLUMN_SHARE, 1, .width = 5,
	.about = "Of the questions both answered, how many both got right or both wrong, in "
		 "percent."},
    [NEIGHBOURS_HALF_WIDTH] = {"half_width", "±", "±", COLUMN_SHARE, 1, .width = 4, .drop = 5,
	.about = "Half the 95 % interval of the share before it (Wilson's score), in points."},
    [NEIGHBOURS_CHANCE] = {"chance", "by chance", "Chance", COLUMN_SHARE, 1, .width = 6, .drop = 4,
	.about = "What the same answers would be if the two erred independently, each at its own "
		 "accuracy on those questions, in percent."},
    [NEIGHBOURS_AT_CHANCE] = {"at_chance", "chance?", "≈?", COLUMN_BOOL, .width = 3, .drop = 4,
	.hidden = true,
	.about = "Whether the agreement is within error of that chance (5 %): then being near says "
		 "nothing of their answers. On the screen ≈ stands before the agreement."},
    [NEIGHBOURS_STAYS] = {"stays", NULL, "Stays", COLUMN_SHARE, 0, .width = 5, .drop = 3,
	.about = "In how many of the refits on resampled questions it is among the nearest ten, in "
		 "percent; a dash where none were made."},
    [NEIGHBOURS_COMMON] = {"common", "of questions", "Common", COLUMN_INT, .width = 7, .drop = 7,
	.about = "Questions both models answered."},
    [NEIGHBOURS_ACCURACY] = {"accuracy", "accuracy", "Acc.", COLUMN_SHARE, 1, .width = 5, .drop = 2,
	.about = "Of all its answers, how many of the other model are right, in percent."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct neighbour *n = &((const struct neighbours *)t->rows)->v[row];
	const struct catalog_model *m = &((const struct catalog *)t->world)->models[n->model];
	double common = (double)n->common;

	(void)scratch;
	switch (column) {
	case NEIGHBOURS_RANK:
		return value_int((int64_t)row + 1);
	case NEIGHBOURS_NAME:
		return value_text(m->name);
	case NEIGHBOURS_COSINE:
		return value_real(n->cosine);
	case NEIGHBOURS_DISTANCE:
		return value_real(n->distance);
	case NEIGHBOURS_AGREEMENT:
		return value_real(n->agreement);
	case NEIGHBOURS_HALF_WIDTH:
		return value_real(share_half_width(n->agreement * common, common));
	case NEIGHBOURS_CHANCE:
		return value_real(n->chance);
	case NEIGHBOURS_AT_CHANCE:
		return n->common ? value_bool(n->at_chance) : value_missing();
	case NEIGHBOURS_STAYS:
		return value_real(n->stays);
	case NEIGHBOURS_COMMON:
		return value_int((int64_t)n->common);
	default:
		return value_real(catalog_model_accuracy(m));
	}
}

struct table neighbours_table(const struct neighbours *n, const struct catalog *r)
{
	return (struct table){.name = "neighbours",
	    .columns = columns,
	    .n_columns = NEIGHBOURS_COLUMNS,
	    .value = value,
	    .n = n ? n->n : 0,
	    .rows = n,
	    .world = r};
}
