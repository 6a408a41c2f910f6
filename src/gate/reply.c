#include "gate/reply.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "core/language.h"
#include "core/site.h"
#include "wire/cookie.h"

void reply_forget(struct reply *r) {
	must(r->kind != REPLY_FILE && r->kind != REPLY_PIECES && r->kind != REPLY_STREAM);
	struct buf head = r->head, body = r->body;
	buf_clear(&head);
	buf_clear(&body);
	*r = (struct reply){.head = head, .body = body, .fd = -1};
}

static void put_error(struct buf *out, struct str text) {
	buf_lit(out, "{\"error\":");
	buf_json_string(out, text);
	buf_byte(out, '}');
}

static void json(struct reply *r, int status) {
	r->kind = REPLY_BYTES;
	r->status = status;
	r->type = "application/json; charset=utf-8";
}

void reply_bare(struct exchange *x, int status, struct str text) {
	reply_forget(&x->reply);
	put_error(&x->reply.body, text);
	json(&x->reply, status);
}

struct buf *rq_out(struct rq *rq) {
	return &rq->x->reply.body;
}

static enum handled finish_json(struct rq *rq, int status) {
	buf_put(&rq->x->reply.head, S("Cache-Control: private, no-store\r\nX-Content-Type-Options: nosniff\r\n"));
	json(&rq->x->reply, status);
	return DONE;
}

/* A view could not say what it should: no half answer leaves. */
enum handled reply_json(struct rq *rq, int status) { return rq->c.broken ? reply_err(rq, rq->c.broken) : finish_json(rq, status); }

enum handled reply_empty(struct rq *rq) {
	buf_clear(rq_out(rq));
	buf_lit(rq_out(rq), "{}");
	return reply_json(rq, 200);
}

enum handled reply_html(struct rq *rq, int status) {
	rq->x->reply.kind = REPLY_BYTES;
	rq->x->reply.status = status;
	rq->x->reply.type = "text/html; charset=utf-8";
	return DONE;
}

enum handled reply_redirect(struct rq *rq, int status, struct str to) {
	buf_clear(rq_out(rq));
	reply_header(&rq->x->reply, S("Location"), to);
	rq->x->reply.kind = REPLY_BYTES;
	rq->x->reply.status = status;
	return DONE;
}

/* Who may be read from other origins, without credentials: the API, the token routes, discovery and media; never pages, which carry a
 * session. */
static bool is_shared(struct str path) {
	static const struct str prefixes[] = {{"/api/", 5},         {"/.well-known/", 13}, {"/nodeinfo/", 10},
	                                      {"/media/", 7},       {"/avatars/", 9},      {"/headers/", 9},
	                                      {"/oauth/token", 12}, {"/oauth/revoke", 13}, {"/oauth/userinfo", 15}};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(path, prefixes[i]))
			return true;
	return false;
}

static bool wants_page(struct rq *rq) {
	return rq->x->req->method == HTTP_GET && !is_shared(rq->x->req->path) && str_find(rq_header(rq, S("Accept")), S("text/html")) >= 0;
}

/* What people see while the database is away: it needs nothing of it; or of a copy, where there is nothing but reading. */
static enum handled reply_away(struct rq *rq, struct str why) {
	static const char *const words[LANGUAGES][4] = {
	    [LANGUAGE_EN] = {"en", "Back in a moment", "This network cannot answer right now. Please try again in a moment.",
	                     "A copy, only to read"},
	    [LANGUAGE_DE] = {"de", "Gleich wieder da", "Dieses Netzwerk kann gerade nicht antworten. Bitte versuche es gleich noch einmal.",
	                     "Eine Kopie, nur zum Lesen"},
	};
	_Static_assert(LANGUAGES == 2, "each language has its words above");
	const char *const *w = words[language_for(rq_header(rq, S("Accept-Language")))];
	bool copy = rq->c.site->standby != NULL;
	const char *title = copy ? w[3] : w[1];
	buf_printf(rq_out(rq),
	           "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n</head>\n"
	           "<body>\n<main><h1>%s</h1><p%s>",
	           w[0], title, title, copy ? " lang=\"en\"" : "");
	buf_html_text(rq_out(rq), copy ? why : str_of(w[2]));
	buf_lit(rq_out(rq), "</p></main>\n</body>\n</html>\n");
	buf_put(&rq->x->reply.head, S("Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
	                              "X-Content-Type-Options: nosniff\r\nVary: Accept, Accept-Language\r\n"));
	return reply_html(rq, err_http_status(ERR_UNAVAILABLE));
}

enum handled reply_err(struct rq *rq, err e) {
	if (rq->c.missed)
		return MISS;
	struct err made = rq->c.broken ? *rq->c.broken : *e;
	if (made.cause[0] || made.code == ERR_INTERNAL)
		log_line(made.code == ERR_INTERNAL || made.code == ERR_UNAVAILABLE ? LOG_ERROR : LOG_INFO, "%s %.*s: %s (%s)",
		         http_method_name(rq->x->req->method), S_ARG(rq->x->req->path), made.text, made.cause);
	reply_forget(&rq->x->reply);
	if (made.code == ERR_UNAVAILABLE)
		reply_header(&rq->x->reply, S("Retry-After"), S("5"));
	if (made.code == ERR_UNAVAILABLE && wants_page(rq))
		return reply_away(rq, str_of(made.text));
	put_error(rq_out(rq), str_of(made.text));
	if (made.code == ERR_UNAUTHORIZED)
		reply_header(&rq->x->reply, S("WWW-Authenticate"), S("Bearer realm=\"Freehold\""));
	return finish_json(rq, err_http_status(made.code));
}

struct str rq_header(const struct rq *rq, struct str name) {
	return http1_header(rq->x->req, name);
}

void rq_set_cookie(struct rq *rq, struct str name, struct str value, int64_t max_age_s) {
	BUF_AUTO line = {0};
	cookie_set(&line, name, value, max_age_s, rq->x->secure || str_starts(rq->c.site->base_url, S("https:")));
	reply_header(&rq->x->reply, S("Set-Cookie"), buf_str(&line));
}

void reply_cross_origin(struct exchange *x, struct str path) {
	if (!is_shared(path))
		return;
	/* Whoever asks: a picture kept for a page that shows it serves a script that reads it, too. */
	buf_lit(&x->reply.head, "Access-Control-Allow-Origin: *\r\n");
	if (http1_header(x->req, S("Origin")).n)
		buf_lit(&x->reply.head, "Access-Control-Expose-Headers: Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
		                        "Idempotency-Key, Retry-After, Freehold-Epoch\r\n");
}

void reply_limits(struct exchange *x, const struct limit_state *limit) {
	if (!limit->limit)
		return;
	struct buf *head = &x->reply.head;
	buf_lit(head, "X-RateLimit-Limit: ");
	buf_i64(head, limit->limit);
	buf_lit(head, "\r\nX-RateLimit-Remaining: ");
	buf_i64(head, limit->remaining);
	buf_lit(head, "\r\nX-RateLimit-Reset: ");
	buf_iso8601(head, limit->reset_at);
	buf_lit(head, "\r\n");
	if (limit->refused)
		buf_printf(head, "Retry-After: %lld\r\n", (long long)((limit->reset_at - clock_ms()) / 1000 + 1));
}

static void put_methods(struct buf *out, unsigned allowed) {
	if (allowed & (1U << HTTP_GET))
		allowed |= 1U << HTTP_HEAD;
	buf_lit(out, "OPTIONS");
	for (int m = 0; m < HTTP_METHOD_COUNT; m++)
		if (m != HTTP_OPTIONS && (allowed & (1U << m)))
			buf_printf(out, ", %s", http_method_name((enum http_method)m));
}

void reply_not_allowed(struct exchange *x, unsigned allowed) {
	reply_bare(x, 405, S("This method is not allowed here"));
	buf_lit(&x->reply.head, "Allow: ");
	put_methods(&x->reply.head, allowed);
	buf_lit(&x->reply.head, "\r\n");
}

void reply_preflight(struct exchange *x, unsigned allowed) {
	struct buf *head = &x->reply.head;
	buf_lit(head, "Allow: ");
	put_methods(head, allowed);
	buf_lit(head, "\r\n");
	if (is_shared(x->req->path) && http1_header(x->req, S("Origin")).n) {
		buf_lit(head, "Access-Control-Allow-Methods: ");
		put_methods(head, allowed);
		buf_lit(head, "\r\nAccess-Control-Allow-Headers: *, Authorization, Content-Type, "
		              "Idempotency-Key\r\nAccess-Control-Max-Age: 86400\r\n");
	}
	x->reply.kind = REPLY_BYTES;
	x->reply.status = 204;
}
