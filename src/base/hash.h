/* hash.h - sha-256 (from libmd; its only door), and a fast hash for tables. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE 32

struct hash_state {
	_Alignas(16) unsigned char opaque[256];
};

void hash_init(struct hash_state *h);
void hash_add(struct hash_state *h, const void *p, size_t n);
void hash_final(struct hash_state *h, unsigned char out[HASH_SIZE]);
void hash_of(const void *p, size_t n, unsigned char out[HASH_SIZE]);
void hash_hex(const unsigned char in[HASH_SIZE], char out[2 * HASH_SIZE + 1]);

/* 64-bit hash for in-memory tables and feature hashing; the same on every machine. */
uint64_t hash_fast(const void *p, size_t n, uint64_t seed);

#endif
