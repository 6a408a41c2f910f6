/* Media types: of a file name, and what may be said of one. No I/O. Any thread. */
#ifndef WIRE_MIME_H
#define WIRE_MIME_H

#include "base/str.h"

/* The Content-Type for a file name by its extension (any case), text types with charset; "application/octet-stream" when unknown. */
const char *mime_of_name(struct str filename);

/* The Content-Type of stored media by its first bytes (64 are enough), "application/octet-stream" when unknown. Tells what is what among
 * files we made; strangers' files are not believed by it. */
const char *mime_of_bytes(struct str bytes);

/* Type and subtype without parameters: "text/html" of "text/html; charset=utf-8". A view. */
struct str mime_essence(struct str type);

/* A parameter's value, without quotes ("boundary", "charset"); empty when missing. A view. */
struct str mime_param(struct str type, struct str name);

/* Whether compressing a body of this type is worth it. */
bool mime_compressible(struct str type);

/* The weight of one item of an Accept header of any kind ("br;q=0.8"): 800; 1000 when it has none, or an odd one, as with most servers. */
int mime_weight(struct str item);

/* How much an Accept header wants this type, 0 … 1000; an empty header wants everything (RFC 9110 §12.5.1). */
int mime_accept(struct str accept, struct str type);

#endif
