#include "core/owner.h"

#include "base/clock.h"
#include "base/id.h"
#include "config/config.h"
#include "core/audit.h"
#include "core/password.h"
#include "core/secret.h"
#include "core/site.h"
#include "store/member.h"
#include "store/once.h"

enum { LINK_MS = 3600 * 1000 };

struct link {
	char hash[SECRET_HASH];
	bool owned;
};

static err make_link(struct tx *tx, void *arg) {
	struct link *l = arg;
	TRY(store_member_any_with_role(tx_db(tx), ROLE_OWNER, &l->owned));
	if (l->owned)
		return NULL;
	struct once_row row = {.expires_at = clock_ms() + LINK_MS};
	TRY(tx_journal(tx, J_ONCE_CHANGED, 0, 0, 0));
	TRY(store_once_delete_kind(tx, ONCE_OWNER));
	return store_once_insert(tx, str_mem(l->hash, sizeof l->hash), ONCE_OWNER, &row);
}

err owner_link_new(struct ctx *c, struct buf *url) {
	struct link l = {.owned = false};
	struct str secret = secret_new(c->arena, l.hash);
	TRY(tx_run(c->db, make_link, &l));
	if (l.owned)
		return NULL;
	buf_put(url, c->site->base_url);
	buf_lit(url, "/setup?token=");
	buf_put(url, secret);
	return NULL;
}

struct founding {
	struct ctx *c;
	char hash[SECRET_HASH];
	struct made_member member;
	struct site_change site;
	struct str password_hash;
	int64_t id;
	struct problems *p;
};

static err found(struct tx *tx, void *arg) {
	struct founding *f = arg;
	struct once_row once;
	bool good, owned;
	TRY(tx_journal(tx, J_ACCOUNT_CREATED, f->id, 0, 0));
	TRY(store_once_take(f->c->arena, tx, str_mem(f->hash, sizeof f->hash), ONCE_OWNER, clock_ms(), &once, &good));
	if (!good)
		return err_public(ERR_GONE, "This link is not good any more");
	TRY(store_member_any_with_role(tx_db(tx), ROLE_OWNER, &owned));
	if (owned)
		return err_public(ERR_CONFLICT, "This network has an owner already");
	TRY(member_make_write(tx, f->c, &f->member, f->password_hash, f->id, f->p));
	TRY(site_change_write(tx, f->c, &f->site));
	struct ctx as_owner = *f->c;
	as_owner.viewer = f->id;
	return audit_note(tx, &as_owner, S("setup"), S("site"), 0, f->c->site->domain, STR_NONE);
}

/* Looked at before the password is hashed: a wrong link must not cost that. */
static err check_link(struct ctx *c, const char hash[SECRET_HASH]) {
	struct once_row once;
	bool good, needed;
	TRY(site_setup_needed(c, &needed));
	if (!needed)
		return err_public(ERR_CONFLICT, "This network has an owner already");
	TRY(store_once_get(c->arena, c->db, str_mem(hash, SECRET_HASH), ONCE_OWNER, &once, &good));
	return good && once.expires_at > clock_ms() ? NULL : err_public(ERR_GONE, "This link is not good any more");
}

err owner_setup(struct ctx *c, struct str secret, const struct made_member *member, const struct site_change *site, struct problems *p,
                int64_t *account_id) {
	struct founding f = {.c = c, .member = *member, .site = *site, .id = id_new(), .p = p};
	f.member.role = ROLE_OWNER;
	f.member.confirmed = true;
	secret_hash(secret, f.hash);
	TRY(check_link(c, f.hash));
	if (config_given(c->site->config, SET_registrations_mode))
		f.site.registrations = STR_NONE;
	site_change_check(c, &f.site, p);
	TRY(member_make_check(c, &f.member, p));
	TRY(password_hash(c, f.member.password, &f.password_hash));
	TRY(tx_run(c->db, found, &f));
	*account_id = f.id;
	return NULL;
}
