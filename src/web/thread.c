/* /@alice/ID: a post with what it answers and what answers it; and alone, for frames of other sites. */
#include "web/routes.h"

#include "base/id.h"
#include "core/film.h"
#include "core/policy.h"
#include "core/site.h"
#include "web/page.h"
#include "web/post.h"
#include "web/profile.h"
#include "web/thread.h"

enum { ANCESTORS_MOST = 40, DESCENDANTS_MOST = 60, DESCENDANTS_DEEP = 20, DESCRIPTION_MOST = 280, TITLE_MOST = 80 };

err thread_post(struct ctx *c, struct str name, int64_t id, struct post *out) {
	TRY(post_load(c, id, NULL, out));
	return str_eq_ci(out->author.username, name) ? NULL : err_plain(ERR_NOT_FOUND);
}

static struct str address_of(struct ctx *c, void (*put)(struct buf *out, const struct media *m), const struct media *m) {
	BUF_AUTO address = {0};
	put(&address, m);
	return address.n ? arena_printf(c->arena, "%.*s/media/%.*s", S_ARG(c->site->base_url), S_ARG(buf_str(&address))) : STR_NONE;
}

/* What chats show of a post's first attachment. */
static void preview(struct ctx *c, const struct media *m, struct page_head *page) {
	bool film = media_is_film(m->kind);
	struct str image = address_of(c, film ? media_preview_address : media_address, m);
	if (image.n)
		page->image = image;
	page->image_alt = m->description;
	page->large_image = true;
	if (!film || m->kind == MEDIA_AUDIO)
		return;
	page->video = address_of(c, media_address, m);
	page->video_width = m->width;
	page->video_height = m->height;
}

static struct page_head describe(struct ctx *c, const struct words *w, const struct post *p) {
	struct arena *a = c->arena;
	struct page_head page = {
	    .words = w,
	    .title = arena_printf(a, "%.*s: “%.*s”", S_ARG(account_title(a, &p->author)), S_ARG(post_plain(c, p, TITLE_MOST))),
	    .description = post_plain(c, p, DESCRIPTION_MOST),
	    .path = post_path(a, p),
	    .kind = "article",
	    .published = id_ms(p->status.id),
	    .creator = str_skip(account_handle(a, c->site, &p->author), 1),
	    .image = account_picture(a, c->site, &p->author),
	    .noindex = profile_hidden_from_engines(&p->author) || status_visibility(&p->status) != VISIBILITY_PUBLIC,
	};
	/* What is behind a warning is not shown in previews either. */
	if (p->media_count && !(p->status.flags & STATUS_SENSITIVE) && !p->status.warning.n)
		preview(c, &p->media[0], &page);
	BUF_AUTO url = {0};
	buf_put(&url, c->site->base_url);
	buf_put(&url, page.path);
	BUF_AUTO oembed = {0};
	buf_put(&oembed, c->site->base_url);
	buf_lit(&oembed, "/api/oembed?url=");
	buf_url_segment(&oembed, buf_str(&url));
	page.oembed = arena_str(a, buf_str(&oembed));
	return page;
}

/* One of the others in the thread, when it may be seen. */
static err put_other(struct ctx *c, struct buf *out, const struct words *w, int64_t id) {
	struct post p;
	err e = post_load(c, id, NULL, &p);
	if (e)
		return e->code == ERR_NOT_FOUND ? NULL : e;
	post_html(c, out, w, &p, POST_IN_LIST);
	return NULL;
}

static err put_thread(struct ctx *c, struct buf *out, const struct words *w, const struct post *p) {
	int64_t *above;
	size_t n, below_count;
	struct status_link *below;
	TRY(store_status_ancestors(c->arena, c->db, p->status.id, ANCESTORS_MOST, &above, &n));
	while (n)
		TRY(put_other(c, out, w, above[--n]));
	post_html(c, out, w, p, POST_ALONE);
	TRY(store_status_descendants(c->arena, c->db, p->status.id, DESCENDANTS_DEEP, DESCENDANTS_MOST, &below, &below_count));
	if (below_count)
		buf_printf(out, "<h2 class=\"p-replies\">%s</h2>\n", w->replies);
	for (size_t i = 0; i < below_count; i++)
		TRY(put_other(c, out, w, below[i].id));
	return NULL;
}

enum handled thread_page(struct rq *rq, struct str name, int64_t id) {
	struct ctx c = page_ctx(rq);
	struct post p;
	TRY_PAGE(rq, thread_post(&c, name, id, &p));
	struct page_head page = describe(&c, words_for(rq), &p);
	TRY_PAGE(rq, page_begin(&c, rq_out(rq), &page));
	buf_lit(rq_out(rq), "<section class=\"p-posts\">\n");
	TRY_PAGE(rq, put_thread(&c, rq_out(rq), page.words, &p));
	buf_lit(rq_out(rq), "</section>\n");
	page_end(rq_out(rq), &page);
	return page_reply(rq, 200, false);
}

enum handled web_embed(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct post p;
	int64_t id;
	struct str name = path_text(rq, 0);
	TRY_PAGE(rq, path_id(rq, 1, &id));
	TRY_PAGE(rq, str_starts(name, S("@")) ? thread_post(&c, str_skip(name, 1), id, &p) : err_plain(ERR_NOT_FOUND));
	struct page_head page = describe(&c, words_for(rq), &p);
	page.embedded = true;
	page.noindex = true;
	TRY_PAGE(rq, page_begin(&c, rq_out(rq), &page));
	post_html(&c, rq_out(rq), page.words, &p, POST_ALONE);
	page_end(rq_out(rq), &page);
	return page_reply(rq, 200, true);
}
