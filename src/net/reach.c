#include "net/reach.h"

#include "base/clock.h"
#include "base/must.h"
#include "wire/url.h"

#include <curl/curl.h>
#include <idn2.h>

enum { REDIRECT_BODY = 256 * 1024 };

/* ── addresses ── */

static bool may_be_asked(const struct url *u, bool anywhere) {
	bool https = str_eq_ci(u->scheme, S("https"));
	if (!https && !str_eq_ci(u->scheme, S("http")))
		return false;
	return u->host.n && !u->has_userinfo && (anywhere || u->port == 0 || u->port == (https ? 443 : 80));
}

/* A host of letters of any script becomes ASCII (IDNA2008). curl would read it in the locale's charset. */
static bool host_to_ascii(CURLU *u) {
	char *host = NULL, *ascii = NULL;
	bool done = curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	bool plain = true;
	for (const char *c = host; done && *c; c++)
		plain = plain && (unsigned char)*c < 0x80;
	if (done && !plain)
		done = idn2_to_ascii_8z(host, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
		       curl_url_set(u, CURLUPART_HOST, ascii, 0) == CURLUE_OK;
	if (ascii)
		idn2_free(ascii);
	curl_free(host);
	return done;
}

static char *join(CURLU *u, const char *base, const char *said) {
	char *text = NULL;
	if (base && curl_url_set(u, CURLUPART_URL, base, 0) != CURLUE_OK)
		return NULL;
	/* Strangers write spaces and letters of all scripts into addresses. */
	if (curl_url_set(u, CURLUPART_URL, said, CURLU_URLENCODE) != CURLUE_OK)
		return NULL;
	curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	if (!host_to_ascii(u))
		return NULL;
	return curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK ? text : NULL;
}

bool reach_address(struct arena *a, struct str base, struct str said, bool anywhere, struct str *out) {
	if (!said.n || said.n > REACH_ADDRESS_MAX || str_chr(said, 0) >= 0)
		return false;
	CURLU *u = curl_url();
	must(u);
	struct url parts;
	char *text = join(u, base.n ? arena_str(a, base).p : NULL, arena_str(a, said).p);
	*out = arena_str(a, str_of(text));
	curl_free(text);
	curl_url_cleanup(u);
	return out->n && out->n <= REACH_ADDRESS_MAX && url_split(*out, &parts) && may_be_asked(&parts, anywhere);
}

struct str reach_host(struct arena *a, struct str url) {
	struct url parts;
	return url_split(url, &parts) ? arena_str(a, parts.host) : STR_NONE;
}

/* ── asking ── */

/* For errors: an address may itself be the secret that somebody sent somebody. */
static struct str shown(struct str url) {
	struct url parts;
	return url_split(url, &parts) ? parts.host : S("an address");
}

struct taking {
	struct reach *r;
	bool full;
};

static err take(void *arg, struct str bytes) {
	struct taking *t = arg;
	size_t room = t->r->most - t->r->body.n;
	buf_put(&t->r->body, str_first(bytes, room));
	t->full = bytes.n > room;
	return t->full ? err_private(ERR_INVALID, "%.*s: the answer is too long", S_ARG(shown(t->r->at))) : NULL;
}

/* The server and the request line of an address. */
static void split(struct arena *a, struct str url, struct fetch *x) {
	struct str rest = str_skip(url, (size_t)str_find(url, S("://")) + 3);
	size_t n = 0;
	while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?')
		n++;
	x->url = str_first(url, url.n - rest.n + n);
	struct str target = str_skip(rest, n);
	x->target = str_starts(target, S("/")) ? target : arena_printf(a, "/%.*s", S_ARG(target));
}

static err one_hop(struct arena *a, struct fetcher *f, struct reach *r, int64_t left_ms, struct str *location) {
	struct taking t = {r, false};
	struct fetch x = {
	    .method = S("GET"),
	    .headers =
	        (struct str[]){arena_printf(a, "User-Agent: %.*s", S_ARG(r->agent)), arena_printf(a, "Accept: %.*s", S_ARG(r->accept))},
	    .header_count = 2,
	    .body_fd = -1,
	    .total_ms = left_ms,
	    .leave = r->leave,
	    .stranger = true,
	    .packed = true,
	    .public_only = !r->anywhere,
	    .sink = take,
	    .sink_ctx = &t,
	    .reply_max = REDIRECT_BODY,
	};
	split(a, r->at, &x);
	buf_clear(&r->body);
	err e = fetch_run(f, &x);
	if (e && t.full && r->cut)
		e = NULL;
	r->status = x.status;
	r->again = e && x.again;
	r->type = arena_str(a, fetch_header(&x, S("content-type")));
	*location = x.status / 100 == 3 ? arena_str(a, fetch_header(&x, S("location"))) : STR_NONE;
	fetch_free(&x);
	return e;
}

err reach_run(struct arena *a, struct fetcher *f, struct reach *r) {
	int64_t until = clock_mono_ms() + r->total_ms;
	struct str next = r->url;
	r->again = false;
	for (int hop = 0; hop <= REACH_HOPS; hop++) {
		struct str location;
		int64_t left = until - clock_mono_ms();
		if (!reach_address(a, r->at, next, r->anywhere, &r->at))
			return err_private(ERR_INVALID, "%.*s: not an address that may be asked", S_ARG(shown(next)));
		r->again = left <= 0;
		if (left <= 0)
			return err_private(ERR_UNAVAILABLE, "%.*s: it took too long", S_ARG(shown(r->at)));
		TRY(one_hop(a, f, r, left, &location));
		if (!location.n)
			return NULL;
		next = location;
	}
	return err_private(ERR_INVALID, "%.*s: too many redirects", S_ARG(shown(r->url)));
}

void reach_free(struct reach *r) { buf_free(&r->body); }
