#include "api/view/role.h"

#include "core/ctx.h"

static const struct {
	const char *name;
	int64_t permissions; /* Mastodon's bits: 1 everything, 8 reports, 16 users, 4 audit log, 2 dashboard, 32 invites … */
} roles[] = {
    [ROLE_USER] = {"", 1 << 16},
    [ROLE_MODERATOR] = {"Moderator", 1 << 16 | 1 << 3 | 1 << 4 | 1 << 10 | 1 << 2},
    [ROLE_ADMIN] = {"Admin", (1 << 20) - 2},
    [ROLE_OWNER] = {"Owner", 1},
};

static void put_start(struct buf *out, int role) {
	buf_lit(out, "{\"id\":\"");
	buf_i64(out, role == ROLE_USER ? -99 : role);
	buf_lit(out, "\",\"name\":\"");
	buf_put(out, str_of(roles[role].name));
	buf_lit(out, "\",\"color\":\"\"");
}

void view_account_role(struct buf *out, int role) {
	put_start(out, role);
	buf_byte(out, '}');
}

void view_role(struct buf *out, int role) {
	put_start(out, role);
	buf_lit(out, ",\"permissions\":\"");
	buf_i64(out, roles[role].permissions);
	buf_lit(out, "\",\"highlighted\":");
	buf_put(out, role ? S("true}") : S("false}"));
}
