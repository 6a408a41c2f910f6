/* Joining: by oneself in the four modes of registration, or made by the owner (command line, first run). */
#ifndef CORE_SIGN_UP_H
#define CORE_SIGN_UP_H

#include "core/ctx.h"
#include "core/problem.h"
#include "core/site_text.h"

/* All as typed; empty where not given. */
struct sign_up {
	struct str username, email, phone, password, locale, reason, invite;
	struct str address; /* the client's */
	bool agreement;
};

/* What still stands between the member and the network. */
enum join_state { JOIN_ACTIVE, JOIN_UNCONFIRMED, JOIN_PENDING };
const char *join_state_name(enum join_state s);
enum join_state join_state_of(int64_t member_flags);

/* ERR_INVALID with problems filled; ERR_FORBIDDEN where nobody can join, or nobody from this address. Who needs it gets a mail, or a
 * code to the telephone. */
err sign_up(struct ctx *c, const struct sign_up *in, struct problems *p, int64_t *account_id, enum join_state *state);

/* A member made by the owner: any free name, approved. */
struct made_member {
	struct str username, email, password, locale, address;
	int role;
	bool confirmed;
};
err member_make(struct ctx *c, const struct made_member *in, struct problems *p, int64_t *account_id);

/* Inside a transaction whose journal entry is of the caller: inserts both rows. password_hash was made before. For member_make and the
 * first run. */
err member_make_write(struct tx *tx, struct ctx *c, const struct made_member *in, struct str password_hash, int64_t account_id,
                      struct problems *p);
/* The checks of member_make that need no transaction; in->email becomes its canonical form. */
err member_make_check(struct ctx *c, struct made_member *in, struct problems *p);

/* Writes a member's new flags and whether the account may be seen, which follows from them. Inside a transaction. */
struct member_row;
err member_flags_write(struct tx *tx, struct member_row *m, int64_t flags);

#endif
