#include "net/fetch.h"

#include "base/arena.h"
#include "base/must.h"
#include "wire/address.h"

#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KEEP_MAX = 64, BUFFER = 256 * 1024, UPLOAD_BUFFER = 512 * 1024, LEAST_BYTES_PER_S = 1024 };

/* Each handle keeps its connections; the one used last is taken first. */
struct fetcher {
	pthread_mutex_t lock;
	CURL *kept[KEEP_MAX];
	int n;
};

struct fetcher *fetcher_new(void) {
	struct fetcher *f = xcalloc(1, sizeof *f);
	pthread_mutex_init(&f->lock, NULL);
	must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	return f;
}

void fetcher_free(struct fetcher **fp) {
	struct fetcher *f = *fp;
	if (!f)
		return;
	while (f->n)
		curl_easy_cleanup(f->kept[--f->n]);
	pthread_mutex_destroy(&f->lock);
	free(f);
	*fp = NULL;
}

static CURL *take(struct fetcher *f) {
	pthread_mutex_lock(&f->lock);
	CURL *c = f->n ? f->kept[--f->n] : NULL;
	pthread_mutex_unlock(&f->lock);
	if (!c)
		c = curl_easy_init();
	must(c);
	return c;
}

static void give_back(struct fetcher *f, CURL *c) {
	curl_easy_reset(c);
	pthread_mutex_lock(&f->lock);
	bool room = f->n < KEEP_MAX;
	if (room)
		f->kept[f->n++] = c;
	pthread_mutex_unlock(&f->lock);
	if (!room)
		curl_easy_cleanup(c);
}

void fetch_free(struct fetch *x) {
	buf_free(&x->head);
	buf_free(&x->reply);
}

/* One run of a request. */
struct run {
	struct fetch *x;
	CURL *curl;
	int64_t sent;
	err failed; /* what the sink returned */
	bool overflow;
};

/* ── what goes out ── */

static int64_t body_size(const struct fetch *x) { return x->body_fd >= 0 ? x->body_size : (int64_t)x->body.n; }

static size_t give_body(char *to, size_t size, size_t count, void *arg) {
	struct run *r = arg;
	const struct fetch *x = r->x;
	int64_t left = body_size(x) - r->sent;
	size_t n = size * count < (size_t)left ? size * count : (size_t)left;
	if (x->body_fd < 0) {
		if (n)
			memcpy(to, x->body.p + r->sent, n);
	} else if (n) {
		ssize_t got;
		do
			got = pread(x->body_fd, to, n, x->body_offset + r->sent);
		while (got < 0 && errno == EINTR);
		if (got <= 0)
			return CURL_READFUNC_ABORT;
		n = (size_t)got;
	}
	r->sent += (int64_t)n;
	return n;
}

/* A kept connection turned out to be dead: the body is sent once more. */
static int rewind_body(void *arg, curl_off_t offset, int origin) {
	struct run *r = arg;
	if (origin != SEEK_SET || offset < 0 || offset > body_size(r->x))
		return CURL_SEEKFUNC_FAIL;
	r->sent = offset;
	return CURL_SEEKFUNC_OK;
}

/* ── what comes in ── */

static size_t take_header(char *p, size_t size, size_t count, void *arg) {
	struct run *r = arg;
	struct str line = {p, size * count};
	/* A new status line: what came before was "100 Continue". */
	if (str_starts(line, S("HTTP/")))
		buf_clear(&r->x->head);
	if (r->x->head.n + line.n > FETCH_MAX_HEAD)
		return 0;
	buf_put(&r->x->head, line);
	return line.n;
}

static size_t take_body(char *p, size_t size, size_t count, void *arg) {
	struct run *r = arg;
	struct fetch *x = r->x;
	struct str bytes = {p, size * count};
	long status = 0;
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &status);
	x->received += (int64_t)bytes.n;
	if (x->sink && status / 100 == 2) {
		r->failed = x->sink(x->sink_ctx, bytes);
		return r->failed ? 0 : bytes.n;
	}
	r->overflow = x->reply.n + bytes.n > x->reply_max;
	if (r->overflow)
		return 0;
	buf_put(&x->reply, bytes);
	return bytes.n;
}

/* ── running ── */

static void set_method(CURL *c, const struct fetch *x, struct arena *a, struct run *r) {
	if (str_eq(x->method, S("HEAD"))) {
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
		return;
	}
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, arena_str(a, x->method).p);
	if (!str_eq(x->method, S("PUT")) && !str_eq(x->method, S("POST")))
		return;
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)body_size(x));
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(c, CURLOPT_READDATA, r);
	curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, rewind_body);
	curl_easy_setopt(c, CURLOPT_SEEKDATA, r);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
}

static struct curl_slist *set_headers(CURL *c, const struct fetch *x, struct arena *a) {
	struct curl_slist *list = NULL;
	for (size_t i = 0; i < x->header_count; i++) {
		struct curl_slist *longer = curl_slist_append(list, arena_str(a, x->headers[i]).p);
		must(longer);
		list = longer;
	}
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	return list;
}

/* Called while nothing moves too, about once a second. */
static int may_go_on(void *arg, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now) {
	const struct fetch *x = arg;
	return *x->leave;
}

static void set_limits(CURL *c, struct fetch *x) {
	if (x->leave) {
		curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, may_go_on);
		curl_easy_setopt(c, CURLOPT_XFERINFODATA, x);
	}
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)LEAST_BYTES_PER_S);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)(x->stall_s ? x->stall_s : FETCH_STALL_S));
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, (long)BUFFER);
}

/* ── strangers' addresses ── */

static bool is_public(const struct sockaddr *sa) {
	struct address a = {.b = {[10] = 0xff, [11] = 0xff}};
	if (sa->sa_family == AF_INET)
		memcpy(a.b + 12, &((const struct sockaddr_in *)sa)->sin_addr, 4);
	else if (sa->sa_family == AF_INET6)
		memcpy(a.b, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
	else
		return false;
	return !address_is_private(&a);
}

/* Asked for the very address a connection is about to be made to: what the name stands for a moment later does not matter. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to) {
	struct fetch *x = arg;
	if (!is_public(&to->addr)) {
		x->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void set_stranger(CURL *c, struct fetch *x) {
	if (x->total_ms)
		curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)x->total_ms);
	if (!x->stranger)
		return;
	/* A proxy would make the connection in our place, past all checks. */
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	if (x->public_only) {
		curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, x);
	}
}

static err outcome(struct run *r, CURLcode why, const char *detail) {
	struct fetch *x = r->x;
	long status = 0;
	curl_off_t first = 0, last = 0;
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(r->curl, CURLINFO_STARTTRANSFER_TIME_T, &first);
	curl_easy_getinfo(r->curl, CURLINFO_TOTAL_TIME_T, &last);
	x->status = (int)status;
	x->body_ms = (last - first) / 1000;
	if (r->failed)
		return r->failed;
	if (why == CURLE_OK)
		return NULL;
	if (r->overflow)
		return err_private(ERR_UNAVAILABLE, "%.*s: the answer is too long", S_ARG(x->url));
	if (x->refused)
		return err_private(ERR_INVALID, "%.*s: not a public address", S_ARG(x->url));
	x->again = why != CURLE_PEER_FAILED_VERIFICATION && why != CURLE_SSL_CACERT_BADFILE && why != CURLE_URL_MALFORMAT &&
	           why != CURLE_ABORTED_BY_CALLBACK;
	return err_private(ERR_UNAVAILABLE, "%.*s: %s", S_ARG(x->url), detail[0] ? detail : curl_easy_strerror(why));
}

err fetch_run(struct fetcher *f, struct fetch *x) {
	struct arena *a = arena_new();
	CURL *c = take(f);
	struct run r = {.x = x, .curl = c};
	char detail[CURL_ERROR_SIZE] = "";
	buf_clear(&x->head);
	buf_clear(&x->reply);
	x->received = 0;
	x->again = x->refused = false;
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
	curl_easy_setopt(c, CURLOPT_URL, arena_printf(a, "%.*s/", S_ARG(x->url)).p);
	curl_easy_setopt(c, CURLOPT_REQUEST_TARGET, arena_str(a, x->target).p);
	if (x->ca_file.n)
		curl_easy_setopt(c, CURLOPT_CAINFO, arena_str(a, x->ca_file).p);
	if (x->packed)
		curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	set_limits(c, x);
	set_stranger(c, x);
	set_method(c, x, a, &r);
	struct curl_slist *headers = set_headers(c, x, a);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, &r);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &r);
	err e = outcome(&r, curl_easy_perform(c), detail);
	curl_slist_free_all(headers);
	give_back(f, c);
	arena_free(&a);
	return e;
}

struct str fetch_header(const struct fetch *x, struct str name) {
	struct str lines = buf_str(&x->head);
	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		if (line.n > name.n && line.p[name.n] == ':' && str_eq_ci(str_first(line, name.n), name))
			return str_trim(str_skip(line, name.n + 1));
	}
	return STR_NONE;
}

int64_t fetch_date(const struct fetch *x) {
	char text[64];
	struct str date = fetch_header(x, S("date"));
	snprintf(text, sizeof text, "%.*s", S_ARG(date));
	time_t t = curl_getdate(text, NULL);
	return t < 0 ? 0 : (int64_t)t * 1000;
}
