#include "core/policy.h"

#include "store/account.h"

static bool may_see(struct ctx *c, const struct status *s, const struct status_policy *p) {
	if (p->author_flags & ACCOUNT_GONE || p->blocked)
		return false;
	switch (status_visibility(s)) {
	case VISIBILITY_PUBLIC:
	case VISIBILITY_UNLISTED: return true;
	case VISIBILITY_PRIVATE: return c->viewer && (p->follows || p->mentioned);
	case VISIBILITY_DIRECT: return c->viewer && p->mentioned;
	}
	return false;
}

static bool sees_one(struct ctx *c, const struct status *s) {
	if (c->viewer && s->author_id == c->viewer)
		return true;
	if (!c->db) {
		ctx_miss(c);
		return false;
	}
	struct status_policy p;
	return !store_status_policy(c->db, s->author_id, c->viewer, s->id, &p) && may_see(c, s, &p);
}

bool policy_sees(struct ctx *c, const struct status *s) {
	if (!sees_one(c, s))
		return false;
	if (!s->boost_of_id)
		return true;
	if (!c->db) {
		ctx_miss(c);
		return false;
	}
	struct status original;
	bool found;
	return !store_status_by_id(c->arena, c->db, s->boost_of_id, &original, &found) && found && sees_one(c, &original);
}

err status_visible(struct ctx *c, int64_t id, struct status *out) {
	if (!c->db)
		return ctx_miss(c);
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, out, &found));
	return found && policy_sees(c, out) ? NULL : err_plain(ERR_NOT_FOUND);
}
