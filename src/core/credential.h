/* A member's address and password after the sign-up: confirmation, reset, change. Pool workers and commands. */
#ifndef CORE_CREDENTIAL_H
#define CORE_CREDENTIAL_H

#include "core/ctx.h"
#include "core/problem.h"
#include "core/sign_up.h"

/* Uses up the secret of a confirmation mail. ERR_GONE: it is not good any more. */
err email_confirm(struct ctx *c, struct str secret, enum join_state *state);
/* By hand, by who may moderate: what waits is taken as confirmed. */
err email_confirm_by_hand(struct ctx *c, int64_t account_id);
/* Sends the confirmation again. Nothing happens when there is nothing to confirm, or too many were sent: nobody can tell. */
err email_confirm_again(struct ctx *c, struct str email, struct str address);
/* The same for the ctx's viewer, where they may also correct the address; ERR_FORBIDDEN when it is confirmed already. */
err email_confirm_again_own(struct ctx *c, struct str corrected, struct problems *p);

/* Asks for another address; it takes effect when it is confirmed, at once where nothing needs to be. The password was checked. */
err email_change(struct ctx *c, struct str email, struct problems *p, enum join_state *state);

/* Mails a link to set a new password. Nobody can tell whether the address is known. */
err password_forgot(struct ctx *c, struct str email, struct str address);
/* Uses up the link's secret and ends all sessions and tokens. ERR_GONE: it is not good any more. */
err password_reset(struct ctx *c, struct str secret, struct str password, struct problems *p);
/* Of the ctx's viewer, whose current one was checked; ends all sessions and tokens but token_id. */
err password_change(struct ctx *c, struct str password, int64_t token_id, struct problems *p);
/* By the owner: sets it and ends all sessions and tokens. */
err password_set(struct ctx *c, int64_t account_id, struct str password);

#endif
