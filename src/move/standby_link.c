#include "base/id.h"
#include "base/must.h"
#include "move/origin.h"
#include "move/standby_inside.h"

#include <jansson.h>

enum { REPLY_MAX = 256 * 1024 * 1024, PORTION_MS = 1000 };

void answer_free(struct answer *a) { fetch_free(&a->x); }

/* What the origin says in {"error": …}. */
static err refused(const struct fetch *x) {
	json_t *doc = json_loadb(x->reply.p, x->reply.n, 0, NULL);
	const char *said = json_string_value(json_object_get(doc, "error"));
	enum err_code code = x->status == 401   ? ERR_UNAUTHORIZED
	                     : x->status == 404 ? ERR_NOT_FOUND
	                     : x->status == 410 ? ERR_GONE
	                                        : ERR_UNAVAILABLE;
	err e = err_public(code, "the origin answered %d: %.200s", x->status, said ? said : "nothing that can be read");
	json_decref(doc);
	return e;
}

static struct str nonce_new(char text[33]) {
	unsigned char raw[16];
	random_bytes(raw, sizeof raw);
	BUF_AUTO b = {0};
	buf_hex(&b, str_mem(raw, sizeof raw));
	memcpy(text, b.p, 32);
	text[32] = 0;
	return str_mem(text, 32);
}

/* Names and values of headers for a request, with room for one more; the strings live in the arena. Any thread: not the portion. */
static struct str *set_request(const struct origin *o, const char *method, struct str target, struct arena *a, struct str nonce,
                               struct fetch *x) {
	struct str *headers = arena_many(a, struct str, 5);
	headers[0] = arena_printf(a, "Freehold-Standby: %.*s", S_ARG(o->key));
	headers[1] = arena_printf(a, "Freehold-Nonce: %.*s", S_ARG(nonce));
	headers[2] = arena_printf(a, "Freehold-Schema: %d " FREEHOLD_VERSION, store_schema());
	headers[3] = o->epoch;
	x->method = str_of(method);
	x->url = o->url;
	x->target = target;
	x->headers = headers;
	x->header_count = o->epoch.n ? 4 : 3;
	x->ca_file = o->ca_file;
	x->leave = o->leave;
	x->body_fd = -1;
	x->reply_max = REPLY_MAX;
	return headers;
}

static size_t next_portion(size_t now, const struct fetch *x) {
	int64_t ms = x->body_ms, n = (int64_t)x->reply.n;
	if (ms > PORTION_MS)
		now = (size_t)(n * PORTION_MS / ms);
	else if (ms < PORTION_MS / 2 && x->reply.n >= now / 2)
		now *= 2;
	return now < STANDBY_PORTION_MIN ? STANDBY_PORTION_MIN : now > STANDBY_PORTION_MAX ? STANDBY_PORTION_MAX : now;
}

err link_ask(struct origin *o, const char *method, struct str target, struct answer *out) {
	struct arena *a = arena_new();
	char text[33];
	struct str nonce = nonce_new(text);
	const char *why;
	struct str *headers = set_request(o, method, target, a, nonce, &out->x);
	headers[out->x.header_count++] = arena_printf(a, "Freehold-Portion: %zu", o->portion);
	out->x.packed = true;
	err e = fetch_run(o->fetcher, &out->x);
	arena_free(&a);
	TRY(e);
	if (out->x.status != 200)
		return refused(&out->x);
	o->portion = next_portion(o->portion, &out->x);
	if (!copy_stream_open(buf_str(&out->x.reply), o->proof, nonce, &out->lines, &why))
		return err_public(ERR_UNAVAILABLE, "the origin's answer to %.*s is refused: %s", S_ARG(str_first(target, 120)), why);
	return NULL;
}

err link_blob(const struct origin *o, struct str target, fetch_sink sink, void *ctx) {
	struct arena *a = arena_new();
	char text[33];
	struct fetch x = {.sink = sink, .sink_ctx = ctx};
	set_request(o, "GET", target, a, nonce_new(text), &x);
	err e = fetch_run(o->fetcher, &x);
	if (!e && x.status != 200)
		e = refused(&x);
	fetch_free(&x);
	arena_free(&a);
	return e;
}
