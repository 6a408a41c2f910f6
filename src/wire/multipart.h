/* multipart/form-data (RFC 7578, RFC 2046 §5.1): a whole body in, its parts out, as views. No I/O; the body may be a mapped file. Any
 * thread.
 *
 * Strict: lines end with CRLF, each part has one Content-Disposition with a name, the closing delimiter must be there.
 * Content-Transfer-Encoding is not a thing any more (RFC 7578 §4.7) and is ignored. */
#ifndef WIRE_MULTIPART_H
#define WIRE_MULTIPART_H

#include "base/err.h"

enum { MULTIPART_MAX_PARTS = 256, MULTIPART_MAX_BOUNDARY = 70 };

struct multipart {
	struct str rest, boundary;
	int parts;
	bool done;
};

struct multipart_part {
	struct str name;
	struct str filename; /* as sent, of the last path component only; .p is NULL when the part is a plain field */
	struct str type;     /* Content-Type of the part, empty when missing */
	struct str bytes;
};

/* boundary: the parameter of the request's Content-Type. ERR_BAD_REQUEST when it is none. */
err multipart_start(struct multipart *m, struct str body, struct str boundary);

/* *more is false at the end. ERR_BAD_REQUEST says what is malformed. */
err multipart_next(struct multipart *m, struct multipart_part *part, bool *more);

#endif
