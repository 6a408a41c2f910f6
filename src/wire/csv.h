/* Comma-separated values (RFC 4180), as Mastodon's lists come: one record at a time. LF or CRLF; a BOM in front is passed over. Pure. */
#ifndef WIRE_CSV_H
#define WIRE_CSV_H

#include "base/arena.h"
#include "base/buf.h"

enum { CSV_FIELDS_MAX = 16 };

struct csv {
	struct str rest;
	int line; /* of the record that came last, from 1 */
	int lines_read;
};
struct csv csv_of(struct str file);

/* The next record that is not an empty line; fields beyond CSV_FIELDS_MAX are passed over. Texts point into the file, or into the arena
 * where quotes were doubled. False at the end. *wrong: it has a quote that never ends or stands inside a bare field; its fields are not
 * set. */
bool csv_next(struct csv *c, struct arena *a, struct str fields[CSV_FIELDS_MAX], size_t *n, bool *wrong);

/* Appends a field, in quotes where it needs them. */
void csv_put(struct buf *b, struct str field);

#endif
