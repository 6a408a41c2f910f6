#include "store/conversation.h"

#include "base/buf.h"
#include "base/vec.h"

err store_conversation_put(struct tx *tx, const struct conversation *c) {
	BUF_AUTO with = {0};
	buf_byte(&with, '[');
	for (size_t i = 0; i < c->with_count; i++) {
		if (i)
			buf_byte(&with, ',');
		buf_i64(&with, c->with[i]);
	}
	buf_byte(&with, ']');
	return db_exec(tx_db(tx), CONVERSATION_PUT, I(c->account_id), I(c->thread_id), I(c->last_status_id), I(c->unread),
	               T(buf_str(&with)));
}

/* "[1,2]": written by store_conversation_put only. */
static void read_with(struct arena *a, struct str text, struct conversation *c) {
	VEC(int64_t) v = {0};
	struct str list = str_first(str_skip(text, 1), text.n < 2 ? 0 : text.n - 2);
	while (list.n) {
		int64_t id;
		if (str_i64(str_cut(&list, ','), &id))
			vec_push(a, &v, id);
	}
	c->with = v.v;
	c->with_count = v.n;
}

err store_conversation_get(struct arena *a, struct db *db, int64_t account, int64_t thread, struct conversation *out, bool *found) {
	*out = (struct conversation){.account_id = account, .thread_id = thread};
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CONVERSATION_GET, I(account), I(thread)));
	if (rows_next(r)) {
		*found = true;
		out->last_status_id = rows_i64(r, 0);
		out->unread = rows_bool(r, 1);
		read_with(a, rows_text(r, 2), out);
	}
	return rows_err(r);
}

err store_conversation_read(struct tx *tx, int64_t account, int64_t thread, bool unread, bool *found) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, CONVERSATION_READ, I(account), I(thread), I(unread)));
	*found = rows > 0;
	return NULL;
}

err store_conversation_delete(struct tx *tx, int64_t account, int64_t thread, bool *found) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, CONVERSATION_DELETE, I(account), I(thread)));
	*found = rows > 0;
	return NULL;
}

err store_conversations_of(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, CONVERSATIONS_OF, CONVERSATIONS_OF_UP, account, r, out);
}

err store_conversation_newest(struct db *db, int64_t account, int64_t thread, int64_t but, int64_t *status) {
	return db_i64(db, status, NULL, CONVERSATION_NEWEST, I(account), I(thread), I(but));
}
