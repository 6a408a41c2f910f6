/* Strangers' addresses, as posts name them: asked over the outbound client (net/fetch.h) so that nobody reaches through us what only we can
 * reach. Blocks its thread; any thread.
 *
 * Only http and https, without a user name in the address, on their own ports, to public addresses: each connection's address is checked as
 * it is made, so that neither a name that stands for a private one nor one that changes helps. Redirects are followed at most REACH_HOPS
 * times, each under the same rules. Everything has an end: time in all, bytes (after unpacking), redirects. */
#ifndef NET_REACH_H
#define NET_REACH_H

#include "base/arena.h"
#include "net/fetch.h"

enum { REACH_HOPS = 3, REACH_ADDRESS_MAX = 2048 };

struct reach {
	/* The request: GET. */
	struct str url;    /* as reach_address made it */
	struct str accept; /* "text/html" */
	struct str agent;  /* User-Agent */
	size_t most;       /* bytes of the body; of more than these */
	bool cut;          /* the first are taken; false: it fails */
	int64_t total_ms;
	bool anywhere; /* private addresses and all ports too: for networks that want it, and tests */
	const _Atomic bool *leave;

	/* The answer. */
	int status;      /* of the last hop */
	struct str at;   /* its address */
	struct str type; /* its Content-Type */
	struct buf body; /* reach_free */
	bool again;      /* reach_run failed, and may do better later */
};

/* The absolute address that `said` is, seen from the page at `base` (empty: it is absolute itself): normalised, its host in ASCII, without
 * a fragment, at most REACH_ADDRESS_MAX bytes, in the arena. False when it is no address that may be asked. */
bool reach_address(struct arena *a, struct str base, struct str said, bool anywhere, struct str *out);
/* The host of such an address, as in a URL. */
struct str reach_host(struct arena *a, struct str url);

/* NULL: an answer that is no redirect came, whatever its status. The strings live in the arena. */
err reach_run(struct arena *a, struct fetcher *f, struct reach *r);
void reach_free(struct reach *r);

#endif
