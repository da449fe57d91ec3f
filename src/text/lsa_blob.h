/* lsa_blob.h - private to lsa: the stored form of a fitted encoder, and how counts are weighed. */
#ifndef TEXT_LSA_BLOB_H
#define TEXT_LSA_BLOB_H

#include <math.h>
#include <stdint.h>

#include "num/sparse.h"
#include "text/encoder.h"

/* The blob is this head and then
 *   float direction[dims]         scale of a direction
 *   float scale[features]         scale of a feature
 *   uint32_t bucket[features]     of a feature
 *   int8_t level[features][dims]
 * so that feature i adds weight(count) * scale[i] * level[i][j] * direction[j] to a text's
 * component j. Numbers are little-endian, as the machine that wrote it had them. */
struct lsa_head {
	char magic[8];
	uint64_t checksum; /* hash_fast of everything behind it */
	char key[16];      /* lsa_key */
	uint32_t dims, features;
};
#define LSA_MAGIC "elmLSA1\n"

/* Takes a blob with everything but the checksum filled (in mem_floats memory); NULL and freed
 * where it makes no sense. */
struct encoder *lsa_from_blob(unsigned char *blob, size_t size, struct err *e);
/* Bytes of a blob; dims and features of any value. */
uint64_t lsa_blob_size(uint32_t dims, uint32_t features);
struct lsa_parts {
	float *direction, *scale;
	uint32_t *bucket;
	int8_t *level;
};
struct lsa_parts lsa_blob_parts(unsigned char *blob);
uint64_t lsa_blob_checksum(const unsigned char *blob, size_t size);

/* 1 + log of the count, 0 for none. */
static inline void lsa_weights(float weight[SPARSE_MAX_COUNT + 1])
{
	weight[0] = 0;
	for (int i = 1; i <= SPARSE_MAX_COUNT; i++)
		weight[i] = 1 + logf((float)i);
}

#endif
