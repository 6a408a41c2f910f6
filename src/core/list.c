#include "core/list.h"

#include "base/id.h"
#include "core/relation.h"
#include "store/tx.h"

struct act {
	struct ctx *c;
	int64_t id;
	struct list *list;
	const int64_t *accounts;
	size_t n;
};

static err own_list(struct ctx *c, struct db *db, int64_t id, struct list *out) {
	bool found;
	TRY(store_list_get(c->arena, db, id, c->viewer, out, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

err list_get(struct ctx *c, int64_t id, struct list *out) { return own_list(c, c->db, id, out); }

static err save_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct list l = *act->list, before;
	int64_t count = 0;
	if (l.id)
		TRY(own_list(act->c, tx_db(tx), l.id, &before));
	else
		TRY(store_list_count(tx_db(tx), act->c->viewer, &count));
	if (count >= LISTS_MAX)
		return err_public(ERR_INVALID, "Validation failed: you have %d lists, which is the most", LISTS_MAX);
	if (!l.id)
		l.id = id_new();
	TRY(tx_journal(tx, J_LIST_CHANGED, act->c->viewer, l.id, 0));
	act->id = l.id;
	return store_list_put(tx, &l);
}

err list_save(struct ctx *c, struct list *l) {
	if (str_empty(str_trim(l->title)))
		return err_public(ERR_INVALID, "Validation failed: Title can't be blank");
	if (l->title.n > LIST_TITLE_MAX)
		return err_public(ERR_INVALID, "Validation failed: Title is longer than %d bytes", LIST_TITLE_MAX);
	l->account_id = c->viewer;
	struct act act = {.c = c, .list = l};
	TRY(tx_run(c->db, save_tx, &act));
	l->id = act.id;
	return NULL;
}

static err delete_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct list l;
	TRY(own_list(act->c, tx_db(tx), act->id, &l));
	TRY(tx_journal(tx, J_LIST_CHANGED, act->c->viewer, act->id, 0));
	return store_list_delete(tx, act->id);
}

err list_delete(struct ctx *c, int64_t id) { return tx_run(c->db, delete_tx, &(struct act){.c = c, .id = id}); }

static err add_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct list l;
	TRY(own_list(act->c, tx_db(tx), act->id, &l));
	for (size_t i = 0; i < act->n; i++) {
		struct relation r;
		bool there;
		TRY(relation_in_tx(act->c, tx, act->accounts[i], false, &r));
		if (!r.following && act->accounts[i] != act->c->viewer)
			return err_plain(ERR_NOT_FOUND);
		TRY(store_list_has(tx_db(tx), act->id, act->accounts[i], &there));
		if (there)
			return err_public(ERR_INVALID, "Validation failed: Account has already been taken");
	}
	if (!act->n)
		return NULL;
	TRY(tx_journal(tx, J_LIST_CHANGED, act->c->viewer, act->id, 0));
	for (size_t i = 0; i < act->n; i++)
		TRY(store_list_member_put(tx, act->id, act->accounts[i], id_new()));
	return NULL;
}

err list_add(struct ctx *c, int64_t id, const int64_t *accounts, size_t n) {
	return tx_run(c->db, add_tx, &(struct act){.c = c, .id = id, .accounts = accounts, .n = n});
}

static err remove_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct list l;
	TRY(own_list(act->c, tx_db(tx), act->id, &l));
	if (!act->n)
		return NULL;
	TRY(tx_journal(tx, J_LIST_CHANGED, act->c->viewer, act->id, 0));
	for (size_t i = 0; i < act->n; i++)
		TRY(store_list_member_delete(tx, act->id, act->accounts[i]));
	return NULL;
}

err list_remove(struct ctx *c, int64_t id, const int64_t *accounts, size_t n) {
	return tx_run(c->db, remove_tx, &(struct act){.c = c, .id = id, .accounts = accounts, .n = n});
}
