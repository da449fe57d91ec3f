/* Numbers: factorisations, the choice of kernel, PCA, t-SNE. */
#include "config.h"

#include "test.h"

#include "help.h"

#include "../ref/naive.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/kernel.h"
#include "num/pca.h"
#include "num/tsne.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Products, Cholesky and SVD of the kernel in use; the same checks a trial makes. */
TEST(kernel_in_use_is_right)
{
	assert_true(kernel_check());
}

TEST(eigenvectors)
{
	enum { N = 31 };
	double a[N * N], copy[N * N], w[N], v[N * N];
	struct rng r;

	rng_init(&r, 1, 0);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j <= i; j++)
			a[i * N + j] = a[j * N + i] = rng_normal(&r);
	memcpy(copy, a, sizeof(a));
	assert_true(blas_eigh(N, copy, w, v));
	for (size_t k = 0; k < N; k++) {
		assert_true(k == 0 || w[k] >= w[k - 1]);
		for (size_t i = 0; i < N; i++) {
			double av = 0;

			for (size_t j = 0; j < N; j++)
				av += a[i * N + j] * v[k * N + j];
			assert_near(av, w[k] * v[k * N + i], 1e-12);
		}
	}
}

TEST(cholesky_refuses_indefinite)
{
	double a[] = {1, 2, 2, 1}, b[] = {1, 0, 0, 1};

	assert_false(blas_chol(2, a));
	assert_true(blas_chol(2, b));
}

TEST(names_of_kernels)
{
	assert_int_equal(kernel_isa_of("Prescott"), KERNEL_SSE3);
	assert_int_equal(kernel_isa_of("haswell"), KERNEL_AVX2);
	assert_int_equal(kernel_isa_of("SkylakeX"), KERNEL_AVX512);
	assert_int_equal(kernel_isa_of("SomethingOf2031"), KERNEL_AVX512); /* trusted */
}

static char *cache_path(void)
{
	static char path[256];
	const char *tmp = getenv("TMPDIR");

	snprintf(path, sizeof(path), "%s/embedllm-kernel-%d", tmp ? tmp : "/tmp", (int)getpid());
	unlink(path);
	return path;
}

static bool trials_make_sense(void)
{
	return kernel_cpu() >= KERNEL_AVX && !getenv("LD_PRELOAD") &&
	       strstr(blas_config(), "DYNAMIC");
}

/* A slow kernel is left for a faster one; the verdict is read back, not tried again; a cache that
 * holds nonsense is as good as none. */
TEST(verdict_and_cache)
{
	static const char *const bogus[] = {
	    "", "embedllm BLAS kernel 1\nanother machine\nSkylakeX\n"};
	char *path = cache_path(), best[32], text[2048], key[1024];
	FILE *f;
	size_t n;

	if (!trials_make_sense())
		skip();
	kernel_verdict("Prescott", path, best);
	assert_true(kernel_isa_of(best) > KERNEL_SSE3);

	f = fopen(path, "r+");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	assert_int_equal(sscanf(text, "embedllm BLAS kernel 1\n%1023[^\n]", key), 1);
	rewind(f);
	fprintf(f, "embedllm BLAS kernel 1\n%s\nNehalem\n", key);
	fclose(f);
	kernel_verdict("Prescott", path, best);
	assert_string_equal(best, "Nehalem"); /* it was read */

	f = fopen(path, "w");
	fprintf(f, "embedllm BLAS kernel 1\n%s\n../../evil name\n", key);
	fclose(f);
	kernel_verdict("Prescott", path, best);
	assert_true(kernel_isa_of(best) > KERNEL_SSE3);
	assert_null(strstr(best, "evil"));

	for (size_t i = 0; i < sizeof(bogus) / sizeof(*bogus); i++) {
		f = fopen(path, "w");
		fputs(bogus[i], f);
		fclose(f);
		best[0] = '\0';
		kernel_verdict("Haswell", path, best);
		assert_true(kernel_isa_of(best) >= KERNEL_AVX2);
	}
	unlink(path);
}

TEST(trial_of_missing_kernel_fails)
{
	struct kernel_speed s;

	if (!trials_make_sense())
		skip();
	assert_false(kernel_trial("NoSuchCore", &s));
	assert_true(kernel_trial("Prescott", &s));
	assert_string_equal(s.name, "Prescott");
	assert_true(s.sgemm > 0 && s.dgemm > 0);
}

/* The program started with one setting says which kernel it ends up with and why (see main). */
static void report_of(const char *setting, char *line, size_t size)
{
	char command[512];
	FILE *f;

	snprintf(command, sizeof(command), "%s /proc/%d/exe --report", setting, (int)getpid());
	f = popen(command, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, (int)size, f));
	assert_int_equal(pclose(f), 0);
}

TEST(settings_of_the_user)
{
	char line[256], unset[256];

	if (!trials_make_sense())
		skip();
	report_of("env OPENBLAS_CORETYPE=Prescott", line, sizeof(line));
	assert_string_equal(line, "Prescott: set by OPENBLAS_CORETYPE\n");
	report_of("env -u OPENBLAS_CORETYPE", unset, sizeof(unset));
	report_of("env OPENBLAS_CORETYPE=", line, sizeof(line));
	/* The library itself may choose another kernel then; the reason is the same. */
	assert_string_equal(strchr(line, ':'), strchr(unset, ':'));
	assert_null(strstr(line, "set by"));
	/* the re-execution: taken as ours, and not handed on */
	report_of(
	    "env OPENBLAS_CORETYPE=Prescott EMBEDLLM_BLAS_CHOSEN=Prescott", line, sizeof(line));
	assert_string_equal(
	    line, "Prescott: chosen: faster than the library's own choice, and checked\n");
}

static struct mat planted(size_t n, size_t d, size_t groups)
{
	struct mat x = mat_new(n, d);
	struct rng r;

	rng_init(&r, 9, 0);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < d; j++)
			mat_row(&x, i)[j] =
			    (float)(rng_normal(&r) + (j % groups == i % groups ? 6 : 0));
	return x;
}

/* Axes come by variance; a wide and a tall matrix agree; distances survive a full set of axes. */
TEST(pca_keeps_distances)
{
	for (int tall = 0; tall < 2; tall++) {
		size_t n = tall ? 40 : 6, d = tall ? 5 : 12, k = 6;
		struct mat x = planted(n, d, 3);
		float y[40 * 6];
		double explained[6], sum = 0;

		assert_true(pca(&x, k, y, explained, NULL));
		for (size_t a = 0; a < k; a++) {
			sum += explained[a];
			assert_true(a == 0 || explained[a] <= explained[a - 1] + 1e-12);
		}
		assert_near(sum, 1, 1e-9);
		for (size_t i = 1; i < n; i++) {
			double dx = 0, dy = 0;

			for (size_t j = 0; j < d; j++)
				dx += pow((double)(mat_row(&x, i)[j] - mat_row(&x, 0)[j]), 2);
			for (size_t a = 0; a < k; a++)
				dy += pow((double)(y[i * k + a] - y[a]), 2);
			assert_near(dy, dx, 1e-3);
		}
		mat_free(&x);
	}
}

TEST(pca_of_nothing)
{
	struct mat one = mat_new(1, 4), none = mat_new(0, 4);
	float y[2] = {7, 7};
	double explained[2];

	assert_true(pca(&one, 2, y, explained, NULL));
	assert_near(y[0], 0, 0);
	assert_near(explained[0], 0, 0);
	assert_true(pca(&none, 2, y, explained, NULL));
	mat_free(&one);
}

/* The divergence reported is that of the map returned, by the formulas written out; groups stay
 * together; and the map is a (near) minimum: central differences of the divergence vanish. */
TEST(tsne_against_the_formulas)
{
	enum { N = 60, D = 6, GROUPS = 3 };
	struct mat x = planted(N, D, GROUPS);
	struct tsne_options o;
	float y[2 * N];
	double p[N * N], at[2 * N], kl, same = 0;

	tsne_options_default(&o);
	o.perplexity = 8;
	assert_true(tsne(&x, &o, NULL, y, &kl, NULL));
	naive_affinities(N, D, x.v, 8, p);
	for (size_t i = 0; i < 2 * N; i++)
		at[i] = (double)y[i];
	assert_near(kl, naive_kl(N, p, at), 1e-4);
	for (size_t i = 0; i < 2 * N; i += 7) {
		const double h = 1e-4;
		double keep = at[i], up, down;

		at[i] = keep + h;
		up = naive_kl(N, p, at);
		at[i] = keep - h;
		down = naive_kl(N, p, at);
		at[i] = keep;
		assert_near((up - down) / (2 * h), 0, 2e-3);
	}
	for (size_t i = 0; i < N; i++) {
		double best = INFINITY;
		size_t nearest = 0;

		for (size_t j = 0; j < N; j++) {
			double d2 =
			    pow(at[2 * i] - at[2 * j], 2) + pow(at[2 * i + 1] - at[2 * j + 1], 2);

			if (j != i && d2 < best) {
				best = d2;
				nearest = j;
			}
		}
		same += nearest % GROUPS == i % GROUPS;
	}
	assert_true(same >= 0.95 * N);
	mat_free(&x);
}

/* The same schedule written out in doubles ends as low, on average over starts: from one, either may
 * lay out the points a little better. */
TEST(tsne_ends_as_low_as_the_naive_one)
{
	enum { N = 120, D = 8, STARTS = 3 };
	struct mat x = planted(N, D, 3);
	struct tsne_options o;
	double *p = malloc(N * N * sizeof(*p)), at[2 * N], kl, mean = 0, reference = 0;
	float y[2 * N];
	struct rng r;

	tsne_options_default(&o);
	o.perplexity = 20;
	naive_affinities(N, D, x.v, o.perplexity, p);
	for (uint64_t seed = 1; seed <= STARTS; seed++) {
		o.seed = seed;
		assert_true(tsne(&x, &o, NULL, y, &kl, NULL));
		mean += kl / STARTS;
		rng_init(&r, seed, 0);
		for (size_t i = 0; i < 2 * N; i++)
			at[i] = 1e-4 * rng_normal(&r);
		naive_tsne(N, p, o.iterations, o.exaggeration, 50, at);
		reference += naive_kl(N, p, at) / STARTS;
	}
	assert_near(mean, reference, 0.05 * reference);
	free(p);
	mat_free(&x);
}

TEST(tsne_is_repeatable_on_any_threads)
{
	struct mat x = planted(450, 8, 5);
	struct tsne_options o;
	float a[900], b[900];
	double ka, kb;

	tsne_options_default(&o);
	o.iterations = 60;
	o.threads = 1;
	assert_true(tsne(&x, &o, NULL, a, &ka, NULL));
	o.threads = 3;
	assert_true(tsne(&x, &o, NULL, b, &kb, NULL));
	assert_memory_equal(a, b, sizeof(a));
	assert_true(ka == kb);
	o.seed = 2;
	assert_true(tsne(&x, &o, NULL, b, &kb, NULL));
	assert_memory_not_equal(a, b, sizeof(a));
	mat_free(&x);
}

TEST(tsne_of_few_and_equal)
{
	struct tsne_options o;
	float y[20];
	double kl;

	tsne_options_default(&o);
	for (size_t n = 0; n <= 10; n++) {
		struct mat x = mat_new(n, 3); /* all points the same */

		assert_true(tsne(&x, &o, NULL, y, &kl, NULL));
		assert_true(isfinite(kl));
		for (size_t i = 0; i < 2 * n; i++)
			assert_true(isfinite(y[i]));
		mat_free(&x);
	}
}

static bool stop_at_20(void *arg, const struct tick *t)
{
	*(double *)arg = t->done;
	return t->done < 20;
}

TEST(tsne_stops)
{
	struct mat x = planted(30, 4, 2);
	double done = 0, kl = -1;
	struct progress p = {stop_at_20, &done};
	struct tsne_options o;
	struct err e = ERR_INIT;
	float y[60] = {5};

	tsne_options_default(&o);
	assert_false(tsne(&x, &o, &p, y, &kl, &e));
	assert_int_equal(e.kind, ERR_CANCELLED);
	assert_near(done, 20, 0);
	assert_near(y[0], 5, 0); /* untouched */
	assert_near(kl, -1, 0);
	mat_free(&x);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kernel_in_use_is_right),
	    cmocka_unit_test(eigenvectors),
	    cmocka_unit_test(cholesky_refuses_indefinite),
	    cmocka_unit_test(names_of_kernels),
	    cmocka_unit_test(verdict_and_cache),
	    cmocka_unit_test(trial_of_missing_kernel_fails),
	    cmocka_unit_test(settings_of_the_user),
	    cmocka_unit_test(pca_keeps_distances),
	    cmocka_unit_test(pca_of_nothing),
	    cmocka_unit_test(tsne_against_the_formulas),
	    cmocka_unit_test(tsne_ends_as_low_as_the_naive_one),
	    cmocka_unit_test(tsne_is_repeatable_on_any_threads),
	    cmocka_unit_test(tsne_of_few_and_equal),
	    cmocka_unit_test(tsne_stops),
	};

	kernel_choose(argv); /* trials start this program again */
	if (argc == 2 && !strcmp(argv[1], "--report")) {
		struct kernel_report r;

		kernel_report(&r);
		printf("%s: %s\n", r.kernel, r.why);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
