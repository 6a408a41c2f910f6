#include "web/page.h"

#include "core/site.h"
#include "core/site_text.h"
#include "web/assets.h"

/* ── the head ── */

static void put_meta(struct buf *out, const char *attribute, const char *name, struct str value) {
	if (str_empty(value))
		return;
	buf_printf(out, "<meta %s=\"%s\" content=\"", attribute, name);
	buf_html_text(out, value);
	buf_lit(out, "\">\n");
}

static void put_link(struct buf *out, const char *rel, struct str base, struct str path, const char *more) {
	if (str_empty(path))
		return;
	buf_printf(out, "<link rel=\"%s\" href=\"", rel);
	buf_html_text(out, base);
	buf_html_text(out, path);
	buf_printf(out, "\"%s>\n", more);
}

static void put_video(struct buf *out, const struct page_head *p) {
	if (str_empty(p->video))
		return;
	put_meta(out, "property", "og:video", p->video);
	put_meta(out, "property", "og:video:type", S("video/mp4"));
	buf_printf(out, "<meta property=\"og:video:width\" content=\"%d\">\n<meta property=\"og:video:height\" content=\"%d\">\n",
	           p->video_width, p->video_height);
}

/* What previews in chats and other networks show (ogp.me; Twitter's cards read the same). */
static void put_preview(struct buf *out, const struct site *site, const struct page_head *p, struct str site_title) {
	put_meta(out, "property", "og:site_name", site_title);
	put_meta(out, "property", "og:title", p->title);
	put_meta(out, "property", "og:description", p->description);
	put_meta(out, "property", "og:type", str_of(p->kind ? p->kind : "website"));
	if (p->path.n) {
		buf_lit(out, "<meta property=\"og:url\" content=\"");
		buf_html_text(out, site->base_url);
		buf_html_text(out, p->path);
		buf_lit(out, "\">\n");
	}
	put_meta(out, "property", "og:image", p->image);
	put_meta(out, "property", "og:image:alt", p->image_alt);
	put_video(out, p);
	put_meta(out, "name", "twitter:card", p->large_image ? S("summary_large_image") : S("summary"));
	put_meta(out, "name", "fediverse:creator", p->creator);
	if (p->published) {
		buf_lit(out, "<meta property=\"article:published_time\" content=\"");
		buf_iso8601(out, p->published);
		buf_lit(out, "\">\n");
	}
}

/* No script where nobody can be logged in: on a copy. */
static void put_client(struct buf *out, bool script) {
	if (!asset_shell.js)
		return;
	for (const char *const *font = asset_shell.fonts; *font; font++)
		buf_printf(out, "<link rel=\"preload\" href=\"/%s\" as=\"font\" type=\"font/woff2\" crossorigin>\n", *font);
	buf_printf(out, "<link rel=\"stylesheet\" href=\"/%s\">\n", asset_shell.css);
	if (!script)
		return;
	buf_printf(out, "<script type=\"module\" src=\"/%s\"></script>\n", asset_shell.js);
	for (const char *const *part = asset_shell.preload; *part; part++)
		buf_printf(out, "<link rel=\"modulepreload\" href=\"/%s\">\n", *part);
}

static void put_head(struct buf *out, const struct site *site, const struct page_head *p, struct str site_title) {
	buf_printf(out,
	           "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\n<title>",
	           language_code(p->words->language));
	buf_html_text(out, p->title);
	if (p->title.n && !str_eq(p->title, site_title))
		buf_lit(out, " · ");
	if (!str_eq(p->title, site_title))
		buf_html_text(out, site_title);
	buf_lit(out, "</title>\n");
	put_meta(out, "name", "description", p->description);
	put_meta(out, "name", "robots", p->noindex ? S("noindex, noarchive") : STR_NONE);
	put_link(out, "canonical", site->base_url, p->path, "");
	put_preview(out, site, p, site_title);
	put_link(out, "alternate", site->base_url, p->feed, " type=\"application/atom+xml\"");
	put_link(out, "alternate", STR_NONE, p->oembed, " type=\"application/json+oembed\"");
	for (size_t i = 0; i < p->me_count; i++)
		put_link(out, "me", STR_NONE, p->me[i], "");
	buf_lit(out, "<link rel=\"icon\" href=\"/icons/icon.svg\" type=\"image/svg+xml\">\n<link rel=\"apple-touch-icon\" "
	             "href=\"/icons/apple-touch-icon.png\">\n"
	             "<link rel=\"manifest\" href=\"/manifest.webmanifest\">\n"
	             "<meta name=\"theme-color\" content=\"#f6f3ea\" media=\"(prefers-color-scheme: light)\">\n"
	             "<meta name=\"theme-color\" content=\"#0d1713\" media=\"(prefers-color-scheme: dark)\">\n");
	buf_printf(out, "<link rel=\"stylesheet\" href=\"/%s\">\n", asset_shell.page_css);
	if (!p->embedded)
		put_client(out, !p->without_client && !site->standby);
	buf_lit(out, "</head>\n");
}

/* ── the body's frame ── */

static void put_bar(struct buf *out, const struct words *w, struct str site_title) {
	buf_lit(out,
	        "<header class=\"p-bar\"><a class=\"p-home\" href=\"/\"><img src=\"/icons/icon.svg\" alt=\"\" width=\"30\" height=\"30\">");
	buf_html_text(out, site_title);
	buf_printf(out, "</a><nav aria-label=\"%s\"><a href=\"/about\">%s</a>", w->network, w->about);
	if (asset_shell.js)
		buf_printf(out, "<a href=\"/login\">%s</a>", w->log_in);
	buf_lit(out, "</nav></header>\n");
}

err page_begin(struct ctx *c, struct buf *out, const struct page_head *p) {
	struct site_text text;
	TRY(site_text_read(c, &text));
	put_head(out, c->site, p, text.title);
	buf_printf(out, "<body%s>\n<div id=\"app\"><div class=\"p-page\">\n", p->embedded ? " class=\"p-embedded\"" : "");
	if (!p->embedded)
		put_bar(out, p->words, text.title);
	buf_lit(out, "<main>\n");
	return NULL;
}

void page_end(struct buf *out, const struct page_head *p) {
	buf_lit(out, "</main>\n");
	if (!p->embedded)
		buf_printf(out,
		           "<footer class=\"p-foot\"><a href=\"/about\">%s</a> <a href=\"/privacy\">%s</a> <a href=\"/source\">%s</a> "
		           "<span>%s " FREEHOLD_VERSION "</span></footer>\n",
		           p->words->about, p->words->privacy, p->words->source, p->words->runs_on);
	buf_lit(out, "</div></div>\n</body>\n</html>\n");
}

/* ── the reply ── */

enum handled page_reply(struct rq *rq, int status, bool embedded) {
	buf_lit(&rq->x->reply.head,
	        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; "
	        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; form-action 'self'; "
	        "base-uri 'none'; ");
	if (embedded)
		buf_lit(&rq->x->reply.head, "frame-ancestors *\r\n");
	else
		buf_lit(&rq->x->reply.head,
		        "frame-ancestors 'none'\r\nX-Frame-Options: DENY\r\nCross-Origin-Opener-Policy: same-origin\r\n");
	buf_lit(&rq->x->reply.head, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nCache-Control: no-cache\r\n"
	                            "Vary: Accept-Language\r\n");
	return reply_html(rq, status);
}

struct ctx page_ctx(struct rq *rq) {
	struct ctx c = rq->c;
	c.viewer = 0;
	c.role = ROLE_USER;
	return c;
}

enum handled page_err(struct rq *rq, err e) {
	if (!rq->c.db)
		return MISS;
	if (e->code == ERR_INTERNAL || e->code == ERR_UNAVAILABLE)
		return reply_err(rq, e);
	int status = err_http_status(e->code);
	bool lost = e->code == ERR_NOT_FOUND;
	const struct words *w = words_for(rq);
	struct page_head p = {.words = w, .title = str_of(lost ? w->lost : w->trouble), .noindex = true};
	struct ctx c = page_ctx(rq);
	struct buf *out = rq_out(rq);
	buf_clear(out);
	TRY_RQ(rq, page_begin(&c, out, &p));
	buf_printf(out, "<section class=\"p-lost\"><h1>%s</h1><p>%s</p><p><a href=\"/\">%s</a></p></section>\n", p.title.p,
	           lost ? w->lost_text : w->bad_address, w->to_start);
	page_end(out, &p);
	return page_reply(rq, status, false);
}
