#include "store/poll.h"

#include "base/buf.h"
#include "base/vec.h"

#include <jansson.h>

err store_poll_insert(struct tx *tx, const struct poll *p) {
	BUF_AUTO json = {0};
	for (size_t i = 0; i < p->option_count; i++) {
		buf_put(&json, i ? S(",") : S("["));
		buf_json_string(&json, p->options[i]);
	}
	buf_byte(&json, ']');
	TRY(db_exec(tx_db(tx), POLL_INSERT, I(p->status_id), T(buf_str(&json)), I(p->flags), I(p->expires_at), I(p->voters)));
	for (size_t i = 0; p->votes && i < p->option_count; i++)
		if (p->votes[i])
			TRY(db_exec(tx_db(tx), POLL_COUNT_INSERT, I(p->status_id), I((int64_t)i), I(p->votes[i])));
	return NULL;
}

static err read_options(struct arena *a, struct str text, struct poll *p) {
	json_error_t why;
	json_t *array = json_loadb(text.p, text.n, 0, &why);
	if (!json_is_array(array)) {
		json_decref(array);
		return err_private(ERR_INTERNAL, "options of poll %lld: %s", (long long)p->status_id, why.text);
	}
	p->option_count = json_array_size(array);
	struct str *options = arena_many(a, struct str, p->option_count + 1);
	p->votes = arena_many(a, int64_t, p->option_count + 1);
	for (size_t i = 0; i < p->option_count; i++) {
		json_t *o = json_array_get(array, i);
		options[i] = arena_str(a, str_mem(json_string_value(o), json_string_length(o)));
	}
	json_decref(array);
	p->options = options;
	return NULL;
}

err store_poll_by_status(struct arena *a, struct db *db, int64_t status, struct poll *out, bool *found) {
	*out = (struct poll){.status_id = status};
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, POLL_BY_STATUS, I(status)));
	if (!rows_next(r))
		return rows_err(r);
	*found = true;
	out->flags = rows_i64(r, 1);
	out->expires_at = rows_i64(r, 2);
	out->voters = rows_i64(r, 3);
	TRY(read_options(a, rows_text(r, 0), out));
	struct ROWS_AUTO *counts = NULL;
	TRY(db_query(db, &counts, POLL_COUNTS, I(status)));
	while (rows_next(counts)) {
		int64_t choice = rows_i64(counts, 0);
		if (choice >= 0 && (size_t)choice < out->option_count)
			out->votes[choice] = rows_i64(counts, 1);
	}
	return rows_err(counts);
}

static err read_ids(struct rows *r, struct arena *a, int64_t **out, size_t *n) {
	VEC(int64_t) v = {0};
	while (rows_next(r))
		vec_push(a, &v, rows_i64(r, 0));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_poll_votes_of(struct arena *a, struct db *db, int64_t status, int64_t account, int64_t **choices, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, POLL_VOTES_OF, I(status), I(account)));
	return read_ids(r, a, choices, n);
}

err store_poll_voters(struct arena *a, struct db *db, int64_t status, int64_t **accounts, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, POLL_VOTERS, I(status)));
	return read_ids(r, a, accounts, n);
}

err store_poll_vote(struct tx *tx, int64_t status, int64_t account, const int64_t *choices, size_t n) {
	for (size_t i = 0; i < n; i++) {
		TRY(db_exec(tx_db(tx), POLL_VOTE_INSERT, I(status), I(account), I(choices[i])));
		TRY(db_exec(tx_db(tx), POLL_COUNT_ADD, I(status), I(choices[i])));
	}
	return db_exec(tx_db(tx), POLL_VOTER_ADD, I(status));
}

err store_poll_flags_set(struct tx *tx, int64_t status, int64_t flags) { return db_exec(tx_db(tx), POLL_FLAGS_SET, I(status), I(flags)); }

err store_poll_delete(struct tx *tx, int64_t status) {
	TRY(db_exec(tx_db(tx), POLL_COUNTS_DELETE, I(status)));
	return db_exec(tx_db(tx), POLL_DELETE, I(status));
}

err store_poll_delete_voted(struct tx *tx, int64_t status) {
	TRY(db_exec(tx_db(tx), POLL_VOTES_DELETE, I(status)));
	return store_poll_delete(tx, status);
}
