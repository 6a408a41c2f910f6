#include "core/relation.h"

#include "store/account.h"
#include "store/tx.h"

static err read_relation(struct ctx *c, struct db *db, int64_t target, bool gone_too, struct relation *out) {
	bool found;
	TRY(store_relation(c->arena, db, c->viewer, target, out, &found));
	if (!found || (out->target_flags & ACCOUNT_DELETED) || (!gone_too && (out->target_flags & ACCOUNT_GONE)))
		return err_plain(ERR_NOT_FOUND);
	return NULL;
}

err relation_get(struct ctx *c, int64_t target, bool gone_too, struct relation *out) {
	if (!c->db)
		return ctx_miss(c);
	return read_relation(c, c->db, target, gone_too, out);
}

err relation_in_tx(struct ctx *c, struct tx *tx, int64_t target, bool gone_too, struct relation *out) {
	return read_relation(c, tx_db(tx), target, gone_too, out);
}
