/* wordpiece.h - text to token ids, as BERT's and MPNet's checkpoints want it.
 *
 * BERT's normaliser (clean text, spaces around Chinese characters, accents stripped from the
 * canonical decomposition, lower case a character), a split at white space and punctuation, and
 * the greedy longest match of WordPiece (Devlin et al. 2018; Wu et al. 2016): the ids are those of
 * Hugging Face's tokenizers for the same files, special tokens written out in a text included.
 */
#ifndef TEXT_WORDPIECE_H
#define TEXT_WORDPIECE_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct wordpiece;

/* From tokenizer.json in a checkpoint's folder, else from its vocab.txt (with tokenizer_config.json
 * where there is one). NULL with an error; wordpiece_free. */
struct wordpiece *wordpiece_open(const char *dir, struct err *e);
/* The same from the text of either file; `where` names it in errors. */
struct wordpiece *wordpiece_from_json(const char *s, size_t n, const char *where, struct err *e);
struct wordpiece *wordpiece_from_list(const char *s, size_t n, const char *where, struct err *e);
void wordpiece_free(struct wordpiece *w);

/* Ids are below this. */
size_t wordpiece_ids(const struct wordpiece *w);
/* Ids around every text: [CLS] and [SEP] are 2. */
size_t wordpiece_specials(const struct wordpiece *w);
/* Over all that decides what encode gives, whatever file it came from. */
uint64_t wordpiece_checksum(const struct wordpiece *w);
/* The first ids of a text, `max` (at least wordpiece_specials) with those around it; returns how
 * many. Any bytes are a text: what is no UTF-8 counts as U+FFFD. */
size_t wordpiece_encode(
    const struct wordpiece *w, const char *text, size_t len, uint32_t *ids, size_t max);

#endif
