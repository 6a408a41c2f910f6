#include "net/trust.h"

#include "base/must.h"
#include "base/vec.h"
#include "wire/cidr.h"
#include "wire/proxy.h"

struct trust {
	VEC(struct cidr) ranges;
};

err trust_new(struct trust **out, struct str list) {
	struct trust *t = xcalloc(1, sizeof *t);
	struct str item;
	while (cidr_next(&list, &item)) {
		struct cidr range;
		if (!cidr_parse(item, &range)) {
			trust_free(&t);
			return err_public(ERR_INVALID, "\"%.*s\" is not an address or a range of them", S_ARG(item));
		}
		vec_push(NULL, &t->ranges, range);
	}
	*out = t;
	return NULL;
}

void trust_free(struct trust **t) {
	if (!*t)
		return;
	vec_free(&(*t)->ranges);
	free(*t);
	*t = NULL;
}

bool trust_has(const struct trust *t, const struct address *peer) {
	struct cidr one = {.prefix = 128};
	memcpy(one.bytes, peer->b, sizeof one.bytes);
	for (size_t i = 0; i < t->ranges.n; i++)
		if (cidr_contains(&t->ranges.v[i], &one))
			return true;
	return false;
}

/* Several X-Forwarded-For lines are one list, in order; the walk begins at the last line's end. */
static bool client_of(const struct trust *t, const struct http1_request *req, struct address *client) {
	bool found = false;
	for (int i = req->header_count - 1; i >= 0; i--) {
		struct address next;
		bool bad;
		if (!str_eq_ci(req->headers[i].name, S("x-forwarded-for")))
			continue;
		struct str list = req->headers[i].value;
		while (proxy_last_forwarded(&list, &next, &bad)) {
			*client = next;
			found = true;
			if (!trust_has(t, &next))
				return true;
		}
		if (bad)
			return found;
	}
	return found;
}

/* Names that proxies and networks in front write; most of a request's headers differ from all in length or first letter. */
static bool is_forwarding_header(struct str name) {
	static const struct str names[] = {{"via", 3},
	                                   {"forwarded", 9},
	                                   {"x-real-ip", 9},
	                                   {"x-client-ip", 11},
	                                   {"true-client-ip", 14},
	                                   {"cf-connecting-ip", 16},
	                                   {"fastly-client-ip", 16},
	                                   {"x-cluster-client-ip", 19}};
	if (str_starts_ci(name, S("x-forwarded-")))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (name.n == names[i].n && str_eq_ci(name, names[i]))
			return true;
	return false;
}

void trust_read(const struct trust *t, struct exchange *x, const struct address *peer, struct str peer_text, bool tls, bool proxied) {
	x->peer = peer_text;
	x->secure = tls;
	x->forwarded = proxied;
	for (int i = 0; i < x->req->header_count && !x->forwarded; i++)
		x->forwarded = is_forwarding_header(x->req->headers[i].name);
	x->loopback = !x->forwarded && address_is_loopback(peer);
	if (!x->forwarded || !trust_has(t, peer))
		return;
	struct address client;
	if (client_of(t, x->req, &client))
		x->peer = address_text(&client, arena_alloc(x->arena, ADDRESS_TEXT));
	struct str proto = http1_header(x->req, S("x-forwarded-proto"));
	if (proto.n)
		x->secure = str_eq_ci(proto, S("https"));
}
