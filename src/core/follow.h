/* Following: by the viewer of the ctx. Each verb is one transaction; doing what is already so is no error and changes nothing. */
#ifndef CORE_FOLLOW_H
#define CORE_FOLLOW_H

#include "core/ctx.h"

/* Options of a follow; what is not given stays as it is, or begins as: boosts shown, no notifications, all languages. */
struct follow_wish {
	bool has_boosts, boosts;
	bool has_notify, notify;
	bool has_languages;
	struct str languages; /* comma-separated codes; empty: all */
};

/* Follows, or changes the options. A locked account is asked instead (follow_request). ERR_FORBIDDEN for oneself and when one of
 * the two blocks the other; ERR_NOT_FOUND for accounts that are gone. */
err follow_account(struct ctx *c, int64_t target, const struct follow_wish *wish);
/* Also takes a request back, and takes the target off the viewer's lists. */
err unfollow_account(struct ctx *c, int64_t target);
/* The target no longer follows the viewer. */
err follower_remove(struct ctx *c, int64_t target);

/* Answers the request of `from` to follow the viewer; ERR_NOT_FOUND when there is none. */
err follow_request_authorize(struct ctx *c, int64_t from);
err follow_request_reject(struct ctx *c, int64_t from);
/* Of everybody who waits: for an account that is no longer locked. */
err follow_requests_authorize_all(struct ctx *c);

/* At most `most` accounts worth following that the viewer has nothing to do with yet; *source of each: 'f' friends of friends, 'a' active
 * and followed by many. */
struct suggestion {
	int64_t account_id;
	char source;
};
err follow_suggestions(struct ctx *c, int most, struct suggestion **out, size_t *n);

#endif
