#include "store/tx.h"

#include "base/clock.h"
#include "base/must.h"
#include "store/closed.h"
#include "store/engine.h"

#include <stdatomic.h>

static const char *const names[JOURNAL_KIND_COUNT] = {
    "",
#define JOURNAL(name, a, b, c) #name,
#include "store/journal.def"
#undef JOURNAL
};

const char *journal_kind_name(enum journal_kind k) { return k < JOURNAL_KIND_COUNT ? names[k] : ""; }

struct db *tx_db(struct tx *tx) {
	return tx->db;
}

int64_t tx_seq(const struct tx *tx) { return tx->entry.seq; }

static err run(struct db *db, struct tx_call call) {
	db_rest(db);
	struct journal_entry e = {0};
	TRY(db->ops->tx(db, &call, &e));
	atomic_fetch_add_explicit(&db->store->transactions, 1, memory_order_relaxed);
	if (!e.seq)
		return NULL;
	const struct store *s = db->store;
	for (size_t i = 0; i < s->on_commit_n; i++)
		s->on_commit[i].fn(s->on_commit[i].ctx, db, &e);
	return NULL;
}

err tx_run(struct db *db, tx_fn fn, void *arg) { return run(db, (struct tx_call){.fn = fn, .arg = arg}); }
err tx_run_alone(struct db *db, tx_fn fn, void *arg) { return run(db, (struct tx_call){.fn = fn, .arg = arg, .alone = true}); }
err tx_run_plain(struct db *db, tx_fn fn, void *arg) { return run(db, (struct tx_call){.fn = fn, .arg = arg, .plain = true}); }

static err add_entry(struct tx *tx, enum query q, enum journal_kind kind, int64_t a, int64_t b, int64_t c) {
	must(!tx->entry.seq);
	struct journal_entry e = {.at = clock_ms(), .kind = kind, .a = a, .b = b, .c = c};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(tx->db, &r, q, I(e.at), I(kind), I(a), I(b), I(c)));
	if (rows_next(r)) {
		e.seq = rows_i64(r, 0);
		e.xid = rows_i64(r, 1);
	}
	while (rows_next(r))
		;
	TRY(rows_err(r));
	tx->entry = e;
	return NULL;
}

/* Between the lock and the row that says why there is a moment without a reason. */
static err closed(struct db *db) {
	struct arena *a = arena_new();
	struct str why;
	err e = store_closed(a, db, &why);
	if (!e)
		e = why.n ? err_public(ERR_UNAVAILABLE, "%.*s", S_ARG(why))
		          : err_private(ERR_UNAVAILABLE, "the database is being closed to writes");
	arena_free(&a);
	return e;
}

err tx_journal(struct tx *tx, enum journal_kind kind, int64_t a, int64_t b, int64_t c) {
	int64_t until = tx->db->store->writes_until;
	if (until && clock_mono_ms() > until)
		return err_public(ERR_UNAVAILABLE, "This network does not hear its standby, and waits for it. Try again in a moment");
	TRY(add_entry(tx, JOURNAL_ADD, kind, a, b, c));
	return tx->entry.seq ? NULL : closed(tx->db);
}

err tx_journal_copy(struct tx *tx, enum journal_kind kind, int64_t a, int64_t b, int64_t c) {
	return add_entry(tx, JOURNAL_ADD_COPY, kind, a, b, c);
}

void store_counts(const struct store *s, int64_t *transactions, int64_t *commits) {
	*transactions = atomic_load_explicit(&s->transactions, memory_order_relaxed);
	*commits = atomic_load_explicit(&s->commits, memory_order_relaxed);
}

void store_on_commit(struct store *s, commit_fn fn, void *ctx) {
	must(s->on_commit_n < COMMIT_FNS_MAX);
	s->on_commit[s->on_commit_n].fn = fn;
	s->on_commit[s->on_commit_n++].ctx = ctx;
}

void store_off_commit(struct store *s, commit_fn fn, void *ctx) {
	size_t kept = 0;
	for (size_t i = 0; i < s->on_commit_n; i++)
		if (s->on_commit[i].fn != fn || s->on_commit[i].ctx != ctx)
			s->on_commit[kept++] = s->on_commit[i];
	s->on_commit_n = kept;
}

err journal_after(struct db *db, struct arena *a, int64_t xid, int64_t seq, size_t most, struct journal_entry **out, size_t *n) {
	struct journal_entry *v = arena_many(a, struct journal_entry, most);
	*out = v;
	*n = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, JOURNAL_AFTER, I(xid), I(seq), I((int64_t)most)));
	while (*n < most && rows_next(r))
		v[(*n)++] = (struct journal_entry){
		    .xid = rows_i64(r, 0),
		    .seq = rows_i64(r, 1),
		    .at = rows_i64(r, 2),
		    .kind = (enum journal_kind)rows_i64(r, 3),
		    .a = rows_i64(r, 4),
		    .b = rows_i64(r, 5),
		    .c = rows_i64(r, 6),
		};
	return rows_err(r);
}

err journal_head(struct db *db, int64_t *xid, int64_t *seq) {
	*xid = *seq = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, JOURNAL_HEAD));
	if (rows_next(r)) {
		*xid = rows_i64(r, 0);
		*seq = rows_i64(r, 1);
	}
	return rows_err(r);
}
