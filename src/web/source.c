/* /source: where the source of this very program is to be had; the archive itself, unless the owner named another place. */
#include "web/source.h"

#include "config/config.h"
#include "core/site.h"
#include "web/page.h"
#include "web/routes.h"

static bool is_elsewhere(const struct rq *rq) { return config_text(rq->c.site->config, SET_site_source_url).n; }

enum handled web_source(struct rq *rq) {
	if (is_elsewhere(rq))
		return reply_redirect(rq, 302, rq->c.site->source_url);
	struct ctx c = page_ctx(rq);
	const struct words *w = words_for(rq);
	struct page_head p = {.words = w, .title = str_of(w->source), .path = S("/source"), .kind = "website", .without_client = true};
	struct buf *out = rq_out(rq);
	TRY_PAGE(rq, page_begin(&c, out, &p));
	buf_printf(out,
	           "<section class=\"p-words\"><h1>%s</h1>\n<p>%s</p>\n<p class=\"p-ways\"><a class=\"p-button\" href=\"/source/%s\" "
	           "download>%s</a> ",
	           w->source, w->source_text, source_archive.name, w->download);
	buf_printf(out, "<span class=\"p-handle\">%s, %.1f MB</span></p>\n<p>%s</p>\n</section>\n", source_archive.name,
	           (double)source_archive.bytes.n / 1e6, w->source_use);
	page_end(out, &p);
	return page_reply(rq, 200, false);
}

enum handled web_source_archive(struct rq *rq) {
	if (!str_eq(path_text(rq, 0), str_of(source_archive.name)) || is_elsewhere(rq))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	struct reply *r = &rq->x->reply;
	r->kind = REPLY_SHARED;
	r->status = 200;
	r->type = "application/gzip";
	r->shared = source_archive.bytes;
	r->no_compress = true;
	reply_header(r, S("ETag"), str_of(source_archive.etag));
	buf_lit(&r->head,
	        "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; sandbox\r\n");
	return DONE;
}
