/* What an origin tells its standby, as lines of text. A document is a first line, lines, and a last line that proves all before it with a
 * key that both sides have and a nonce of who asked: what is cut, changed or old is refused whole.
 *
 *   freehold-copy 1
 *   v SCHEMA                         the tables that follow are of this schema
 *   t TABLE COLUMN COLUMN …          the columns of the rows of a table
 *   r ROW                            a row of the table asked for (wire/row.h)
 *   k KEY                            more follows after this key
 *   g DIGEST [KEY]                   of the rows after the last such key through this one; no KEY: to the end of the table
 *   e XID SEQ AT KIND A B C          an entry of the journal
 *   p TABLE ROW                      it wrote this row,
 *   d TABLE KEY                      deleted this one,
 *   b TABLE                          or wrote one whose state comes with a later entry
 *   h XID SEQ AT EPOCH AGE HELD MORE the origin has nothing acknowledged before AT (ms) behind this cursor; AT was AGE ms ago by its own
 *                                    clock when it answered, and it had the question for HELD ms; MORE: 1 when it has entries behind
 *                                    this cursor that did not go into the answer
 *   z MAC                            BLAKE2b-256 in hexadecimal
 *
 * No I/O. Any thread. */
#ifndef WIRE_COPY_STREAM_H
#define WIRE_COPY_STREAM_H

#include "base/buf.h"

enum { COPY_STREAM_KEY = 32, COPY_STREAM_NUMBERS = 7, COPY_STREAM_DIGEST = 32 };

/* The numbers of a head. */
enum copy_head { HEAD_XID, HEAD_SEQ, HEAD_AT, HEAD_EPOCH, HEAD_AGE, HEAD_HELD, HEAD_MORE };

enum copy_line_kind {
	COPY_SCHEMA = 'v',
	COPY_TABLE = 't',
	COPY_ROW = 'r',
	COPY_MORE = 'k',
	COPY_RANGE = 'g',
	COPY_ENTRY = 'e',
	COPY_PUT = 'p',
	COPY_DELETE = 'd',
	COPY_BLANK = 'b',
	COPY_HEAD = 'h',
};

struct copy_line {
	enum copy_line_kind kind;
	struct str table;                     /* t, p, d, b; g: the digest, COPY_STREAM_DIGEST hexadecimal digits */
	struct str text;                      /* columns with spaces between, row or key */
	int64_t numbers[COPY_STREAM_NUMBERS]; /* v, e, h */
};

/* What stands between the first and the last line, when the last proves it. False: *why tells what is wrong. */
bool copy_stream_open(struct str document, const char key[COPY_STREAM_KEY], struct str nonce, struct str *lines, const char **why);

/* The next line; false at the end, or, with *bad set, at a line that is none. *number counts lines from 2, as they stand in the document.
 */
bool copy_stream_next(struct str *lines, struct copy_line *out, int *number, bool *bad);

void copy_stream_begin(struct buf *b);
void copy_stream_put(struct buf *b, const struct copy_line *line);
void copy_stream_end(struct buf *b, const char key[COPY_STREAM_KEY], struct str nonce);

#endif
