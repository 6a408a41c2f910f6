/* freehold account …: members, from the command line. */
#include "store/account.h"
#include "base/id.h"
#include "core/account_delete.h"
#include "core/credential.h"
#include "core/moderation.h"
#include "core/password.h"
#include "core/role.h"
#include "core/sign_up.h"
#include "ops/command.h"
#include "store/member.h"

static err find(struct command_call *call, const char *name, int64_t *id) {
	struct str n = str_of(name);
	bool found;
	if (str_starts(n, S("@")))
		n = str_skip(n, 1);
	TRY(store_account_id_by_name(call->c.db, n, STR_NONE, id, &found));
	return found ? NULL : err_public(ERR_NOT_FOUND, "there is no account %s", name);
}

static int create(struct command_call *call) {
	struct made_member m = {.password = password_invent(call->arena)};
	struct problems p = {.n = 0};
	struct str role = S("user");
	int64_t id;
	m.confirmed = option_flag(call, "--confirmed");
	if (!option_value(call, "--email", &m.email) || !option_value(call, "--role", &role) || option_unknown(call))
		return EXIT_USAGE;
	if (call->argc != 3 || !m.email.p || !role_parse(role, &m.role))
		return EXIT_USAGE;
	m.username = str_of(call->argv[2]);
	err e = member_make(&call->c, &m, &p, &id);
	if (e)
		return command_failed(call, e);
	buf_printf(call->out, "New password: %.*s\n", S_ARG(m.password));
	return EXIT_DONE;
}

static const char *state_of(const struct member_line *l) {
	if (l->account_flags & ACCOUNT_SUSPENDED)
		return "suspended";
	if (l->member_flags & MEMBER_DISABLED)
		return "disabled";
	if (l->account_flags & ACCOUNT_LIMITED)
		return "limited";
	return join_state_name(join_state_of(l->member_flags));
}

static int list(struct command_call *call) {
	int64_t after = 0;
	if (option_unknown(call) || call->argc != 2)
		return EXIT_USAGE;
	for (;;) {
		struct member_line *lines;
		size_t n;
		err e = store_member_lines(call->arena, call->c.db, after, 500, &lines, &n);
		if (e)
			return command_failed(call, e);
		for (size_t i = 0; i < n; i++)
			buf_printf(call->out, "%-30.*s  %-9s  %-11s  %.*s\n", S_ARG(lines[i].username), role_name(lines[i].role),
			           state_of(&lines[i]), S_ARG(lines[i].email));
		if (n < 500)
			return EXIT_DONE;
		after = lines[n - 1].id;
	}
}

static err set_role(struct command_call *call, int64_t id, const char *to) {
	int role;
	if (!role_parse(str_of(to), &role))
		return err_public(ERR_INVALID, "%s is not a role: user, moderator, admin or owner", to);
	return role_set(&call->c, id, role);
}

static err suspend(struct command_call *call, int64_t id, const char *text) {
	struct moderation_act act = {.account_id = id, .action = WARNING_SUSPEND, .text = str_of(text)};
	return moderation_act(&call->c, &act);
}

static err unsuspend(struct command_call *call, int64_t id, const char *unused) {
	(void)unused;
	return moderation_undo(&call->c, id, WARNING_SUSPEND);
}

static err approve(struct command_call *call, int64_t id, const char *unused) {
	(void)unused;
	return moderation_approve(&call->c, id);
}

static err confirm(struct command_call *call, int64_t id, const char *unused) {
	(void)unused;
	return email_confirm_by_hand(&call->c, id);
}

static err reset_password(struct command_call *call, int64_t id, const char *unused) {
	(void)unused;
	struct str password = password_invent(call->arena);
	TRY(password_set(&call->c, id, password));
	buf_printf(call->out, "New password: %.*s\n", S_ARG(password));
	return NULL;
}

static err delete_account(struct command_call *call, int64_t id, const char *unused) {
	(void)unused;
	return account_delete_by_moderator(&call->c, id, S("delete"));
}

/* Those that take NAME and perhaps one thing more. */
static const struct {
	const char *name;
	int least, most; /* words after the name */
	err (*fn)(struct command_call *call, int64_t id, const char *more);
} on_one[] = {
    {"role", 1, 1, set_role},   {"suspend", 0, 1, suspend}, {"unsuspend", 0, 0, unsuspend},   {"reset-password", 0, 0, reset_password},
    {"approve", 0, 0, approve}, {"confirm", 0, 0, confirm}, {"delete", 0, 0, delete_account},
};

int command_account(struct command_call *call) {
	const char *what = call->argc > 1 ? call->argv[1] : "";
	if (strcmp(what, "create") == 0)
		return create(call);
	if (strcmp(what, "list") == 0)
		return list(call);
	for (size_t i = 0; i < sizeof on_one / sizeof *on_one; i++) {
		if (strcmp(what, on_one[i].name) != 0)
			continue;
		int more = call->argc - 3;
		int64_t id;
		if (option_unknown(call) || more < on_one[i].least || more > on_one[i].most)
			return EXIT_USAGE;
		err e = find(call, call->argv[2], &id);
		if (!e)
			e = on_one[i].fn(call, id, more ? call->argv[3] : "");
		return e ? command_failed(call, e) : EXIT_DONE;
	}
	return EXIT_USAGE;
}
