/* The network's own pages: the start, about, privacy, hashtags, pages of the client, and what is not there. */
#include "web/routes.h"

#include "core/site.h"
#include "core/site_text.h"
#include "core/text.h"
#include "store/public.h"
#include "store/rule.h"
#include "store/tag.h"
#include "web/assets.h"
#include "web/page.h"
#include "web/post.h"
#include "web/profile.h"
#include "web/thread.h"
#include "wire/text.h"

enum { POSTS_A_PAGE = 20 };

/* ── /, /about, /privacy ── */

static void put_words(struct ctx *c, struct buf *out, struct str text) {
	buf_lit(out, "<div class=\"p-text\" dir=\"auto\">");
	text_html(c->arena, out, c->site, text, NULL, 0);
	buf_lit(out, "</div>\n");
}

static void put_ways_in(struct buf *out, const struct words *w, const struct site_text *text) {
	buf_lit(out, "<p class=\"p-ways\">");
	if (!asset_shell.js)
		buf_put(out, str_of(w->no_client));
	else if (text->registrations == REGISTRATIONS_CLOSED || text->registrations == REGISTRATIONS_INVITE)
		buf_printf(out, "<a class=\"p-button\" href=\"/login\">%s</a> <a href=\"/public/local\">%s</a>", w->log_in, w->look_around);
	else
		buf_printf(out, "<a class=\"p-button\" href=\"/signup\">%s</a> <a href=\"/login\">%s</a> <a href=\"/public/local\">%s</a>",
		           w->join, w->log_in, w->look_around);
	buf_lit(out, "</p>\n");
}

enum handled web_start(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct site_text text;
	TRY_PAGE(rq, site_text_read(&c, &text));
	const struct words *w = words_for(rq);
	struct page_head p = {.words = w, .title = text.title, .description = text.description, .path = S("/"), .kind = "website"};
	struct buf *out = rq_out(rq);
	TRY_PAGE(rq, page_begin(&c, out, &p));
	buf_lit(out, "<section class=\"p-start\"><h1>");
	buf_html_text(out, text.title);
	buf_lit(out, "</h1>\n");
	if (text.description.n)
		put_words(&c, out, text.description);
	else
		buf_printf(out, "<p>%s</p>\n", w->welcome);
	put_ways_in(out, w, &text);
	buf_lit(out, "</section>\n");
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

static err put_rules(struct ctx *c, struct buf *out, const struct words *w) {
	struct rule_row *rules;
	size_t n;
	TRY(store_rules(c->arena, c->db, &rules, &n));
	if (!n)
		return NULL;
	buf_printf(out, "<h2>%s</h2>\n<ol class=\"p-rules\">\n", w->rules);
	for (size_t i = 0; i < n; i++) {
		buf_lit(out, "<li>");
		buf_html_text(out, rules[i].text);
		if (rules[i].hint.n) {
			buf_lit(out, "<br><small>");
			buf_html_text(out, rules[i].hint);
			buf_lit(out, "</small>");
		}
		buf_lit(out, "</li>\n");
	}
	buf_lit(out, "</ol>\n");
	return NULL;
}

enum handled web_about(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct site_text text;
	TRY_PAGE(rq, site_text_read(&c, &text));
	const struct words *w = words_for(rq);
	struct page_head p = {
	    .words = w, .title = str_of(w->about), .description = text.description, .path = S("/about"), .kind = "website"};
	struct buf *out = rq_out(rq);
	TRY_PAGE(rq, page_begin(&c, out, &p));
	buf_printf(out, "<section class=\"p-words\"><h1>%s ", w->about_site);
	buf_html_text(out, text.title);
	buf_lit(out, "</h1>\n");
	put_words(&c, out, text.description);
	put_words(&c, out, text.extended_description);
	if (!text.description.n && !text.extended_description.n)
		buf_printf(out, "<p>%s</p>\n", w->welcome);
	TRY_PAGE(rq, put_rules(&c, out, w));
	if (text.contact_email.n) {
		buf_printf(out, "<h2>%s</h2>\n<p><a href=\"mailto:", w->contact);
		buf_html_text(out, text.contact_email);
		buf_lit(out, "\">");
		buf_html_text(out, text.contact_email);
		buf_lit(out, "</a></p>\n");
	}
	buf_lit(out, "</section>\n");
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

enum handled web_privacy(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct site_text text;
	TRY_PAGE(rq, site_text_read(&c, &text));
	const struct words *w = words_for(rq);
	struct page_head p = {.words = w, .title = str_of(w->privacy), .path = S("/privacy"), .kind = "website"};
	struct buf *out = rq_out(rq);
	TRY_PAGE(rq, page_begin(&c, out, &p));
	buf_printf(out, "<section class=\"p-words\"><h1>%s</h1>\n", w->privacy);
	put_words(&c, out, site_privacy(&text, w->language));
	if (text.privacy_policy.n)
		buf_printf(out, "<p>%s</p>\n", w->program_privacy);
	buf_lit(out, "</section>\n");
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

/* ── /tags/NAME ── */

static err put_tagged(struct ctx *c, struct buf *out, const struct words *w, struct str folded) {
	struct tag tag;
	bool found;
	int64_t *ids = NULL;
	size_t n = 0;
	TRY(store_tag_by_name(c->arena, c->db, folded, &tag, &found));
	if (found)
		TRY(store_public_of_tag(c->arena, c->db, tag.id, 0, POSTS_A_PAGE, &ids, &n));
	buf_lit(out, "<section class=\"p-posts\">\n");
	for (size_t i = 0; i < n; i++) {
		struct post p;
		err e = post_load(c, ids[i], NULL, &p);
		if (e && e->code != ERR_NOT_FOUND)
			return e;
		if (!e)
			post_html(c, out, w, &p, POST_IN_LIST);
	}
	if (!n)
		buf_printf(out, "<p class=\"p-none\">%s</p>\n", w->tag_none);
	buf_lit(out, "</section>\n");
	return NULL;
}

enum handled web_tag(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct str typed = path_text(rq, 0);
	TRY_PAGE(rq, str_utf8(typed) && str_chr(typed, 0) < 0 ? NULL : err_plain(ERR_NOT_FOUND));
	struct str folded = text_tag_fold(c.arena, typed);
	BUF_AUTO path = {0};
	buf_lit(&path, "/tags/");
	buf_url_segment(&path, folded);
	struct page_head p = {.words = words_for(rq),
	                      .title = arena_printf(c.arena, "#%.*s", S_ARG(typed)),
	                      .path = buf_str(&path),
	                      .kind = "website",
	                      .noindex = true};
	struct buf *out = rq_out(rq);
	TRY_PAGE(rq, page_begin(&c, out, &p));
	buf_lit(out, "<h1 class=\"p-tag\">");
	buf_html_text(out, p.title);
	buf_lit(out, "</h1>\n");
	TRY_PAGE(rq, put_tagged(&c, out, p.words, folded));
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

/* Of "@alice": "alice". False for what can be nobody's name. */
static bool read_name(struct str segment, struct str *name) {
	*name = str_skip(segment, 1);
	for (size_t i = 0; i < name->n; i++) {
		char ch = name->p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '.' ||
		      ch == '-'))
			return false;
	}
	return str_starts(segment, S("@")) && name->n;
}

/* ── people and posts: "/@alice" has no slash before the name, so it comes as one segment ── */

enum handled web_person(struct rq *rq) {
	struct str name;
	if (!read_name(path_text(rq, 0), &name))
		return rq->c.db ? web_missing(rq) : MISS;
	if (!str_ends(name, S(".atom")))
		return profile_page(rq, name);
	return rq->c.db ? profile_feed(rq, str_first(name, name.n - 5)) : MISS;
}

enum handled web_person_part(struct rq *rq) {
	static const char *const parts[] = {"with_replies", "media", "followers", "following"};
	struct str name, part = path_text(rq, 1);
	int64_t id;
	if (!read_name(path_text(rq, 0), &name))
		return web_missing(rq);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_eq(part, str_of(parts[i])))
			return profile_page(rq, name);
	TRY_PAGE(rq, str_i64(part, &id) ? NULL : err_plain(ERR_NOT_FOUND));
	return thread_page(rq, name, id);
}

enum handled web_post_part(struct rq *rq) {
	struct str name;
	int64_t id;
	if (!read_name(path_text(rq, 0), &name))
		return web_missing(rq);
	TRY_PAGE(rq, path_id(rq, 1, &id));
	return thread_page(rq, name, id);
}

/* ── pages that only the client draws, and the rest ── */

enum handled web_client(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct page_head p = {.words = words_for(rq), .noindex = true};
	struct buf *out = rq_out(rq);
	struct site_text text;
	TRY_PAGE(rq, site_text_read(&c, &text));
	p.title = text.title;
	TRY_PAGE(rq, page_begin(&c, out, &p));
	if (asset_shell.js)
		buf_printf(out, "<noscript><p class=\"p-none\">%s</p></noscript>\n", p.words->needs_script);
	else
		buf_printf(out, "<p class=\"p-none\">%s</p>\n", p.words->no_client);
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

/* A browser gets a page; programs get what the API answers. */
enum handled web_missing(struct rq *rq) {
	static const char *const programs[] = {"/api/", "/oauth/", "/auth/", "/.well-known/", "/nodeinfo/", "/media/", "/assets/"};
	bool page = rq->x->req->method == HTTP_GET && str_find(rq_header(rq, S("Accept")), S("text/html")) >= 0;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		page = page && !str_starts(rq->x->req->path, str_of(programs[i]));
	return page ? page_err(rq, err_plain(ERR_NOT_FOUND)) : reply_err(rq, err_plain(ERR_NOT_FOUND));
}
