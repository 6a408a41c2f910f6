#include "core/sign_up.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/bans.h"
#include "core/mail.h"
#include "core/password.h"
#include "core/phone.h"
#include "core/site.h"
#include "core/username.h"
#include "store/account.h"
#include "store/invite.h"
#include "store/member.h"

enum { REASON_LONGEST = 2000 };

const char *join_state_name(enum join_state s) {
	static const char *const names[] = {"active", "unconfirmed", "pending"};
	return names[s];
}

enum join_state join_state_of(int64_t member_flags) {
	if (!(member_flags & MEMBER_CONFIRMED))
		return JOIN_UNCONFIRMED;
	return member_flags & MEMBER_APPROVED ? JOIN_ACTIVE : JOIN_PENDING;
}

static err check_taken(struct db *db, struct arena *a, struct str username, struct str email, struct problems *p) {
	int64_t id;
	bool taken;
	struct member_row other;
	TRY(store_account_id_by_name(db, username, STR_NONE, &id, &taken));
	if (taken && !problem_of(p, "username"))
		problem_add(p, "username", "ERR_TAKEN", "has already been taken");
	TRY(store_member_by_email(a, db, email, &other, &taken));
	if (taken && !problem_of(p, "email"))
		problem_add(p, "email", "ERR_TAKEN", "has already been taken");
	return NULL;
}

static struct str locale_or_none(struct str locale) {
	bool ok = locale.n >= 2 && locale.n <= 10;
	for (size_t i = 0; ok && i < locale.n; i++) {
		char ch = locale.p[i];
		ok = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (i && ch == '-');
	}
	return ok ? locale : STR_NONE;
}

/* What is being joined with: the rows to insert and the invite to use up. */
struct joining {
	struct ctx *c;
	struct account_row account;
	struct member_row member;
	struct str phone; /* that has to be confirmed; empty: none */
	struct problems *p;
	int64_t now;
};

static err insert(struct tx *tx, struct joining *j) {
	TRY(store_account_insert(tx, &j->account));
	return store_member_insert(tx, &j->member);
}

static err join(struct tx *tx, void *arg) {
	struct joining *j = arg;
	j->p->n = 0;
	TRY(tx_journal(tx, J_ACCOUNT_CREATED, j->account.id, 0, 0));
	TRY(check_taken(tx_db(tx), j->c->arena, j->account.username, j->member.email, j->p));
	TRY(problems_err(j->p));
	bool used = true;
	if (j->member.invite_id)
		TRY(store_invite_use(tx, j->member.invite_id, j->now, &used));
	if (!used) {
		problem_add(j->p, "invite", "ERR_INVALID", "has been used up");
		return problems_err(j->p);
	}
	TRY(insert(tx, j));
	if (j->member.flags & MEMBER_CONFIRMED)
		return NULL;
	return j->phone.n ? phone_write(tx, j->c, j->account.id, j->phone) : mail_queue(tx, MAIL_CONFIRM, j->account.id, 0);
}

static err find_invite(struct ctx *c, struct str code, struct problems *p, int64_t *id) {
	struct invite_row invite;
	bool found;
	TRY(store_invite_by_code(c->arena, c->db, code, &invite, &found));
	int64_t flags = 0;
	if (found)
		TRY(store_account_flags(c->db, invite.account_id, &flags, &found));
	bool good = found && !(flags & ACCOUNT_GONE) && (!invite.max_uses || invite.uses < invite.max_uses) &&
	            (!invite.expires_at || invite.expires_at > clock_ms());
	if (good)
		*id = invite.id;
	else
		problem_add(p, "invite", "ERR_INVALID", "is not valid any more");
	return NULL;
}

static err check_email(struct ctx *c, struct str typed, struct problems *p, struct str *email) {
	struct str domain;
	bool blocked;
	*email = STR_NONE;
	if (!email_check(c->arena, p, typed, email, &domain))
		return NULL;
	TRY(bans_mail_domain(c, domain, &blocked));
	if (blocked)
		problem_add(p, "email", "ERR_BLOCKED", "is of a provider that is not accepted here");
	return NULL;
}

/* Everything that can be said without a transaction. */
static err check(struct ctx *c, const struct sign_up *in, const struct site_text *site, struct problems *p, struct joining *j) {
	bool asked = site->registrations == REGISTRATIONS_APPROVAL && site->reason_required;
	username_check(p, in->username, false);
	TRY(check_email(c, in->email, p, &j->member.email));
	if (site_confirms(c->site->config) == CONFIRM_PHONE)
		TRY(phone_check(c, in->phone, p, &j->phone));
	password_check(p, in->password, in->username, j->member.email);
	if (!in->agreement)
		problem_add(p, "agreement", "ERR_ACCEPTED", "must be accepted");
	if (in->invite.n)
		TRY(find_invite(c, in->invite, p, &j->member.invite_id));
	else if (site->registrations == REGISTRATIONS_INVITE)
		problem_add(p, "invite", "ERR_BLANK", "is needed to join");
	else if (asked && str_empty(str_trim(in->reason)))
		problem_add(p, "reason", "ERR_BLANK", "can't be blank");
	if (in->reason.n > REASON_LONGEST)
		problem_add(p, "reason", "ERR_TOO_LONG", "is too long (maximum is 2000 characters)");
	TRY(check_taken(c->db, c->arena, in->username, j->member.email, p));
	return problems_err(p);
}

static err may_join(struct ctx *c, const struct site_text *site, struct str address, bool *needs_approval) {
	int severity = bans_severity(c->site->bans, address);
	if (site->registrations == REGISTRATIONS_CLOSED)
		return err_public(ERR_FORBIDDEN, "Nobody can join this network at the moment");
	if (severity >= IP_NO_SIGN_UP)
		return err_public(ERR_FORBIDDEN, "Nobody can join from this address");
	*needs_approval = severity == IP_APPROVAL;
	return NULL;
}

err sign_up(struct ctx *c, const struct sign_up *in, struct problems *p, int64_t *account_id, enum join_state *state) {
	struct site_text site;
	bool suspicious = false;
	struct str hash;
	struct joining j = {.c = c, .p = p};
	TRY(site_text_read(c, &site));
	TRY(may_join(c, &site, in->address, &suspicious));
	TRY(check(c, in, &site, p, &j));
	TRY(password_hash(c, in->password, &hash));
	bool approved = !suspicious && (j.member.invite_id || site.registrations == REGISTRATIONS_OPEN);
	int64_t flags = (approved ? MEMBER_APPROVED : 0) | (site_confirms(c->site->config) == CONFIRM_NONE ? MEMBER_CONFIRMED : 0);
	j.now = clock_ms();
	j.account = (struct account_row){.id = id_new(), .username = in->username, .changed_at = j.now};
	j.account.flags = ACCOUNT_INDEXABLE | (flags == MEMBER_ACTIVE ? 0 : ACCOUNT_PENDING);
	j.member = (struct member_row){.account_id = j.account.id,
	                               .email = j.member.email,
	                               .password_hash = hash,
	                               .flags = flags,
	                               .locale = locale_or_none(in->locale),
	                               .reason = str_trim(in->reason),
	                               .invite_id = j.member.invite_id,
	                               .address = in->address};
	TRY(tx_run(c->db, join, &j));
	if (j.phone.n)
		phone_count(c, j.phone, j.account.id);
	*account_id = j.account.id;
	*state = join_state_of(flags);
	return NULL;
}

/* ── made by the owner ── */

err member_make_check(struct ctx *c, struct made_member *in, struct problems *p) {
	struct str email, domain;
	username_check(p, in->username, true);
	if (email_check(c->arena, p, in->email, &email, &domain))
		in->email = email;
	password_check(p, in->password, in->username, in->email);
	TRY(check_taken(c->db, c->arena, in->username, in->email, p));
	return problems_err(p);
}

err member_make_write(struct tx *tx, struct ctx *c, const struct made_member *in, struct str password_hash, int64_t account_id,
                      struct problems *p) {
	int64_t flags = MEMBER_APPROVED | (in->confirmed ? MEMBER_CONFIRMED : 0);
	struct joining j = {.c = c, .p = p};
	j.account = (struct account_row){.id = account_id, .username = in->username, .changed_at = id_ms(account_id)};
	j.account.flags = ACCOUNT_INDEXABLE | (in->confirmed ? 0 : ACCOUNT_PENDING);
	j.member = (struct member_row){.account_id = account_id,
	                               .email = in->email,
	                               .password_hash = password_hash,
	                               .role = in->role,
	                               .flags = flags,
	                               .locale = locale_or_none(in->locale),
	                               .address = in->address};
	p->n = 0;
	TRY(check_taken(tx_db(tx), c->arena, in->username, in->email, p));
	TRY(problems_err(p));
	TRY(insert(tx, &j));
	return in->confirmed ? NULL : mail_queue(tx, MAIL_CONFIRM, account_id, 0);
}

struct making {
	struct ctx *c;
	const struct made_member *in;
	struct str hash;
	int64_t id;
	struct problems *p;
};

static err make(struct tx *tx, void *arg) {
	struct making *m = arg;
	TRY(tx_journal(tx, J_ACCOUNT_CREATED, m->id, 0, 0));
	return member_make_write(tx, m->c, m->in, m->hash, m->id, m->p);
}

err member_make(struct ctx *c, const struct made_member *in, struct problems *p, int64_t *account_id) {
	struct made_member checked = *in;
	struct making m = {.c = c, .in = &checked, .id = id_new(), .p = p};
	TRY(member_make_check(c, &checked, p));
	TRY(password_hash(c, checked.password, &m.hash));
	TRY(tx_run(c->db, make, &m));
	*account_id = m.id;
	return NULL;
}

err member_flags_write(struct tx *tx, struct member_row *m, int64_t flags) {
	bool was = (m->flags & MEMBER_ACTIVE) == MEMBER_ACTIVE, is = (flags & MEMBER_ACTIVE) == MEMBER_ACTIVE;
	m->flags = flags;
	TRY(store_member_update(tx, m));
	if (was == is)
		return NULL;
	return store_account_flags_set(tx, m->account_id, is ? 0 : ACCOUNT_PENDING, is ? ACCOUNT_PENDING : 0);
}
