#include "store/ban.h"

#include "base/vec.h"

err store_email_domain_blocks(struct arena *a, struct db *db, int64_t below, int limit, struct email_domain_block_row **out, size_t *n) {
	VEC(struct email_domain_block_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, EMAIL_DOMAIN_BLOCKS, I(below), I(limit)));
	while (rows_next(r)) {
		struct email_domain_block_row row = {.id = rows_i64(r, 0), .domain = rows_copy(r, 1, a)};
		vec_push(a, &list, row);
	}
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_email_domain_block_by_id(struct arena *a, struct db *db, int64_t id, struct email_domain_block_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, EMAIL_DOMAIN_BLOCK_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = (struct email_domain_block_row){.id = rows_i64(r, 0), .domain = rows_copy(r, 1, a)};
	return rows_err(r);
}

err store_email_domain_block_by_domain(struct db *db, struct str domain, int64_t *id, bool *found) {
	return db_i64(db, id, found, EMAIL_DOMAIN_BLOCK_BY_DOMAIN, T(domain));
}

err store_email_domain_block_insert(struct tx *tx, const struct email_domain_block_row *row) {
	return db_exec(tx_db(tx), EMAIL_DOMAIN_BLOCK_INSERT, I(row->id), T(row->domain));
}

err store_email_domain_block_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), EMAIL_DOMAIN_BLOCK_DELETE, I(id)); }

static struct ip_block_row read_ip(struct arena *a, const struct rows *r) {
	return (struct ip_block_row){
	    .id = rows_i64(r, 0),
	    .range = rows_copy(r, 1, a),
	    .severity = (int)rows_i64(r, 2),
	    .comment = rows_copy(r, 3, a),
	    .expires_at = rows_i64(r, 4),
	};
}

err store_ip_blocks(struct arena *a, struct db *db, int64_t below, int limit, struct ip_block_row **out, size_t *n) {
	VEC(struct ip_block_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, IP_BLOCKS, I(below), I(limit)));
	while (rows_next(r))
		vec_push(a, &list, read_ip(a, r));
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_ip_block_by_id(struct arena *a, struct db *db, int64_t id, struct ip_block_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, IP_BLOCK_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = read_ip(a, r);
	return rows_err(r);
}

err store_ip_block_by_range(struct db *db, struct str range, int64_t *id, bool *found) {
	return db_i64(db, id, found, IP_BLOCK_BY_RANGE, T(range));
}

err store_ip_block_insert(struct tx *tx, const struct ip_block_row *row) {
	return db_exec(tx_db(tx), IP_BLOCK_INSERT, I(row->id), T(row->range), I(row->severity), T(row->comment), I_OR_NUL(row->expires_at));
}

err store_ip_block_update(struct tx *tx, const struct ip_block_row *row) {
	return db_exec(tx_db(tx), IP_BLOCK_UPDATE, I(row->id), T(row->range), I(row->severity), T(row->comment), I_OR_NUL(row->expires_at));
}

err store_ip_block_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), IP_BLOCK_DELETE, I(id)); }
