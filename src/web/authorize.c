/* Where somebody lets an app in: log-in and consent as plain pages without script (RFC 6749 §4.1, RFC 7636), in English and German.
 *
 * The parameters travel through the forms as hidden fields and are checked anew at each step. An address that is not the app's own is never
 * redirected to. Forms carry a CSRF token: of the session, or before there is one tied to a cookie of the form. */
#include "base/id.h"
#include "core/log_in.h"
#include "core/oauth.h"
#include "core/secret.h"
#include "core/sign_up.h"
#include "core/site.h"
#include "core/site_text.h"
#include "store/account.h"
#include "web/assets.h"
#include "web/routes.h"
#include "web/words.h"
#include "wire/url.h"

#define FORM_COOKIE "freehold_form"

struct asking {
	struct str client_id, redirect_uri, response_type, scope, state, challenge, method, lang;
	struct app_row app;
	int64_t scopes;
	struct str site_title;
	const struct words *w;
};

/* ── the page's frame ── */

static void put_redirect_source(struct rq *rq, struct buf *head, const struct asking *a) {
	struct url u;
	if (str_eq(a->redirect_uri, S(OAUTH_OUT_OF_BAND)) || str_empty(a->redirect_uri) || !url_split(a->redirect_uri, &u))
		return;
	buf_byte(head, ' ');
	buf_put(head, u.scheme);
	buf_byte(head, ':');
	if (!str_starts_ci(u.scheme, S("http")))
		return;
	for (size_t i = 0; i < u.host.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", u.host.p[i]))
			return;
	buf_lit(head, "//");
	buf_put(head, u.host);
	if (u.port)
		buf_printf(head, ":%d", u.port);
}

static void begin(struct rq *rq, const struct asking *a, struct str title) {
	struct buf *out = rq_out(rq);
	buf_clear(out);
	buf_printf(out,
	           "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	           "content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n<title>",
	           language_code(a->w->language));
	buf_html_text(out, title);
	buf_lit(out, " · ");
	buf_html_text(out, a->site_title);
	buf_printf(out,
	           "</title>\n<link rel=\"icon\" href=\"/icons/icon.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" "
	           "href=\"/%s\">\n</head>\n"
	           "<body class=\"o-page\">\n<main class=\"o-card\">\n<p class=\"o-site\">",
	           asset_shell.page_css);
	buf_html_text(out, a->site_title);
	buf_lit(out, "</p>\n<h1>");
	buf_html_text(out, title);
	buf_lit(out, "</h1>\n");
}

/* Browsers hold a form's redirect to form-action too, so the app's own address must stand there. */
static enum handled end(struct rq *rq, const struct asking *a, int status) {
	struct buf *head = &rq->x->reply.head;
	buf_lit(rq_out(rq), "</main>\n</body>\n</html>\n");
	buf_lit(head, "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors "
	              "'none'; form-action 'self'");
	put_redirect_source(rq, head, a);
	buf_lit(head, "\r\nX-Frame-Options: DENY\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: "
	              "private, no-store\r\nVary: Accept-Language\r\n");
	return reply_html(rq, status);
}

static enum handled page_trouble(struct rq *rq, struct asking *a, int status, const char *text) {
	a->redirect_uri = STR_NONE;
	begin(rq, a, str_of(a->w->trouble));
	buf_lit(rq_out(rq), "<p role=\"alert\">");
	buf_html_text(rq_out(rq), str_of(text));
	buf_lit(rq_out(rq), "</p>\n");
	return end(rq, a, status);
}

static void put_hidden(struct buf *out, const char *name, struct str value) {
	if (str_empty(value))
		return;
	buf_printf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	buf_html_text(out, value);
	buf_lit(out, "\">\n");
}

static void put_parameters(struct buf *out, const struct asking *a) {
	put_hidden(out, "client_id", a->client_id);
	put_hidden(out, "redirect_uri", a->redirect_uri);
	put_hidden(out, "response_type", a->response_type);
	put_hidden(out, "scope", a->scope);
	put_hidden(out, "state", a->state);
	put_hidden(out, "code_challenge", a->challenge);
	put_hidden(out, "code_challenge_method", a->method);
	put_hidden(out, "lang", a->lang);
}

/* ── the parameters ── */

static err read_asking(struct rq *rq, struct asking *a) {
	struct site_text site;
	struct str method = param(rq, "code_challenge_method");
	*a = (struct asking){.client_id = param(rq, "client_id"),
	                     .redirect_uri = param(rq, "redirect_uri"),
	                     .response_type = param(rq, "response_type"),
	                     .scope = param(rq, "scope"),
	                     .state = param(rq, "state"),
	                     .challenge = param(rq, "code_challenge"),
	                     .method = method,
	                     .lang = param(rq, "lang")};
	a->w = a->lang.n ? words_of(language_for(a->lang)) : words_for(rq);
	TRY(site_text_read(&rq->c, &site));
	a->site_title = site.title;
	return NULL;
}

/* To the app, with the pairs of the answer behind what its address holds already. */
static enum handled to_app(struct rq *rq, const struct asking *a, const char *name, struct str value) {
	BUF_AUTO to = {0};
	buf_put(&to, a->redirect_uri);
	url_add_pair(&to, str_of(name), value);
	if (a->state.n)
		url_add_pair(&to, S("state"), a->state);
	buf_lit(&rq->x->reply.head, "Cache-Control: private, no-store\r\nReferrer-Policy: no-referrer\r\n");
	return reply_redirect(rq, 303, arena_str(rq->c.arena, buf_str(&to)));
}

static enum handled app_error(struct rq *rq, struct asking *a, const char *error, const char *text) {
	if (str_eq(a->redirect_uri, S(OAUTH_OUT_OF_BAND)))
		return page_trouble(rq, a, 400, text);
	return to_app(rq, a, "error", str_of(error));
}

static bool is_challenge(struct str s) {
	if (s.n != 43)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", s.p[i]) || !s.p[i])
			return false;
	return true;
}

/* True when everything is right; else *done is the answer. Who the app is and where it lives comes first: nothing is sent to an address
 * that is not its own. */
static bool check(struct rq *rq, struct asking *a, enum handled *done) {
	enum oauth_error error;
	err e = app_authenticate(&rq->c, a->client_id, STR_NONE, false, &a->app, &error);
	if (e)
		*done = reply_err(rq, e);
	else if (error)
		*done = page_trouble(rq, a, 400, a->w->unknown_app);
	else if (!app_redirects_to(&a->app, a->redirect_uri))
		*done = page_trouble(rq, a, 400, a->w->foreign_address);
	else if (!str_eq(a->response_type, S("code")))
		*done = app_error(rq, a, "unsupported_response_type", a->w->bad_request);
	else if (scopes_parse(a->scope.n ? a->scope : S("read"), &a->scopes) || a->scopes & ~a->app.scopes)
		*done = app_error(rq, a, "invalid_scope", a->w->bad_scope);
	else if ((a->challenge.n || a->method.n) && (!str_eq(a->method, S("S256")) || !is_challenge(a->challenge)))
		*done = app_error(rq, a, "invalid_request", a->w->bad_request);
	else
		return true;
	return false;
}

/* ── logging in ── */

/* The same cookie serves all forms that are open in this browser. */
static struct str form_csrf(struct rq *rq) {
	struct str cookie = rq_cookie(rq, S(FORM_COOKIE));
	char unused[SECRET_HASH];
	if (cookie.n != 43) {
		cookie = secret_new(rq->c.arena, unused);
		rq_set_cookie(rq, S(FORM_COOKIE), cookie, 3600);
	}
	return secret_form_csrf(rq->c.arena, rq->c.site, cookie);
}

static bool form_csrf_fits(struct rq *rq) {
	struct str cookie = rq_cookie(rq, S(FORM_COOKIE));
	return cookie.n == 43 && str_eq_secret(param(rq, "csrf"), secret_form_csrf(rq->c.arena, rq->c.site, cookie));
}

static enum handled page_log_in(struct rq *rq, const struct asking *a, int status, struct str trouble) {
	struct str login = param(rq, "login");
	begin(rq, a, str_of(a->w->log_in));
	struct buf *out = rq_out(rq);
	buf_lit(out, "<p>");
	buf_html_text(out, str_of(a->w->log_in_for));
	buf_lit(out, " <strong>");
	buf_html_text(out, a->app.name);
	buf_lit(out, "</strong></p>\n");
	if (trouble.n) {
		buf_lit(out, "<p class=\"o-trouble\" role=\"alert\">");
		buf_html_text(out, trouble);
		buf_lit(out, "</p>\n");
	}
	buf_lit(out, "<form method=\"post\" action=\"/oauth/login\">\n");
	put_parameters(out, a);
	put_hidden(out, "csrf", form_csrf(rq));
	buf_printf(out,
	           "<label for=\"login\">%s</label>\n<input id=\"login\" name=\"login\" type=\"text\" autocomplete=\"username\" "
	           "autocapitalize=\"none\" "
	           "spellcheck=\"false\" required autofocus value=\"",
	           a->w->name_or_email);
	buf_html_text(out, login);
	buf_printf(out,
	           "\">\n<label for=\"password\">%s</label>\n<input id=\"password\" name=\"password\" type=\"password\" "
	           "autocomplete=\"current-password\" "
	           "required>\n<button class=\"o-main\" type=\"submit\">%s</button>\n</form>\n<p class=\"o-aside\"><a "
	           "href=\"/forgot\">%s</a></p>\n",
	           a->w->password, a->w->log_in, a->w->forgot);
	return end(rq, a, status);
}

static const char *log_in_trouble(const struct words *w, enum err_code code) {
	switch (code) {
	case ERR_THROTTLED: return w->too_often;
	case ERR_FORBIDDEN: return w->barred;
	default: return w->wrong;
	}
}

static const char *join_trouble(const struct site *site, const struct words *w, enum join_state state) {
	if (state != JOIN_UNCONFIRMED)
		return w->pending;
	return site_confirms(site->config) == CONFIRM_PHONE ? w->no_phone : w->unconfirmed;
}

static err open_session(struct rq *rq, int64_t account_id) {
	struct str secret;
	TRY(log_in_open(&rq->c, account_id, rq->x->peer, rq_header(rq, S("User-Agent")), &secret));
	rq_set_cookie(rq, S(SESSION_COOKIE), secret, 365 * 86400);
	return NULL;
}

/* Back to the consent page by an address, so that reloading it sends no password. */
static enum handled to_consent(struct rq *rq, const struct asking *a) {
	const struct {
		const char *name;
		struct str value;
	} pairs[] = {
	    {"client_id", a->client_id}, {"redirect_uri", a->redirect_uri}, {"response_type", a->response_type},  {"scope", a->scope},
	    {"state", a->state},         {"code_challenge", a->challenge},  {"code_challenge_method", a->method}, {"lang", a->lang}};
	BUF_AUTO to = {0};
	buf_lit(&to, "/oauth/authorize");
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i].value.n)
			url_add_pair(&to, str_of(pairs[i].name), pairs[i].value);
	buf_lit(&rq->x->reply.head, "Cache-Control: private, no-store\r\n");
	return reply_redirect(rq, 303, arena_str(rq->c.arena, buf_str(&to)));
}

enum handled web_oauth_login(struct rq *rq) {
	struct log_in in = {.login = param(rq, "login"), .password = param(rq, "password"), .address = rq->x->peer};
	struct member_row m = {0};
	struct asking a;
	enum handled done;
	int64_t wait;
	TRY_RQ(rq, read_asking(rq, &a));
	if (!check(rq, &a, &done))
		return done;
	if (!form_csrf_fits(rq))
		return page_log_in(rq, &a, 403, str_of(a.w->stale));
	err e = log_in_check(&rq->c, &in, &m, &wait);
	if (e && (e->code == ERR_INTERNAL || e->code == ERR_UNAVAILABLE))
		return reply_err(rq, e);
	if (e)
		return page_log_in(rq, &a, err_http_status(e->code), str_of(log_in_trouble(a.w, e->code)));
	enum join_state state = join_state_of(m.flags);
	if (state != JOIN_ACTIVE)
		return page_log_in(rq, &a, 403, str_of(join_trouble(rq->c.site, a.w, state)));
	TRY_RQ(rq, open_session(rq, m.account_id));
	return to_consent(rq, &a);
}

/* ── consent ── */

/* NULL for those that are shown by their name. */
static const char *scope_sentence(const struct words *w, struct str scope) {
	const struct {
		struct str name;
		const char *text;
	} scopes[] = {{S("read"), w->may_read},
	              {S("write"), w->may_write},
	              {S("follow"), w->may_follow},
	              {S("push"), w->may_push},
	              {S("profile"), w->may_profile},
	              {S("admin:read"), w->may_admin_read},
	              {S("admin:write"), w->may_admin_write}};
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
		if (str_eq(scopes[i].name, scope))
			return scopes[i].text;
	return NULL;
}

static void put_scopes(struct buf *out, const struct asking *a) {
	BUF_AUTO text = {0};
	scopes_text(&text, a->scopes);
	struct str rest = buf_str(&text);
	buf_lit(out, "<ul class=\"o-scopes\">\n");
	while (rest.n) {
		struct str scope = str_cut(&rest, ' ');
		const char *sentence = scope_sentence(a->w, scope);
		buf_put(out, sentence ? S("<li>") : S("<li><code>"));
		buf_html_text(out, sentence ? str_of(sentence) : scope);
		buf_put(out, sentence ? S("</li>\n") : S("</code></li>\n"));
	}
	buf_lit(out, "</ul>\n");
}

static void put_switch(struct buf *out, const struct asking *a) {
	buf_lit(out, "<form class=\"o-aside\" method=\"get\" action=\"/oauth/authorize\">\n");
	put_parameters(out, a);
	put_hidden(out, "force_login", S("true"));
	buf_printf(out, "<button class=\"o-link\" type=\"submit\">%s</button>\n</form>\n", a->w->other_account);
}

static enum handled page_consent(struct rq *rq, const struct asking *a) {
	struct account_row me;
	bool found;
	TRY_RQ(rq, store_account_by_id(rq->c.arena, rq->c.db, rq->c.viewer, &me, &found));
	if (!found)
		return page_log_in(rq, a, 200, STR_NONE);
	begin(rq, a, str_of(a->w->consent));
	struct buf *out = rq_out(rq);
	buf_lit(out, "<p class=\"o-app\"><strong>");
	buf_html_text(out, a->app.name);
	buf_printf(out, "</strong> %s <strong>@", a->w->wants);
	buf_html_text(out, me.username);
	buf_lit(out, "</strong>:</p>\n");
	put_scopes(out, a);
	buf_lit(out, "<form method=\"post\" action=\"/oauth/authorize\">\n");
	put_parameters(out, a);
	put_hidden(out, "csrf", rq_csrf(rq));
	buf_printf(out,
	           "<div class=\"o-row\"><button class=\"o-main\" type=\"submit\" name=\"decision\" value=\"allow\">%s</button>\n"
	           "<button class=\"o-soft\" type=\"submit\" name=\"decision\" value=\"deny\">%s</button></div>\n</form>\n",
	           a->w->allow, a->w->deny);
	put_switch(out, a);
	return end(rq, a, 200);
}

static bool is_logged_in(struct rq *rq) { return rq->session.token_id && !rq->session.app_id && !session_may(&rq->session, USER, 0); }

enum handled web_oauth_authorize(struct rq *rq) {
	struct asking a;
	enum handled done;
	bool again;
	TRY_RQ(rq, read_asking(rq, &a));
	if (!check(rq, &a, &done))
		return done;
	err e = param_bool(rq, "force_login", false, &again);
	if (e || again || !is_logged_in(rq))
		return page_log_in(rq, &a, 200, STR_NONE);
	return page_consent(rq, &a);
}

static enum handled page_code(struct rq *rq, struct asking *a, struct str code) {
	a->redirect_uri = STR_NONE;
	begin(rq, a, str_of(a->w->code));
	struct buf *out = rq_out(rq);
	buf_printf(out, "<p>%s</p>\n<p><code class=\"o-code\">", a->w->copy_code);
	buf_html_text(out, code);
	buf_lit(out, "</code></p>\n");
	return end(rq, a, 200);
}

enum handled web_oauth_consent(struct rq *rq) {
	struct asking a;
	struct str code;
	enum handled done;
	TRY_RQ(rq, read_asking(rq, &a));
	if (!check(rq, &a, &done))
		return done;
	if (!is_logged_in(rq))
		return page_log_in(rq, &a, 401, STR_NONE);
	if (!str_eq_secret(param(rq, "csrf"), rq_csrf(rq)))
		return page_trouble(rq, &a, 403, a.w->stale);
	if (!str_eq(param(rq, "decision"), S("allow")))
		return app_error(rq, &a, "access_denied", a.w->denied);
	TRY_RQ(rq, oauth_code(&rq->c, &a.app, a.scopes, a.redirect_uri, a.challenge, &code));
	if (str_eq(a.redirect_uri, S(OAUTH_OUT_OF_BAND)))
		return page_code(rq, &a, code);
	return to_app(rq, &a, "code", code);
}
