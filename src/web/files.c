/* Files from inside the program: the client's assets, icons, the service worker, what crawlers and installers ask for, drawn pictures. */
#include "web/routes.h"

#include "core/site.h"
#include "core/site_text.h"
#include "web/assets.h"
#include "web/drawn.h"
#include "web/page.h"
#include "wire/encoding.h"

static const char forever[] = "Cache-Control: public, max-age=31536000, immutable\r\n";
static const char for_now[] = "Cache-Control: no-cache\r\n";
static const char for_an_hour[] = "Cache-Control: public, max-age=3600\r\n";

/* An icon may be opened as a page of its own. */
static const char page_policy[] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/* What the worker may do on every page: fetch from here, nothing else. */
static const char worker_policy[] = "default-src 'none'; connect-src 'self'";

static enum handled reply_asset(struct rq *rq, const struct asset *f, const char *cache, const char *policy) {
	struct reply *r = &rq->x->reply;
	unsigned offered =
	    (f->br.n ? 1U << ENCODING_BR : 0) | (f->zstd.n ? 1U << ENCODING_ZSTD : 0) | (f->gzip.n ? 1U << ENCODING_GZIP : 0);
	enum encoding e = offered ? encoding_choose(rq_header(rq, S("Accept-Encoding")), offered) : ENCODING_NONE;
	r->kind = REPLY_SHARED;
	r->status = 200;
	r->type = f->type;
	r->shared = e == ENCODING_BR ? f->br : e == ENCODING_ZSTD ? f->zstd : e == ENCODING_GZIP ? f->gzip : f->plain;
	r->encoding = e == ENCODING_NONE ? NULL : encoding_name(e);
	r->no_compress = true;
	reply_header(r, S("ETag"), str_of(f->etag));
	buf_put(&r->head, str_of(cache));
	buf_lit(&r->head, "X-Content-Type-Options: nosniff\r\nVary: Accept-Encoding\r\n");
	reply_header(r, S("Content-Security-Policy"), str_of(policy));
	return DONE;
}

static enum handled reply_path(struct rq *rq, struct str folder, struct str name, const char *cache) {
	const struct asset *f = asset_find(arena_printf(rq->c.arena, "%.*s%.*s", S_ARG(folder), S_ARG(name)));
	return f ? reply_asset(rq, f, cache, page_policy) : reply_err(rq, err_plain(ERR_NOT_FOUND));
}

enum handled web_asset(struct rq *rq) { return reply_path(rq, S("assets/"), path_text(rq, 0), forever); }
enum handled web_icon(struct rq *rq) { return reply_path(rq, S("icons/"), path_text(rq, 0), for_an_hour); }

enum handled web_worker(struct rq *rq) {
	const struct asset *f = asset_find(S("sw.js"));
	return f ? reply_asset(rq, f, for_now, worker_policy) : reply_err(rq, err_plain(ERR_NOT_FOUND));
}

static enum handled reply_text(struct rq *rq, const char *type, const char *cache) {
	struct reply *r = &rq->x->reply;
	r->kind = REPLY_BYTES;
	r->status = 200;
	r->type = type;
	buf_put(&r->head, str_of(cache));
	buf_lit(&r->head, "X-Content-Type-Options: nosniff\r\n");
	return DONE;
}

enum handled web_favicon(struct rq *rq) { return reply_redirect(rq, 301, S("/icons/icon.svg")); }

enum handled web_robots(struct rq *rq) {
	buf_lit(rq_out(rq),
	        "User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /settings\nDisallow: /moderation\nDisallow: /search\n");
	return reply_text(rq, "text/plain; charset=utf-8", for_an_hour);
}

/* W3C Web Application Manifest. */
enum handled web_manifest(struct rq *rq) {
	struct site_text text;
	TRY_RQ(rq, site_text_read(&rq->c, &text));
	struct buf *out = rq_out(rq);
	buf_lit(out, "{\"name\":");
	buf_json_string(out, text.title);
	buf_lit(out, ",\"short_name\":");
	buf_json_string(out, text.title);
	if (text.description.n) {
		buf_lit(out, ",\"description\":");
		buf_json_string(out, text.description);
	}
	buf_lit(out, ",\"id\":\"/\",\"start_url\":\"/\",\"scope\":\"/"
	             "\",\"display\":\"standalone\",\"background_color\":\"#f6f3ea\",\"theme_color\":\"#f6f3ea\","
	             "\"categories\":[\"social\"],\"icons\":["
	             "{\"src\":\"/icons/icon.svg\",\"sizes\":\"any\",\"type\":\"image/svg+xml\",\"purpose\":\"any\"},"
	             "{\"src\":\"/icons/icon-192.png\",\"sizes\":\"192x192\",\"type\":\"image/png\",\"purpose\":\"any\"},"
	             "{\"src\":\"/icons/icon-512.png\",\"sizes\":\"512x512\",\"type\":\"image/png\",\"purpose\":\"any\"},"
	             "{\"src\":\"/icons/maskable-512.png\",\"sizes\":\"512x512\",\"type\":\"image/png\",\"purpose\":\"maskable\"},"
	             "{\"src\":\"/icons/maskable.svg\",\"sizes\":\"any\",\"type\":\"image/svg+xml\",\"purpose\":\"maskable\"}],"
	             "\"share_target\":{\"action\":\"/"
	             "share\",\"method\":\"GET\",\"params\":{\"title\":\"title\",\"text\":\"text\",\"url\":\"url\"}}}");
	return reply_text(rq, "application/manifest+json", for_an_hour);
}

/* ── drawn pictures ── */

static enum handled reply_drawn(struct rq *rq, int width, int height) {
	struct str name = path_text(rq, 0);
	int64_t id;
	if (!str_ends(name, S(".png")) || !str_i64(str_first(name, name.n - 4), &id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	drawn_hills(rq_out(rq), str_hash(str_mem(&id, sizeof id)), width, height);
	buf_lit(&rq->x->reply.head,
	        "Content-Security-Policy: default-src 'none'; sandbox\r\nCross-Origin-Resource-Policy: cross-origin\r\n");
	return reply_text(rq, "image/png", forever);
}

enum handled web_drawn_avatar(struct rq *rq) { return reply_drawn(rq, 240, 240); }
enum handled web_drawn_header(struct rq *rq) { return reply_drawn(rq, 600, 200); }
