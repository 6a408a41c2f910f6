#include "core/conversation.h"

#include "base/vec.h"
#include "store/mention.h"

typedef VEC(int64_t) ids;

static void add_once(struct arena *a, ids *v, int64_t id) {
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i] == id)
			return;
	vec_push(a, v, id);
}

/* Whoever once took part stays among the others: an answer may name fewer people. */
static err add_for(struct ctx *c, struct tx *tx, const struct status *s, int64_t account, const int64_t *people, size_t n) {
	struct conversation old;
	bool found;
	TRY(store_conversation_get(c->arena, tx_db(tx), account, s->thread_id, &old, &found));
	ids with = {0};
	for (size_t i = 0; i < n; i++)
		if (people[i] != account)
			add_once(c->arena, &with, people[i]);
	for (size_t i = 0; i < old.with_count; i++)
		add_once(c->arena, &with, old.with[i]);
	return store_conversation_put(tx, &(struct conversation){
	                                      .account_id = account,
	                                      .thread_id = s->thread_id,
	                                      .last_status_id = s->id,
	                                      .unread = account != s->author_id,
	                                      .with = with.v,
	                                      .with_count = with.n,
	                                  });
}

err conversation_add(struct ctx *c, struct tx *tx, const struct status *s, const int64_t *named, size_t n) {
	ids people = {0};
	vec_push(c->arena, &people, s->author_id);
	for (size_t i = 0; i < n; i++)
		add_once(c->arena, &people, named[i]);
	for (size_t i = 0; i < people.n; i++)
		TRY(add_for(c, tx, s, people.v[i], people.v, people.n));
	return NULL;
}

static err take_for(struct ctx *c, struct tx *tx, const struct status *s, int64_t account) {
	struct conversation view;
	bool found;
	TRY(store_conversation_get(c->arena, tx_db(tx), account, s->thread_id, &view, &found));
	if (!found || view.last_status_id != s->id)
		return NULL;
	TRY(store_conversation_newest(tx_db(tx), account, s->thread_id, s->id, &view.last_status_id));
	return view.last_status_id ? store_conversation_put(tx, &view) : store_conversation_delete(tx, account, s->thread_id, &found);
}

err conversation_take(struct ctx *c, struct tx *tx, const struct status *s) {
	struct mention *named;
	size_t n;
	TRY(store_mentions_of(c->arena, tx_db(tx), s->id, &named, &n));
	for (size_t i = 0; i < n; i++)
		TRY(take_for(c, tx, s, named[i].account_id));
	return take_for(c, tx, s, s->author_id);
}

/* ── what its owner does with it ── */

struct act {
	struct ctx *c;
	int64_t thread;
	bool unread;
};

static err mark_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	bool found;
	TRY(tx_journal(tx, J_CONVERSATION_CHANGED, act->c->viewer, act->thread, 0));
	TRY(store_conversation_read(tx, act->c->viewer, act->thread, act->unread, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

err conversation_mark(struct ctx *c, int64_t thread, bool unread) { return tx_run(c->db, mark_tx, &(struct act){c, thread, unread}); }

static err drop_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	bool found;
	TRY(tx_journal(tx, J_CONVERSATION_CHANGED, act->c->viewer, act->thread, 0));
	TRY(store_conversation_delete(tx, act->c->viewer, act->thread, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

err conversation_drop(struct ctx *c, int64_t thread) { return tx_run(c->db, drop_tx, &(struct act){c, thread, false}); }
