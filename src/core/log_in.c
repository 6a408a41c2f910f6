#include "core/log_in.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/bans.h"
#include "core/password.h"
#include "core/secret.h"
#include "core/site.h"
#include "core/throttle.h"
#include "store/account.h"

enum { SESSIONS_MOST = 50, AGENT_LONGEST = 200 };

static err find_member(struct ctx *c, struct str login, struct member_row *out, bool *found) {
	login = str_trim(login);
	if (str_starts(login, S("@")))
		login = str_skip(login, 1);
	if (str_chr(login, '@') >= 0)
		return store_member_by_email(c->arena, c->db, login, out, found);
	int64_t id;
	TRY(store_account_id_by_name(c->db, login, STR_NONE, &id, found));
	return *found ? store_member_by_id(c->arena, c->db, id, out, found) : NULL;
}

/* An address from which this member is logged in already has a count of its own, so that nobody else can shut the member out. */
static err is_familiar(struct ctx *c, int64_t account_id, struct str address, bool *out) {
	struct token_info *tokens;
	size_t n;
	*out = false;
	TRY(store_tokens_of_account(c->arena, c->db, account_id, &tokens, &n));
	for (size_t i = 0; i < n; i++)
		*out |= str_eq(tokens[i].address, address);
	return NULL;
}

/* Failures count against the account where there is one, else against what was typed: both answer alike. */
static err throttle_name(struct ctx *c, const struct member_row *m, bool found, const struct log_in *in, struct str *out) {
	bool familiar = false;
	if (found)
		TRY(is_familiar(c, m->account_id, in->address, &familiar));
	*out = familiar ? arena_printf(c->arena, "%lld %.*s", (long long)m->account_id, S_ARG(in->address))
	       : found  ? arena_printf(c->arena, "%lld", (long long)m->account_id)
	                : str_trim(in->login);
	return NULL;
}

static err heard(struct ctx *c, const struct log_in *in, struct str name, int64_t *wait_s) {
	struct throttle *t = c->site->throttle;
	int64_t address = throttle_wait(t, THROTTLE_ADDRESS, in->address), login = throttle_wait(t, THROTTLE_LOGIN, name);
	*wait_s = address > login ? address : login;
	if (*wait_s)
		return err_public(ERR_THROTTLED, "Too many wrong passwords: try again in %lld seconds", (long long)*wait_s);
	return NULL;
}

static err not_barred(struct ctx *c, const struct member_row *m) {
	int64_t flags;
	bool found;
	TRY(store_account_flags(c->db, m->account_id, &flags, &found));
	if (!found || flags & (ACCOUNT_SUSPENDED | ACCOUNT_DELETED))
		return err_public(ERR_FORBIDDEN, "Your account has been suspended");
	if (m->flags & MEMBER_DISABLED)
		return err_public(ERR_FORBIDDEN, "Your login is currently disabled");
	return NULL;
}

err log_in_check(struct ctx *c, const struct log_in *in, struct member_row *out, int64_t *wait_s) {
	bool found, right;
	struct str name;
	*wait_s = 0;
	if (bans_severity(c->site->bans, in->address) == IP_NO_ACCESS)
		return err_public(ERR_FORBIDDEN, "Nobody can log in from this address");
	TRY(find_member(c, in->login, out, &found));
	TRY(throttle_name(c, out, found, in, &name));
	TRY(heard(c, in, name, wait_s));
	TRY(password_matches(c, found ? out->password_hash : STR_NONE, in->password, &right));
	if (!right) {
		throttle_failed(c->site->throttle, THROTTLE_LOGIN, name);
		throttle_failed(c->site->throttle, THROTTLE_ADDRESS, in->address);
		return err_public(ERR_UNAUTHORIZED, "The name or the password is wrong");
	}
	throttle_clear(c->site->throttle, THROTTLE_LOGIN, name);
	throttle_clear(c->site->throttle, THROTTLE_ADDRESS, in->address);
	return not_barred(c, out);
}

struct opening {
	struct ctx *c;
	struct token_row token;
	bool found;
};

static err end_oldest(struct tx *tx, struct opening *o) {
	struct token_info *tokens;
	size_t n, sessions = 0;
	int64_t gone;
	TRY(store_tokens_of_account(o->c->arena, tx_db(tx), o->token.account_id, &tokens, &n));
	for (size_t i = 0; i < n; i++)
		if (tokens[i].kind == TOKEN_SESSION && ++sessions >= SESSIONS_MOST)
			TRY(store_token_delete(tx, tokens[i].id, &gone));
	return NULL;
}

/* The member is read again here: a session must not outlive a deletion that came between. */
static err open_session(struct tx *tx, void *arg) {
	struct opening *o = arg;
	struct member_row m;
	TRY(store_member_by_id(o->c->arena, tx_db(tx), o->token.account_id, &m, &o->found));
	if (!o->found)
		return NULL;
	TRY(tx_journal(tx, J_TOKEN_CREATED, o->token.account_id, o->token.id, 0));
	TRY(end_oldest(tx, o));
	m.last_login_at = o->token.last_used_at;
	TRY(store_member_update(tx, &m));
	return store_token_insert(tx, &o->token);
}

err log_in_open(struct ctx *c, int64_t account_id, struct str address, struct str agent, struct str *secret) {
	char hash[SECRET_HASH];
	*secret = secret_new(c->arena, hash);
	struct opening o = {.c = c};
	o.token = (struct token_row){.id = id_new(),
	                             .hash = str_mem(hash, sizeof hash),
	                             .kind = TOKEN_SESSION,
	                             .account_id = account_id,
	                             .scopes = INT64_MAX,
	                             .address = address,
	                             .agent = str_first(agent, AGENT_LONGEST),
	                             .last_used_at = clock_ms()};
	TRY(tx_run(c->db, open_session, &o));
	return o.found ? NULL : err_plain(ERR_UNAUTHORIZED);
}

struct closing {
	int64_t account_id, token_id, changed;
};

static err close_session(struct tx *tx, void *arg) {
	struct closing *cl = arg;
	TRY(tx_journal(tx, J_TOKEN_REVOKED, cl->account_id, cl->token_id, 0));
	return store_token_delete_of_account(tx, cl->token_id, cl->account_id, &cl->changed);
}

err log_out(struct ctx *c, int64_t token_id) {
	struct closing cl = {.account_id = c->viewer, .token_id = token_id};
	TRY(tx_run(c->db, close_session, &cl));
	return cl.changed ? NULL : err_plain(ERR_NOT_FOUND);
}

err log_in_again(struct ctx *c, struct str password, struct str address, struct member_row *out) {
	bool found, right;
	TRY(store_member_by_id(c->arena, c->db, c->viewer, out, &found));
	if (!found)
		return err_plain(ERR_UNAUTHORIZED);
	struct str name = arena_printf(c->arena, "%lld", (long long)c->viewer);
	int64_t wait = throttle_wait(c->site->throttle, THROTTLE_LOGIN, name);
	if (wait)
		return err_public(ERR_THROTTLED, "Too many wrong passwords: try again in %lld seconds", (long long)wait);
	TRY(password_matches(c, out->password_hash, password, &right));
	if (right)
		return NULL;
	throttle_failed(c->site->throttle, THROTTLE_LOGIN, name);
	throttle_failed(c->site->throttle, THROTTLE_ADDRESS, address);
	return err_public(ERR_FORBIDDEN, "The password is wrong");
}
