/* /@alice.atom: the newest public posts of a person for feed readers (RFC 4287, pages by RFC 5005 §3). */
#include "web/routes.h"

#include "base/id.h"
#include "core/film.h"
#include "core/site.h"
#include "store/public.h"
#include "web/page.h"
#include "web/post.h"
#include "web/profile.h"

enum { ENTRIES_A_PAGE = 20, TITLE_MOST = 100 };

static void put_element(struct buf *out, const char *name, struct str text) {
	buf_printf(out, "<%s>", name);
	buf_html_text(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void put_link(struct buf *out, const char *rel, const char *type, struct str base, struct str path) {
	buf_printf(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
	buf_html_text(out, base);
	buf_html_text(out, path);
	buf_lit(out, "\"/>\n");
}

static void put_date(struct buf *out, const char *name, int64_t ms) {
	buf_printf(out, "<%s>", name);
	buf_iso8601(out, ms);
	buf_printf(out, "</%s>\n", name);
}

static void put_content(struct ctx *c, struct buf *out, const struct post *p) {
	BUF_AUTO html = {0};
	if (p->status.warning.n) {
		buf_lit(&html, "<p><strong>");
		buf_html_text(&html, p->status.warning);
		buf_lit(&html, "</strong></p>");
	}
	post_text_html(c, &html, p);
	buf_lit(out, "<content type=\"html\">");
	buf_html_text(out, buf_str(&html));
	buf_lit(out, "</content>\n");
}

static void put_enclosures(struct ctx *c, struct buf *out, const struct post *p) {
	for (size_t i = 0; i < p->media_count; i++) {
		const struct media *m = &p->media[i];
		buf_lit(out, "<link rel=\"enclosure\" type=\"");
		BUF_AUTO address = {0};
		media_address(&address, m);
		bool film = media_is_film(m->kind);
		buf_html_text(out, !film ? m->type : m->kind == MEDIA_AUDIO ? S("audio/mp4") : S("video/mp4"));
		/* Of a film the row counts all its renditions. */
		if (!film)
			buf_printf(out, "\" length=\"%lld", (long long)m->size);
		buf_lit(out, "\" href=\"");
		buf_html_text(out, c->site->base_url);
		buf_lit(out, "/media/");
		buf_html_text(out, buf_str(&address));
		buf_lit(out, "\"");
		if (m->description.n) {
			buf_lit(out, " title=\"");
			buf_html_text(out, m->description);
			buf_lit(out, "\"");
		}
		buf_lit(out, "/>\n");
	}
}

static int64_t changed_at(const struct post *p) { return p->status.edited_at ? p->status.edited_at : id_ms(p->status.id); }

static void put_entry(struct ctx *c, struct buf *out, const struct post *p) {
	struct str path = post_path(c->arena, p);
	buf_lit(out, "<entry>\n<id>");
	buf_html_text(out, c->site->base_url);
	buf_html_text(out, path);
	buf_lit(out, "</id>\n");
	put_element(out, "title", post_plain(c, p, TITLE_MOST));
	put_date(out, "published", id_ms(p->status.id));
	put_date(out, "updated", changed_at(p));
	put_link(out, "alternate", "text/html", c->site->base_url, path);
	put_enclosures(c, out, p);
	put_content(c, out, p);
	buf_lit(out, "</entry>\n");
}

static void put_feed_head(struct ctx *c, struct buf *out, const struct account_row *r, int64_t updated) {
	struct str page = arena_printf(c->arena, "/@%.*s", S_ARG(r->username));
	buf_lit(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>");
	buf_html_text(out, c->site->base_url);
	buf_html_text(out, page);
	buf_lit(out, ".atom</id>\n");
	put_element(out, "title", account_title(c->arena, r));
	if (r->note.n)
		put_element(out, "subtitle", r->note);
	put_date(out, "updated", updated);
	put_element(out, "logo", account_picture(c->arena, c->site, r));
	buf_lit(out, "<author>\n");
	put_element(out, "name", account_title(c->arena, r));
	put_element(out, "uri", arena_printf(c->arena, "%.*s%.*s", S_ARG(c->site->base_url), S_ARG(page)));
	buf_lit(out, "</author>\n");
	put_link(out, "alternate", "text/html", c->site->base_url, page);
	put_link(out, "self", "application/atom+xml", c->site->base_url, arena_printf(c->arena, "%.*s.atom", S_ARG(page)));
}

static err render(struct ctx *c, struct buf *out, struct str name, int64_t below) {
	struct account_row r;
	int64_t *ids;
	size_t n;
	TRY(profile_find(c, name, &r));
	TRY(store_public_of_author(c->arena, c->db, r.id, below, ENTRIES_A_PAGE, &ids, &n));
	struct post *posts = arena_many(c->arena, struct post, n + 1);
	size_t seen = 0;
	int64_t updated = r.changed_at;
	for (size_t i = 0; i < n; i++) {
		err e = post_load(c, ids[i], &r, &posts[seen]);
		if (e && e->code != ERR_NOT_FOUND)
			return e;
		if (e)
			continue;
		if (changed_at(&posts[seen]) > updated)
			updated = changed_at(&posts[seen]);
		seen++;
	}
	put_feed_head(c, out, &r, updated);
	if (n == ENTRIES_A_PAGE)
		put_link(out, "next", "application/atom+xml", c->site->base_url,
		         arena_printf(c->arena, "/@%.*s.atom?max_id=%lld", S_ARG(r.username), (long long)ids[n - 1]));
	for (size_t i = 0; i < seen; i++)
		put_entry(c, out, &posts[i]);
	buf_lit(out, "</feed>\n");
	return NULL;
}

enum handled profile_feed(struct rq *rq, struct str name) {
	int64_t below;
	struct ctx c = page_ctx(rq);
	TRY_PAGE(rq, param_i64(rq, "max_id", 0, &below));
	TRY_PAGE(rq, render(&c, rq_out(rq), name, below));
	struct reply *r = &rq->x->reply;
	buf_printf(&r->head, "ETag: \"%016llx\"\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n",
	           (unsigned long long)str_hash(buf_str(rq_out(rq))));
	buf_lit(&r->head, "Content-Security-Policy: default-src 'none'; sandbox\r\n");
	r->kind = REPLY_BYTES;
	r->status = 200;
	r->type = "application/atom+xml; charset=utf-8";
	return DONE;
}
