#include "net/smtp.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/must.h"
#include "net/program.h"
#include "wire/address.h"
#include "wire/url.h"

#include <curl/curl.h>
#include <errno.h>
#include <unistd.h>

enum { TIMEOUT_MS = 60000, CONNECT_MS = 15000 };

/* One address as it may stand between < and > of the protocol, and as one word of sendmail's arguments. */
static bool is_mail_address(struct str s) {
	if (s.n < 3 || s.n > 320 || s.p[0] == '-' || str_chr(s, '@') < 0)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f || s.p[i] == '<' || s.p[i] == '>')
			return false;
	return true;
}

static bool is_sendmail(struct str to) { return str_eq(to, S("sendmail")) || str_starts(to, S("sendmail:/")); }

/* The parts of scheme://USER:PASSWORD@HOST, still encoded; password.p is NULL where there is none. */
static struct str user_of(struct str to, struct str *password) {
	struct str rest = str_skip(to, (size_t)str_find(to, S("//")) + 2);
	ptrdiff_t at = str_chr(rest, '@');
	*password = STR_NONE;
	if (at < 0)
		return STR_NONE;
	struct str user = str_first(rest, (size_t)at);
	ptrdiff_t colon = str_chr(user, ':');
	if (colon < 0)
		return user;
	*password = str_skip(user, (size_t)colon + 1);
	return str_first(user, (size_t)colon);
}

void smtp_route_name(struct buf *out, struct str to) {
	ptrdiff_t scheme = str_find(to, S("//")), colon = scheme < 0 ? -1 : str_chr(str_skip(to, (size_t)scheme + 2), ':');
	size_t last = to.n;
	while (last && to.p[last - 1] != '@')
		last--;
	if (colon < 0 || !last || (size_t)(scheme + 2 + colon) >= last) {
		buf_put(out, to);
		return;
	}
	buf_put(out, str_first(to, (size_t)(scheme + 2 + colon)));
	buf_put(out, str_skip(to, last - 1));
}

bool smtp_route_wants_password(struct str to) {
	struct str password;
	return !is_sendmail(to) && user_of(to, &password).n && !password.p;
}

err smtp_route_check(struct str to) {
	struct url u;
	struct str password;
	if (is_sendmail(to))
		return NULL;
	if (!url_split(to, &u) || (!str_eq(u.scheme, S("smtp")) && !str_eq(u.scheme, S("smtps"))) || str_empty(u.host) || u.path.n > 1 ||
	    u.query.n || u.fragment.n || (u.has_userinfo && str_empty(user_of(to, &password))))
		return err_public(
		    ERR_INVALID,
		    "a mail route is smtp://USER:PASSWORD@HOST:PORT, smtps://USER:PASSWORD@HOST:PORT, sendmail or sendmail:/PATH");
	return NULL;
}

/* ── SMTP ── */

static size_t give_message(char *to, size_t size, size_t count, void *arg) {
	struct str *rest = arg;
	size_t n = size * count < rest->n ? size * count : rest->n;
	if (n)
		memcpy(to, rest->p, n);
	*rest = str_skip(*rest, n);
	return n;
}

static bool is_loopback(struct str host) {
	struct address a;
	return str_eq_ci(host, S("localhost")) || (address_parse(host, &a) && address_is_loopback(&a));
}

/* Only a recipient is refused for good: every other 5xx may be this server's own affair (its log-in, its opinion of us), of which the next
 * route, or the same one tomorrow, knows nothing. */
static err failed(CURL *curl, CURLcode why, const char *detail) {
	long code = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	const char *text = detail[0] ? detail : curl_easy_strerror(why);
	enum err_code kind = code >= 500 && str_starts(str_of(detail), S("RCPT failed")) ? ERR_INVALID : ERR_UNAVAILABLE;
	if (!code)
		return err_private(kind, "mail not sent: %s", text);
	return err_private(kind, "mail not sent: %s (%ld)", text, code);
}

/* Everything of an exchange but what is said in it. */
static err prepare(const struct smtp_route *r, struct arena *a, char detail[CURL_ERROR_SIZE], CURL **out) {
	struct url u;
	struct str user, given, password;
	TRY(smtp_route_check(r->to));
	url_split(r->to, &u);
	TRY(url_decode_path(a, user_of(r->to, &given), &user));
	TRY(url_decode_path(a, given, &password));
	CURL *curl = *out = curl_easy_init();
	must(curl);
	bool brackets = str_chr(u.host, ':') >= 0;
	struct str port = u.port ? arena_printf(a, ":%d", u.port) : STR_NONE;
	struct str url = arena_printf(a, brackets ? "%.*s://[%.*s]%.*s/%.*s" : "%.*s://%.*s%.*s/%.*s", S_ARG(u.scheme), S_ARG(u.host),
	                              S_ARG(port), S_ARG(r->helo));
	int64_t timeout = r->timeout_ms ? r->timeout_ms : TIMEOUT_MS;
	detail[0] = 0;
	curl_easy_setopt(curl, CURLOPT_URL, url.p);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(timeout < CONNECT_MS ? timeout : CONNECT_MS));
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(user.n && !is_loopback(u.host) ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (user.n) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, arena_str(a, user).p);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, arena_str(a, given.p ? password : r->password).p);
	}
	if (r->ca_file.n)
		curl_easy_setopt(curl, CURLOPT_CAINFO, arena_str(a, r->ca_file).p);
	return NULL;
}

static err send_smtp(const struct smtp_route *r, struct arena *a, struct str from, struct str to, struct str message) {
	char detail[CURL_ERROR_SIZE];
	CURL *curl;
	TRY(prepare(r, a, detail, &curl));
	struct curl_slist *recipients = curl_slist_append(NULL, arena_printf(a, "<%.*s>", S_ARG(to)).p);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(a, "<%.*s>", S_ARG(from)).p);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
	curl_easy_setopt(curl, CURLOPT_READDATA, &message);
	CURLcode why = curl_easy_perform(curl);
	err e = why == CURLE_OK ? NULL : failed(curl, why, detail);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return e;
}

static size_t ignore(char *bytes, size_t size, size_t count, void *arg) { return size * count; }

static err ask_smtp(const struct smtp_route *r, struct arena *a) {
	char detail[CURL_ERROR_SIZE];
	CURL *curl;
	TRY(prepare(r, a, detail, &curl));
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	CURLcode why = curl_easy_perform(curl);
	err e = why == CURLE_OK ? NULL : failed(curl, why, detail);
	curl_easy_cleanup(curl);
	return e;
}

/* ── sendmail ── */

/* sendmail reads lines that end in LF. */
static void put_unix_lines(struct buf *out, struct str message) {
	while (message.n) {
		struct str line = str_cut(&message, '\n');
		if (str_ends(line, S("\r")))
			line.n--;
		buf_put(out, line);
		buf_byte(out, '\n');
	}
}

static const char *sendmail_path(const struct smtp_route *r, struct arena *a) {
	return str_eq(r->to, S("sendmail")) ? "/usr/sbin/sendmail" : arena_str(a, str_skip(r->to, 9)).p;
}

static err send_sendmail(const struct smtp_route *r, struct arena *a, struct str from, struct str to, struct str message) {
	BUF_AUTO text = {0};
	char *argv[] = {program_word(a, S("sendmail")),
	                program_word(a, S("-i")),
	                program_word(a, S("-f")),
	                program_word(a, from),
	                program_word(a, S("--")),
	                program_word(a, to),
	                NULL};
	put_unix_lines(&text, message);
	struct program c = {.path = sendmail_path(r, a), .argv = argv, .input = buf_str(&text)};
	c.timeout_ms = r->timeout_ms ? r->timeout_ms : TIMEOUT_MS;
	err e = program_run(&c, NULL);
	struct err kept = e ? *e : (struct err){0};
	return e ? err_private(kept.code, "mail not sent: %s", kept.cause) : NULL;
}

err smtp_send(const struct smtp_route *r, struct str from, struct str to, struct str message) {
	if (!is_mail_address(from) || !is_mail_address(to))
		return err_public(ERR_INVALID, "The e-mail address is malformed");
	struct arena *a = arena_new();
	err e = is_sendmail(r->to) ? send_sendmail(r, a, from, to, message) : send_smtp(r, a, from, to, message);
	arena_free(&a);
	return e;
}

err smtp_ask(const struct smtp_route *r) {
	struct arena *a = arena_new();
	err e;
	if (!is_sendmail(r->to))
		e = ask_smtp(r, a);
	else if (access(sendmail_path(r, a), X_OK) == 0)
		e = NULL;
	else
		e = err_private(ERR_UNAVAILABLE, "%s: %s", sendmail_path(r, a), strerror(errno));
	arena_free(&a);
	return e;
}
