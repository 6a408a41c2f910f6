#include "core/invite.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/site.h"

enum { INVITES_MOST = 100, USES_MOST = 10000, EXPIRY_MOST_S = 366 * 86400 };

struct making {
	struct ctx *c;
	struct invite_row row;
	bool too_many;
};

static err make(struct tx *tx, void *arg) {
	struct making *m = arg;
	struct invite_row *all;
	size_t n;
	TRY(store_invites_of_account(m->c->arena, tx_db(tx), m->c->viewer, &all, &n));
	m->too_many = n >= INVITES_MOST;
	if (m->too_many)
		return NULL;
	TRY(tx_journal(tx, J_INVITE_CHANGED, m->c->viewer, m->row.id, 0));
	return store_invite_insert(tx, &m->row);
}

/* 80 bits: short enough to read out, too many to guess. The link is handed around by its owner and shown again, so it is kept as it is. */
static struct str new_code(struct arena *a) {
	unsigned char raw[10];
	random_bytes(raw, sizeof raw);
	BUF_AUTO text = {0};
	buf_base64url(&text, str_mem(raw, sizeof raw));
	return arena_str(a, buf_str(&text));
}

err invite_make(struct ctx *c, int64_t max_uses, int64_t expires_in, struct invite_row *out) {
	if (max_uses < 0 || max_uses > USES_MOST)
		return err_public(ERR_INVALID, "Validation failed: max_uses must be between 1 and 10000, or null");
	if (expires_in < 0 || expires_in > EXPIRY_MOST_S)
		return err_public(ERR_INVALID, "Validation failed: expires_in must be at most a year of seconds, or null");
	struct making m = {.c = c};
	m.row = (struct invite_row){.id = id_new(),
	                            .account_id = c->viewer,
	                            .code = new_code(c->arena),
	                            .max_uses = max_uses,
	                            .expires_at = expires_in ? clock_ms() + expires_in * 1000 : 0};
	TRY(tx_run(c->db, make, &m));
	if (m.too_many)
		return err_public(ERR_INVALID, "Validation failed: There are too many invites: delete old ones first");
	*out = m.row;
	return NULL;
}

struct removing {
	int64_t account_id, id;
	bool removed;
};

static err remove_invite(struct tx *tx, void *arg) {
	struct removing *r = arg;
	TRY(tx_journal(tx, J_INVITE_CHANGED, r->account_id, r->id, 0));
	return store_invite_delete(tx, r->id, r->account_id, &r->removed);
}

err invite_remove(struct ctx *c, int64_t id) {
	struct removing r = {.account_id = c->viewer, .id = id};
	TRY(tx_run(c->db, remove_invite, &r));
	return r.removed ? NULL : err_plain(ERR_NOT_FOUND);
}

struct str invite_url(struct ctx *c, struct str code) {
	return arena_printf(c->arena, "%.*s/signup?invite=%.*s", S_ARG(c->site->base_url), S_ARG(code));
}
