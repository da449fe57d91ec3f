/* encode_kinds.h - private to encode: how the rows of the table `encoder` are told apart. */
#ifndef TASK_ENCODE_KINDS_H
#define TASK_ENCODE_KINDS_H

/* encoder.kind, and what encoder.data is. Installed encoders have their names for a kind. */
#define ENCODE_BUILTIN "builtin"   /* lsa_save */
#define ENCODE_PATH "path"         /* "path:DIR" with an absolute DIR; installed ones: their name */
#define ENCODE_PAIR "pair"         /* the identities of the halves, a newline between them */
#define ENCODE_IMPORTED "imported" /* the name of the encoder that made the rows, or nothing */

#define ENCODE_TEXT_MAX 8192 /* bytes of data where it is text */

#endif
