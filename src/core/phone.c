#include "core/phone.h"

#include "base/clock.h"
#include "config/config.h"
#include "core/secret.h"
#include "core/site.h"
#include "core/sms.h"
#include "core/throttle.h"
#include "store/member.h"
#include "store/phone.h"

static err check_free(struct ctx *c, struct db *db, struct str number, int64_t account_id, struct problems *p) {
	int64_t owner;
	bool taken;
	TRY(store_phone_owner(db, secret_phone(c->arena, c->site, number), &owner, &taken));
	if (taken && owner != account_id)
		problem_add(p, "phone", "ERR_TAKEN", "has already been taken");
	return NULL;
}

static bool parse(struct ctx *c, struct str typed, struct problems *p, struct str *number) {
	char text[PHONE_TEXT];
	*number = STR_NONE;
	if (str_empty(str_trim(typed)))
		problem_add(p, "phone", "ERR_BLANK", "can't be blank");
	else if (!phone_parse(typed, text, number))
		problem_add(p, "phone", "ERR_INVALID", "is not a number with + and its country's code");
	else if (!phone_has_prefix(config_text(c->site->config, SET_sms_prefixes), *number))
		problem_add(p, "phone", "ERR_BLOCKED", "is of a country that is not accepted here");
	else
		*number = arena_str(c->arena, *number);
	return number->n && !problem_of(p, "phone");
}

static err check_cap(struct ctx *c, struct problems *p) {
	int64_t sent;
	bool full;
	TRY(sms_full(c, true, &sent, &full));
	if (full)
		problem_add(p, "phone", "ERR_LIMIT", "cannot be sent a code today any more: please try again tomorrow");
	return NULL;
}

err phone_check(struct ctx *c, struct str typed, struct problems *p, struct str *number) {
	if (!parse(c, typed, p, number))
		return NULL;
	if (throttle_wait(c->site->throttle, THROTTLE_SMS, *number))
		problem_add(p, "phone", "ERR_TOO_MANY", "was sent too many codes: please wait a while");
	TRY(check_free(c, c->db, *number, 0, p));
	return check_cap(c, p);
}

static struct str account_key(struct ctx *c, int64_t account_id) { return arena_printf(c->arena, "%lld", (long long)account_id); }

void phone_count(struct ctx *c, struct str number, int64_t account_id) {
	throttle_failed(c->site->throttle, THROTTLE_SMS, number);
	throttle_failed(c->site->throttle, THROTTLE_SMS, account_key(c, account_id));
}

err phone_write(struct tx *tx, struct ctx *c, int64_t account_id, struct str number) {
	struct phone_row row = {.account_id = account_id, .hash = secret_phone(c->arena, c->site, number), .state = PHONE_WAITS};
	TRY(store_phone_put(tx, &row));
	return sms_queue_code(tx, account_id, number);
}

err phone_forget_waiting(struct tx *tx, struct ctx *c, int64_t account_id) {
	struct phone_row row;
	bool found;
	TRY(store_phone_get(c->arena, tx_db(tx), account_id, &row, &found));
	if (!found || row.state == PHONE_CONFIRMED)
		return NULL;
	TRY(store_job_forget_of(tx, S(SMS_JOB), account_id));
	return store_phone_delete(tx, account_id);
}

/* ── the code ── */

struct typing {
	struct ctx *c;
	int64_t account_id;
	struct str code;
	struct problems *p;
	enum typed { TYPED_RIGHT, TYPED_WRONG, TYPED_NONE_GOOD, TYPED_REFUSED } typed;
	int64_t flags;
};

/* No code, none that is good still, or a number that gets none. */
static bool is_good(struct typing *t, const struct phone_row *row, bool found) {
	t->typed = found && row->state == PHONE_REFUSED ? TYPED_REFUSED : TYPED_NONE_GOOD;
	return found && row->state == PHONE_WAITS && row->code_hash.n && row->code_until > clock_ms();
}

static err wrong(struct tx *tx, struct typing *t, struct phone_row *row) {
	t->typed = TYPED_WRONG;
	if (++row->tries >= PHONE_TRIES)
		row->code_hash = STR_NONE;
	return store_phone_put(tx, row);
}

static err right(struct tx *tx, struct typing *t, struct phone_row *row, struct member_row *m) {
	int64_t owner;
	bool taken;
	row->code_hash = STR_NONE;
	TRY(store_phone_owner(tx_db(tx), row->hash, &owner, &taken));
	t->typed = TYPED_RIGHT;
	if (taken) {
		problem_add(t->p, "phone", "ERR_TAKEN", "has already been taken");
		return store_phone_put(tx, row);
	}
	row->state = PHONE_CONFIRMED;
	TRY(store_phone_put(tx, row));
	t->flags = m->flags | MEMBER_CONFIRMED;
	return member_flags_write(tx, m, t->flags);
}

static err type_code(struct tx *tx, void *arg) {
	struct typing *t = arg;
	struct phone_row row;
	struct member_row m;
	bool found, is_member;
	t->p->n = 0;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, t->account_id, 0, 0));
	TRY(store_phone_get(t->c->arena, tx_db(tx), t->account_id, &row, &found));
	TRY(store_member_by_id(t->c->arena, tx_db(tx), t->account_id, &m, &is_member));
	if (!is_good(t, &row, found && is_member))
		return NULL;
	struct str hash = secret_phone_code(t->c->arena, t->c->site, t->account_id, t->code);
	return str_eq_secret(hash, row.code_hash) ? right(tx, t, &row, &m) : wrong(tx, t, &row);
}

/* As typed: telephones show codes in two halves. */
static struct str digits_of(struct ctx *c, struct str typed) {
	BUF_AUTO b = {0};
	for (size_t i = 0; i < typed.n && b.n <= SMS_CODE_DIGITS; i++)
		if (typed.p[i] != ' ' && typed.p[i] != '-')
			buf_byte(&b, typed.p[i]);
	return arena_str(c->arena, buf_str(&b));
}

err phone_confirm(struct ctx *c, int64_t account_id, struct str code, struct problems *p, enum join_state *state) {
	struct typing t = {.c = c, .account_id = account_id, .code = digits_of(c, code), .p = p};
	if (site_confirms(c->site->config) != CONFIRM_PHONE)
		return err_public(ERR_FORBIDDEN, "Nobody has to confirm a telephone here");
	TRY(tx_run(c->db, type_code, &t));
	switch (t.typed) {
	case TYPED_RIGHT: break;
	case TYPED_WRONG: problem_add(p, "code", "ERR_INVALID", "is wrong"); break;
	case TYPED_REFUSED: problem_add(p, "phone", "ERR_UNREACHABLE", "gets no text messages: please give another"); break;
	case TYPED_NONE_GOOD: return err_public(ERR_GONE, "This code is not good any more: please ask for another");
	}
	TRY(problems_err(p));
	*state = join_state_of(t.flags);
	return NULL;
}

/* ── another one ── */

struct asking {
	struct ctx *c;
	int64_t account_id;
	struct str number;
};

static err ask_again(struct tx *tx, void *arg) {
	struct asking *k = arg;
	struct member_row m;
	bool found;
	TRY(tx_journal(tx, J_ONCE_CHANGED, k->account_id, 0, 0));
	TRY(store_member_by_id(k->c->arena, tx_db(tx), k->account_id, &m, &found));
	if (!found || m.flags & MEMBER_CONFIRMED)
		return err_public(ERR_FORBIDDEN, "There is nothing to confirm");
	return phone_write(tx, k->c, k->account_id, k->number);
}

static err throttled(struct ctx *c, int64_t account_id, struct str number, struct str address, int64_t *wait_s) {
	struct throttle *t = c->site->throttle;
	int64_t waits[] = {throttle_wait(t, THROTTLE_SMS, number), throttle_wait(t, THROTTLE_SMS, account_key(c, account_id)),
	                   throttle_wait(t, THROTTLE_SMS_ADDRESS, address)};
	*wait_s = 0;
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
		*wait_s = waits[i] > *wait_s ? waits[i] : *wait_s;
	return *wait_s ? err_public(ERR_THROTTLED, "Too many codes were sent: try again in %lld seconds", (long long)*wait_s) : NULL;
}

err phone_code_again(struct ctx *c, int64_t account_id, struct str typed, struct str address, struct problems *p, int64_t *wait_s) {
	struct asking k = {.c = c, .account_id = account_id};
	*wait_s = 0;
	if (site_confirms(c->site->config) != CONFIRM_PHONE)
		return err_public(ERR_FORBIDDEN, "Nobody has to confirm a telephone here");
	if (parse(c, typed, p, &k.number)) {
		TRY(throttled(c, account_id, k.number, address, wait_s));
		TRY(check_free(c, c->db, k.number, account_id, p));
		TRY(check_cap(c, p));
	}
	TRY(problems_err(p));
	TRY(tx_run(c->db, ask_again, &k));
	phone_count(c, k.number, account_id);
	throttle_failed(c->site->throttle, THROTTLE_SMS_ADDRESS, address);
	return NULL;
}
