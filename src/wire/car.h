/* CAR archives, version 1 (IPLD: Content Addressable aRchives): blocks by their content ids, as repositories of the AT Protocol are
 * exported. And DAG-CBOR (RFC 8949, the subset of the DAG-CBOR specification), which their records are written in, as a walk over items.
 * Pure.
 *
 * Only what records need is read: SHA-256 ids of version 1. Nesting is bounded. */
#ifndef WIRE_CAR_H
#define WIRE_CAR_H

#include "base/buf.h"
#include "base/err.h"

enum { CAR_CID = 36, CAR_BLOCK_MAX = 2 << 20, CBOR_DEEP = 32 };

/* An unsigned varint (multiformats: at most 9 bytes) in front of s. False when it does not end there. */
bool car_varint(struct str *s, uint64_t *out);

/* A section behind its length: content id and block. False when it is none that is read here (another hash, another version). */
bool car_section(struct str section, struct str *cid, struct str *block);

/* "bafyrei…": a content id as text (multibase base32, lower case). */
void car_cid_text(struct buf *out, struct str cid);

/* ── DAG-CBOR ── */

enum cbor_kind { CBOR_INTEGER, CBOR_BYTES, CBOR_TEXT, CBOR_LIST, CBOR_MAP, CBOR_LINK, CBOR_TRUE, CBOR_FALSE, CBOR_NULL, CBOR_FLOAT };
struct cbor {
	enum cbor_kind kind;
	int64_t number;  /* of an integer; how many items or pairs */
	struct str text; /* of text, bytes, and of a link its content id */
};

/* The next item off *s, its head alone for lists and maps, whose items follow. False for what is not DAG-CBOR. */
bool cbor_next(struct str *s, struct cbor *out);
/* Passes over a whole item. */
bool cbor_skip(struct str *s);

/* The value of a map's key (view over the map's bytes): *value are the bytes of its item. False when the item is no map or has no such key.
 */
bool cbor_member(struct str map, struct str key, struct str *value);
/* The text under a key; empty when there is none. */
struct str cbor_text(struct str map, struct str key);

#endif
