/* The outbound client: one HTTP request to a given address and its answer, over libcurl, which is transport only. Blocks its thread; any
 * thread.
 *
 * A fetcher keeps connections open between requests. Everything has an end: connecting after CONNECT, an answer that moves no byte for
 * STALL. Nothing is followed or retried here: who asks knows what it may repeat. */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "base/buf.h"
#include "base/err.h"

enum { FETCH_CONNECT_MS = 10000, FETCH_STALL_S = 30, FETCH_MAX_HEAD = 32 * 1024 };

struct fetcher;
struct fetcher *fetcher_new(void);
/* When nothing runs any more. */
void fetcher_free(struct fetcher **f);

typedef err (*fetch_sink)(void *ctx, struct str bytes);

struct fetch {
	/* The request. */
	struct str method;         /* "GET", "HEAD", "PUT", "POST", "DELETE" */
	struct str url;            /* scheme, host and port: "http://127.0.0.1:7480" */
	struct str target;         /* path and query as they shall stand in the request line */
	const struct str *headers; /* "Name: value" */
	size_t header_count;
	struct str ca_file; /* certificates to trust instead of the system's; may be empty */
	struct str body;    /* in memory, or */
	int body_fd;        /* (>= 0) body_size bytes of a file from body_offset */
	int64_t body_offset, body_size;
	int64_t stall_s;  /* 0: FETCH_STALL_S */
	int64_t total_ms; /* the whole request may take so long; 0: as long as it moves */
	bool packed;      /* the bytes may be packed on their way; here they are unpacked */
	/* The address is a stranger's (net/reach.h): no proxy and no connection that is kept. public_only: no connection to an address that
	 * is not public (wire/address.h), whatever a name stands for at that moment. */
	bool stranger, public_only;
	const _Atomic bool *leave; /* once it is true the request ends within about a second; may be NULL */
	/* Gets the body of a 2xx answer; an err of it ends the request and is what fetch_run returns. NULL: it is put into `reply`, as all
	 * others are, up to reply_max. */
	fetch_sink sink;
	void *sink_ctx;
	size_t reply_max;

	/* The answer. */
	int status;
	int64_t received;       /* bytes of the body, unpacked */
	int64_t body_ms;        /* from its first byte to its last */
	struct buf head, reply; /* header lines, the last answer's alone; the body */
	bool again;             /* fetch_run failed, and the same request may do better later */
	bool refused;           /* fetch_run failed, because of public_only */
};
void fetch_free(struct fetch *x);

/* NULL: an answer came whole, whatever its status. ERR_UNAVAILABLE otherwise, whose cause says what went wrong. May be called again with
 * the same request. */
err fetch_run(struct fetcher *f, struct fetch *x);

/* When the other side says it is, milliseconds since 1970; 0 when it does not say. */
int64_t fetch_date(const struct fetch *x);
/* The value of the answer's header; empty when there is none. */
struct str fetch_header(const struct fetch *x, struct str name);

#endif
