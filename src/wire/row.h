/* A row as text: a JSON array of whole numbers, strings and nulls, as the change log keeps rows (RFC 8259; nothing nested, no fractions,
 * no true and false). No I/O. Any thread. */
#ifndef WIRE_ROW_H
#define WIRE_ROW_H

#include "base/arena.h"
#include "base/buf.h"

enum row_kind { ROW_NULL, ROW_NUMBER, ROW_TEXT };
struct row_value {
	enum row_kind kind;
	int64_t number;
	struct str text; /* UTF-8 without NUL; points into the source where nothing was escaped */
};

/* Reads up to `most` values; false for anything else, then *at is the offset of what does not fit. */
bool row_parse(struct arena *a, struct str source, struct row_value *out, size_t most, size_t *n, size_t *at);

/* Writes a row in its shortest form: equal rows have equal texts. */
void row_write(struct buf *b, const struct row_value *values, size_t n);

/* Bytes from lower- or upper-case hexadecimal; false when it is none. */
bool row_bytes(struct arena *a, struct str hex, struct str *out);

#endif
