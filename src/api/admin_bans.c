/* Mail domains and address ranges that are kept out (Mastodon API, admin/email_domain_blocks and admin/ip_blocks). */
#include "api/routes.h"
#include "api/view/admin.h"
#include "base/clock.h"
#include "core/bans.h"

static void start_item(struct buf *out, size_t i) {
	if (i)
		buf_byte(out, ',');
}

static void links(struct rq *rq, const struct page *page, size_t n, int64_t newest, int64_t oldest) {
	if (n)
		page_links(rq, newest, n == (size_t)page->limit ? oldest : 0);
}

/* ── mail domains ── */

enum handled api_admin_mail_blocks(struct rq *rq) {
	struct page page;
	struct email_domain_block_row *rows;
	size_t n;
	TRY_RQ(rq, page_read(rq, 100, 200, &page));
	TRY_RQ(rq, store_email_domain_blocks(rq->c.arena, rq->c.db, page.max_id ? page.max_id : INT64_MAX, page.limit, &rows, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		start_item(out, i);
		view_email_domain_block(out, &rows[i]);
	}
	buf_byte(out, ']');
	links(rq, &page, n, n ? rows[0].id : 0, n ? rows[n - 1].id : 0);
	return reply_json(rq, 200);
}

enum handled api_admin_mail_block_show(struct rq *rq) {
	struct email_domain_block_row row;
	int64_t id;
	bool found;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, store_email_domain_block_by_id(rq->c.arena, rq->c.db, id, &row, &found));
	if (!found)
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	view_email_domain_block(rq_out(rq), &row);
	return reply_json(rq, 200);
}

enum handled api_admin_mail_block_create(struct rq *rq) {
	struct email_domain_block_row row;
	TRY_RQ(rq, bans_mail_add(&rq->c, param(rq, "domain"), &row));
	view_email_domain_block(rq_out(rq), &row);
	return reply_json(rq, 200);
}

enum handled api_admin_mail_block_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, bans_mail_remove(&rq->c, id));
	return reply_empty(rq);
}

/* ── addresses ── */

enum handled api_admin_ip_blocks(struct rq *rq) {
	struct page page;
	struct ip_block_row *rows;
	size_t n;
	TRY_RQ(rq, page_read(rq, 100, 200, &page));
	TRY_RQ(rq, store_ip_blocks(rq->c.arena, rq->c.db, page.max_id ? page.max_id : INT64_MAX, page.limit, &rows, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		start_item(out, i);
		view_ip_block(out, &rows[i]);
	}
	buf_byte(out, ']');
	links(rq, &page, n, n ? rows[0].id : 0, n ? rows[n - 1].id : 0);
	return reply_json(rq, 200);
}

static err find(struct rq *rq, struct ip_block_row *row) {
	int64_t id;
	bool found;
	TRY(path_id(rq, 0, &id));
	TRY(store_ip_block_by_id(rq->c.arena, rq->c.db, id, row, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

enum handled api_admin_ip_block_show(struct rq *rq) {
	struct ip_block_row row;
	TRY_RQ(rq, find(rq, &row));
	view_ip_block(rq_out(rq), &row);
	return reply_json(rq, 200);
}

/* What is not given stays as it is. */
static err read_block(struct rq *rq, struct ip_block_row *row) {
	static const struct str severities[] = {{"sign_up_requires_approval", 25}, {"sign_up_block", 13}, {"no_access", 9}};
	int64_t expires_in;
	TRY(param_i64(rq, "expires_in", 0, &expires_in));
	if (expires_in < 0 || expires_in > (int64_t)100 * 366 * 86400)
		return err_public(ERR_INVALID, "Validation failed: expires_in is out of range");
	if (param_has(rq, "expires_in"))
		row->expires_at = expires_in ? clock_ms() + expires_in * 1000 : 0;
	if (param_has(rq, "ip"))
		row->range = param(rq, "ip");
	if (param_has(rq, "comment"))
		row->comment = param(rq, "comment");
	struct str severity = param(rq, "severity");
	if (str_empty(severity))
		return NULL;
	for (row->severity = 0; row->severity < 3; row->severity++)
		if (str_eq(severity, severities[row->severity]))
			return NULL;
	return err_public(ERR_INVALID, "Validation failed: severity must be sign_up_requires_approval, sign_up_block or no_access");
}

static enum handled put(struct rq *rq, struct ip_block_row *row) {
	TRY_RQ(rq, read_block(rq, row));
	TRY_RQ(rq, bans_ip_put(&rq->c, row, rq->x->peer));
	view_ip_block(rq_out(rq), row);
	return reply_json(rq, 200);
}

enum handled api_admin_ip_block_create(struct rq *rq) {
	struct ip_block_row row = {.comment = S("")};
	return put(rq, &row);
}

enum handled api_admin_ip_block_update(struct rq *rq) {
	struct ip_block_row row;
	TRY_RQ(rq, find(rq, &row));
	return put(rq, &row);
}

enum handled api_admin_ip_block_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, bans_ip_remove(&rq->c, id));
	return reply_empty(rq);
}
