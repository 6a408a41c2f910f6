/* Small pieces of JSON that many entities are made of. */
#ifndef API_JSON_H
#define API_JSON_H

#include "base/buf.h"

/* "key":value with a comma before it unless it opens the object. */
void json_key(struct buf *out, const char *key);
void json_text(struct buf *out, const char *key, struct str value);
/* null where empty. */
void json_text_or_null(struct buf *out, const char *key, struct str value);
void json_bool(struct buf *out, const char *key, bool value);
void json_i64(struct buf *out, const char *key, int64_t value);
/* As a string, as the Mastodon API writes ids; null for 0. */
void json_id(struct buf *out, const char *key, int64_t id);
/* null for 0. */
void json_time(struct buf *out, const char *key, int64_t ms);

#endif
