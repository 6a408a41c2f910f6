/* Content codings: which one a client wants (RFC 9110 §12.5.3). No I/O. Any thread. */
#ifndef WIRE_ENCODING_H
#define WIRE_ENCODING_H

#include "base/str.h"

enum encoding { ENCODING_NONE, ENCODING_ZSTD, ENCODING_BR, ENCODING_GZIP };

/* "" for none. */
const char *encoding_name(enum encoding e);

/* The most wanted of those offered (bits 1 << encoding); among equals the order of the enum, and "identity" last. A missing header wants
 * none. */
enum encoding encoding_choose(struct str accept_encoding, unsigned offered);

#endif
