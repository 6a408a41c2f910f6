#include "core/boost.h"

#include "base/id.h"
#include "core/policy.h"
#include "core/status_create.h"
#include "core/status_delete.h"

struct act {
	struct ctx *c;
	struct status original;
	enum visibility visibility;
	int64_t boost;
};

static err boost_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct status now;
	bool found;
	TRY(store_status_boost_by(tx_db(tx), act->original.id, c->viewer, &act->boost));
	if (act->boost)
		return NULL;
	TRY(store_status_by_id(c->arena, tx_db(tx), act->original.id, &now, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	struct status s = {
	    .id = id_new(),
	    .author_id = c->viewer,
	    .flags = act->visibility | STATUS_BOOST,
	    .boost_of_id = now.id,
	    .boost_author_id = now.author_id,
	};
	s.thread_id = s.id;
	act->boost = s.id;
	TRY(tx_journal(tx, J_STATUS_CREATED, s.id, s.author_id, s.boost_of_id));
	TRY(store_status_insert(tx, &s));
	if (status_counts_openly(&s))
		TRY(store_status_count_add(tx, now.id, 0, 1, 0));
	return store_status_of_account_add(tx, c->viewer, 1, id_ms(s.id));
}

/* The post that is meant: a boost stands for the one under it. */
static err original_of(struct ctx *c, int64_t id, struct status *out) {
	TRY(status_visible(c, id, out));
	return out->boost_of_id ? status_visible(c, out->boost_of_id, out) : NULL;
}

err boost_status(struct ctx *c, int64_t id, int visibility, int64_t *boost) {
	struct act act = {.c = c};
	TRY(original_of(c, id, &act.original));
	enum visibility of = status_visibility(&act.original);
	if (of == VISIBILITY_DIRECT || (of == VISIBILITY_PRIVATE && act.original.author_id != c->viewer))
		return err_plain(ERR_FORBIDDEN);
	if (visibility == VISIBILITY_DIRECT)
		return err_public(ERR_INVALID, "Validation failed: Visibility can't be direct");
	act.visibility = visibility < 0 ? VISIBILITY_PUBLIC : (enum visibility)visibility;
	if (of == VISIBILITY_PRIVATE)
		act.visibility = VISIBILITY_PRIVATE;
	TRY(tx_run(c->db, boost_tx, &act));
	*boost = act.boost;
	return NULL;
}

static err unboost_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct status s;
	bool found = false;
	TRY(store_status_boost_by(tx_db(tx), act->original.id, act->c->viewer, &act->boost));
	if (act->boost)
		TRY(store_status_by_id(act->c->arena, tx_db(tx), act->boost, &s, &found));
	if (!found)
		return NULL;
	TRY(tx_journal(tx, J_STATUS_DELETED, s.id, s.author_id, s.boost_of_id));
	return status_remove(act->c, tx, &s, false);
}

err unboost_status(struct ctx *c, int64_t id, int64_t *original) {
	struct act act = {.c = c};
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, &act.original, &found));
	if (found && act.original.boost_of_id)
		TRY(store_status_by_id(c->arena, c->db, act.original.boost_of_id, &act.original, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	bool seen = policy_sees(c, &act.original);
	*original = act.original.id;
	TRY(tx_run(c->db, unboost_tx, &act));
	return seen ? NULL : err_plain(ERR_NOT_FOUND);
}
