/* checkpoint.h - what the small files of a sentence-transformers checkpoint say.
 *
 *   config.json                  the transformer: kind and sizes
 *   modules.json                 what comes after it: pooling, and perhaps normalising
 *   1_Pooling/config.json        mean or CLS
 *   sentence_bert_config.json    how many tokens of a text count
 *
 * A checkpoint that asks for something that is not done here (another activation, a dense layer
 * after the pooling, ...) is refused: its vectors would be wrong.
 */
#ifndef TEXT_CHECKPOINT_H
#define TEXT_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum checkpoint_kind { CHECKPOINT_BERT, CHECKPOINT_MPNET };
enum checkpoint_pooling { CHECKPOINT_MEAN, CHECKPOINT_CLS };

struct checkpoint {
	enum checkpoint_kind kind;
	size_t layers, hidden, heads, inner; /* inner: of the feed-forward part */
	size_t vocabulary, positions;        /* rows of their embeddings */
	size_t buckets;                      /* of relative distances; MPNet */
	uint32_t padding; /* id of the padding token; MPNet's positions need it */
	float eps;        /* of layer normalisation */
	enum checkpoint_pooling pooling;
	bool normalise;
	size_t max_tokens; /* of a text, special tokens included */
};

bool checkpoint_read(const char *dir, struct checkpoint *out, struct err *e);
/* The only *.safetensors of the folder; mem_free. NULL with an error where there is none, or
 * more than one (a model in pieces). */
char *checkpoint_weights(const char *dir, struct err *e);

#endif
