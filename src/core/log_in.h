/* Logging in and out: the password check, throttled, and the browser sessions and tokens it leads to. Pool workers only. */
#ifndef CORE_LOG_IN_H
#define CORE_LOG_IN_H

#include "core/ctx.h"
#include "store/member.h"
#include "store/token.h"

struct log_in {
	struct str login; /* a name, "@name", or an e-mail address */
	struct str password;
	struct str address, agent; /* the client's */
};

/* Who it is. ERR_UNAUTHORIZED: wrong, whichever of the two; ERR_THROTTLED: too many wrong ones, *wait_s says how long to wait;
 * ERR_FORBIDDEN: a suspended or disabled member, or an address that is kept out. Who is not confirmed or not approved yet is let through:
 * ask join_state_of. */
err log_in_check(struct ctx *c, const struct log_in *in, struct member_row *out, int64_t *wait_s);

/* Opens a browser session; *secret is the cookie. Ends the oldest when there are more than 50. */
err log_in_open(struct ctx *c, int64_t account_id, struct str address, struct str agent, struct str *secret);

/* Ends one session or token of the ctx's viewer; ERR_NOT_FOUND when it is not theirs. */
err log_out(struct ctx *c, int64_t token_id);

/* The password of the ctx's viewer, asked for again before something that matters; throttled like a log-in. */
err log_in_again(struct ctx *c, struct str password, struct str address, struct member_row *out);

#endif
