/* OAuth scopes as bits of an int64_t, and their texts (Mastodon's "OAuth scopes" page). */
#ifndef CORE_SCOPE_H
#define CORE_SCOPE_H

#include "base/buf.h"
#include "base/err.h"

enum scope_bit {
#define SCOPE(name, bit, text) name##_BIT = bit,
#include "core/scope.def"
#undef SCOPE
};
#define SCOPE(name, bit, text) static const int64_t name = (int64_t)1 << bit;
#include "core/scope.def"
#undef SCOPE

static const int64_t SCOPES_ALL = INT64_MAX;

/* "read write:statuses" → bits, parents expanded to their children. ERR_BAD_REQUEST names the unknown one. Separated by spaces or "+". */
err scopes_parse(struct str text, int64_t *out);

/* The shortest list of names that means these bits, as tokens show it. */
void scopes_text(struct buf *out, int64_t scopes);

/* A JSON array of the same names. */
void scopes_json(struct buf *out, int64_t scopes);

#endif
