/* One signed request to an object store, tried again with growing, random pauses where that may help (500, 503, 429, a broken or stalled
 * connection). Any thread. Inside blob/ only. */
#ifndef BLOB_S3_CALL_H
#define BLOB_S3_CALL_H

#include "base/arena.h"
#include "net/fetch.h"
#include "wire/sigv4.h"

#include <pthread.h>

enum { S3_TRIES = 6, S3_GIVE_UP_MS = 90 * 1000, S3_FIRST_PAUSE_MS = 100, S3_LAST_PAUSE_MS = 5000, S3_ANSWER_MAX = 4 * 1024 * 1024 };

/* Where the store is and who we are there. Strings are kept as long as it is. */
struct s3_place {
	struct fetcher *fetcher;
	struct str url, host;    /* "http://127.0.0.1:7480", "127.0.0.1:7480" */
	struct str root, bucket; /* root: the bucket in the path ("/bucket"), or empty when it is in the host's name */
	struct str region, key, secret, ca_file;
	pthread_mutex_t lock; /* of scope: the key of the present day */
	struct sigv4_scope scope;
};

struct s3_call {
	struct str method, key;                  /* key: of the object; empty: the bucket itself */
	struct sigv4_pair query[8], headers[12]; /* to be signed besides host, date and payload */
	size_t query_count, header_count;
	struct str payload;       /* SHA-256 of the body in hexadecimal; empty: made here of a body in memory */
	void (*again)(void *ctx); /* before another try: forgets what the sink was given */
	struct fetch fetch;       /* body, sink; then the answer */
	bool refused;             /* it failed and will again: keys, clock, bucket, rights */
};

void s3_call_query(struct s3_call *c, struct str name, struct str value);
void s3_call_header(struct s3_call *c, struct str name, struct str value);
void s3_call_free(struct s3_call *c);
#define S3_CALL_AUTO __attribute__((cleanup(s3_call_free))) struct s3_call

/* NULL: it was answered with 2xx, 304, 404, 412 or 416 (c->fetch.status). ERR_UNAVAILABLE: it refuses us or did not answer properly; the
 * cause says which and why. The arena is for what lives no longer than the call. */
err s3_call(struct s3_place *p, struct arena *a, struct s3_call *c);

/* "http://HOST/BUCKET/KEY?…" that anybody may GET for so many seconds. */
void s3_presigned(struct s3_place *p, struct buf *out, struct str key, const struct sigv4_pair *query, size_t n, int64_t seconds);

#endif
