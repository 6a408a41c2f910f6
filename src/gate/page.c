#include "gate/gate.h"

#include "core/site.h"

static err read_cursor(struct rq *rq, const char *name, int64_t *out) {
	TRY(param_i64(rq, name, 0, out));
	return *out < 0 ? err_public(ERR_INVALID, "Validation failed: %s must not be negative", name) : NULL;
}

err page_read(struct rq *rq, int limit_default, int limit_max, struct page *out) {
	int64_t limit;
	TRY(param_i64(rq, "limit", limit_default, &limit));
	out->limit = (int)(limit < 1 ? 1 : limit > limit_max ? limit_max : limit);
	TRY(read_cursor(rq, "max_id", &out->max_id));
	TRY(read_cursor(rq, "since_id", &out->since_id));
	return read_cursor(rq, "min_id", &out->min_id);
}

static bool is_cursor(struct str pair) {
	struct str name = str_cut(&pair, '=');
	return str_eq(name, S("max_id")) || str_eq(name, S("min_id")) || str_eq(name, S("since_id"));
}

/* Nothing in a pair may end the address it stands in. */
static void put_pair(struct buf *out, struct str pair) {
	for (size_t i = 0; i < pair.n; i++)
		if (pair.p[i] == '>' || pair.p[i] == '<' || pair.p[i] == '"')
			buf_printf(out, "%%%02X", (unsigned char)pair.p[i]);
		else
			buf_byte(out, pair.p[i]);
	buf_byte(out, '&');
}

/* The request's own address with its query less the cursors, so that filters and limit carry over. */
static void put_address(struct rq *rq, struct buf *out) {
	buf_byte(out, '<');
	buf_put(out, rq->c.site->base_url);
	buf_put(out, rq->x->req->path);
	buf_byte(out, '?');
	struct str rest = rq->x->req->query;
	while (rest.n) {
		struct str pair = str_cut(&rest, '&');
		if (pair.n && !is_cursor(pair))
			put_pair(out, pair);
	}
}

void page_links(struct rq *rq, int64_t newest, int64_t oldest) {
	BUF_AUTO link = {0};
	if (!oldest && !newest)
		return;
	put_address(rq, &link);
	const size_t address = link.n;
	if (oldest) {
		buf_lit(&link, "max_id=");
		buf_i64(&link, oldest);
		buf_put(&link, newest ? S(">; rel=\"next\", ") : S(">; rel=\"next\""));
	}
	if (newest) {
		if (oldest) {
			buf_reserve(&link, address);
			buf_put(&link, (struct str){link.p, address});
		}
		buf_lit(&link, "min_id=");
		buf_i64(&link, newest);
		buf_lit(&link, ">; rel=\"prev\"");
	}
	reply_header(&rq->x->reply, S("Link"), buf_str(&link));
}
