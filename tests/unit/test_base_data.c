/* Memory, hashes, random numbers, tables. */
#include "test.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/hashtable.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TEST(sha256_vectors)
{
	/* FIPS 180-4 examples; a million 'a' also in odd pieces. */
	static const struct {
		const char *text, *hex;
	} cases[] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	unsigned char out[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1], piece[97];
	struct hash_state h;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		hash_of(cases[i].text, strlen(cases[i].text), out);
		hash_hex(out, hex);
		assert_string_equal(hex, cases[i].hex);
	}
	memset(piece, 'a', sizeof(piece));
	hash_init(&h);
	for (size_t left = 1000000; left;) {
		size_t n = left < sizeof(piece) ? left : sizeof(piece);

		hash_add(&h, piece, n);
		left -= n;
	}
	hash_final(&h, out);
	hash_hex(out, hex);
	assert_string_equal(
	    hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Stored feature spaces depend on these values: they may never change. */
TEST(hash_fast_is_fixed)
{
	char text[64];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	assert_int_equal(hash_fast("", 0, 0), 0x832ff0d450935050);
	assert_int_equal(hash_fast("abc", 3, 0), 0x5ed97870f5c93d39);
	assert_int_equal(hash_fast("abc", 3, 1), 0xeeae69eba10df374);
	assert_int_equal(hash_fast(text, 64, 7), 0x6a0fb81d057a3997);
	/* Length counts, even where the bytes are zero. */
	memset(text, 0, sizeof(text));
	for (size_t n = 0; n < 40; n++)
		assert_true(hash_fast(text, n, 0) != hash_fast(text, n + 1, 0));
}

/* Each input bit changes about half of the output bits. */
TEST(hash_fast_avalanche)
{
	static const size_t lengths[] = {1, 3, 8, 9, 16, 17, 31, 64};

	for (size_t l = 0; l < sizeof(lengths) / sizeof(*lengths); l++) {
		unsigned char key[64] =
		    "the quick brown fox jumps over the lazy dog, and then it sleeps";
		size_t n = lengths[l];
		uint64_t before = hash_fast(key, n, 3);
		double flipped = 0;

		for (size_t bit = 0; bit < 8 * n; bit++) {
			key[bit / 8] ^= (unsigned char)(1 << bit % 8);
			flipped += __builtin_popcountll(before ^ hash_fast(key, n, 3));
			key[bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
		flipped /= (double)(8 * n);
		assert_true(flipped > 26 && flipped < 38);
	}
}

TEST(arena_keeps_and_aligns)
{
	struct arena a = ARENA_INIT;
	char *small[1000], *big;

	for (size_t i = 0; i < 1000; i++) {
		small[i] = arena_printf(&a, "text number %zu", i);
		assert_int_equal((uintptr_t)small[i] % 16, 0);
		if (i == 500) {
			big = arena_array(&a, char, 1 << 20);
			assert_int_equal((uintptr_t)big % 64, 0);
			for (size_t k = 0; k < 1 << 20; k++)
				assert_int_equal(big[k], 0);
			memset(big, 0x55, 1 << 20);
		}
		float *f = arena_array(&a, float, 16 + i % 50);
		assert_int_equal((uintptr_t)f % 64, 0);
		assert_true(f[0] == 0 && f[15 + i % 50] == 0);
		memset(f, 0xff, (16 + i % 50) * sizeof(float));
	}
	for (size_t i = 0; i < 1000; i++) {
		char want[32];

		snprintf(want, sizeof(want), "text number %zu", i);
		assert_string_equal(small[i], want);
	}
	assert_true(a.used > (1 << 20));

	assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
	arena_clear(&a);
	assert_null(a.head);
}

TEST(mem_grow_is_geometric)
{
	size_t cap = 0, moves = 0, last = 0;
	int *v = NULL;

	for (size_t n = 0; n < 100000; n++) {
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		v[n] = (int)n;
		moves += cap != last;
		last = cap;
	}
	assert_true(moves < 40);
	for (size_t n = 0; n < 100000; n++)
		assert_int_equal(v[n], n);
	mem_free(v);
}

static void restore_terminal(void)
{
	(void)!write(STDERR_FILENO, "restored ", 9);
}

/* An impossible size restores the terminal, explains itself and ends with status 1. */
TEST(out_of_memory_dies)
{
	char text[256] = "";
	int fd[2], status;
	ssize_t n;

	assert_int_equal(pipe(fd), 0);
	if (!fork()) {
		dup2(fd[1], STDERR_FILENO);
		mem_on_die(restore_terminal);
		mem_array(SIZE_MAX / 2, 8);
		_exit(0);
	}
	close(fd[1]);
	n = read(fd[0], text, sizeof(text) - 1);
	for (ssize_t more = n; more > 0 && (size_t)n < sizeof(text) - 1; n += more)
		more = read(fd[0], text + n, sizeof(text) - 1 - (size_t)n);
	close(fd[0]);
	wait(&status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_ptr_equal(strstr(text, "restored embedllm: out of memory"), text);
}

TEST(hashtable_many_keys)
{
	enum { N = 100000 };
	struct hashtable *t = hashtable_new();
	char key[32];

	for (uint64_t i = 0; i < N; i++) {
		int n = snprintf(key, sizeof(key), "model-%llu", (unsigned long long)(i * 7919));

		assert_true(hashtable_get(t, key, (size_t)n) == HASHTABLE_NONE);
		assert_true(hashtable_put(t, key, (size_t)n, i) == HASHTABLE_NONE);
	}
	assert_int_equal(hashtable_count(t), N);
	for (uint64_t i = 0; i < N; i++) {
		int n = snprintf(key, sizeof(key), "model-%llu", (unsigned long long)(i * 7919));

		assert_int_equal(hashtable_get(t, key, (size_t)n), i);
		assert_int_equal(hashtable_put(t, key, (size_t)n, i + 1), i);
		assert_int_equal(hashtable_get(t, key, (size_t)n), i + 1);
	}
	assert_int_equal(hashtable_count(t), N);
	assert_true(hashtable_get(t, "model-1", 7) == HASHTABLE_NONE);
	hashtable_free(t);
}

TEST(hashtable_keys_are_bytes)
{
	struct hashtable *t = hashtable_new();

	hashtable_put(t, "", 0, 1);
	hashtable_put(t, "a", 1, 2);
	hashtable_put(t, "a\0b", 3, 3);
	hashtable_put(t, "a\0c", 3, 4);
	assert_int_equal(hashtable_get(t, "", 0), 1);
	assert_int_equal(hashtable_get(t, "a", 1), 2);
	assert_int_equal(hashtable_get(t, "a\0b", 3), 3);
	assert_int_equal(hashtable_get(t, "a\0c", 3), 4);
	assert_true(hashtable_get(t, "a\0", 2) == HASHTABLE_NONE);
	assert_int_equal(hashtable_count(t), 4);
	hashtable_free(t);
	hashtable_free(NULL);
}

/* xoshiro256++ from the state 1, 2, 3, 4, computed by its authors' reference code. */
TEST(rng_known_answers)
{
	static const uint64_t want[] = {41943041, 58720359, 3588806011781223, 3591011842654386,
	    9228616714210784205u, 9973669472204895162u, 14011001112246962877u,
	    12406186145184390807u, 15849039046786891736u, 10450023813501588000u};
	struct rng r = {{1, 2, 3, 4}};

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		assert_true(rng_next(&r) == want[i]);
}

/* Splits, demo worlds and runs are named by seed: these values may never change. */
TEST(rng_seeds_are_fixed)
{
	struct rng a, b, c, d;

	rng_init(&a, 0, 0);
	rng_init(&b, 0, 1);
	rng_init(&c, 1, 0);
	rng_init(&d, 0, 0);
	assert_true(rng_next(&d) == 0x84f09bf307c1073a);
	uint64_t x = rng_next(&a), y = rng_next(&b), z = rng_next(&c);
	assert_true(x != y && y != z && x != z);
}

TEST(rng_distributions)
{
	enum { N = 200000 };
	struct rng r;
	double sum = 0, squares = 0, fourth = 0, uniform = 0;
	size_t below[7] = {0}, poisson[4] = {0};
	double poisson_sum = 0;

	rng_init(&r, 42, 0);
	for (size_t i = 0; i < N; i++) {
		double g = rng_normal(&r), u = rng_uniform(&r);
		unsigned k = rng_poisson1(&r);

		sum += g;
		squares += g * g;
		fourth += g * g * g * g;
		assert_true(u >= 0 && u < 1);
		uniform += u;
		below[rng_below(&r, 7)]++;
		poisson_sum += k;
		if (k < 4)
			poisson[k]++;
	}
	/* Five standard errors; the seed is fixed, so this cannot fail by chance. */
	double se = 5 / sqrt(N);
	assert_true(fabs(sum / N) < se);
	assert_true(fabs(squares / N - 1) < se * sqrt(2));
	assert_true(fabs(fourth / N - 3) < se * sqrt(96));
	assert_true(fabs(uniform / N - .5) < se * sqrt(1.0 / 12));
	for (size_t i = 0; i < 7; i++)
		assert_true(fabs((double)below[i] / N - 1.0 / 7) < se * sqrt(6.0 / 49));
	assert_true(fabs(poisson_sum / N - 1) < se);
	for (unsigned k = 0; k < 4; k++) {
		double p = exp(-1) / tgamma(k + 1);

		assert_true(fabs((double)poisson[k] / N - p) < se * sqrt(p * (1 - p)));
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(rng_below(&r, 1), 0);
}

TEST(rng_shuffle_permutes)
{
	enum { N = 1000 };
	uint32_t v[N];
	bool seen[N] = {false};
	size_t fixed = 0;
	struct rng r;

	for (uint32_t i = 0; i < N; i++)
		v[i] = i;
	rng_init(&r, 7, 0);
	rng_shuffle(&r, v, N);
	for (uint32_t i = 0; i < N; i++) {
		assert_true(v[i] < N && !seen[v[i]]);
		seen[v[i]] = true;
		fixed += v[i] == i;
	}
	assert_true(fixed < 10); /* one is expected */
	rng_shuffle(&r, v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sha256_vectors),
	    cmocka_unit_test(hash_fast_is_fixed),
	    cmocka_unit_test(hash_fast_avalanche),
	    cmocka_unit_test(arena_keeps_and_aligns),
	    cmocka_unit_test(mem_grow_is_geometric),
	    cmocka_unit_test(out_of_memory_dies),
	    cmocka_unit_test(hashtable_many_keys),
	    cmocka_unit_test(hashtable_keys_are_bytes),
	    cmocka_unit_test(rng_known_answers),
	    cmocka_unit_test(rng_seeds_are_fixed),
	    cmocka_unit_test(rng_distributions),
	    cmocka_unit_test(rng_shuffle_permutes),
	};

	return cmocka_run_group_tests_name("base data", tests, NULL, NULL);
}
