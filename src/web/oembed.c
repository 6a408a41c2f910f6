/* /api/oembed: how another site shows a post of ours (oembed.com §2.3.4.4, "rich"): a frame with the post's embed page. */
#include "web/routes.h"

#include "core/site.h"
#include "web/page.h"
#include "web/thread.h"

enum { WIDTH = 550, WIDTH_LEAST = 220, HEIGHT = 360, HEIGHT_LEAST = 120, CACHE_SECONDS = 86400, TITLE_MOST = 140 };

/* "BASE/@alice/ID", perhaps with a slash, query or fragment behind. */
static bool read_url(struct str base, struct str url, struct str *name, int64_t *id) {
	if (!str_starts_ci(url, base) || !str_starts(str_skip(url, base.n), S("/@")))
		return false;
	url = str_skip(url, base.n + 2);
	*name = str_cut(&url, '/');
	size_t n = 0;
	while (n < url.n && url.p[n] >= '0' && url.p[n] <= '9')
		n++;
	bool ends = n == url.n || url.p[n] == '/' || url.p[n] == '?' || url.p[n] == '#';
	return name->n && ends && str_i64(str_first(url, n), id);
}

static int64_t within(int64_t asked, int64_t least, int64_t otherwise) {
	return asked <= 0 || asked > otherwise ? otherwise : asked < least ? least : asked;
}

static void put_frame(struct ctx *c, struct buf *out, const struct post *p, int64_t width, int64_t height) {
	BUF_AUTO html = {0};
	buf_lit(&html, "<iframe src=\"");
	buf_html_text(&html, c->site->base_url);
	buf_html_text(&html, post_path(c->arena, p));
	buf_printf(&html, "/embed\" width=\"%lld\" height=\"%lld\" title=\"", (long long)width, (long long)height);
	buf_html_text(&html, post_plain(c, p, TITLE_MOST));
	buf_lit(&html, "\" loading=\"lazy\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" allowfullscreen></iframe>");
	buf_json_string(out, buf_str(&html));
}

static struct str json_address(struct ctx *c, struct str path) {
	return arena_printf(c->arena, "%.*s%.*s", S_ARG(c->site->base_url), S_ARG(path));
}

enum handled web_oembed(struct rq *rq) {
	struct ctx c = page_ctx(rq);
	struct str name = STR_NONE, format = param(rq, "format");
	int64_t id = 0, width, height;
	struct post p;
	if (format.n && !str_eq(format, S("json")))
		return reply_err(rq, err_public(ERR_NOT_ACCEPTABLE, "Only format=json is available"));
	TRY_RQ(rq, param_i64(rq, "maxwidth", 0, &width));
	TRY_RQ(rq, param_i64(rq, "maxheight", 0, &height));
	if (!read_url(c.site->base_url, param(rq, "url"), &name, &id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	TRY_RQ(rq, thread_post(&c, name, id, &p));
	width = within(width, WIDTH_LEAST, WIDTH);
	height = within(height, HEIGHT_LEAST, HEIGHT);

	struct buf *out = rq_out(rq);
	buf_lit(out, "{\"type\":\"rich\",\"version\":\"1.0\",\"title\":");
	buf_json_string(out, post_plain(&c, &p, TITLE_MOST));
	buf_lit(out, ",\"author_name\":");
	buf_json_string(out, account_title(c.arena, &p.author));
	buf_lit(out, ",\"author_url\":");
	buf_json_string(out, json_address(&c, arena_printf(c.arena, "/@%.*s", S_ARG(p.author.username))));
	buf_lit(out, ",\"provider_name\":");
	buf_json_string(out, c.site->domain);
	buf_lit(out, ",\"provider_url\":");
	buf_json_string(out, json_address(&c, S("/")));
	buf_printf(out, ",\"cache_age\":%d,\"width\":%lld,\"height\":%lld,\"html\":", CACHE_SECONDS, (long long)width, (long long)height);
	put_frame(&c, out, &p, width, height);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}
