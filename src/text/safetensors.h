/* safetensors.h - tensors of one *.safetensors file.
 *
 * The file is 8 bytes of length, that many bytes of JSON that name the tensors, their types, shapes
 * and places, and the numbers, little-endian. Everything it says is checked when it is opened:
 * a tensor lies inside the file, has the bytes its shape asks for, and shares them with no other.
 * Nothing but the header is in memory: tensors are read one at a time.
 */
#ifndef TEXT_SAFETENSORS_H
#define TEXT_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct safetensors;

enum safetensors_type {
	SAFETENSORS_F32,
	SAFETENSORS_F16,
	SAFETENSORS_BF16,
	SAFETENSORS_OTHER, /* known to the format, of no use here */
};

#define SAFETENSORS_DIMS 8

struct safetensors_tensor {
	const char *name;
	enum safetensors_type type;
	size_t n_dims, dims[SAFETENSORS_DIMS];
	size_t count;        /* numbers */
	uint64_t begin, end; /* bytes in the file */
};

/* NULL with an error; safetensors_close. */
struct safetensors *safetensors_open(const char *path, struct err *e);
void safetensors_close(struct safetensors *s);

size_t safetensors_count(const struct safetensors *s);
const struct safetensors_tensor *safetensors_at(const struct safetensors *s, size_t i);
/* NULL where there is none of that name. */
const struct safetensors_tensor *safetensors_find(const struct safetensors *s, const char *name);

/* The tensor's bytes as they are (count numbers of its type), of numbers first..first + n. */
bool safetensors_read(const struct safetensors *s, const struct safetensors_tensor *t, size_t first,
    size_t n, void *out, struct err *e);
/* Bytes of a number of this type; 0 for OTHER. */
size_t safetensors_size(enum safetensors_type type);

#endif
