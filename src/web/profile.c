/* /@alice: a person's page, what everybody may see of them; and the same as an Atom feed in atom.c. */
#include "web/routes.h"

#include "base/id.h"
#include "core/media.h"
#include "core/site.h"
#include "core/text.h"
#include "store/public.h"
#include "web/page.h"
#include "web/page_cache.h"
#include "web/post.h"
#include "web/profile.h"

#include <jansson.h>

enum { POSTS_A_PAGE = 20, FIELDS_MOST = 8 };

err profile_find(struct ctx *c, struct str name, struct account_row *out) {
	bool found;
	TRY(store_account_by_name(c->arena, c->db, name, STR_NONE, out, &found));
	return found && !(out->flags & ACCOUNT_GONE) ? NULL : err_plain(ERR_NOT_FOUND);
}

bool profile_hidden_from_engines(const struct account_row *r) { return !(r->flags & ACCOUNT_INDEXABLE) || r->flags & ACCOUNT_LIMITED; }

/* ── fields ── */

struct field {
	struct str name, value;
};

static size_t read_fields(struct arena *a, struct str text, struct field out[FIELDS_MOST]) {
	json_t *fields = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL, *field;
	size_t i, n = 0;
	json_array_foreach(fields, i, field) {
		const char *name = json_string_value(json_object_get(field, "name")),
		           *value = json_string_value(json_object_get(field, "value"));
		if (name && value && n < FIELDS_MOST)
			out[n++] = (struct field){arena_str(a, str_of(name)), arena_str(a, str_of(value))};
	}
	json_decref(fields);
	return n;
}

static bool is_address(struct str s) { return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) && str_chr(s, ' ') < 0; }

static void put_fields(struct ctx *c, struct buf *out, const struct field *fields, size_t n) {
	if (!n)
		return;
	buf_lit(out, "<dl class=\"p-fields\">\n");
	for (size_t i = 0; i < n; i++) {
		buf_lit(out, "<dt>");
		buf_html_text(out, fields[i].name);
		buf_lit(out, "</dt><dd>");
		if (is_address(fields[i].value)) {
			buf_lit(out, "<a rel=\"me nofollow noopener\" href=\"");
			buf_html_text(out, fields[i].value);
			buf_lit(out, "\">");
			buf_html_text(out, fields[i].value);
			buf_lit(out, "</a>");
		} else {
			text_html_inline(c->arena, out, c->site, fields[i].value);
		}
		buf_lit(out, "</dd>\n");
	}
	buf_lit(out, "</dl>\n");
}

/* ── the page ── */

static void put_number(struct buf *out, int64_t n, const char *one, const char *many) {
	buf_printf(out, "<li><strong>%lld</strong> %s</li>", (long long)n, n == 1 ? one : many);
}

static void put_header_url(struct ctx *c, struct buf *out, struct str address) {
	buf_html_text(out, c->site->base_url);
	buf_lit(out, "/media/");
	buf_html_text(out, address);
}

static void put_person(struct ctx *c, struct buf *out, const struct words *w, const struct account_row *r, const struct field *fields,
                       size_t n) {
	buf_lit(out, "<header class=\"p-person\">\n");
	if (r->header.n) {
		buf_lit(out, "<img class=\"p-cover\" alt=\"\" width=\"1500\" height=\"500\" src=\"");
		put_header_url(c, out, r->header);
		buf_lit(out, "\" srcset=\"");
		put_header_url(c, out, arena_printf(c->arena, "%.*s/" MEDIA_SMALL, S_ARG(media_stem(r->header))));
		buf_lit(out, " 750w, ");
		put_header_url(c, out, r->header);
		buf_lit(out, " 1500w\" sizes=\"(min-width: 680px) 640px, 100vw\">\n");
	}
	buf_lit(out, "<img class=\"p-avatar\" alt=\"\" width=\"96\" height=\"96\" src=\"");
	buf_html_text(out, account_picture(c->arena, c->site, r));
	if (r->avatar.n) {
		buf_lit(out, "\" sizes=\"96px\" srcset=\"");
		buf_html_text(out, account_small_picture(c->arena, c->site, r));
		buf_lit(out, " 144w, ");
		buf_html_text(out, account_picture(c->arena, c->site, r));
		buf_lit(out, " 400w");
	}
	buf_lit(out, "\">\n<h1><bdi>");
	buf_html_text(out, account_title(c->arena, r));
	buf_lit(out, "</bdi></h1>\n<p class=\"p-handle\">");
	buf_html_text(out, account_handle(c->arena, c->site, r));
	if (r->flags & ACCOUNT_BOT)
		buf_printf(out, " · %s", w->automated);
	buf_lit(out, "</p>\n<div class=\"p-text\" dir=\"auto\">");
	text_html(c->arena, out, c->site, r->note, NULL, 0);
	buf_lit(out, "</div>\n");
	put_fields(c, out, fields, n);
	buf_lit(out, "<ul class=\"p-numbers\">");
	put_number(out, r->statuses, w->post, w->posts);
	if (!(r->flags & ACCOUNT_HIDE_COLLECTIONS)) {
		put_number(out, r->followers, w->follower, w->followers);
		put_number(out, r->following, w->following, w->following);
	}
	buf_lit(out, "</ul>\n</header>\n");
}

static err put_posts(struct ctx *c, struct buf *out, const struct words *w, const struct account_row *r, int64_t below) {
	int64_t *ids;
	size_t n;
	TRY(store_public_of_author(c->arena, c->db, r->id, below, POSTS_A_PAGE, &ids, &n));
	buf_printf(out, "<section class=\"p-posts\" aria-label=\"%s\">\n", w->posts_title);
	for (size_t i = 0; i < n; i++) {
		struct post p;
		err e = post_load(c, ids[i], r, &p);
		if (e && e->code != ERR_NOT_FOUND)
			return e;
		if (!e)
			post_html(c, out, w, &p, POST_IN_LIST);
	}
	if (!n)
		buf_printf(out, "<p class=\"p-none\">%s</p>\n", below ? w->older_none : w->posts_none);
	buf_lit(out, "</section>\n");
	if (n == POSTS_A_PAGE) {
		buf_printf(out, "<nav class=\"p-more\" aria-label=\"%s\"><a rel=\"next\" href=\"/@", w->pages);
		buf_html_text(out, r->username);
		buf_printf(out, "?max_id=%lld\">%s</a></nav>\n", (long long)ids[n - 1], w->older);
	}
	return NULL;
}

static err render(struct ctx *c, struct buf *out, const struct words *w, struct str name, int64_t below, int64_t *account) {
	struct account_row r;
	struct field fields[FIELDS_MOST];
	struct str me[FIELDS_MOST];
	TRY(profile_find(c, name, &r));
	*account = r.id;
	size_t n = read_fields(c->arena, r.fields, fields);
	struct page_head p = {
	    .words = w,
	    .description = r.note,
	    .path = arena_printf(c->arena, "/@%.*s", S_ARG(r.username)),
	    .feed = arena_printf(c->arena, "/@%.*s.atom", S_ARG(r.username)),
	    .image = account_picture(c->arena, c->site, &r),
	    .kind = "profile",
	    .creator = str_skip(account_handle(c->arena, c->site, &r), 1),
	    .me = me,
	    .noindex = profile_hidden_from_engines(&r) || below,
	};
	p.title = arena_printf(c->arena, "%.*s (%.*s)", S_ARG(account_title(c->arena, &r)), S_ARG(account_handle(c->arena, c->site, &r)));
	for (size_t i = 0; i < n; i++)
		if (is_address(fields[i].value))
			me[p.me_count++] = fields[i].value;
	TRY(page_begin(c, out, &p));
	put_person(c, out, w, &r, fields, n);
	TRY(put_posts(c, out, w, &r, below));
	page_end(out, &p);
	return NULL;
}

static enum handled reply_kept(struct rq *rq, uint64_t etag) {
	struct buf *head = &rq->x->reply.head;
	buf_printf(head, "ETag: \"%016llx\"\r\n", (unsigned long long)etag);
	return page_reply(rq, 200, false);
}

enum handled profile_page(struct rq *rq, struct str name) {
	struct page_cache *cache = rq->c.site->pages;
	const struct words *w = words_for(rq);
	int64_t below, account;
	uint64_t etag;
	TRY_PAGE(rq, param_i64(rq, "max_id", 0, &below));
	if (!below && page_cache_get(cache, name, w->language, rq_out(rq), &etag))
		return reply_kept(rq, etag);
	if (!rq->c.db)
		return MISS;
	/* What was read before the mark could be older than what the cache was told. */
	db_rest(rq->c.db);
	uint64_t mark = page_cache_mark(cache);
	struct ctx c = page_ctx(rq);
	TRY_PAGE(rq, render(&c, rq_out(rq), w, name, below, &account));
	if (!below)
		page_cache_put(cache, mark, account, name, w->language, buf_str(rq_out(rq)));
	return reply_kept(rq, str_hash(buf_str(rq_out(rq))));
}
