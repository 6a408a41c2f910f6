#include "core/credential.h"

#include "base/clock.h"
#include "core/audit.h"
#include "core/bans.h"
#include "core/mail.h"
#include "core/password.h"
#include "core/phone.h"
#include "core/secret.h"
#include "core/site.h"
#include "core/throttle.h"
#include "core/username.h"
#include "store/account.h"
#include "store/member.h"
#include "store/once.h"
#include "store/token.h"

#include <jansson.h>

/* ── addresses ── */

struct confirming {
	struct ctx *c;
	char hash[SECRET_HASH];
	int64_t account_id;
	bool by_hand, found;
	int64_t flags;
};

/* The address that is being confirmed must still be the one that waits: a link to an abandoned address is worth nothing. */
static err take_confirmation(struct tx *tx, struct confirming *f, struct member_row *m) {
	struct once_row once;
	TRY(store_once_take(f->c->arena, tx, str_mem(f->hash, sizeof f->hash), ONCE_CONFIRM, clock_ms(), &once, &f->found));
	if (!f->found)
		return NULL;
	TRY(store_member_by_id(f->c->arena, tx_db(tx), once.account_id, m, &f->found));
	json_t *data = json_loadb(once.data.p, once.data.n, 0, NULL);
	struct str email = str_of(json_string_value(json_object_get(data, "email")));
	f->found = f->found && str_eq_ci(email, m->new_email.n ? m->new_email : m->email);
	json_decref(data);
	return NULL;
}

static err address_is_free(struct tx *tx, struct ctx *c, const struct member_row *m, bool *is_free) {
	struct member_row other;
	bool found;
	TRY(store_member_by_email(c->arena, tx_db(tx), m->new_email, &other, &found));
	*is_free = !found || other.account_id == m->account_id;
	return NULL;
}

static err confirm(struct tx *tx, void *arg) {
	struct confirming *f = arg;
	struct member_row m;
	bool is_free = true;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, f->account_id, 0, 0));
	if (f->by_hand)
		TRY(store_member_by_id(f->c->arena, tx_db(tx), f->account_id, &m, &f->found));
	else
		TRY(take_confirmation(tx, f, &m));
	if (f->found && m.new_email.n) {
		TRY(address_is_free(tx, f->c, &m, &is_free));
		f->found = is_free;
		m.email = m.new_email;
		m.new_email = STR_NONE;
	}
	if (!f->found)
		return err_public(ERR_GONE, "This link is not good any more");
	TRY(store_once_delete_of_account(tx, m.account_id, ONCE_CONFIRM));
	/* Where the telephone counts, a link says nothing but that the mail arrived. */
	bool counts = f->by_hand || site_confirms(f->c->site->config) != CONFIRM_PHONE;
	f->flags = m.flags | (counts ? MEMBER_CONFIRMED : 0);
	if (f->by_hand)
		TRY(phone_forget_waiting(tx, f->c, m.account_id));
	TRY(member_flags_write(tx, &m, f->flags));
	return f->by_hand ? audit_note(tx, f->c, S("confirm"), S("account"), m.account_id, m.email, STR_NONE) : NULL;
}

err email_confirm(struct ctx *c, struct str secret, enum join_state *state) {
	struct confirming f = {.c = c};
	struct once_row once;
	bool found;
	secret_hash(secret, f.hash);
	TRY(store_once_get(c->arena, c->db, str_mem(f.hash, sizeof f.hash), ONCE_CONFIRM, &once, &found));
	if (!found)
		return err_public(ERR_GONE, "This link is not good any more");
	f.account_id = once.account_id;
	TRY(tx_run(c->db, confirm, &f));
	*state = join_state_of(f.flags);
	return NULL;
}

err email_confirm_by_hand(struct ctx *c, int64_t account_id) {
	struct confirming f = {.c = c, .account_id = account_id, .by_hand = true};
	return tx_run(c->db, confirm, &f);
}

struct mailing {
	enum mail_kind kind;
	int64_t account_id;
};

/* Only a job is written: nothing that anybody reads has changed. */
static err queue(struct tx *tx, void *arg) {
	struct mailing *m = arg;
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return mail_queue(tx, m->kind, m->account_id, 0);
}

/* One mailbox and one address can be made to receive or cause only so many. */
static bool too_many_mails(struct ctx *c, struct str email, struct str address) {
	struct throttle *t = c->site->throttle;
	if (throttle_wait(t, THROTTLE_MAIL, email) || throttle_wait(t, THROTTLE_ADDRESS, address))
		return true;
	throttle_failed(t, THROTTLE_MAIL, email);
	throttle_failed(t, THROTTLE_ADDRESS, address);
	return false;
}

/* By a mail. */
static bool waits_for_confirmation(const struct ctx *c, const struct member_row *m) {
	return (!(m->flags & MEMBER_CONFIRMED) && site_confirms(c->site->config) != CONFIRM_PHONE) || m->new_email.n;
}

err email_confirm_again(struct ctx *c, struct str email, struct str address) {
	struct member_row m;
	bool found;
	email = str_trim(email);
	if (too_many_mails(c, email, address))
		return NULL;
	TRY(store_member_by_email(c->arena, c->db, email, &m, &found));
	if (!found || m.flags & MEMBER_CONFIRMED || !waits_for_confirmation(c, &m))
		return NULL;
	return tx_run(c->db, queue, &(struct mailing){MAIL_CONFIRM, m.account_id});
}

struct changing {
	struct ctx *c;
	struct str email;
	struct problems *p;
	bool at_once;   /* nothing needs to be confirmed */
	bool corrected; /* of a member who was never confirmed: the address itself changes */
};

static err change_email(struct tx *tx, void *arg) {
	struct changing *ch = arg;
	struct member_row m, other;
	bool found, taken;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, ch->c->viewer, 0, 0));
	TRY(store_member_by_id(ch->c->arena, tx_db(tx), ch->c->viewer, &m, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_member_by_email(ch->c->arena, tx_db(tx), ch->email, &other, &taken));
	if (taken && other.account_id != m.account_id) {
		ch->p->n = 0;
		problem_add(ch->p, "email", "ERR_TAKEN", "has already been taken");
		return problems_err(ch->p);
	}
	TRY(store_once_delete_of_account(tx, m.account_id, ONCE_CONFIRM));
	if (ch->at_once || ch->corrected)
		m.email = ch->email;
	m.new_email = ch->at_once || ch->corrected ? STR_NONE : ch->email;
	TRY(store_member_update(tx, &m));
	if (ch->at_once)
		return NULL;
	if (!ch->corrected)
		TRY(mail_queue(tx, MAIL_EMAIL_CHANGES, m.account_id, 0));
	return mail_queue(tx, MAIL_CONFIRM, m.account_id, 0);
}

static err check_new_email(struct ctx *c, struct str typed, struct problems *p, struct str *email) {
	struct str domain;
	bool blocked = false;
	if (email_check(c->arena, p, typed, email, &domain))
		TRY(bans_mail_domain(c, domain, &blocked));
	if (blocked)
		problem_add(p, "email", "ERR_BLOCKED", "is of a provider that is not accepted here");
	return problems_err(p);
}

err email_confirm_again_own(struct ctx *c, struct str corrected, struct problems *p) {
	struct member_row m;
	bool found;
	TRY(store_member_by_id(c->arena, c->db, c->viewer, &m, &found));
	if (!found || !waits_for_confirmation(c, &m))
		return err_public(ERR_FORBIDDEN, "This method is only available while the e-mail is awaiting confirmation");
	if (throttle_wait(c->site->throttle, THROTTLE_MAIL, m.email))
		return err_public(ERR_THROTTLED, "Too many mails were sent: try again later");
	throttle_failed(c->site->throttle, THROTTLE_MAIL, m.email);
	struct changing ch = {.c = c, .p = p, .corrected = !(m.flags & MEMBER_CONFIRMED)};
	if (str_empty(corrected))
		return tx_run(c->db, queue, &(struct mailing){MAIL_CONFIRM, c->viewer});
	TRY(check_new_email(c, corrected, p, &ch.email));
	return tx_run(c->db, change_email, &ch);
}

err email_change(struct ctx *c, struct str email, struct problems *p, enum join_state *state) {
	struct changing ch = {.c = c, .p = p};
	TRY(check_new_email(c, email, p, &ch.email));
	ch.at_once = site_confirms(c->site->config) != CONFIRM_EMAIL;
	*state = ch.at_once ? JOIN_ACTIVE : JOIN_UNCONFIRMED;
	return tx_run(c->db, change_email, &ch);
}

/* ── passwords ── */

err password_forgot(struct ctx *c, struct str email, struct str address) {
	struct member_row m;
	bool found;
	email = str_trim(email);
	if (too_many_mails(c, email, address))
		return NULL;
	TRY(store_member_by_email(c->arena, c->db, email, &m, &found));
	if (!found || str_empty(m.password_hash))
		return NULL;
	return tx_run(c->db, queue, &(struct mailing){MAIL_PASSWORD_RESET, m.account_id});
}

struct setting {
	struct ctx *c;
	int64_t account_id;
	struct str hash;        /* of the new password */
	char once[SECRET_HASH]; /* of the link, where by_link */
	bool by_link, by_owner;
	int64_t spared_token;
};

static err set_password(struct tx *tx, void *arg) {
	struct setting *s = arg;
	struct once_row once;
	struct member_row m;
	bool found = true;
	TRY(tx_journal(tx, J_TOKEN_REVOKED, s->account_id, 0, 0));
	if (s->by_link)
		TRY(store_once_take(s->c->arena, tx, str_mem(s->once, sizeof s->once), ONCE_PASSWORD_RESET, clock_ms(), &once, &found));
	if (found)
		TRY(store_member_by_id(s->c->arena, tx_db(tx), s->account_id, &m, &found));
	if (!found)
		return s->by_link ? err_public(ERR_GONE, "This link is not good any more") : err_plain(ERR_NOT_FOUND);
	m.password_hash = s->hash;
	TRY(store_once_delete_of_account(tx, m.account_id, ONCE_PASSWORD_RESET));
	TRY(store_once_delete_of_account(tx, m.account_id, ONCE_CODE));
	TRY(store_token_delete_all(tx, m.account_id, s->spared_token));
	/* Whoever can read the mailbox has just shown it. It says nothing of a telephone. */
	bool shown = s->by_link && str_empty(m.new_email) && site_confirms(s->c->site->config) != CONFIRM_PHONE;
	TRY(member_flags_write(tx, &m, shown ? m.flags | MEMBER_CONFIRMED : m.flags));
	if (s->by_owner)
		return audit_note(tx, s->c, S("reset_password"), S("account"), m.account_id, m.email, STR_NONE);
	return mail_queue(tx, MAIL_PASSWORD_CHANGED, m.account_id, 0);
}

static err check_password(struct ctx *c, int64_t account_id, struct str password, struct problems *p) {
	struct account_row account = {0};
	struct member_row m = {0};
	bool found;
	TRY(store_account_by_id(c->arena, c->db, account_id, &account, &found));
	TRY(store_member_by_id(c->arena, c->db, account_id, &m, &found));
	password_check(p, password, account.username, m.email);
	return problems_err(p);
}

err password_reset(struct ctx *c, struct str secret, struct str password, struct problems *p) {
	struct setting s = {.c = c, .by_link = true};
	struct once_row once;
	bool found;
	secret_hash(secret, s.once);
	TRY(store_once_get(c->arena, c->db, str_mem(s.once, sizeof s.once), ONCE_PASSWORD_RESET, &once, &found));
	if (!found || once.expires_at <= clock_ms())
		return err_public(ERR_GONE, "This link is not good any more");
	s.account_id = once.account_id;
	TRY(check_password(c, s.account_id, password, p));
	TRY(password_hash(c, password, &s.hash));
	return tx_run(c->db, set_password, &s);
}

err password_change(struct ctx *c, struct str password, int64_t token_id, struct problems *p) {
	struct setting s = {.c = c, .account_id = c->viewer, .spared_token = token_id};
	TRY(check_password(c, c->viewer, password, p));
	TRY(password_hash(c, password, &s.hash));
	return tx_run(c->db, set_password, &s);
}

err password_set(struct ctx *c, int64_t account_id, struct str password) {
	struct setting s = {.c = c, .account_id = account_id, .by_owner = true};
	TRY(password_hash(c, password, &s.hash));
	return tx_run(c->db, set_password, &s);
}
