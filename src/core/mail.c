#include "core/mail.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "config/config.h"
#include "core/mail_routes.h"
#include "core/secret.h"
#include "core/site.h"
#include "core/site_text.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/member.h"
#include "store/once.h"
#include "wire/message.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONFIRM_MS = 7 * 86400 * 1000, RESET_MS = 3600 * 1000 };

err mail_queue(struct tx *tx, enum mail_kind kind, int64_t account_id, int64_t about) {
	char digit[2] = {(char)('0' + kind), 0};
	return store_job_add(tx, S(MAIL_JOB), 0, account_id, about, str_of(digit), NULL);
}

/* ── words ── */

struct letter {
	struct ctx *c;
	struct member_row member;
	struct account_row account;
	struct site_text site;
	int64_t about;
	struct str to, subject;
	struct buf body;
};

static void line(struct letter *l, struct str s) {
	buf_put(&l->body, s);
	buf_lit(&l->body, "\n");
}

static void greeting(struct letter *l) { buf_printf(&l->body, "Hello @%.*s,\n\n", S_ARG(l->account.username)); }

struct making {
	char hash[SECRET_HASH];
	enum once_kind kind;
	struct once_row row;
};

static err insert_once(struct tx *tx, void *arg) {
	const struct making *m = arg;
	TRY(tx_journal(tx, J_ONCE_CHANGED, m->row.account_id, 0, 0));
	return store_once_insert(tx, str_mem(m->hash, sizeof m->hash), m->kind, &m->row);
}

/* A fresh secret for each mail that is sent, so that no queue and no backup ever holds one that works. */
static err put_link(struct letter *l, const char *page, enum once_kind kind, struct str data, int64_t life_ms) {
	struct making m = {.kind = kind, .row = {.account_id = l->member.account_id, .data = data, .expires_at = clock_ms() + life_ms}};
	struct str secret = secret_new(l->c->arena, m.hash);
	TRY(tx_run(l->c->db, insert_once, &m));
	buf_printf(&l->body, "\n%.*s/%s?token=%.*s\n\n", S_ARG(l->c->site->base_url), page, S_ARG(secret));
	return NULL;
}

static err write_confirm(struct letter *l) {
	bool change = l->member.new_email.n;
	if (!change && (l->member.flags & MEMBER_CONFIRMED || site_confirms(l->c->site->config) == CONFIRM_PHONE))
		return NULL;
	l->to = change ? l->member.new_email : l->member.email;
	l->subject = S("Confirm your e-mail address");
	BUF_AUTO data = {0};
	buf_lit(&data, "{\"email\":");
	buf_json_string(&data, l->to);
	buf_byte(&data, '}');
	line(l, S("please confirm that this is your e-mail address by opening this link within a week:"));
	TRY(put_link(l, "confirm", ONCE_CONFIRM, buf_str(&data), CONFIRM_MS));
	line(l, S("If you did not ask for this, do nothing: without the link nobody can use your address here."));
	return NULL;
}

static err write_password_reset(struct letter *l) {
	l->subject = S("Choose a new password");
	line(l, S("somebody, probably you, wants to set a new password for your account. This link does it, within the next hour:"));
	TRY(put_link(l, "reset", ONCE_PASSWORD_RESET, STR_NONE, RESET_MS));
	line(l, S("If it was not you, do nothing: your password stays as it is."));
	return NULL;
}

static err write_password_changed(struct letter *l) {
	l->subject = S("Your password was changed");
	line(l, S("the password of your account was changed just now, and all other devices were logged out.\n"));
	line(l, S("If it was not you, set a new one at once with \"Forgot password\" on the log-in page, and tell the moderators."));
	return NULL;
}

static err write_email_changes(struct letter *l) {
	if (str_empty(l->member.new_email))
		return NULL;
	l->subject = S("Your e-mail address is about to change");
	buf_printf(&l->body,
	           "somebody, probably you, wants to use %.*s for your account instead of this address. It changes when that address is "
	           "confirmed.\n\nIf it was not you, change your password at once.\n",
	           S_ARG(l->member.new_email));
	return NULL;
}

static err write_approved(struct letter *l) {
	l->subject = S("Welcome: you can log in now");
	buf_printf(&l->body, "your request to join was approved. You can log in here:\n\n%.*s/login\n", S_ARG(l->c->site->base_url));
	return NULL;
}

static err write_warning(struct letter *l) {
	static const char *const what[] = {
	    [WARNING_NONE] = "a moderator has a message for you:",
	    [WARNING_DISABLE] = "a moderator has disabled the log-in of your account.",
	    [WARNING_SENSITIVE] = "a moderator has decided that all your pictures are hidden behind a warning from now on.",
	    [WARNING_SILENCE] = "a moderator has limited your account: only people who follow you or look for you see it.",
	    [WARNING_SUSPEND] = "a moderator has suspended your account. Nobody can see it any more.",
	    [WARNING_DELETE_STATUSES] = "a moderator has deleted posts of yours.",
	};
	struct warning_row w;
	bool found;
	TRY(store_warning_by_id(l->c->arena, l->c->db, l->about, &w, &found));
	if (!found)
		return NULL;
	l->subject = w.action == WARNING_NONE ? S("A message from the moderators") : S("About your account");
	line(l, str_of(what[w.action]));
	if (w.text.n)
		buf_printf(&l->body, "\n%.*s\n", S_ARG(w.text));
	return NULL;
}

static err (*const writers[MAIL_KIND_COUNT])(struct letter *) = {
    [MAIL_CONFIRM] = write_confirm,
    [MAIL_PASSWORD_RESET] = write_password_reset,
    [MAIL_PASSWORD_CHANGED] = write_password_changed,
    [MAIL_EMAIL_CHANGES] = write_email_changes,
    [MAIL_APPROVED] = write_approved,
    [MAIL_WARNING] = write_warning,
};

/* ── sending ── */

static struct str sender(struct ctx *c) {
	struct str from = config_text(c->site->config, SET_mail_from), domain = c->site->domain, host = str_cut(&domain, ':');
	return from.n ? from : arena_printf(c->arena, "freehold@%.*s", S_ARG(host));
}

/* Where no mail server is configured: a file each, that only the owner can read. The log names the file and nothing of what is in it. */
static err write_file(struct ctx *c, struct str message) {
	struct str dir = arena_printf(c->arena, "%.*s/mail", S_ARG(c->site->data_dir));
	struct str path = arena_printf(c->arena, "%s/%lld.eml", dir.p, (long long)id_new());
	if (mkdir(dir.p, 0700) != 0 && errno != EEXIST)
		return err_private(ERR_UNAVAILABLE, "%s cannot be made: %s", dir.p, strerror(errno));
	int fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_private(ERR_UNAVAILABLE, "%s cannot be written: %s", path.p, strerror(errno));
	ssize_t written = write(fd, message.p, message.n);
	bool kept = written == (ssize_t)message.n && fsync(fd) == 0;
	close(fd);
	if (!kept) {
		unlink(path.p);
		return err_private(ERR_UNAVAILABLE, "%s cannot be written", path.p);
	}
	log_info("no mail server is configured: a mail was written to %s", path.p);
	return NULL;
}

static err send_letter(struct letter *l, int64_t job) {
	struct ctx *c = l->c;
	struct str from = sender(c), domain = from;
	str_cut(&domain, '@');
	struct message m = {.from_name = l->site.title,
	                    .from = from,
	                    .to = l->to,
	                    .subject = l->subject,
	                    .text = buf_str(&l->body),
	                    .id = arena_printf(c->arena, "%lld@%.*s", (long long)job, S_ARG(domain)),
	                    .at = clock_ms()};
	BUF_AUTO message = {0};
	message_put(&message, &m);
	if (!routes_count(c->site->mail))
		return write_file(c, buf_str(&message));
	err e = mail_routes_send(c, from, l->to, buf_str(&message));
	struct err kept = e ? *e : (struct err){0};
	err noted = routes_note(c, c->site->mail, !e || kept.code == ERR_INVALID);
	if (noted)
		log_warn("that mails leave or not could not be noted: %s", noted->cause);
	e = e ? err_private(kept.code, "%s", kept.cause) : NULL;
	if (!e || e->code != ERR_INVALID)
		return e;
	log_warn("mail %lld is given up: its recipient is refused for good", (long long)job);
	return NULL;
}

static err compose_and_send(struct letter *l, enum mail_kind kind, int64_t job) {
	l->to = l->member.email;
	greeting(l);
	TRY(writers[kind](l));
	if (str_empty(l->subject))
		return NULL;
	buf_printf(&l->body, "\n-- \n%.*s\n%.*s\n", S_ARG(l->site.title), S_ARG(l->c->site->base_url));
	return send_letter(l, job);
}

bool mail_shut(struct site *site, struct db *db) {
	routes_count_waiting(site->mail, db);
	return routes_shut(site->mail);
}

bool mail_away(struct site *site) { return routes_away(site->mail); }

err mail_send(struct ctx *c, const struct job *job) {
	struct letter l = {.c = c, .about = job->b};
	bool found;
	int kind = job->data.n ? job->data.p[0] - '0' : -1;
	if (kind < 0 || kind >= MAIL_KIND_COUNT)
		return err_private(ERR_INTERNAL, "a mail of an unknown kind");
	TRY(store_member_by_id(c->arena, c->db, job->a, &l.member, &found));
	if (found)
		TRY(store_account_by_id(c->arena, c->db, job->a, &l.account, &found));
	if (!found)
		return NULL;
	TRY(site_text_read(c, &l.site));
	err e = compose_and_send(&l, (enum mail_kind)kind, job->id);
	buf_free(&l.body);
	return e;
}
