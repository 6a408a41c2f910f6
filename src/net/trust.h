/* Who the client is: the peer itself, or whom a trusted proxy names (design §4). Read-only after the start; any thread. */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include "net/server.h"
#include "wire/address.h"

struct trust;

/* "10.0.0.0/8, ::1": ERR_INVALID names the item that is not an address or range. Empty trusts nobody. */
err trust_new(struct trust **out, struct str list);
void trust_free(struct trust **t);

bool trust_has(const struct trust *t, const struct address *peer);

/* Fills x->peer, secure, forwarded and loopback from the connection's peer (as text too) and, where that is trusted, from
 * X-Forwarded-For and X-Forwarded-Proto: the rightmost address that is not itself trusted is the client.
 * proxied: a PROXY header named the peer, which counts as a forwarding header. */
void trust_read(const struct trust *t, struct exchange *x, const struct address *peer, struct str peer_text, bool tls, bool proxied);

#endif
