#include "core/role.h"

#include "core/audit.h"
#include "store/account.h"
#include "store/member.h"

static const char *const names[] = {[ROLE_USER] = "user", [ROLE_MODERATOR] = "moderator", [ROLE_ADMIN] = "admin", [ROLE_OWNER] = "owner"};

const char *role_name(int role) { return names[role]; }

bool role_parse(struct str name, int *out) {
	for (int i = ROLE_USER; i <= ROLE_OWNER; i++)
		if (str_eq(name, str_of(names[i]))) {
			*out = i;
			return true;
		}
	return false;
}

struct setting {
	struct ctx *c;
	int64_t id;
	int role;
};

/* The command line is the owner. */
static err actor_role(struct ctx *c, struct db *db, int *out) {
	struct member_row me;
	bool found = false;
	if (c->viewer)
		TRY(store_member_by_id(c->arena, db, c->viewer, &me, &found));
	*out = found ? me.role : c->viewer ? ROLE_USER : c->role;
	return NULL;
}

static err may_set(int actor, int from, int to) {
	if (actor == ROLE_OWNER || (actor == ROLE_ADMIN && from < ROLE_ADMIN && to < ROLE_ADMIN))
		return NULL;
	return err_public(ERR_FORBIDDEN, "Only an owner can do this");
}

static err still_owned(struct db *db, const struct member_row *m, int to) {
	int64_t others = 1;
	if (m->role == ROLE_OWNER && to != ROLE_OWNER)
		TRY(store_member_others_of_role(db, ROLE_OWNER, m->account_id, &others));
	return others ? NULL : err_public(ERR_CONFLICT, "The only owner must stay one: make somebody else an owner first");
}

static err can_log_in(const struct account_row *a, const struct member_row *m) {
	bool able = !(a->flags & ACCOUNT_SUSPENDED) && (m->flags & (MEMBER_ACTIVE | MEMBER_DISABLED)) == MEMBER_ACTIVE;
	return able ? NULL
	            : err_public(ERR_CONFLICT, "Only somebody who can log in can be given a role: confirm, approve or unfreeze them first");
}

static err set(struct tx *tx, void *arg) {
	struct setting *s = arg;
	struct account_row account;
	struct member_row m;
	bool found, is_member;
	int actor;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, s->id, 0, 0));
	TRY(store_account_by_id(s->c->arena, tx_db(tx), s->id, &account, &found));
	TRY(store_member_by_id(s->c->arena, tx_db(tx), s->id, &m, &is_member));
	if (!found || !is_member || account.flags & ACCOUNT_DELETED)
		return err_plain(ERR_NOT_FOUND);
	TRY(actor_role(s->c, tx_db(tx), &actor));
	TRY(may_set(actor, m.role, s->role));
	if (s->role > m.role)
		TRY(can_log_in(&account, &m));
	TRY(still_owned(tx_db(tx), &m, s->role));
	m.role = s->role;
	TRY(store_member_update(tx, &m));
	/* The role is part of the account's JSON. */
	TRY(store_account_flags_set(tx, s->id, 0, 0));
	return audit_note(tx, s->c, S("role"), S("account"), s->id, account.username, str_of(role_name(s->role)));
}

err role_set(struct ctx *c, int64_t account_id, int role) { return tx_run(c->db, set, &(struct setting){c, account_id, role}); }
