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

/* The request's own address with its query less the cursors, so that filters and limit carry over. */
static void put_link(struct rq *rq, struct buf *out, const char *cursor, int64_t id, const char *rel) {
	if (out->n)
		buf_lit(out, ", ");
	buf_byte(out, '<');
	buf_put(out, rq->c.site->base_url);
	buf_put(out, rq->x->req->path);
	buf_byte(out, '?');
	struct str rest = rq->x->req->query;
	while (rest.n) {
		struct str pair = str_cut(&rest, '&');
		if (str_empty(pair) || is_cursor(pair))
			continue;
		for (size_t i = 0; i < pair.n; i++)
			if (pair.p[i] == '>' || pair.p[i] == '<' || pair.p[i] == '"')
				buf_printf(out, "%%%02X", (unsigned char)pair.p[i]);
			else
				buf_byte(out, pair.p[i]);
		buf_byte(out, '&');
	}
	buf_put(out, str_of(cursor));
	buf_byte(out, '=');
	buf_i64(out, id);
	buf_lit(out, ">; rel=\"");
	buf_put(out, str_of(rel));
	buf_byte(out, '"');
}

void page_links(struct rq *rq, int64_t newest, int64_t oldest) {
	BUF_AUTO link = {0};
	if (oldest)
		put_link(rq, &link, "max_id", oldest, "next");
	if (newest)
		put_link(rq, &link, "min_id", newest, "prev");
	if (link.n)
		reply_header(&rq->x->reply, S("Link"), buf_str(&link));
}
